export { type LogAnchor, readAnchor } from "./anchor";
export { Consent, type ConsentOptions } from "./consent";
export { Disclosures, type Receiver } from "./disclosures";
export { type Erased, Erasure, type ErasureOptions, type ErasureReason } from "./erasure";
export { PrivacyLogError, type PrivacyLogErrorCode } from "./error";
export { type ExportManifest, type ExportOptions, exported, exportVault } from "./export";
export { type Gated, GRANTS, type Grant, gated, WITHHELD } from "./gate";
export { type Leak, OutflowGuard, SENDING_TYPES } from "./guard";
export { type Counts, countsIn, recordingsIn } from "./history";
export { ImportError, type ImportErrorCode, type Imported, importExport } from "./import";
export { MODES, type Mode, Modes, rightsIn } from "./modes";
export { type IssuedToken, OneTimeTokens, type OneTimeTokensOptions } from "./one-time-tokens";
export { Playback } from "./playback";
export { PrivacyLog, type PrivacyLogEvents, type PrivacyLogOptions } from "./privacy-log";
export {
    type DeletionReceipt,
    type ReceiptChecks,
    type ReceiptFault,
    type ReceiptVerification,
    readReceipt,
    verifyReceipt,
} from "./receipt";
export {
    type LoggedEvent,
    PRIVACY_EVENTS,
    type PrivacyEvent,
    type PrivacyEventName,
    type PrivacyRecord,
} from "./record";
export {
    checkRules,
    keptUntil,
    type Period,
    periodFor,
    Retention,
    type RetentionOptions,
    type RetentionRule,
    type Swept,
} from "./retention";
export { type PublicKeys, readPublicKeys } from "./signing";
export { type RecordFault, type Verification, type VerifyOptions, verifyPrivacyLog } from "./verify";
