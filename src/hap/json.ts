/**
 * JSON as accessories write it: ids and values are up to 64 bits wide (HAP R2 §2.6.1), which JSON.parse would round.
 * Integers beyond 2^53 become bigint, and bigint is written as the digits it has.
 */
import { HapError } from "./error";

export type JsonValue =
    | null
    | boolean
    | number
    | bigint
    | string
    | readonly JsonValue[]
    | { readonly [key: string]: JsonValue };

/** ECMAScript's JSON source text access; in Node since 21, not yet in TypeScript's library. */
interface JsonWithSource {
    parse(
        text: string,
        reviver: (key: string, value: JsonValue, context: { readonly source?: string }) => JsonValue,
    ): JsonValue;
    rawJSON(text: string): { readonly rawJSON: string };
}

const json = JSON as unknown as JsonWithSource;

/** Below 16 digits nothing can be rounded, and the plain parser is several times faster. */
const LONG_NUMBER = /\d{16}/;

/** @throws {HapError} `protocol` when it isn't JSON. */
export function parseJson(body: Buffer): JsonValue {
    const text = body.toString("utf8");
    try {
        if (!LONG_NUMBER.test(text)) return JSON.parse(text) as JsonValue;
        return json.parse(text, (_key, value, { source }) => {
            const isRounded = typeof value === "number" && !Number.isSafeInteger(value);
            return isRounded && source !== undefined && /^-?\d{1,20}$/.test(source) ? BigInt(source) : value;
        });
    } catch (error) {
        throw new HapError("protocol", "The accessory sent JSON that can't be read.", { cause: error });
    }
}

export function writeJson(value: unknown): string {
    return JSON.stringify(value, (_key, item: unknown) =>
        typeof item === "bigint" ? json.rawJSON(item.toString()) : item,
    );
}

export function isJsonObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
