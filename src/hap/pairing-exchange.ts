/**
 * A pairing as text, to take it to another hub or bring it from one: the JSON form that Home Assistant and other
 * controllers built on aiohomekit keep. Whoever has the text can command the accessory.
 */
import { KEY_BYTES, publicKeyOf } from "./crypto";
import { HapError } from "./error";
import { isEndpoint, type StoredPairing } from "./pairing-record";

const MAX_TEXT_BYTES = 16_384;
const DEVICE_ID = /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/i;

export function writePairing({ lastEndpoint, fixedEndpoint, ...pairing }: StoredPairing): string {
    const endpoint = fixedEndpoint ?? lastEndpoint;
    const content = {
        AccessoryPairingID: pairing.accessoryId,
        AccessoryLTPK: pairing.accessoryLtpk.toString("hex"),
        iOSPairingId: pairing.controllerId,
        iOSDeviceLTSK: pairing.controllerLtsk.toString("hex"),
        iOSDeviceLTPK: pairing.controllerLtpk.toString("hex"),
        Connection: "IP",
        ...(endpoint ? { AccessoryIP: endpoint.host, AccessoryPort: endpoint.port } : {}),
        name: pairing.name,
    };
    return `${JSON.stringify(content, undefined, 4)}\n`;
}

/**
 * Also takes what the npm package hap-controller keeps, whose ids are in hexadecimal and whose secret key has the public
 * one behind it.
 *
 * @throws {HapError} `invalid-pairing` that names what is wrong; nothing of a key is in the message
 */
export function readPairing(text: string): StoredPairing {
    const content = parsed(text);
    const accessoryId = plainId(content.AccessoryPairingID);
    if (!DEVICE_ID.test(accessoryId)) throw invalid("AccessoryPairingID is no device id");
    const controllerId = plainId(content.iOSPairingId ?? content.iOSDevicePairingID);
    if (controllerId === "") throw invalid("iOSPairingId is missing");
    const controllerLtsk = key(content, "iOSDeviceLTSK");
    const controllerLtpk = key(content, "iOSDeviceLTPK");
    if (!publicKeyOf(controllerLtsk).equals(controllerLtpk)) {
        throw invalid("iOSDeviceLTSK and iOSDeviceLTPK don't belong together");
    }
    const endpoint = { host: String(content.AccessoryIP), port: Number(content.AccessoryPort) };
    const isIp = content.Connection === undefined || content.Connection === "IP";
    if (!isIp) throw invalid("the accessory is connected by something else than IP");
    return {
        accessoryId: accessoryId.toUpperCase(),
        name: typeof content.name === "string" && content.name !== "" ? content.name.slice(0, 64) : accessoryId,
        accessoryLtpk: key(content, "AccessoryLTPK"),
        controllerId,
        controllerLtsk,
        controllerLtpk,
        ...(content.AccessoryIP !== undefined && isEndpoint(endpoint) ? { lastEndpoint: endpoint } : {}),
    };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
    if (text.length > MAX_TEXT_BYTES) throw invalid(`it is longer than ${MAX_TEXT_BYTES} bytes`);
    try {
        const content: unknown = JSON.parse(text);
        if (typeof content === "object" && content !== null) return { ...content };
    } catch {
        // The parser's message would quote the text.
    }
    throw invalid("it is not a JSON object");
}

/** A device id in hexadecimal has 34 digits; what is shorter is a name as it stands. */
function plainId(value: unknown): string {
    if (typeof value !== "string" || value.length > 128) return "";
    return /^([0-9a-f]{2}){17,}$/i.test(value) ? Buffer.from(value, "hex").toString() : value;
}

function key(content: Readonly<Record<string, unknown>>, name: string): Buffer {
    const value = content[name];
    const isHex = typeof value === "string" && /^([0-9a-f]{64}){1,2}$/i.test(value);
    if (!isHex) throw invalid(`${name} is no key of ${KEY_BYTES} bytes`);
    return Buffer.from(value, "hex").subarray(0, KEY_BYTES);
}

function invalid(what: string): HapError {
    return new HapError("invalid-pairing", `That is not a pairing: ${what}.`);
}
