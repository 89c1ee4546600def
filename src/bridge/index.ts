export {
    type BridgeState,
    type BridgeStatus,
    HomeKitBridge,
    type HomeKitBridgeEvents,
    type HomeKitBridgeOptions,
    type Invitation,
    MAX_ACCESSORIES,
} from "./bridge";
export type { ExposedDevice, ShownDevice } from "./device-accessory";
export { BridgeError, type BridgeErrorCode } from "./error";
export type { HubNames, ShownHub } from "./hub-accessory";
export { folderOf, removeIdentity } from "./identity";
export { deviceOf, KINDS, type KindName, ReportError, readReport } from "./kinds";
export { qrCode } from "./qr";
