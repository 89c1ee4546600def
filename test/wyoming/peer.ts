/** A peer written from the protocol's description alone, with its own reading and writing: no code of ours. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface PeerEvent {
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
    readonly payload: Buffer;
}

const PATIENCE_MS = 20_000;

export class Peer {
    readonly #events: PeerEvent[] = [];
    #bytes = Buffer.alloc(0);

    private constructor(readonly socket: Socket) {
        socket.on("data", (bytes) => {
            this.#bytes = Buffer.concat([this.#bytes, bytes]);
            for (let event = this.#next(); event; event = this.#next()) {
                this.#events.push(event);
                socket.emit("wyoming");
            }
        });
        socket.on("error", () => undefined);
    }

    static async at(port: number, host = "127.0.0.1"): Promise<Peer> {
        const socket = connect(port, host);
        await once(socket, "connect");
        return new Peer(socket);
    }

    /** As the reference writer does: data in a block of its own. */
    send(type: string, data?: object, payload?: Buffer): void {
        const block = data ? Buffer.from(JSON.stringify(data), "utf8") : undefined;
        const header: Record<string, unknown> = { type, version: "1.9.0" };
        if (block) header.data_length = block.length;
        if (payload) header.payload_length = payload.length;
        this.socket.write(`${JSON.stringify(header)}\n`);
        if (block) this.socket.write(block);
        if (payload) this.socket.write(payload);
    }

    /** The next event. */
    async next(): Promise<PeerEvent> {
        const signal = AbortSignal.timeout(PATIENCE_MS);
        while (this.#events.length === 0) await once(this.socket, "wyoming", { signal });
        return this.#events.shift() as PeerEvent;
    }

    /** Sound of 16 bits, in chunks of 20 ms. */
    speak(pcm: Buffer, format: { readonly rate: number; readonly channels: number }): void {
        const described = { ...format, width: 2 };
        const step = (format.rate / 50) * format.channels * 2;
        this.send("audio-start", { ...described, timestamp: 0 });
        for (let at = 0; at < pcm.length; at += step) this.send("audio-chunk", described, pcm.subarray(at, at + step));
        this.send("audio-stop", { timestamp: 0 });
    }

    /** When the other side has closed or broken off. */
    async closed(): Promise<void> {
        if (this.socket.closed) return;
        // Not `once`: a reset is an error to it.
        const closed = Promise.withResolvers<void>();
        this.socket.once("close", () => closed.resolve());
        const late = setTimeout(() => closed.reject(new Error("The other side keeps the connection.")), PATIENCE_MS);
        await closed.promise.finally(() => clearTimeout(late));
    }

    #next(): PeerEvent | undefined {
        const end = this.#bytes.indexOf("\n");
        if (end < 0) return undefined;
        const header = JSON.parse(this.#bytes.toString("utf8", 0, end)) as {
            readonly type: string;
            readonly data?: object;
            readonly data_length?: number | null;
            readonly payload_length?: number | null;
        };
        const dataEnd = end + 1 + (header.data_length ?? 0);
        const payloadEnd = dataEnd + (header.payload_length ?? 0);
        if (this.#bytes.length < payloadEnd) return undefined;
        const block = this.#bytes.toString("utf8", end + 1, dataEnd);
        const event = {
            type: header.type,
            data: { ...header.data, ...(block === "" ? {} : (JSON.parse(block) as object)) },
            payload: this.#bytes.subarray(dataEnd, payloadEnd),
        };
        this.#bytes = this.#bytes.subarray(payloadEnd);
        return event;
    }
}
