import { LineCounter } from "yaml";
import { SentenceFileError, type SentenceFileErrorCode } from "../sentence-file-error";

/** The text of a sentence file, to say where something in it is wrong; it outlives what YAML made of the text. */
export class SourceText {
    readonly lines = new LineCounter();

    constructor(
        readonly file: string,
        readonly text: string,
    ) {}

    error(offset: number, code: SentenceFileErrorCode, fault: string, expected: string): SentenceFileError {
        const position = this.lines.linePos(offset);
        // Before its first line break the counter knows no line.
        const line = Math.max(1, position.line);
        const column = position.line === 0 ? offset + 1 : position.col;
        return new SentenceFileError(code, this.file, line, column, fault, expected);
    }

    /** Offset of the character at `index` of a scalar's text; the scalar's start where it was escaped or folded. */
    offsetIn([from, to]: readonly [number, number], text: string, index: number): number {
        const at = this.text.slice(from, to).indexOf(text.trimEnd());
        return at < 0 ? from : from + at + index;
    }
}
