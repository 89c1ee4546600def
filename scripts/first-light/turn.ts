/** One sentence on its way through the flow, and how long each part of the way took. */
import type { AccessoryState } from "./accessory-state";
import type { Dispatched, Heard, Playing, StageReport, Transcribed, Understood } from "./reports";
import type { AccessoryChange } from "./simulated-home";
import { StartError, within } from "./waiting";

/** What `--json` prints; null for what did not happen. */
export interface TurnResult {
    /** The wake word. */
    readonly heard: string | null;
    readonly transcript: string | null;
    /** Its name. */
    readonly intent: string | null;
    /** Name of the device that was asked for. */
    readonly device: string | null;
    /** Of the device, read over HAP afterwards. */
    readonly state: AccessoryState | null;
    readonly latencyMs: Latencies;
}

/** Milliseconds; what they mean stands in the usage. */
export interface Latencies {
    readonly endOfSpeechToTranscript: number | null;
    readonly transcriptToAccessory: number | null;
    readonly total: number | null;
}

interface Stages {
    readonly playing: Playing;
    readonly heard: Heard;
    readonly transcript: Transcribed;
    readonly intent: Understood;
    readonly result: Dispatched;
    readonly change: AccessoryChange;
}

export class Turn {
    readonly #silenceMs: number;
    readonly #signal: AbortSignal;
    readonly #waits: { readonly [S in keyof Stages]: PromiseWithResolvers<Stages[S]> } = {
        playing: Promise.withResolvers(),
        heard: Promise.withResolvers(),
        transcript: Promise.withResolvers(),
        intent: Promise.withResolvers(),
        result: Promise.withResolvers(),
        change: Promise.withResolvers(),
    };
    #seen: Partial<Stages> = {};
    #hasBegun = false;
    #speechEndMs: number | undefined;
    #device: string | null = null;
    #state: AccessoryState | null = null;

    /** @param silenceMs silence that ends a sentence in this flow */
    constructor(silenceMs: number, signal: AbortSignal) {
        this.#silenceMs = silenceMs;
        this.#signal = signal;
        // What fails before somebody waits for it is told to those who wait later.
        for (const { promise } of Object.values(this.#waits)) promise.catch(() => {});
    }

    /** Takes what comes from Node-RED; only the first of each stage counts. */
    report(report: StageReport): void {
        switch (report.stage) {
            case "not-understood":
                this.fail(new StartError(notUnderstood(report.suggestions)));
                break;
            case "playing":
                this.#take("playing", report);
                break;
            case "heard":
                this.#take("heard", report);
                break;
            case "transcript":
                if (report.text === "") this.fail(new StartError("The sentence was heard, but no word of it."));
                else this.#take("transcript", report);
                break;
            case "intent":
                this.#take("intent", report);
                break;
            case "result":
                this.#take("result", report);
                break;
        }
    }

    changed(change: AccessoryChange): void {
        if (this.#seen.intent) this.#take("change", change);
    }

    /** Ends all waiting. Returns false if the sentence is not under way. */
    fail(error: StartError): boolean {
        if (!this.#hasBegun || this.#seen.result) return false;
        for (const { reject } of Object.values(this.#waits)) reject(error);
        return true;
    }

    /** @throws StartError with `otherwise` when the stage isn't reached in time, or when something fails before */
    reach<S extends keyof Stages>(stage: S, limitMs: number, otherwise: string): Promise<Stages[S]> {
        return within(limitMs, this.#waits[stage].promise, otherwise, this.#signal);
    }

    /** From now on what is reported is about this sentence. @param speechEndMs where its last word ends, if that is known */
    begin(speechEndMs: number | undefined): void {
        this.#hasBegun = true;
        this.#speechEndMs = speechEndMs;
    }

    /** What the device that was asked for says about itself in the end. */
    conclude(device: string, state: AccessoryState): void {
        this.#device = device;
        this.#state = state;
    }

    get latencies(): Latencies {
        const { playing, transcript, change } = this.#seen;
        const speechEndAt =
            playing && this.#speechEndMs !== undefined
                ? playing.startedAt + this.#speechEndMs
                : transcript?.speechEndAt;
        return {
            endOfSpeechToTranscript: between(speechEndAt, transcript?.at, -this.#silenceMs),
            transcriptToAccessory: between(transcript?.at, change?.at),
            total: between(speechEndAt, change?.at),
        };
    }

    get result(): TurnResult {
        const { heard, transcript, intent } = this.#seen;
        return {
            heard: heard?.word ?? null,
            transcript: transcript?.text ?? null,
            intent: intent?.name ?? null,
            device: this.#device,
            state: this.#state,
            latencyMs: this.latencies,
        };
    }

    #take<S extends keyof Stages>(stage: S, what: Stages[S]): void {
        if (!this.#hasBegun || this.#seen[stage]) return;
        this.#seen = { ...this.#seen, [stage]: what };
        this.#waits[stage].resolve(what);
    }
}

/** To a tenth of a millisecond. */
function between(from: number | undefined, to: number | undefined, plus = 0): number | null {
    return from === undefined || to === undefined ? null : Math.round((to - from + plus) * 10) / 10;
}

function notUnderstood(suggestions: readonly string[]): string {
    const meant = suggestions.length > 0 ? ` It may have meant: ${suggestions.slice(0, 3).join("; ")}.` : "";
    return `The sentence was transcribed, but not understood.${meant}`;
}
