/**
 * A QR code for a setup payload: ISO/IEC 18004, version 2 (25 × 25), error correction Q, alphanumeric. That holds 29
 * characters, and a payload has 20, so nothing else of the standard is needed.
 */

const SIZE = 25;
const DATA_BYTES = 22;
const CORRECTION_BYTES = 22;
const MAX_CHARACTERS = 29;
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/** Level Q in the format information (table C.1). */
const LEVEL_Q = 0b11;

/** Rows of the symbol from top to bottom, true for dark. @throws RangeError for text that it can't hold */
export function qrCode(text: string): readonly (readonly boolean[])[] {
    const data = dataBytes(text);
    const codewords = [...data, ...correctionBytes(data)];
    const candidates = MASKS.map((_, mask) => symbol(codewords, mask));
    const penalties = candidates.map(penalty);
    return candidates[penalties.indexOf(Math.min(...penalties))] ?? [];
}

function dataBytes(text: string): number[] {
    const values = [...text].map((letter) => LETTERS.indexOf(letter));
    if (values.includes(-1) || values.length > MAX_CHARACTERS) {
        throw new RangeError(`A QR code here holds up to ${MAX_CHARACTERS} capitals, digits and signs, not "${text}".`);
    }
    let bits = `0010${binary(values.length, 9)}`;
    for (let index = 0; index < values.length; index += 2) {
        const [first = 0, second] = [values[index], values[index + 1]];
        bits += second === undefined ? binary(first, 6) : binary(first * 45 + second, 11);
    }
    bits += "0000".slice(0, DATA_BYTES * 8 - bits.length);
    bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, "0");
    const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
    for (let pad = 0xec; bytes.length < DATA_BYTES; pad ^= 0xec ^ 0x11) bytes.push(pad);
    return bytes;
}

function binary(value: number, digits: number): string {
    return value.toString(2).padStart(digits, "0");
}

/** In GF(256) with the polynomial x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(a: number, b: number): number {
    let product = 0;
    for (let bit = 7; bit >= 0; bit -= 1) {
        product = (product << 1) ^ (product >> 7 ? 0x11d : 0);
        if ((b >> bit) & 1) product ^= a;
    }
    return product;
}

/** The remainder of Reed and Solomon's division. */
function correctionBytes(data: readonly number[]): number[] {
    let generator = [1];
    for (let index = 0, root = 1; index < CORRECTION_BYTES; index += 1, root = multiply(root, 2)) {
        const shifted = [...generator, 0];
        generator = shifted.map((factor, at) => factor ^ multiply(generator[at - 1] ?? 0, root));
    }
    const remainder = [...data, ...new Array<number>(CORRECTION_BYTES).fill(0)];
    for (let at = 0; at < data.length; at += 1) {
        const lead = remainder[at] ?? 0;
        generator.forEach((factor, offset) => {
            remainder[at + offset] = (remainder[at + offset] ?? 0) ^ multiply(factor, lead);
        });
    }
    return remainder.slice(data.length);
}

const MASKS: readonly ((row: number, column: number) => boolean)[] = [
    (row, column) => (row + column) % 2 === 0,
    (row) => row % 2 === 0,
    (_, column) => column % 3 === 0,
    (row, column) => (row + column) % 3 === 0,
    (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
    (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
    (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
    (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

function symbol(codewords: readonly number[], mask: number): boolean[][] {
    const modules = functionPatterns();
    const bits = codewords.map((byte) => binary(byte, 8)).join("");
    let next = 0;
    // Two columns at a time from the right, up and down in turn, past the timing pattern in column 6.
    for (let pair = 0; pair < 12; pair += 1) {
        const right = pair < 9 ? SIZE - 1 - 2 * pair : SIZE - 2 - 2 * pair;
        for (let step = 0; step < SIZE; step += 1) {
            const row = pair % 2 === 0 ? SIZE - 1 - step : step;
            for (const column of [right, right - 1]) {
                const cells = modules[row];
                if (!cells || cells[column] !== undefined) continue;
                cells[column] = (bits[next] === "1") !== (MASKS[mask]?.(row, column) ?? false);
                next += 1;
            }
        }
    }
    writeFormat(modules, mask);
    return modules.map((row) => row.map((dark) => dark ?? false));
}

type Modules = (boolean | undefined)[][];

function functionPatterns(): Modules {
    const modules: Modules = Array.from({ length: SIZE }, () => new Array<boolean | undefined>(SIZE).fill(undefined));
    const set = (row: number, column: number, dark: boolean) => {
        const cells = modules[row];
        if (cells && column >= 0 && column < SIZE) cells[column] = dark;
    };
    const square = (row: number, column: number, reach: number, lightRings: readonly number[]) => {
        for (let down = -reach; down <= reach; down += 1) {
            for (let across = -reach; across <= reach; across += 1) {
                const ring = Math.max(Math.abs(down), Math.abs(across));
                set(row + down, column + across, !lightRings.includes(ring));
            }
        }
    };
    for (let at = 0; at < SIZE; at += 1) {
        set(6, at, at % 2 === 0);
        set(at, 6, at % 2 === 0);
    }
    for (const [row, column] of [
        [3, 3],
        [3, SIZE - 4],
        [SIZE - 4, 3],
    ] as const) {
        square(row, column, 4, [2, 4]);
    }
    square(SIZE - 7, SIZE - 7, 2, [1]);
    writeFormat(modules, 0);
    return modules;
}

/** Level and mask with their own error correction (annex C), twice, and the module that is always dark. */
function writeFormat(modules: Modules, mask: number): void {
    const data = (LEVEL_Q << 3) | mask;
    let rest = data;
    for (let step = 0; step < 10; step += 1) rest = (rest << 1) ^ (rest >> 9 ? 0x537 : 0);
    const format = ((data << 10) | rest) ^ 0x5412;
    const write = (row: number, column: number, bit: number) => {
        const cells = modules[row];
        if (cells) cells[column] = ((format >> bit) & 1) === 1;
    };
    for (let bit = 0; bit < 15; bit += 1) {
        // Down column 8, past the timing pattern; then up from the bottom left.
        write(bit < 6 ? bit : bit < 8 ? bit + 1 : SIZE - 15 + bit, 8, bit);
        // Along row 8 from the right; then on to the left edge.
        write(8, bit < 8 ? SIZE - 1 - bit : bit < 9 ? 7 : 14 - bit, bit);
    }
    const cells = modules[SIZE - 8];
    if (cells) cells[8] = true;
}

/** How hard a scanner would have it (section 7.8.3): runs, blocks, what looks like a corner, too much of one colour. */
function penalty(modules: readonly (readonly boolean[])[]): number {
    const lines = [...modules, ...modules.map((_, column) => modules.map((row) => row[column] ?? false))];
    let points = 0;
    for (const line of lines) {
        const text = line.map((dark) => (dark ? "1" : "0")).join("");
        for (const [run] of text.matchAll(/1{5,}|0{5,}/g)) points += run.length - 2;
        for (const _ of text.matchAll(/(?=10111010000|00001011101)/g)) points += 40;
    }
    for (let row = 1; row < SIZE; row += 1) {
        for (let column = 1; column < SIZE; column += 1) {
            const dark = modules[row]?.[column];
            const around = [modules[row - 1]?.[column - 1], modules[row - 1]?.[column], modules[row]?.[column - 1]];
            if (around.every((other) => other === dark)) points += 3;
        }
    }
    const share = modules.flat().filter(Boolean).length / SIZE ** 2;
    return points + 10 * Math.floor(Math.abs(share * 100 - 50) / 5);
}
