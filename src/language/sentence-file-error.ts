export type SentenceFileErrorCode =
    | "unreadable"
    | "syntax"
    | "shape"
    | "language"
    | "template"
    | "unknown-reference"
    | "recursion"
    | "too-large";

/** A fault in a sentence file. What it spoils is left out; everything else of the language still works. */
export class SentenceFileError extends Error {
    override readonly name = "SentenceFileError";

    constructor(
        readonly code: SentenceFileErrorCode,
        readonly file: string,
        /** From 1. */
        readonly line: number,
        /** From 1, in characters. */
        readonly column: number,
        fault: string,
        readonly expected: string,
    ) {
        super(`${file}:${line}:${column}: ${fault}; expected ${expected}`);
    }
}
