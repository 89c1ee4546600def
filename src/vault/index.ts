export { VaultError, type VaultErrorCode } from "./error";
export {
    type Keepsake,
    RECORDING_LIMITS,
    type Recording,
    type RecordingContent,
    type RecordingFilter,
    type RecordingPage,
    type RecordingSelection,
} from "./recording";
export { Vault, type VaultOptions } from "./vault";
