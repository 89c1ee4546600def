/** Bridges in their own process, and the controller's pairings with them. */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { OwnedProcess } from "../../scripts/first-light/owned-process";
import { within } from "../../scripts/first-light/waiting";
import { HapClient, type StoredPairing } from "../../src/hap";
import { generateRawKeyPair } from "../../src/hap/crypto";

const READY_MS = 60_000;
const ANNOUNCED_MS = 120_000;

interface BridgeTold {
    readonly id: string;
    readonly name: string;
    readonly port: number;
    readonly ltpk: string;
}

export interface FleetSize {
    readonly bridges: number;
    /** Behind each. */
    readonly lamps: number;
    readonly announce?: boolean;
    /** With one accessory of each kind besides, behind each bridge. */
    readonly zoo?: boolean;
}

export class Fleet {
    readonly #process: OwnedProcess;
    readonly #input: Writable;
    readonly #keys = generateRawKeyPair("Ed25519");
    readonly #bridges = Promise.withResolvers<readonly BridgeTold[]>();
    readonly #announced = Promise.withResolvers<void>();
    #cpu = Promise.withResolvers<number>();

    /** @param folder for the process; nothing is there yet */
    constructor(folder: string, { bridges, lamps, announce = false, zoo = false }: FleetSize) {
        mkdirSync(folder, { recursive: true });
        const args = ["--folder", folder, "--controller", `bench:${this.#keys.publicKey.toString("hex")}`];
        args.push(
            "--bridges",
            `${bridges}`,
            "--lamps",
            `${lamps}`,
            ...(announce ? ["--announce"] : []),
            ...(zoo ? ["--zoo"] : []),
        );
        const child = spawn(process.execPath, [join(__dirname, "bridges.js"), ...args], {
            stdio: ["pipe", "pipe", "pipe"],
        });
        child.stdin.on("error", () => {});
        this.#input = child.stdin;
        this.#process = new OwnedProcess("The bridges", child, (line) => {
            if (line.startsWith('{"event":"ready"')) this.#bridges.resolve(JSON.parse(line).bridges);
            else if (line.startsWith('{"event":"announced"')) this.#announced.resolve();
            else if (line.startsWith('{"event":"cpu"')) this.#cpu.resolve(JSON.parse(line).ms);
            else this.#process.note(line);
        });
    }

    /** Resolves when all listen. */
    async pairings(): Promise<readonly StoredPairing[]> {
        const bridges = await this.#while(this.#bridges.promise, READY_MS);
        return bridges.map(({ id, name, port, ltpk }) => ({
            accessoryId: id,
            name,
            accessoryLtpk: Buffer.from(ltpk, "hex"),
            controllerId: "bench",
            controllerLtsk: this.#keys.privateKey,
            controllerLtpk: this.#keys.publicKey,
            lastEndpoint: { host: "127.0.0.1", port },
        }));
    }

    async announced(): Promise<void> {
        await this.#while(this.#announced.promise, ANNOUNCED_MS);
    }

    /** One for each bridge; the caller stops them. */
    async clients(): Promise<readonly HapClient[]> {
        return (await this.pairings()).map((pairing) => {
            const { lastEndpoint } = pairing;
            return new HapClient({ pairing, locate: () => (lastEndpoint ? [lastEndpoint] : []) });
        });
    }

    /** Processor time that the accessories have taken so far. */
    async cpuMs(): Promise<number> {
        this.#cpu = Promise.withResolvers();
        this.#input.write("cpu\n");
        return await this.#while(this.#cpu.promise, READY_MS);
    }

    /** As if someone used the device by hand. */
    touch(accessory: string, characteristic: string, value: unknown): void {
        this.#input.write(`${JSON.stringify({ accessory, characteristic, value })}\n`);
    }

    stop(): Promise<void> {
        return this.#process.stop();
    }

    #while<T>(result: Promise<T>, ms: number): Promise<T> {
        const otherwise = `The bridges took longer than ${ms / 1_000} seconds.`;
        return within(ms, this.#process.whileAlive(result), otherwise, AbortSignal.timeout(ms));
    }
}
