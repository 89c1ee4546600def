/** What the vault and its worker thread say to each other. */
import type { VaultErrorCode } from "./error";
import type { Keepsake, Recording, RecordingContent, RecordingPage, RecordingSelection } from "./recording";

export interface VaultCalls {
    keep(keepsake: Keepsake): Recording;
    read(id: string): RecordingContent;
    list(page: RecordingPage): readonly Recording[];
    purge(selection: RecordingSelection): number;
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
    | { readonly call?: number; readonly code: VaultErrorCode; readonly message: string };

/** The sound in a parameter or a result, to be handed over between the threads instead of copied. */
export function soundIn(value: unknown): readonly ArrayBuffer[] {
    if (typeof value !== "object" || value === null || !("samples" in value)) return [];
    const { samples } = value;
    return samples instanceof Float32Array && samples.buffer instanceof ArrayBuffer ? [samples.buffer] : [];
}
