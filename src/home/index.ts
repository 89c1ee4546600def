export { DeviceError, type DeviceErrorCode, type DriverListener, type HomeDriver } from "./driver";
export type {
    Area,
    ClimateMode,
    Color,
    Device,
    DeviceChange,
    DeviceState,
    DeviceType,
    Floor,
    HomeDescription,
} from "./model";
