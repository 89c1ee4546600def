export { colorNames, type NamedColor, namedColor } from "./color-names";
export type { DeviceOutcome } from "./device-commands";
export type { Availability, DeviceStatus } from "./device-register";
export {
    type Answer,
    type Answered,
    type Asked,
    type Dispatched,
    Dispatcher,
    type DispatcherOptions,
    type Done,
} from "./dispatcher";
export { type CommandSource, DeviceError, type DeviceErrorCode, type DriverListener, type HomeDriver } from "./driver";
export {
    isSimulated,
    SIMULATED_TYPES,
    type SimulatedDevice,
    SimulatedDriver,
    type SimulatedType,
} from "./drivers/simulated";
export {
    type DeviceOverride,
    Home,
    type HomeConfiguration,
    type HomeEvents,
    type HomeProblem,
    type HomeProblemCode,
} from "./home";
export { checkHome, HOME_FILE_LIMITS, HomeFileError, type HomeFileErrorCode, parseHome } from "./home-file";
export type {
    Activity,
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
export { type DeviceRequest, IntentError, type IntentErrorCode, isForDevices, type TemperatureUnit } from "./requests";
export {
    type DispatchContext,
    HOMEKIT_SITE,
    type ReducedRights,
    Rights,
    type RightsSettings,
    type Rule,
    type RuleEffect,
    SAFE_RIGHTS,
} from "./rights";
export { type Waiting, WaitingOrders } from "./waiting-orders";
