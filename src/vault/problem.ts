export type VaultProblemCode = "sound-set-aside" | "sound-missing" | "clock-set-back";

/** Something a person should look at; the vault works on without it. */
export interface VaultProblem {
    readonly code: VaultProblemCode;
    /** A sentence for people. */
    readonly message: string;
}
