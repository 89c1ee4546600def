/** HAP status codes (HAP R2 table 6-11) as errors in words. */
import { HapError, type HapErrorCode } from "./error";

const STATUS: Readonly<Record<number, readonly [code: HapErrorCode, words: string]>> = {
    [-70401]: ["refused", "this hub may not do that"],
    [-70402]: ["unreachable", "the device behind the bridge does not answer"],
    [-70403]: ["busy", "it is busy"],
    [-70404]: ["refused", "it can only be read"],
    [-70405]: ["refused", "it can only be set"],
    [-70406]: ["refused", "it does not tell changes"],
    [-70407]: ["busy", "it is out of resources"],
    [-70408]: ["timeout", "the device behind the bridge did not answer in time"],
    [-70409]: ["refused", "it has no such characteristic"],
    [-70410]: ["refused", "the value is not one it takes"],
    [-70411]: ["refused", "this hub is not authorised"],
    [-70412]: ["refused", "it is not allowed in its present state"],
};

export function statusError(status: number, what: "read" | "set"): HapError {
    const [code, words] = STATUS[status] ?? ["protocol", status === 0 ? "the answer is missing" : `status ${status}`];
    return new HapError(code, `The accessory could not be ${what}: ${words}.`);
}
