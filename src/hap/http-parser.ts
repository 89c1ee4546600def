/**
 * Reads what an accessory sends over its connection: HTTP/1.1 responses, and events, which look like responses but
 * start with EVENT/1.0 and come unasked (HAP R2 §6.8).
 */
import { HapError } from "./error";

export interface HapMessage {
    readonly kind: "response" | "event";
    readonly status: number;
    readonly body: Buffer;
}

export interface HttpLimits {
    readonly maxHeadBytes: number;
    readonly maxBodyBytes: number;
}

/** The largest database measured, a bridge of 150 lamps, is 208 KB. */
const DEFAULT_LIMITS: HttpLimits = { maxHeadBytes: 16_384, maxBodyBytes: 4 * 1024 * 1024 };
/** Chunks as small as this bound allows for the largest body are not worth the memory they take. */
const MAX_CHUNKS = 16_384;
const HEAD_END = Buffer.from("\r\n\r\n");
const LINE_END = Buffer.from("\r\n");

type State =
    | { readonly reading: "head" }
    | { readonly reading: "body"; readonly head: Head; readonly length: number }
    | { readonly reading: "chunk-size" | "trailer"; readonly head: Head }
    | { readonly reading: "chunk"; readonly head: Head; readonly length: number };

interface Head {
    readonly kind: HapMessage["kind"];
    readonly status: number;
    readonly isChunked: boolean;
    readonly length: number;
}

export class HapMessageParser {
    readonly #limits: HttpLimits;
    #state: State = { reading: "head" };
    /** What has come and is not used up, in the pieces it came in: joined only when there is enough of it. */
    #pieces: Buffer[] = [];
    #waiting = 0;
    /** How much has to be there before looking again is of use. */
    #needed = 1;
    #chunks: Buffer[] = [];
    #chunkBytes = 0;

    constructor(limits: HttpLimits = DEFAULT_LIMITS) {
        this.#limits = limits;
    }

    /**
     * Takes bytes as they come and returns the messages they complete.
     *
     * @throws {HapError} `protocol` for anything that is no such message or larger than the limits.
     */
    push(bytes: Buffer): readonly HapMessage[] {
        this.#pieces.push(bytes);
        this.#waiting += bytes.length;
        const messages: HapMessage[] = [];
        while (this.#waiting >= this.#needed) {
            if (this.#pieces.length > 1) this.#pieces = [Buffer.concat(this.#pieces)];
            const result = this.#step(this.#pieces[0] ?? Buffer.alloc(0));
            if (result === "more") break;
            if (result !== "again") messages.push(result);
        }
        return messages;
    }

    #step(buffer: Buffer): HapMessage | "again" | "more" {
        const state = this.#state;
        switch (state.reading) {
            case "head":
                return this.#readHead(buffer);
            case "body":
                if (buffer.length < state.length) return this.#await(state.length);
                this.#use(state.length);
                return this.#finish(state.head, buffer.subarray(0, state.length));
            case "chunk-size":
                return this.#readChunkSize(buffer, state.head);
            case "chunk": {
                if (buffer.length < state.length + LINE_END.length) return this.#await(state.length + LINE_END.length);
                if (!buffer.subarray(state.length, state.length + 2).equals(LINE_END)) {
                    throw malformed("a chunk that is longer than it says");
                }
                this.#chunks.push(buffer.subarray(0, state.length));
                this.#use(state.length + LINE_END.length);
                this.#state = { reading: "chunk-size", head: state.head };
                return "again";
            }
            case "trailer":
                return this.#readTrailer(buffer, state.head);
        }
    }

