import { describe, expect, it } from "vitest";
import { qrCode } from "../../dist/src/bridge";

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const SIZE = 25;

/** The fifteen bits beside the top left corner, without their mask: two of level, three of mask, ten of correction. */
function formatOf(rows: readonly (readonly boolean[])[]): number {
    const cells = [0, 1, 2, 3, 4, 5, 7, 8]
        .map((column) => [8, column])
        .concat([7, 5, 4, 3, 2, 1, 0].map((row) => [row, 8]));
    const bits = cells.map(([row = 0, column = 0]) => (rows[row]?.[column] ? "1" : "0")).join("");
    return Number.parseInt(bits, 2) ^ 0b101010000010010;
}

function isMasked(mask: number, i: number, j: number): boolean {
    const product = i * j;
    const results = [i + j, i, j % 3, (i + j) % 3, (i >> 1) + Math.floor(j / 3), (product % 2) + (product % 3)];
    const last = [(product % 2) + (product % 3), ((i + j) % 2) + (product % 3)];
    const value = mask < 6 ? results[mask] : last[mask - 6];
    return mask === 2 || mask === 3 || mask === 5 ? value === 0 : Number(value) % 2 === 0;
}

/** Where finders, timing, format and the alignment pattern are. */
function isFunction(row: number, column: number): boolean {
    const isFinder = (row < 9 && (column < 9 || column > 16)) || (row > 16 && column < 9);
    return isFinder || row === 6 || column === 6 || (row >= 16 && row <= 20 && column >= 16 && column <= 20);
}

function codewordsOf(rows: readonly (readonly boolean[])[], mask: number): readonly number[] {
    let bits = "";
    let isUp = true;
    for (let right = SIZE - 1; right > 0; right -= 2) {
        if (right === 6) right -= 1;
        for (let step = 0; step < SIZE; step += 1) {
            const row = isUp ? SIZE - 1 - step : step;
            for (const column of [right, right - 1]) {
                if (isFunction(row, column)) continue;
                bits += rows[row]?.[column] !== isMasked(mask, row, column) ? "1" : "0";
            }
        }
        isUp = !isUp;
    }
    return (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
}

function textOf(data: readonly number[]): string {
    const bits = data.map((byte) => byte.toString(2).padStart(8, "0")).join("");
    const take = (from: number, length: number) => Number.parseInt(bits.slice(from, from + length), 2);
    expect(take(0, 4)).toBe(0b0010);
    const length = take(4, 9);
    let text = "";
    for (let at = 13; text.length < length; at += 11) {
        const isPair = length - text.length > 1;
        const value = take(at, isPair ? 11 : 6);
        text += isPair ? `${LETTERS[Math.floor(value / 45)]}${LETTERS[value % 45]}` : LETTERS[value];
    }
    return text;
}

/** Powers and logarithms of 2 in GF(256), as a scanner has them in tables. */
const POWERS: number[] = [];
for (let power = 0, value = 1; power < 255; power += 1, value = (value << 1) ^ (value > 127 ? 0x11d : 0))
    POWERS.push(value);

/** The code as a polynomial at 2^root: 0 for each of the first 22 if there is nothing to correct. */
function syndrome(codewords: readonly number[], root: number): number {
    return codewords.reduce((sum, codeword, index) => {
        const exponent = (POWERS.indexOf(codeword) + root * (codewords.length - 1 - index)) % 255;
        return codeword === 0 ? sum : sum ^ (POWERS[exponent] ?? 0);
    }, 0);
}

describe("a QR code", () => {
    it.each(["X-HM://0023ISYWYEARS", "HELLO WORLD", "A", "0123456789$%*+-./: ABCDEFGHIJ".slice(0, 29)])(
        "of %s is read back by the rules of the standard, with nothing to correct",
        (text) => {
            const rows = qrCode(text);
            expect(rows.map((row) => row.length)).toEqual(new Array(SIZE).fill(SIZE));
            const format = formatOf(rows);
            expect(format >> 13).toBe(0b11);
            const codewords = codewordsOf(rows, (format >> 10) & 7);
            expect(textOf(codewords.slice(0, 22))).toBe(text);
            expect(Array.from({ length: 22 }, (_, root) => syndrome(codewords.slice(0, 44), root))).toEqual(
                new Array(22).fill(0),
            );
        },
    );

    it("has its three corners, and what lines it up between them", () => {
        const rows = qrCode("X-HM://0023ISYWYEARS").map((row) => row.map((dark) => (dark ? "#" : ".")).join(""));
        expect(rows.slice(0, 8).map((row) => [row.slice(0, 8), row.slice(17)])).toEqual(
            ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######", "......."].map((row) => [
                `${row}.`,
                `.${row}`,
            ]),
        );
        expect(rows[6]?.slice(8, 17)).toBe("#.#.#.#.#");
        expect(rows.slice(16, 21).map((row) => row.slice(16, 21))).toEqual([
            "#####",
            "#...#",
            "#.#.#",
            "#...#",
            "#####",
        ]);
        expect(rows[17]?.[8]).toBe("#");
    });

    it("holds no other letters, and not more than fit", () => {
        expect(() => qrCode("x")).toThrow(RangeError);
        expect(() => qrCode("A".repeat(30))).toThrow(RangeError);
    });
});
