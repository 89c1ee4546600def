export {
    type AvailabilityChange,
    type DeviceFilter,
    DeviceStates,
    type DeviceStatesEvents,
    type StateChange,
} from "./device-states";
export { type DeviceTest, testDevice } from "./device-test";
export type { DeviceSettings, HomeSettings } from "./home-settings";
export { Hub, type HubEvents, type HubOptions, type Microphone, type Site } from "./hub";
export type { DispatchResult } from "./orders";
export { SAMPLE_RATE, type Session, type VoiceHandle } from "./session";
export { SessionError, type SessionErrorCode, Sessions } from "./sessions";
export { SoundFeed, type SoundFeedOptions } from "./sound-feed";
