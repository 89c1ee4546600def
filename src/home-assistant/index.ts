export { webSocketAddress } from "./address";
export { HomeAssistantError, type HomeAssistantErrorCode } from "./error";
export {
    HomeAssistant,
    type HomeAssistantEvents,
    type HomeAssistantOptions,
    type HomeAssistantStatus,
} from "./home-assistant";
export type { House, HouseEntity } from "./house";
export type { Attributes, EntityState, ServerConfig, ServiceCall } from "./messages";
export { DEFAULT_TIMINGS, type HomeAssistantTimings } from "./timings";
