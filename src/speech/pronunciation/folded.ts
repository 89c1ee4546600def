/** Letters that Unicode's decomposition (NFKD) leaves whole, as English or German would write them. */
const REWRITTEN: Readonly<Record<string, string>> = {
    æ: "ae",
    œ: "oe",
    ø: "ö",
    å: "o",
    ł: "l",
    đ: "d",
    ð: "th",
    þ: "th",
    ı: "i",
};

/** A word as pronunciations are looked up and made: lower case, without accents, but with the umlauts and ß of German. */
export function folded(word: string): string {
    return word
        .toLowerCase()
        .normalize("NFC")
        .replace(/[’ʼ`´]/g, "'")
        .replace(/[^\x20-\x7e]/gu, (letter) => {
            if (/[äöüß°]/.test(letter)) return letter;
            return REWRITTEN[letter] ?? letter.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
        });
}
