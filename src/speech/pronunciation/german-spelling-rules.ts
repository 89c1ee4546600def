/**
 * How German spelling sounds to a recogniser of English: the nearest English phones, tried before the table of English for words
 * with umlauts or ß, which no English word has.
 */
export const GERMAN_SPELLING_RULES = `
    < ai > = AY
    < aa > = AA
    < ah > (C|$) = AA
    < au > = AW
    < a > = AA
    < äu > = OY
    < äh > (C|$) = EH / EY
    < ä > = EH / EY

    < chs > = K S
    < ch > = K / SH
    < ck > = K
    < dt > $ = T

    < ei > = AY
    < eu > = OY
    < ee > = EY
    < eh > (C|$) = EY
    < er > $ = ER
    < el > $ = AH L
    < en > $ = AH N
    < e > $ = AH
    ^(g|b) < e > C = AH
    < e > = EH

    < g > = G
    V < h > (C|$) =
    < ie > = IY
    < i > = IH / IY
    < j > = Y

    < ö > = ER / OW
    < o > (CV|$) = OW
    < o > = AO / OW
    ^ < pf > = F
    < ph > = F
    < qu > = K V

    < sch > = SH
    ^ < s > [tp] = SH
    < ss > = S
    (^|V) < s > V = Z
    < ß > = S

    < th > = T
    < tz > = T S
    < ü > = UW / IY
    < u > = UH / UW
    ^ < v > = F
    < w > = V
    < y > = IY
    < z > = T S
`;
