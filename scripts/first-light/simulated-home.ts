/** The simulated home, in a process of its own. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { OwnedProcess } from "./owned-process";
import { within } from "./waiting";

/** How to find the home's bridge and pair with it. The PIN is not to be shown to anyone. */
export interface BridgeIdentity {
    readonly id: string;
    readonly name: string;
    readonly port: number;
    readonly pin: string;
}

/** An accessory of the home says that somebody changed it over HomeKit. */
export interface AccessoryChange {
    readonly accessory: string;
    readonly characteristic: string;
    readonly value: boolean | number | string;
    /** Milliseconds since 1970, with fractions. */
    readonly at: number;
}

export interface SimulatedHomeOptions {
    /** What makes it the same home the next time is kept here. */
    readonly folder: string;
    /** Announced on the network; no other bridge may have it. */
    readonly bridgeName: string;
    /** Lamp, thermostat, outlet. */
    readonly names: readonly [string, string, string];
    readonly onChanged: (change: AccessoryChange) => void;
}

const READY_MS = 15_000;

type Message = ({ readonly event: "ready" } & BridgeIdentity) | ({ readonly event: "changed" } & AccessoryChange);

export class SimulatedHome {
    readonly process: OwnedProcess;
    readonly #ready = Promise.withResolvers<BridgeIdentity>();

    constructor({ folder, bridgeName, names, onChanged }: SimulatedHomeOptions) {
        const script = join(__dirname, "..", "simulated-home.js");
        const args = [script, "--folder", folder, "--bridge", bridgeName, "--names", names.join(",")];
        // It ends when its input does, that is with this process, however that ends.
        const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "pipe"] });
        child.stdin.on("error", () => {});
        this.process = new OwnedProcess("The simulated home", child, (line) => {
            const message = parse(line);
            if (message === undefined) this.process.note(line);
            if (message?.event === "ready") this.#ready.resolve(message);
            if (message?.event === "changed") onChanged(message);
        });
    }

    /** Resolves when it can be reached. @throws StartError */
    ready(signal: AbortSignal): Promise<BridgeIdentity> {
        const seconds = READY_MS / 1000;
        const otherwise = `The simulated home was not ready within ${seconds} seconds.`;
        return within(READY_MS, this.process.whileAlive(this.#ready.promise), otherwise, signal);
    }
}

/** Undefined for a line that is not the home's own: libraries print there too. */
function parse(line: string): Message | undefined {
    const at = performance.timeOrigin + performance.now();
    try {
        const message = JSON.parse(line) as Message;
        return message.event === "changed" ? { ...message, at } : message;
    } catch {
        return undefined;
    }
}
