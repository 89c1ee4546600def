export { colorNames, type NamedColor, namedColor } from "./color-names";
export type { Availability, DeviceStatus } from "./device-register";
export {
    type DeviceOrder,
    type DeviceOutcome,
    type DispatchContext,
    Dispatcher,
    type DispatcherOptions,
    type Permit,
} from "./dispatcher";
export { DeviceError, type DeviceErrorCode, type DriverListener, type HomeDriver } from "./driver";
export { type SimulatedDevice, SimulatedDriver, type SimulatedType } from "./drivers/simulated";
export {
    type DeviceOverride,
    Home,
    type HomeConfiguration,
    type HomeEvents,
    type HomeProblem,
    type HomeProblemCode,
} from "./home";
export { checkHome, HOME_FILE_LIMITS, HomeFileError, type HomeFileErrorCode, parseHome } from "./home-file";
export { type DeviceRequest, IntentError, type IntentErrorCode, type TemperatureUnit } from "./intent-request";
export type {
    AirQuality,
    Area,
    ClimateMode,
    Color,
    CoverState,
    Device,
    DeviceAbilities,
    DeviceChange,
    DeviceState,
    DeviceType,
    Floor,
    HomeDescription,
    LockState,
    Playback,
    Range,
} from "./model";
export type { Places } from "./places";
