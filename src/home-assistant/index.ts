export { webSocketAddress } from "./address";
export { type ConversationAnswer, type Converser, converse } from "./conversation/converse";
export { ConversationEndpoint, MIN_TOKEN_CHARACTERS } from "./conversation/endpoint";
export { HomeAssistantError, type HomeAssistantErrorCode } from "./error";
export {
    HomeAssistant,
    type HomeAssistantEvents,
    type HomeAssistantOptions,
    type HomeAssistantStatus,
} from "./home-assistant";
export type { House, HouseEntity } from "./house";
export { type Look, lookAt } from "./look";
export type { Attributes, EntityState, ServerConfig, ServiceCall } from "./messages";
export { DEFAULT_TIMINGS, type HomeAssistantTimings } from "./timings";
