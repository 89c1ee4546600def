export { webSocketAddress } from "./address";
export { type ConversationAnswer, type Converser, converse, HOME_ASSISTANT_SITE } from "./conversation/converse";
export { ConversationEndpoint, MIN_TOKEN_CHARACTERS } from "./conversation/endpoint";
export { type FoundHomeAssistant, findHomeAssistants } from "./discovery";
export { HomeAssistantError, type HomeAssistantErrorCode } from "./error";
export {
    HomeAssistant,
    type HomeAssistantEvents,
    type HomeAssistantOptions,
    type HomeAssistantStatus,
} from "./home-assistant";
export type { House, HouseEntity } from "./house";
export { type Look, lookAt } from "./look";
export {
    type Attributes,
    type EntityState,
    MAX_ATTRIBUTE_WORDS,
    type ServerConfig,
    type ServiceCall,
} from "./messages";
export { DEFAULT_TIMINGS, type HomeAssistantTimings } from "./timings";
