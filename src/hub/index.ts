export {
    type AvailabilityChange,
    type DeviceFilter,
    DeviceStates,
    type DeviceStatesEvents,
    type StateChange,
} from "./device-states";
export { type DeviceTest, testDevice } from "./device-test";
export type { DeviceSettings, HomeSettings } from "./home-settings";
export { Hub } from "./hub";
export type { HubEvents, HubOptions, Microphone, Site } from "./hub-options";
export type { DispatchResult } from "./orders";
export { SAMPLE_RATE, type Session, type VoiceHandle } from "./session";
export { SessionError, type SessionErrorCode, Sessions } from "./sessions";
export { SoundFeed, type SoundFeedOptions } from "./sound-feed";
