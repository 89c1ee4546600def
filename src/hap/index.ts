export { HomeKitAccessories, type HomeKitAccessoriesEvents, type HomeKitAccessoriesOptions } from "./accessories";
export {
    describe as describeAccessory,
    HAP_SERVICE,
    type HomeKitAccessory,
    idOf as accessoryIdOf,
} from "./announcement";
export {
    type CommandOptions,
    HapClient,
    type HapClientEvents,
    type HapClientOptions,
    type WriteOptions,
} from "./client";
export type { Endpoint } from "./connection";
export {
    type Accessory,
    type Characteristic,
    type CharacteristicId,
    type CharacteristicReading,
    type CharacteristicValue,
    characteristicKey,
    type Service,
} from "./database";
export { CharacteristicType, ServiceType } from "./definitions";
export { HapError, type HapErrorCode } from "./error";
export { type Pairing, type PairSetupOptions, pairSetup } from "./pair-setup";
export type { StoredPairing } from "./pairing-record";
export { PairingStore } from "./pairing-store";
export type { ControllerEntry } from "./pairings";
export type { CharacteristicWrite, ReadResult } from "./session";
export { isTrivialSetupCode, parseSetupCode } from "./setup-code";
export type { HapTimeouts } from "./timeouts";
