/** What benchmarks found: one JSON line per figure on stdout for programs, a table on stderr for people. */

export interface Figure {
    readonly bench: string;
    /** The name in [brackets] in the documentation. */
    readonly metric: string;
    /** What it was measured under, where there are several: "15dB", "alexa". */
    readonly condition?: string;
    readonly value: number;
    /** "ratio", "ms", "s", "MB", "1/h", … */
    readonly unit: string;
}

export class Report {
    readonly #bench: string;
    readonly #figures: Figure[] = [];

    constructor(bench: string) {
        this.#bench = bench;
    }

    add(metric: string, value: number, unit: string, condition?: string): void {
        const figure = { bench: this.#bench, metric, ...(condition !== undefined && { condition }), value, unit };
        this.#figures.push(figure);
        process.stdout.write(`${JSON.stringify(figure)}\n`);
    }

    /** For people: what is going on, or how a figure came about. */
    note(text: string): void {
        process.stderr.write(`${text}\n`);
    }

    printTable(): void {
        const rows = this.#figures.map(({ metric, condition = "", value, unit }) => [
            metric,
            condition,
            shown(value),
            unit,
        ]);
        const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
        this.note("");
        for (const row of rows) {
            const cells = row.map((cell, column) => {
                const width = widths[column] ?? 0;
                return column === 2 ? cell.padStart(width) : cell.padEnd(width);
            });
            this.note(`  ${cells.join("  ").trimEnd()}`);
        }
        this.note("");
    }
}

/** Middle and far end of what was measured; `share` from 0 to 1. Nearest rank. */
export function percentile(values: readonly number[], share: number): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function rounded(value: number, digits: number): number {
    return Number(value.toFixed(digits));
}

function shown(value: number): string {
    return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
