/** Sound from a microphone of this machine: a recording program, kept running as long as it is wanted. */
import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { findRecorders, type Recorder, type RecorderProgram } from "./recorders";

export type CaptureState =
    | { readonly state: "closed" }
    | { readonly state: "starting"; readonly program: RecorderProgram }
    | { readonly state: "recording"; readonly program: RecorderProgram }
    /** It runs, but nothing comes: "nothing" at all, or "zeros", as from a microphone that is switched off in the mixer. */
    | { readonly state: "silent"; readonly program: RecorderProgram; readonly comes: "nothing" | "zeros" }
    /** It ended; `reason` is what it said last, and the next try is in `retryMs` milliseconds. */
    | { readonly state: "failed"; readonly program: RecorderProgram; readonly reason: string; readonly retryMs: number }
    /** No program that records is installed; looked for again in `retryMs` milliseconds. */
    | { readonly state: "missing"; readonly retryMs: number };

export interface CaptureTimings {
    /** Without a sound for so long, it is said. */
    readonly silentMs: number;
    readonly firstRetryMs: number;
    /** Waits double up to this. */
    readonly lastRetryMs: number;
    /** What was asked to end is ended after this. */
    readonly killMs: number;
}

export const CAPTURE_TIMINGS: CaptureTimings = {
    silentMs: 5_000,
    firstRetryMs: 1_000,
    lastRetryMs: 30_000,
    killMs: 1_000,
};

export interface CaptureOptions {
    /** As the program names it; empty: the system's default. */
    readonly device: string;
    /** Never throws. Mono samples of 16 bits, 16,000 a second; what comes while it is waited for stays in the pipe. */
    readonly onSound: (bytes: Uint8Array) => Promise<void> | void;
    /** Folders to look for programs in, as in the environment. */
    readonly path?: string;
    readonly timings?: CaptureTimings;
}

export interface CaptureEvents {
    state: [state: CaptureState];
}

/** What a program says about its end. */
const MAX_REASON = 200;

export class Capture extends EventEmitter<CaptureEvents> {
    readonly #options: CaptureOptions;
    readonly #timings: CaptureTimings;
    #state: CaptureState = { state: "closed" };
    #closing: AbortController | undefined;
    #running: Promise<void> = Promise.resolve();

    constructor(options: CaptureOptions) {
        super();
        this.#options = options;
        this.#timings = options.timings ?? CAPTURE_TIMINGS;
    }

    get state(): CaptureState {
        return this.#state;
    }

    /** From now on there is sound, or it is told why not; nothing where it is open already. */
    open(): void {
        if (this.#closing !== undefined) return;
        const closing = new AbortController();
        this.#closing = closing;
        this.#running = this.#running.then(() => this.#keepRecording(closing.signal));
    }

    /** Settles when the recording program is gone. */
    async close(): Promise<void> {
        this.#closing?.abort();
        this.#closing = undefined;
        await this.#running;
        this.#tell({ state: "closed" });
    }

    async #keepRecording(signal: AbortSignal): Promise<void> {
        const { firstRetryMs, lastRetryMs } = this.#timings;
        let retryMs = firstRetryMs;
        for (let turn = 0; !signal.aborted; turn += 1) {
            const recorders = await findRecorders(this.#options.path);
            // The next one takes its turn where one brings nothing: that it is installed doesn't mean that it can.
            const recorder = recorders[turn % recorders.length];
            if (recorder === undefined) this.#tell({ state: "missing", retryMs });
            else {
                const { hasHeard, reason } = await this.#record(recorder, signal);
                if (signal.aborted) return;
                if (hasHeard) {
                    retryMs = firstRetryMs;
                    turn -= 1;
                }
                this.#tell({ state: "failed", program: recorder.program, reason, retryMs });
            }
            await sleep(retryMs, undefined, { signal }).catch(() => undefined);
            retryMs = Math.min(2 * retryMs, lastRetryMs);
        }
    }

    /** Until the program ends. */
    async #record({ program, file, arguments: args }: Recorder, signal: AbortSignal) {
        this.#tell({ state: "starting", program });
        const child = spawn(file, args(this.#options.device), { stdio: ["ignore", "pipe", "pipe"] });
        let reason = "";
        child.on("error", ({ message }) => {
            reason = message;
        });
        child.stderr.on("data", (text: Buffer) => {
            reason = `${reason}${text.toString()}`.slice(-MAX_REASON);
        });
        const stop = () => void this.#end(child);
        signal.addEventListener("abort", stop);
        const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
        if (signal.aborted) stop();
        const hasHeard = await this.#hear(child.stdout, program, signal);
        stop();
        await ended;
        signal.removeEventListener("abort", stop);
        return { hasHeard, reason: reason.trim() };
    }

    /** Whether there was anything to hear. */
    async #hear(sound: Readable, program: RecorderProgram, signal: AbortSignal): Promise<boolean> {
        const { silentMs } = this.#timings;
        let comes: "nothing" | "zeros" = "nothing";
        let hasHeard = false;
        const silent = () => this.#tell({ state: "silent", program, comes });
        let timer = setTimeout(silent, silentMs);
        try {
            for await (const bytes of sound as AsyncIterable<Uint8Array>) {
                if (signal.aborted) break;
                hasHeard = true;
                comes = "zeros";
                if (this.#state.state === "starting") this.#tell({ state: "recording", program });
                if (bytes.some((byte) => byte !== 0)) {
                    clearTimeout(timer);
                    timer = setTimeout(silent, silentMs);
                    if (this.#state.state === "silent") this.#tell({ state: "recording", program });
                }
                await this.#options.onSound(bytes);
            }
        } catch {
            // The pipe broke with the program; its end is told.
        } finally {
            clearTimeout(timer);
        }
        return hasHeard;
    }

    async #end(child: ChildProcess): Promise<void> {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill("SIGTERM");
        const signal = AbortSignal.timeout(this.#timings.killMs);
        await once(child, "exit", { signal }).catch(() => child.kill("SIGKILL"));
    }

    #tell(state: CaptureState): void {
        this.#state = state;
        this.emit("state", state);
    }
}
