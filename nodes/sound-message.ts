/** How messages bring sound: whole recordings, or pieces of a stream that ends as sequences do in Node-RED. */
import type { Message } from "./define-node";

export function soundIn({ payload }: Message): Uint8Array | undefined {
    return payload instanceof Uint8Array ? payload : undefined;
}

/** Whether this is a recording on its own: a message that ends what it begins, or a WAV that is all there. */
export function isWholeSound(msg: Message, sound: Uint8Array): boolean {
    if (msg.parts !== undefined) return msg.parts.count === 1;
    return msg.complete !== undefined || isWholeWav(sound);
}

/** `msg.complete` or the last of `msg.parts`, as in Node-RED's own sequences. */
export function isLastPiece({ complete, parts }: Message): boolean {
    return complete !== undefined || (parts?.count !== undefined && parts.index === parts.count - 1);
}

/** RIFF: the four letters, then the number of bytes that follow, little-endian; 0 from writers that do not know it yet. */
function isWholeWav(sound: Uint8Array): boolean {
    const header = Buffer.from(sound.buffer, sound.byteOffset, sound.byteLength).subarray(0, 8);
    if (header.length < 8 || header.toString("latin1", 0, 4) !== "RIFF") return false;
    const following = header.readUInt32LE(4);
    return following > 0 && following + header.length <= sound.length;
}
