/** Brings up a home and a Node-RED, lets them find each other, plays a sentence, and looks at what became of it. */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type AccessoryState, AccessoryStates, difference } from "./accessory-state";
import { exampleFlow, partsOf, withExample, withPairing } from "./flow";
import type { Folders } from "./folders";
import { NodeRed } from "./node-red";
import type { StartOptions } from "./options";
import type { OwnedProcess } from "./owned-process";
import type { Screen } from "./screen";
import { recordedSentence, type Sentence, spokenSentence } from "./sentence";
import { type BridgeIdentity, SimulatedHome } from "./simulated-home";
import { Turn, type TurnResult } from "./turn";
import { StartError, within } from "./waiting";

/** None of them is like that of a device in the example's own home. */
const NAMES = ["Kitchen Light", "Bedroom Thermostat", "Kettle"] as const;

const FOUND_MS = 20_000;
const PAIRED_MS = 20_000;
const DEVICES_MS = 10_000;
const LOOK_EVERY_MS = 100;
/** How much later than the sound itself each stage may come. */
const STAGE_MS = 10_000;
/** The accessory's own word goes another way than the result, which has come by then. */
const CHANGE_MS = 2_000;

/** A flow that is paired with the home, and what it will hear. */
export interface Stand {
    readonly nodeRed: NodeRed;
    readonly bridge: BridgeIdentity;
    readonly sentence: Sentence;
}

type States = ReadonlyMap<string, AccessoryState>;

export class FirstLight {
    readonly #options: StartOptions;
    readonly #screen: Screen;
    readonly #folders: Folders;
    readonly #signal: AbortSignal;
    readonly #processes: OwnedProcess[] = [];
    readonly #example = exampleFlow();
    readonly #parts = partsOf(this.#example, this.#example);
    readonly #turn: Turn;

    /** @param signal cuts short every wait */
    constructor(options: StartOptions, screen: Screen, folders: Folders, signal: AbortSignal) {
        this.#options = options;
        this.#screen = screen;
        this.#folders = folders;
        this.#signal = signal;
        this.#turn = new Turn(this.#parts.silenceMs, signal);
    }

    /** As far as it has come. */
    get result(): TurnResult {
        return this.#turn.result;
    }

