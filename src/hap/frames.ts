/** The encrypted session after pair-verify (HAP R2 §6.5.2): frames of up to 1,024 bytes, each sealed with the next nonce. */
import { countedNonce, hkdfSha512, seal, TAG_BYTES, unseal } from "./crypto";
import { HapError } from "./error";

const MAX_FRAME_BYTES = 1024;
const LENGTH_BYTES = 2;

export interface SessionKeys {
    readonly accessoryToController: Buffer;
    readonly controllerToAccessory: Buffer;
}

export function sessionKeys(secret: Buffer): SessionKeys {
    return {
        accessoryToController: hkdfSha512(secret, "Control-Salt", "Control-Read-Encryption-Key"),
        controllerToAccessory: hkdfSha512(secret, "Control-Salt", "Control-Write-Encryption-Key"),
    };
}

export class FrameEncoder {
    readonly #key: Buffer;
    #counter = 0n;

    constructor(key: Buffer) {
        this.#key = key;
    }

    encode(plaintext: Buffer): Buffer {
        const parts: Buffer[] = [];
        for (let offset = 0; offset < plaintext.length; offset += MAX_FRAME_BYTES) {
            const piece = plaintext.subarray(offset, offset + MAX_FRAME_BYTES);
            const length = Buffer.alloc(LENGTH_BYTES);
            length.writeUInt16LE(piece.length);
            parts.push(length, seal(this.#key, countedNonce(this.#counter++), piece, length));
        }
        return Buffer.concat(parts);
    }
}

export class FrameDecoder {
    readonly #key: Buffer;
    #counter = 0n;
    #waiting: Buffer = Buffer.alloc(0);

    constructor(key: Buffer) {
        this.#key = key;
    }

    /**
     * Takes bytes as they come and returns what whole frames say; holds less than one frame back.
     *
     * @throws {HapError} `protocol` for a frame that is too long or whose seal is broken. The session can't go on then.
     */
    decode(bytes: Buffer): Buffer {
        const all = this.#waiting.length > 0 ? Buffer.concat([this.#waiting, bytes]) : bytes;
        const parts: Buffer[] = [];
        let offset = 0;
        while (all.length - offset >= LENGTH_BYTES) {
            const length = all.readUInt16LE(offset);
            if (length > MAX_FRAME_BYTES) throw brokenFrame(`announces ${length} bytes`);
            const end = offset + LENGTH_BYTES + length + TAG_BYTES;
            if (end > all.length) break;
            const additional = all.subarray(offset, offset + LENGTH_BYTES);
            const sealed = all.subarray(offset + LENGTH_BYTES, end);
            const plaintext = unseal(this.#key, countedNonce(this.#counter++), sealed, additional);
            if (!plaintext) throw brokenFrame("does not match its seal");
            parts.push(plaintext);
            offset = end;
        }
        this.#waiting = Buffer.from(all.subarray(offset));
        return Buffer.concat(parts);
    }
}

function brokenFrame(what: string): HapError {
    return new HapError("protocol", `The accessory sent an encrypted frame that ${what}.`);
}
