export type { Clock, Moment } from "./clock";
export { type DerivedStore, NotForgotten } from "./derived-store";
export { VaultError, type VaultErrorCode } from "./error";
export type { VaultProblem, VaultProblemCode } from "./problem";
export {
    type Derived,
    type ImportedKeepsake,
    isRecordingId,
    type Keepsake,
    RECORDING_LIMITS,
    RECORDING_PARTS,
    type Recording,
    type RecordingContent,
    type RecordingFilter,
    type RecordingPage,
    type RecordingPart,
    type RecordingSelection,
    type RecordingWords,
    type Replacement,
    type VaultStatus,
} from "./recording";
export { RecordingIds } from "./recording-ids";
export { isVaultFolder } from "./store";
export { type KeyGuard, MIN_SECRET_CHARACTERS } from "./store-key";
export { Vault, type VaultEvents, type VaultOptions } from "./vault";