    /** @throws StartError; RecordingError for a recording that can't be played */
    async bringUp(): Promise<Stand> {
        const { say } = this.#options;
        const { silenceMs, soundFile } = this.#parts;
        const recorded = say === undefined ? undefined : await recordedSentence(say, silenceMs);
        this.#screen.title("Earshot: a spoken sentence switches a HomeKit accessory");
        const [bridge, nodeRed, sentence] = await Promise.all([
            this.#startHome(),
            this.#startNodeRed(),
            recorded ?? spokenSentence(silenceMs),
        ]);
        await writeFile(join(this.#folders.sounds, soundFile), sentence.wav);
        await this.#deploy(nodeRed, bridge);
        await this.#waitForPairing(nodeRed, bridge);
        return { nodeRed, bridge, sentence };
    }

    /** @throws StartError when a stage is not reached, or the device that was asked for is in the end as it was before */
    async play({ nodeRed, bridge, sentence }: Stand): Promise<void> {
        const states = await AccessoryStates.open(join(this.#folders.userDir, "earshot", "homekit"), bridge);
        try {
            const before = await states.read();
            this.#turn.begin(sentence.speechEndMs);
            await nodeRed.inject(this.#parts.say);
            const devices = await this.#follow(sentence);
            await this.#verify(devices, before, await states.read());
        } finally {
            states.close();
        }
    }

    /** Resolves when one of the processes has ended, with how. */
    died(): Promise<StartError> {
        // One that is gone already is a Node-RED that found its port taken; another has come in its place.
        const alive = this.#processes.filter(({ isGone }) => !isGone);
        return Promise.race(alive.map((process) => process.gone.then(() => process.obituary())));
    }

    async stop(): Promise<void> {
        await Promise.all(this.#processes.map((process) => process.stop()));
    }

    async #startHome(): Promise<BridgeIdentity> {
        const { areKept, simulatedHome } = this.#folders;
        const home = new SimulatedHome({
            folder: simulatedHome,
            bridgeName: areKept ? "Simulated Home" : `Simulated Home ${randomBytes(2).toString("hex")}`,
            names: NAMES,
            onChanged: (change) => this.#turn.changed(change),
        });
        this.#processes.push(home.process);
        const bridge = await home.ready(this.#signal);
        this.#screen.happened("Simulated home", `${NAMES.join(", ")}: behind a HomeKit bridge, in its own process`);
        return bridge;
    }

    async #startNodeRed(): Promise<NodeRed> {
        const nodeRed = await NodeRed.start({
            userDir: this.#folders.userDir,
            soundFolder: this.#folders.sounds,
            port: this.#options.port,
            onStage: (report) => this.#turn.report(report),
            onError: (from, message) => {
                if (this.#signal.aborted) return;
                const error = new StartError(`${from} reports: ${message}`);
                if (!this.#turn.fail(error)) this.#screen.trouble(error.message);
            },
            onProcess: (process) => this.#processes.push(process),
            signal: this.#signal,
        });
        this.#screen.happened("Node-RED", nodeRed.url);
        return nodeRed;
    }

    async #deploy(nodeRed: NodeRed, bridge: BridgeIdentity): Promise<void> {
        const flows = withExample(await nodeRed.flows(), this.#example);
        const { discover } = partsOf(flows, this.#example);
        await nodeRed.deploy(withPairing(flows, discover, bridge));
        this.#screen.happened("Deployed", 'the example flow "First light"');
    }

    async #waitForPairing(nodeRed: NodeRed, { id, name }: BridgeIdentity): Promise<void> {
        const { hub, home } = this.#parts;
        const look = async () => (await nodeRed.accessories(hub)).find((accessory) => accessory.id === id);
        const seen = await this.#until(FOUND_MS, look, `"${name}" was not found by mDNS`);
        this.#screen.happened("Found by mDNS", `"${name}", ${id}`);
        if (seen.paired && !seen.pairedWithUs) {
            const { userDir } = this.#folders;
            throw new StartError(`"${name}" is paired with another hub. Remove ${userDir} to begin anew.`);
        }
        const connected = async () => {
            const now = await look();
            return now?.pairedWithUs && now.reachable ? now : undefined;
        };
        await this.#until(PAIRED_MS, connected, `The flow did not pair with "${name}"`);
        this.#screen.happened("Paired", seen.pairedWithUs ? "since an earlier start" : "over HomeKit, with its PIN");
        const known = async () => {
            const devices = await nodeRed.foundDevices(home);
            return NAMES.every((device) => devices.includes(device)) || undefined;
        };
        await this.#until(DEVICES_MS, known, `The devices of "${name}" did not come into the flow's home`);
    }

    /** Says what happens as it happens; resolves with the devices that were asked for something. */
    async #follow(sentence: Sentence): Promise<readonly { readonly name: string }[]> {
        const turn = this.#turn;
        const screen = this.#screen;
        const soundMs = sentence.durationMs + STAGE_MS;

        await turn.reach("playing", STAGE_MS, "The flow did not play the sound.");
        screen.happened("Playing", sentence.title);

        const { word, score } = await turn.reach("heard", soundMs, "The wake word was not heard.");
        screen.happened("Wake word", `${word}, score ${score.toFixed(2)}`);

        const { text } = await turn.reach("transcript", soundMs, "The wake word was heard, but no transcript came.");
        const late = inMs(turn.latencies.endOfSpeechToTranscript);
        const { silenceMs } = this.#parts;
        screen.happened("Transcript", `"${text}", ${late} after the ${silenceMs} ms of silence that end a sentence`);

        const { name } = await turn.reach("intent", STAGE_MS, "The transcript led to no intent.");
        screen.happened("Intent", name);

        turn.reach("change", STAGE_MS, "No accessory has changed.").then(
            ({ accessory, characteristic, value }) => {
                const time = inMs(turn.latencies.transcriptToAccessory);
                screen.happened(
                    "Accessory",
                    `${accessory}: ${characteristic} is ${value}, ${time} after the transcript`,
                );
            },
            () => {}, // Told by those who need it.
        );
        const { devices, say } = await turn.reach("result", STAGE_MS, "The intent was not carried out.");
        screen.happened("Reply", `"${say}"`);
        const failed = devices.find(({ ok }) => !ok);
        if (failed) throw new StartError(`${failed.name}: ${failed.error ?? "it did not do what was asked."}`);
        return devices;
    }

    /** By the word of the accessories themselves, not that of the flow. */
    async #verify(devices: readonly { readonly name: string }[], before: States, after: States): Promise<void> {
        const [first] = devices.map(({ name }) => name);
        if (first === undefined)
            throw new StartError("The sentence was understood, but no device was asked for anything.");
        const changed = devices.map(({ name }) => name).find((name) => changesOf(name, before, after).length > 0);
        const device = changed ?? first;
        this.#turn.conclude(device, after.get(device) ?? {});
        if (changed === undefined) {
            throw new StartError(`The state of ${device}, read over HAP, is what it was before.`);
        }
        await this.#turn.reach("change", CHANGE_MS, `${device} did not say that somebody changed it.`);
        this.#screen.success("Read over HAP", `${device}: ${changesOf(device, before, after).join(", ")}`);
    }

    /** Looks again and again until there is something to see. */
    async #until<T>(limitMs: number, look: () => Promise<T | undefined>, otherwise: string): Promise<T> {
        const over = new AbortController();
        const signal = AbortSignal.any([this.#signal, over.signal]);
        const looking = async (): Promise<T> => {
            for (;;) {
                const seen = await look();
                if (seen !== undefined) return seen;
                await sleep(LOOK_EVERY_MS, undefined, { signal });
            }
        };
        try {
            return await within(limitMs, looking(), `${otherwise} within ${limitMs / 1000} seconds.`, this.#signal);
        } finally {
            over.abort();
        }
    }
}

/** How a device differs from before, for people: "on: false → true". */
function changesOf(device: string, before: States, after: States): readonly string[] {
    return difference(before.get(device) ?? {}, after.get(device) ?? {});
}

export function inMs(duration: number | null): string {
    return duration === null ? "?" : `${Math.round(duration)} ms`;
}
