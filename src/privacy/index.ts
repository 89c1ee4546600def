export { PrivacyLogError, type PrivacyLogErrorCode } from "./error";
export { PrivacyLog, type PrivacyLogOptions } from "./privacy-log";
export { PRIVACY_EVENTS, type PrivacyEvent, type PrivacyEventName, type PrivacyRecord } from "./record";
export { type RecordFault, type Verification, verifyPrivacyLog } from "./verify";
