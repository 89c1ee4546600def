/** Text that is piped in, line by line, whatever its pieces are. */

/** Longer lines are no sentences; in characters. */
export const MAX_LINE_LENGTH = 1_000_000;

export interface Line {
    /** From 1. */
    readonly number: number;
    /** Undefined for a line that is too long. */
    readonly text: string | undefined;
}

export async function* linesOf(input: AsyncIterable<Buffer>): AsyncGenerator<Line, void, undefined> {
    const decoder = new TextDecoder();
    let number = 1;
    let rest = "";
    let isTooLong = false;
    for await (const bytes of input) {
        const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n");
        rest = parts.pop() ?? "";
        for (const part of parts) {
            yield { number, text: isTooLong || part.length > MAX_LINE_LENGTH ? undefined : part.replace(/\r$/, "") };
            number += 1;
            isTooLong = false;
        }
        if (rest.length > MAX_LINE_LENGTH) {
            isTooLong = true;
            rest = "";
        }
    }
    rest += decoder.decode();
    if (isTooLong) yield { number, text: undefined };
    else if (rest !== "") yield { number, text: rest };
}
