export {
    type DeviceSettings,
    type DispatchResult,
    type HomeSettings,
    Hub,
    type HubEvents,
    type HubOptions,
    type Site,
} from "./hub";
export { SAMPLE_RATE, type Session, type VoiceHandle } from "./session";
export { SessionError, type SessionErrorCode, Sessions } from "./sessions";