    #readHead(buffer: Buffer): HapMessage | "again" | "more" {
        const end = buffer.indexOf(HEAD_END);
        if (end < 0 ? buffer.length > this.#limits.maxHeadBytes : end > this.#limits.maxHeadBytes) {
            throw malformed(`a message head of more than ${this.#limits.maxHeadBytes} bytes`);
        }
        if (end < 0) {
            // A stranger that never ends its first line is not waited for.
            if (!couldBeHead(buffer)) throw malformed("something that is not HTTP");
            return this.#await(buffer.length + 1);
        }
        const head = parseHead(buffer.toString("latin1", 0, end));
        if (head.length > this.#limits.maxBodyBytes) throw this.#tooLarge();
        this.#use(end + HEAD_END.length);
        if (head.isChunked) {
            this.#state = { reading: "chunk-size", head };
            return "again";
        }
        if (head.length === 0) return this.#finish(head, Buffer.alloc(0));
        this.#state = { reading: "body", head, length: head.length };
        return "again";
    }

    #readChunkSize(buffer: Buffer, head: Head): "again" | "more" {
        const end = buffer.indexOf(LINE_END);
        if (end < 0 && buffer.length < 256) return this.#await(buffer.length + 1);
        const size = /^([0-9a-f]{1,7})[ \t]*(?:;|$)/i.exec(buffer.toString("latin1", 0, Math.max(end, 0)))?.[1];
        if (size === undefined) throw malformed("a chunk without a size");
        const length = Number.parseInt(size, 16);
        this.#chunkBytes += length;
        if (this.#chunkBytes > this.#limits.maxBodyBytes || this.#chunks.length >= MAX_CHUNKS) throw this.#tooLarge();
        this.#use(end + LINE_END.length);
        this.#state = length === 0 ? { reading: "trailer", head } : { reading: "chunk", head, length };
        return "again";
    }

    #readTrailer(buffer: Buffer, head: Head): HapMessage | "again" | "more" {
        const end = buffer.indexOf(LINE_END);
        if (end < 0 && buffer.length <= this.#limits.maxHeadBytes) return this.#await(buffer.length + 1);
        if (end < 0) throw malformed("a trailer without an end");
        this.#use(end + LINE_END.length);
        return end === 0 ? this.#finish(head, Buffer.concat(this.#chunks)) : "again";
    }

    #finish({ kind, status }: Head, body: Buffer): HapMessage {
        this.#state = { reading: "head" };
        this.#chunks = [];
        this.#chunkBytes = 0;
        return { kind, status, body };
    }

    #use(bytes: number): void {
        const rest = (this.#pieces[0] ?? Buffer.alloc(0)).subarray(bytes);
        this.#pieces = [rest];
        this.#waiting = rest.length;
        this.#needed = 1;
    }

    #await(bytes: number): "more" {
        this.#needed = bytes;
        return "more";
    }

    #tooLarge(): HapError {
        return malformed(`a message of more than ${this.#limits.maxBodyBytes} bytes`);
    }
}

function parseHead(text: string): Head {
    const [first = "", ...lines] = text.split("\r\n");
    const match = /^(HTTP\/1\.[01]|EVENT\/1\.0) (\d{3})(?: |$)/.exec(first);
    if (!match) throw malformed("something that is not HTTP");
    const status = Number(match[2]);
    const headers = new Map<string, string>();
    for (const line of lines) {
        const colon = line.indexOf(":");
        if (colon <= 0) throw malformed("a header without a name");
        headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    const isChunked = headers.get("transfer-encoding")?.toLowerCase() === "chunked";
    const lengthText = headers.get("content-length") ?? "0";
    if (!/^\d{1,10}$/.test(lengthText)) throw malformed("a length that is no number");
    const hasBody = status !== 204 && !isChunked;
    return {
        kind: first.startsWith("E") ? "event" : "response",
        status,
        isChunked,
        length: hasBody ? Number(lengthText) : 0,
    };
}

function couldBeHead(buffer: Buffer): boolean {
    const start = buffer.toString("latin1", 0, 8);
    return ["HTTP/1.1", "HTTP/1.0", "EVENT/1."].some(
        (expected) => expected.startsWith(start) || start.startsWith(expected),
    );
}

function malformed(what: string): HapError {
    return new HapError("protocol", `The accessory sent ${what}.`);
}
