/** TLV8, the encoding of pairing messages (HomeKit Accessory Protocol R2): type, length, value, one byte each for the first two. */
import { HapError } from "./error";

/** Types of pairing messages, HAP R2 table 5-6. */
export const TlvType = {
    Method: 0x00,
    Identifier: 0x01,
    Salt: 0x02,
    PublicKey: 0x03,
    Proof: 0x04,
    EncryptedData: 0x05,
    State: 0x06,
    Error: 0x07,
    RetryDelay: 0x08,
    Signature: 0x0a,
    Permissions: 0x0b,
    SessionId: 0x0e,
    Separator: 0xff,
} as const;

export type TlvItem = readonly [type: number, value: Buffer | number];

/** One record: a message has one, a list of pairings one for each. Values longer than 255 bytes came in pieces. */
export type Tlv = ReadonlyMap<number, Buffer>;

const MAX_FRAGMENT = 255;

/** Numbers are written as one byte. */
export function encodeTlv(items: readonly TlvItem[]): Buffer {
    const parts: Buffer[] = [];
    for (const [type, value] of items) {
        const bytes = typeof value === "number" ? Buffer.of(value) : value;
        let offset = 0;
        do {
            const piece = bytes.subarray(offset, offset + MAX_FRAGMENT);
            parts.push(Buffer.of(type, piece.length), piece);
            offset += piece.length;
        } while (offset < bytes.length);
    }
    return Buffer.concat(parts);
}

/**
 * Reads records apart at separators. Pieces of one value follow each other directly, and all but the last are full.
 *
 * @throws {HapError} `protocol` when it ends inside an item or a type stands twice in one record.
 */
export function decodeTlvList(bytes: Buffer): readonly Tlv[] {
    const records: Map<number, Buffer[]>[] = [new Map()];
    let offset = 0;
    let previous: { readonly type: number; readonly isFull: boolean } | undefined;
    while (offset < bytes.length) {
        const type = bytes[offset] ?? 0;
        const length = bytes[offset + 1] ?? Number.POSITIVE_INFINITY;
        const end = offset + 2 + length;
        if (end > bytes.length) throw new HapError("protocol", `TLV8: the item at byte ${offset} is cut off.`);
        const value = bytes.subarray(offset + 2, end);
        const record = records.at(-1) ?? new Map<number, Buffer[]>();
        const pieces = record.get(type);
        if (type === TlvType.Separator) records.push(new Map());
        else if (!pieces) record.set(type, [value]);
        else if (previous?.type === type && previous.isFull) pieces.push(value);
        else throw new HapError("protocol", `TLV8: type ${type} stands twice, again at byte ${offset}.`);
        previous = { type, isFull: length === MAX_FRAGMENT };
        offset = end;
    }
    return records.map((record) => new Map([...record].map(([type, pieces]) => [type, Buffer.concat(pieces)])));
}

/** Reads a message of one record. */
export function decodeTlv(bytes: Buffer): Tlv {
    const [record, ...others] = decodeTlvList(bytes);
    if (!record || others.length > 0)
        throw new HapError("protocol", "TLV8: one record was expected, there are several.");
    return record;
}

/**
 * The value of a type that has to be there.
 *
 * @throws {HapError} `protocol` when it isn't, or is longer than `maxBytes`.
 */
export function required(tlv: Tlv, type: number, what: string, maxBytes = 1024): Buffer {
    const value = tlv.get(type);
    if (!value || value.length === 0) throw new HapError("protocol", `The accessory's answer has no ${what}.`);
    if (value.length > maxBytes)
        throw new HapError("protocol", `The accessory's ${what} is ${value.length} bytes long.`);
    return value;
}
