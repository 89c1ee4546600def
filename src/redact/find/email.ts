/** E-mail addresses, written and said: "jo.doe@example.org", "jo dot doe at example dot org". */
import type { Sentence, Token } from "../tokens";
import { WORD } from "../words/vocabulary";
import type { Finding } from "./finding";

/** The last label of a domain that is said; a written one may be any. */
const SAID_TOP_LEVELS = new Set(
    "com org net edu gov info biz name io co me tv app dev online email de at ch li eu uk ie us ca au nz fr be lu es mx ar it nl pt pl dk se no fi cat".split(
        " ",
    ),
);
const MAX_PART_TOKENS = 40;
const LOCAL_SIGNS = new Set([".", "_", "-", "+", "%"]);

export function findEmails(sentence: Sentence): Finding[] {
    if ((sentence.has & WORD.at) === 0) return [];
    const { tokens } = sentence;
    const found: Finding[] = [];
    tokens.forEach((token, at) => {
        if ((token.is & WORD.at) === 0) return;
        const isWritten = token.key === "@";
        const to = domainEnd(tokens, at + 1, isWritten);
        const from = to === undefined ? undefined : localStart(sentence, at, found.at(-1)?.to ?? 0);
        if (to !== undefined && from !== undefined)
            found.push({ class: "email", from, to, value: addressOf(tokens, from, to) });
    });
    return found;
}

/** The index after the domain: labels joined by dots, each a word, a number, or several joined by hyphens. */
function domainEnd(tokens: readonly Token[], from: number, isWritten: boolean): number | undefined {
    let at = from;
    let last: number | undefined;
    for (let labels = 0; labels < 10; labels++) {
        const label = labelEnd(tokens, at, isWritten);
        if (label === undefined) break;
        if (labels > 0 && isTopLevel(tokens[label - 1], isWritten && tokens[label - 1]?.isJoined === true))
            last = label;
        if (!isDot(tokens, label)) break;
        at = label + 1;
    }
    return last;
}

function labelEnd(tokens: readonly Token[], from: number, isWritten: boolean): number | undefined {
    let at = from;
    while (at < tokens.length && at - from < MAX_PART_TOKENS) {
        const token = tokens[at] as Token;
        const isPart = (token.kind === "word" && (token.is & (WORD.dot | WORD.dash)) === 0) || token.kind === "number";
        const isHyphen = token.key === "-" || (token.is & WORD.dash) !== 0;
        // Said labels are one word, or words with "dash" between them; written ones end where a space is.
        const goesOn =
            at === from ||
            tokens[at - 1]?.key === "-" ||
            ((tokens[at - 1]?.is ?? 0) & WORD.dash) !== 0 ||
            token.isJoined;
        if (isPart && goesOn) at += 1;
        else if (isHyphen && at > from && (token.isJoined || !isWritten)) at += 1;
        else break;
    }
    return at > from ? at : undefined;
}

function isTopLevel(token: Token | undefined, isWritten: boolean): boolean {
    if (token?.kind !== "word") return false;
    return SAID_TOP_LEVELS.has(token.key) || (isWritten && token.end - token.start >= 2);
}

function isDot(tokens: readonly Token[], at: number): boolean {
    const token = tokens[at];
    if (!token) return false;
    return (token.is & WORD.dot) !== 0 || (token.key === "." && tokens[at + 1]?.isJoined === true);
}

/** The index of the first token of the part before the "@"; undefined when there is none. */
function localStart({ tokens }: Sentence, at: number, least: number): number | undefined {
    let start = at;
    while (start > least && at - start < MAX_PART_TOKENS) {
        const token = tokens[start - 1] as Token;
        const next = tokens[start] as Token;
        if (token.kind === "mark") break;
        const isJoint =
            (token.is & (WORD.dot | WORD.dash | WORD.underscore)) !== 0 ||
            (LOCAL_SIGNS.has(token.key) && next.isJoined);
        const isPart = token.kind === "word" || token.kind === "number";
        if (start === at) {
            if (!isPart) break;
        } else if (!isJoint) {
            if (!isPart) break;
            const afterJoint = next.kind === "sign" || (next.is & (WORD.dot | WORD.dash | WORD.underscore)) !== 0;
            // "jo doe at …", "j d four two at …": names, letters and digits need no joint when they are said.
            const isSpelled = token.end - token.start === 1 && (token.is & WORD.stop) === 0;
            const isName = (token.is & (WORD.firstName | WORD.surname)) !== 0;
            const isNumber = token.numeral !== undefined || token.kind === "number";
            if (!afterJoint && !next.isJoined && !isSpelled && !isName && !isNumber) break;
        }
        start -= 1;
    }
    while (start < at && isJointToken(tokens[start])) start += 1;
    return start < at ? start : undefined;
}

function isJointToken(token: Token | undefined): boolean {
    return token?.kind === "sign" || ((token?.is ?? 0) & (WORD.dot | WORD.dash | WORD.underscore)) !== 0;
}

function addressOf(tokens: readonly Token[], from: number, to: number): string {
    const said = tokens.slice(from, to).map(({ key, is }) => {
        if (is & WORD.at) return "@";
        if (is & WORD.dot) return ".";
        if (is & WORD.dash) return "-";
        return is & WORD.underscore ? "_" : key;
    });
    return said.join("");
}
