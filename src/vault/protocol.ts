/** What the vault and its worker thread say to each other. */
import type { Moment } from "./clock";
import type { VaultErrorCode } from "./error";
import type { VaultProblem } from "./problem";
import type {
    Derived,
    ImportedKeepsake,
    Keepsake,
    Recording,
    RecordingContent,
    RecordingPage,
    RecordingSelection,
    RecordingWords,
    Replacement,
    VaultStatus,
} from "./recording";
import type { PurgeOutcome, SoundChunk } from "./store";
import type { KeyGuard } from "./store-key";

export interface VaultCalls {
    keep(keepsake: Keepsake, moment: Moment): Recording;
    import(keepsake: ImportedKeepsake, moment: Moment): Recording | undefined;
    read(id: string): RecordingContent;
    readSound(id: string, index: number): SoundChunk;
    soundLength(id: string): number;
    words(id: string): RecordingWords;
    list(page: RecordingPage): readonly Recording[];
    count(): number;
    status(moment: Moment): VaultStatus;
    replace(id: string, replacement: Replacement): Recording;
    attach(id: string, derived: readonly Derived[]): Recording;
    purge(selections: readonly RecordingSelection[], moment: Moment): PurgeOutcome;
    unforgotten(): Uint8Array;
    settle(): void;
    rotate(guard?: KeyGuard): void;
    close(): void;
}

export type VaultMethod = keyof VaultCalls;

export type Request = {
    [Method in VaultMethod]: {
        readonly call: number;
        readonly method: Method;
        readonly parameters: Parameters<VaultCalls[Method]>;
    };
}[VaultMethod];

/** `call` is absent when the vault could not be opened: then no call has an answer. */
export type Answer =
    | { readonly call: number; readonly result: unknown }
    | { readonly call?: number; readonly code: VaultErrorCode; readonly message: string }
    | { readonly problem: VaultProblem };

/** The worker's `workerData`. */
export interface WorkerSettings {
    readonly folder: string;
    readonly guard: KeyGuard;
}

/** The sound in what is sent, to be handed over between the threads instead of copied. */
export function soundIn(values: readonly unknown[]): readonly ArrayBuffer[] {
    return values.flatMap((value) => {
        const samples: unknown =
            typeof value === "object" && value !== null ? Reflect.get(value, "samples") : undefined;
        return samples instanceof Float32Array && samples.buffer instanceof ArrayBuffer ? [samples.buffer] : [];
    });
}
