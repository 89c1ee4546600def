/** What an accessory's answer to a pairing message means: its state, and the errors of HAP R2 table 5-5 in words. */
import { PAIRED_ELSEWHERE } from "./announcement";
import { HapError } from "./error";
import { type Tlv, TlvType } from "./tlv";

const PairingError = {
    Authentication: 0x02,
    Backoff: 0x03,
    MaxPeers: 0x04,
    MaxTries: 0x05,
    Unavailable: 0x06,
    Busy: 0x07,
} as const;

export type PairingStep = "setup" | "verify" | "pairings";

/** @throws {HapError} unless `answer` is a good one in the state that was expected. */
export function assertAnswer(answer: Tlv, expectedState: number, step: PairingStep): void {
    const error = answer.get(TlvType.Error);
    if (error) throw pairingError(error[0] ?? 0, answer, step);
    const state = answer.get(TlvType.State)?.[0];
    if (state !== expectedState) {
        throw new HapError("protocol", `The accessory is in pairing state ${state}, not ${expectedState}.`);
    }
}

function pairingError(code: number, answer: Tlv, step: PairingStep): HapError {
    switch (code) {
        case PairingError.Authentication:
            return step === "setup"
                ? new HapError("wrong-pin", "The code is not the accessory's. Check it and try again.")
                : new HapError(
                      "authentication",
                      "The accessory does not accept this hub: its pairing was removed or it was reset. Remove it here and pair it again.",
                  );
        case PairingError.Backoff:
            return new HapError("busy", `The accessory asks to wait${waitingTime(answer)} before the next try.`);
        case PairingError.MaxPeers:
            return new HapError("max-peers", "The accessory is paired with as many controllers as it can be.");
        case PairingError.MaxTries:
            return new HapError(
                "max-tries",
                "The accessory has seen too many wrong codes and takes none now. Switch it off and on, then try again.",
            );
        case PairingError.Unavailable:
            return new HapError(
                "already-paired",
                `The accessory is already paired with another controller. ${PAIRED_ELSEWHERE}`,
            );
        case PairingError.Busy:
            return new HapError("busy", "The accessory is pairing with someone else at the moment. Try again soon.");
        default:
            return new HapError("refused", `The accessory refused with pairing error ${code}.`);
    }
}

/** RetryDelay: seconds, little-endian. */
function waitingTime(answer: Tlv): string {
    const delay = answer.get(TlvType.RetryDelay);
    return delay && delay.length > 0 && delay.length <= 6 ? ` ${delay.readUIntLE(0, delay.length)} seconds` : "";
}
