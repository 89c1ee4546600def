/** What makes a bridge the same one after a restart: its id, its port, and who is paired with it. */
import { createHash, randomBytes, randomInt } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isTrivialSetupCode } from "../hap";
import { BridgeError } from "./error";

export interface Identity {
    /** The device id of HAP R2, in the form of a MAC address; random, so that two copies of a flow are two bridges. */
    readonly username: string;
    /** Four letters or digits, part of the setup code in the QR code. */
    readonly setupId: string;
    /** Where it listened last; 0 when it never did. */
    readonly port: number;
}

const FILE = "identity.json";
const SETUP_ID_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MAX_BYTES = 64 * 1024;

/** The folder of one bridge among those of a hub. Ids of nodes can be any text, so they don't become names of folders. */
export function folderOf(parent: string, nodeId: string): string {
    return join(parent, createHash("sha256").update(nodeId).digest("hex").slice(0, 16));
}

/**
 * Reads the identity in `folder`; makes and keeps a new one where there is none.
 * @throws {BridgeError} `identity` for a file that can't be read: a new identity would lose the pairing
 */
export async function readIdentity(folder: string): Promise<Identity> {
    const file = join(folder, FILE);
    let text: string;
    try {
        text = await readFile(file, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw damaged(file, error);
        const identity = newIdentity();
        await writeIdentity(folder, identity);
        return identity;
    }
    try {
        const { username, setupId, port } = JSON.parse(text) as Partial<Identity>;
        const isWhole = /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/.test(username ?? "") && /^[0-9A-Z]{4}$/.test(setupId ?? "");
        if (!isWhole || username === undefined || setupId === undefined) throw new Error("id or setup id is missing");
        const isPort = Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536;
        return { username, setupId, port: isPort ? Number(port) : 0 };
    } catch (error) {
        throw damaged(file, error);
    }
}

export async function writeIdentity(folder: string, identity: Identity): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, FILE);
    await writeFile(`${file}.new`, JSON.stringify(identity), { mode: 0o600 });
    await rename(`${file}.new`, file);
}

/** Whether somebody is paired, as the library keeps it. Told without the library, which an unpaired bridge doesn't need. */
export async function isPaired(folder: string, { username }: Identity): Promise<boolean> {
    const file = join(folder, `AccessoryInfo.${username.replaceAll(":", "")}.json`);
    try {
        const text = await readFile(file, "utf8");
        if (text.length > MAX_BYTES) throw new Error("it is too large");
        const { pairedClients = {} } = JSON.parse(text) as { pairedClients?: object };
        return Object.keys(pairedClients).length > 0;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
        throw damaged(file, error);
    }
}

/** Forgets the bridge in `folder`: it is another one the next time. */
export async function removeIdentity(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
}

/** A code that nobody would guess, in the form in which people write it: 123-45-678. */
export function newSetupCode(): string {
    const digits = String(randomInt(100_000_000)).padStart(8, "0");
    return isTrivialSetupCode(digits) ? newSetupCode() : digits.replace(/^(\d{3})(\d{2})/, "$1-$2-");
}

/** What the QR code of a bridge says (HAP R2, "Setup Payload"): category, transport and setup code in base 36. */
export function setupUri(setupCode: string, setupId: string): string {
    const BRIDGE = 2n;
    const OVER_IP = 1n << 28n;
    const payload = (BRIDGE << 31n) | OVER_IP | BigInt(setupCode.replaceAll("-", ""));
    return `X-HM://${payload.toString(36).toUpperCase().padStart(9, "0")}${setupId}`;
}

function newIdentity(): Identity {
    const address = randomBytes(6);
    // Locally administered and of one station: no network card has it.
    address[0] = ((address[0] ?? 0) & 0xfc) | 0x02;
    const username = Array.from(address, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");
    const letter = () => SETUP_ID_LETTERS[randomInt(SETUP_ID_LETTERS.length)];
    return { username, setupId: Array.from({ length: 4 }, letter).join(""), port: 0 };
}

function damaged(file: string, cause: unknown): BridgeError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new BridgeError("identity", `The bridge can't read what it is: ${file}: ${reason}`, { cause });
}
