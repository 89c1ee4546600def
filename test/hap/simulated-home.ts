/** Starts the simulated home in its own process, as `npm start` does, and waits for what it tells. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { type HapTimeouts, HomeKitAccessories, type HomeKitAccessory, PairingStore } from "../../dist/src/hap";
import { loopbackInterfaces, MdnsBrowser } from "../../dist/src/mdns";

export interface Told {
    readonly event: string;
    readonly accessory?: string;
    readonly characteristic?: string;
    readonly value?: unknown;
}

export interface Ready extends Told {
    readonly id: string;
    readonly name: string;
    readonly port: number;
    readonly pin: string;
}

const WAIT_MS = 10_000;

export class SimulatedHome {
    readonly told: Told[] = [];
    readonly #news = new EventEmitter<{ told: [] }>();

    private constructor(
        readonly process: ChildProcessByStdio<Writable, Readable, null>,
        readonly folder: string,
    ) {
        createInterface({ input: process.stdout }).on("line", (line) => {
            this.told.push(JSON.parse(line) as Told);
            this.#news.emit("told");
        });
    }

    static async start(folder: string, ...args: readonly string[]): Promise<SimulatedHome> {
        const script = join(import.meta.dirname, "../../dist/scripts/simulated-home.js");
        const child = spawn(process.execPath, [script, "--folder", folder, ...args], {
            stdio: ["pipe", "pipe", "inherit"],
        });
        const home = new SimulatedHome(child, folder);
        await home.until((told) => told.event === "ready");
        return home;
    }

    get ready(): Ready {
        return this.told.find(({ event }) => event === "ready") as Ready;
    }

    /** Resolves with the first thing told, now or later, for which `matches` holds. */
    async until(matches: (told: Told) => boolean): Promise<Told> {
        const giveUp = AbortSignal.timeout(WAIT_MS);
        for (;;) {
            const found = this.told.find(matches);
            if (found) return found;
            await once(this.#news, "told", { signal: giveUp });
        }
    }

    /** As if someone used the device by hand. */
    touch(accessory: string, characteristic: string, value: unknown): void {
        this.process.stdin.write(`${JSON.stringify({ accessory, characteristic, value })}\n`);
    }

    async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
        if (this.process.exitCode !== null || this.process.signalCode !== null) return;
        const ended = once(this.process, "exit");
        this.process.kill(signal);
        await ended;
    }
}

/** A hub's side of HomeKit on the loopback interface, with a simulated home beside it. */
export class HomeKitBench {
    readonly #ends: (() => Promise<unknown> | unknown)[] = [];

    private constructor(
        readonly folder: string,
        readonly store: PairingStore,
        readonly accessories: HomeKitAccessories,
        readonly browser: MdnsBrowser,
    ) {}

    static async start(timeouts: Partial<HapTimeouts> = {}): Promise<HomeKitBench> {
        const folder = await mkdtemp(join(tmpdir(), "earshot-homekit-"));
        const browser = new MdnsBrowser({ types: ["_hap._tcp"], interfaces: loopbackInterfaces() });
        const store = new PairingStore(join(folder, "pairings"));
        await store.open();
        const accessories = new HomeKitAccessories({ browser, store, timeouts });
        browser.start();
        accessories.start();
        return new HomeKitBench(folder, store, accessories, browser);
    }

    async home(...args: readonly string[]): Promise<SimulatedHome> {
        const home = await SimulatedHome.start(join(this.folder, `home-${this.#ends.length}`), ...args);
        this.#ends.push(() => home.end("SIGKILL"));
        return home;
    }

    /** The same home again, after it ended. */
    async again({ folder }: SimulatedHome, ...args: readonly string[]): Promise<SimulatedHome> {
        const home = await SimulatedHome.start(folder, ...args);
        this.#ends.push(() => home.end("SIGKILL"));
        return home;
    }

    /** Waits until the list shows the accessory as `matches` wants it. */
    async seen(id: string, matches: (accessory: HomeKitAccessory) => boolean = () => true): Promise<HomeKitAccessory> {
        const giveUp = AbortSignal.timeout(WAIT_MS);
        for (;;) {
            const found = this.accessories.list().find((accessory) => accessory.id === id && matches(accessory));
            if (found) return found;
            await once(this.accessories, "changed", { signal: giveUp });
        }
    }

    /** Starts a home, pairs it, and waits until its database is there. */
    async pairedHome(...args: readonly string[]): Promise<SimulatedHome> {
        const home = await this.home(...args);
        const { id, pin } = home.ready;
        await this.seen(id);
        await this.accessories.pair(id, pin);
        const giveUp = AbortSignal.timeout(WAIT_MS);
        while (!this.accessories.database(id)) await once(this.accessories, "database", { signal: giveUp });
        return home;
    }

    async stop(): Promise<void> {
        await this.accessories.stop();
        this.browser.stop();
        for (const end of this.#ends) await end();
        await rm(this.folder, { recursive: true, force: true });
    }
}
