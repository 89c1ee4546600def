/**
 * The Wyoming protocol's events on the wire (https://github.com/OHF-Voice/wyoming): a line of JSON, then as many bytes of
 * JSON and as many of sound as the line says. The protocol sets no limits; the reader here does, and refuses a length before
 * a byte of it has come.
 */
import { isUtf8 } from "node:buffer";
import { WyomingError } from "./error";

export interface WyomingEvent {
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
    /** Empty where there is none. */
    readonly payload: Uint8Array;
}

export type WyomingData = Readonly<Record<string, unknown>>;

/** Of the protocol that is spoken here. */
const VERSION = "1.9.0";
/** The reference reader takes lines below 64 KiB. */
const MAX_HEADER_BYTES = 32 * 1024;
/** What an `info` with hundreds of voices takes. */
const MAX_DATA_BYTES = 512 * 1024;
/** Ten seconds of a microphone. */
const MAX_PAYLOAD_BYTES = 512 * 1024;
const NEWLINE = 0x0a;
const NO_PAYLOAD = new Uint8Array(0);

export function encodeEvent(type: string, data: WyomingData = {}, payload: Uint8Array = NO_PAYLOAD): Uint8Array {
    const body = Object.keys(data).length === 0 ? Buffer.alloc(0) : Buffer.from(JSON.stringify(data));
    const header = {
        type,
        version: VERSION,
        ...(body.length > 0 && { data_length: body.length }),
        ...(payload.length > 0 && { payload_length: payload.length }),
    };
    return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body, payload]);
}

interface Header {
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
    readonly dataLength: number;
    readonly payloadLength: number;
}

/** Events out of bytes that arrive cut anywhere. */
export class EventReader {
    /** Of the event that is not complete. */
    #pieces: Uint8Array[] = [];
    #length = 0;
    #header: Header | undefined;

    /** Whether an event has begun and is not complete. */
    get isInside(): boolean {
        return this.#length > 0 || this.#header !== undefined;
    }

    /**
     * The events that are complete with these bytes.
     *
     * @throws WyomingError when they are none of the protocol; the reader is of no more use then
     */
    *read(bytes: Uint8Array): Generator<WyomingEvent> {
        let rest = bytes;
        while (rest.length > 0 || (this.#header !== undefined && this.#missing() === 0)) {
            if (this.#header === undefined) {
                const end = rest.indexOf(NEWLINE);
                const line = end < 0 ? rest : rest.subarray(0, end);
                if (this.#length + line.length > MAX_HEADER_BYTES) throw tooLarge("header", MAX_HEADER_BYTES);
                this.#keep(line);
                rest = rest.subarray(end < 0 ? rest.length : end + 1);
                if (end >= 0) this.#header = headerOf(this.#taken());
            } else {
                const missing = this.#missing();
                this.#keep(rest.subarray(0, missing));
                rest = rest.subarray(missing);
            }
            if (this.#header !== undefined && this.#missing() === 0) yield this.#complete(this.#header);
        }
    }

    #missing(): number {
        const { dataLength = 0, payloadLength = 0 } = this.#header ?? {};
        return dataLength + payloadLength - this.#length;
    }

    #complete({ type, data, dataLength }: Header): WyomingEvent {
        const body = this.#taken();
        this.#header = undefined;
        const more = dataLength === 0 ? {} : objectIn(body.subarray(0, dataLength), "data");
        return { type, data: { ...data, ...more }, payload: body.subarray(dataLength) };
    }

    #keep(piece: Uint8Array): void {
        if (piece.length === 0) return;
        this.#pieces.push(piece);
        this.#length += piece.length;
    }

    #taken(): Uint8Array {
        const taken = Buffer.concat(this.#pieces);
        this.#pieces = [];
        this.#length = 0;
        return taken;
    }
}

function headerOf(line: Uint8Array): Header {
    const header = objectIn(line, "header");
    const { type, data } = header;
    if (typeof type !== "string" || type === "") throw new WyomingError("malformed", "An event has no type.");
    return {
        type,
        data: isObject(data) ? data : {},
        dataLength: lengthOf(header, "data_length", MAX_DATA_BYTES),
        payloadLength: lengthOf(header, "payload_length", MAX_PAYLOAD_BYTES),
    };
}

function lengthOf(header: Readonly<Record<string, unknown>>, name: string, most: number): number {
    const length = header[name] ?? 0;
    if (typeof length !== "number" || !Number.isInteger(length) || length < 0) {
        throw new WyomingError("malformed", `The ${name} of an event is no number of bytes.`);
    }
    if (length > most) throw tooLarge(name, most);
    return length;
}

function objectIn(bytes: Uint8Array, what: string): Readonly<Record<string, unknown>> {
    const malformed = () => new WyomingError("malformed", `The ${what} of an event is no JSON object in UTF-8.`);
    if (!isUtf8(bytes)) throw malformed();
    let value: unknown;
    try {
        value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
    } catch {
        throw malformed();
    }
    if (!isObject(value)) throw malformed();
    return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tooLarge(what: string, most: number): WyomingError {
    return new WyomingError("too-large", `The ${what} of an event is above ${most} bytes.`);
}
