/** The accessory's list of controllers: list, add, remove (HAP R2 §5.10 to §5.12). Only an admin controller may. */
import { KEY_BYTES } from "./crypto";
import { HapError } from "./error";
import { assertAnswer } from "./pairing-answer";
import type { HapSession } from "./session";
import { decodeTlvList, encodeTlv, required, type Tlv, type TlvItem, TlvType } from "./tlv";

export interface ControllerEntry {
    /** The name under which the accessory knows the controller. */
    readonly controllerId: string;
    /** Its long-term public key, Ed25519. */
    readonly controllerLtpk: Buffer;
    readonly isAdmin: boolean;
}

const Method = { AddPairing: 3, RemovePairing: 4, ListPairings: 5 } as const;
const ADMIN = 1;

export async function listPairings(session: HapSession, timeoutMs: number): Promise<readonly ControllerEntry[]> {
    const records = await exchange(session, [[TlvType.Method, Method.ListPairings]], timeoutMs);
    return records.map((record) => ({
        controllerId: required(record, TlvType.Identifier, "controller id", 64).toString(),
        controllerLtpk: required(record, TlvType.PublicKey, "controller key", KEY_BYTES),
        isAdmin: ((record.get(TlvType.Permissions)?.[0] ?? 0) & ADMIN) !== 0,
    }));
}

export async function addPairing(session: HapSession, entry: ControllerEntry, timeoutMs: number): Promise<void> {
    const items: TlvItem[] = [
        [TlvType.Method, Method.AddPairing],
        [TlvType.Identifier, Buffer.from(entry.controllerId)],
        [TlvType.PublicKey, entry.controllerLtpk],
        [TlvType.Permissions, entry.isAdmin ? ADMIN : 0],
    ];
    await exchange(session, items, timeoutMs);
}

export async function removePairing(session: HapSession, controllerId: string, timeoutMs: number): Promise<void> {
    const items: TlvItem[] = [
        [TlvType.Method, Method.RemovePairing],
        [TlvType.Identifier, Buffer.from(controllerId)],
    ];
    await exchange(session, items, timeoutMs);
}

async function exchange(session: HapSession, items: readonly TlvItem[], timeoutMs: number): Promise<readonly Tlv[]> {
    const body = encodeTlv([[TlvType.State, 1], ...items]);
    const response = await session.pairingRequest(body, timeoutMs);
    const records = decodeTlvList(response);
    const [first] = records;
    if (!first) throw new HapError("protocol", "The accessory's answer is empty.");
    assertAnswer(first, 2, "pairings");
    return records;
}
