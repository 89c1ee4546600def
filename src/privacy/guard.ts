/**
 * Notices what was heard on its way out of the home without a gate. It works for all messages of Node-RED, so it looks at
 * few of them, and remembers of those only their ids: a function that makes a new message of one keeps its id.
 */
import type { Grant } from "./gate";

/** Nodes of Node-RED and its most common additions that send out what comes to them. */
export const SENDING_TYPES: readonly string[] = [
    "http request",
    "mqtt out",
    "tcp out",
    "tcp request",
    "udp out",
    "websocket out",
    "e-mail",
];

export type Leak = Extract<Grant, "text" | "sound">;

type Message = Readonly<Record<string, unknown>>;

/** Of more messages, the first are taken for those of others. */
const MAX_SPOKEN = 10_000;

export class OutflowGuard {
    /** Ids of messages in which there was something that was heard, the oldest first. */
    readonly #spoken = new Set<string>();

    /** A node of ours has sent it. */
    sent(msg: Message): void {
        const { _msgid: id } = msg;
        if (typeof id !== "string" || isGated(msg) || !(isUnderstood(msg) || isSound(msg.payload))) return;
        this.#spoken.add(id);
        if (this.#spoken.size <= MAX_SPOKEN) return;
        for (const oldest of this.#spoken) {
            this.#spoken.delete(oldest);
            break;
        }
    }

    /**
     * What of a message would get out of the home ungated and unredacted.
     * @param whole the node sends all of the message, not only its payload
     */
    leak(msg: Message, whole = false): Leak | undefined {
        if (isGated(msg)) return undefined;
        const { payload, redaction, _msgid: id } = msg;
        const isSpoken = isUnderstood(msg) || (typeof id === "string" && this.#spoken.has(id));
        if (isWav(payload) || (isSpoken && isSound(payload))) return "sound";
        if (!isSpoken || redaction !== undefined) return undefined;
        if (whole && isUnderstood(msg)) return "text";
        // The reply tells what was done; it repeats nobody's words.
        if (payload === property(msg.result, "say")) return undefined;
        if (typeof payload === "string") return payload === "" ? undefined : "text";
        return typeof payload === "object" && payload !== null ? "text" : undefined;
    }
}

function isGated({ gate }: Message): boolean {
    return typeof property(gate, "destination") === "string";
}

function isUnderstood({ transcript, intent }: Message): boolean {
    return typeof property(transcript, "text") === "string" || typeof property(intent, "name") === "string";
}

/** Also what a function node has made, whose classes are others. */
function isSound(payload: unknown): payload is ArrayBufferView {
    return ArrayBuffer.isView(payload) && payload.byteLength > 0;
}

function isWav(payload: unknown): boolean {
    return isSound(payload) && payload.byteLength > 12 && ascii(payload, 0) === "RIFF" && ascii(payload, 8) === "WAVE";
}

function ascii({ buffer, byteOffset }: ArrayBufferView, from: number): string {
    return Buffer.from(buffer, byteOffset + from, 4).toString("latin1");
}

function property(value: unknown, name: string): unknown {
    return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
