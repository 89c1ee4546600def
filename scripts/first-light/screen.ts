/** What `npm start` shows: one line for each thing that happened, with its time. */
import { styleText } from "node:util";

const LABEL_WIDTH = 16;
type Style = Parameters<typeof styleText>[0];

export class Screen {
    readonly #stream: NodeJS.WriteStream;
    readonly #startedAt = performance.now();

    constructor(stream: NodeJS.WriteStream) {
        this.#stream = stream;
    }

    title(text: string): void {
        this.#write(`\n${this.#styled("bold", text)}\n`);
    }

    /** A thing that has just happened. */
    happened(label: string, text: string): void {
        this.#line("cyan", label, text);
    }

    /** The thing that all this was for. */
    success(label: string, text: string): void {
        this.#line("green", label, text);
    }

    /** Something that may not matter. */
    trouble(text: string): void {
        this.#line("yellow", "Trouble", text);
    }

    failure(text: string): void {
        this.#line("red", "Failed", text);
    }

    paragraph(text: string): void {
        this.#write(`\n${text.replace(/^/gm, "  ")}`);
    }

    #line(style: Style, label: string, text: string): void {
        const seconds = `${((performance.now() - this.#startedAt) / 1000).toFixed(1)} s`.padStart(8);
        const indented = text.replaceAll("\n", `\n${" ".repeat(LABEL_WIDTH + 10)}`);
        this.#write(`${this.#styled("dim", seconds)}  ${this.#styled(style, label.padEnd(LABEL_WIDTH))}${indented}`);
    }

    /** Colour only for a terminal, and not if NO_COLOR is set. */
    #styled(style: Style, text: string): string {
        return styleText(style, text, { stream: this.#stream, validateStream: true });
    }

    #write(text: string): void {
        this.#stream.write(`${text}\n`);
    }
}
