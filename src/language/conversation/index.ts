export type { Before, Question } from "./before";
export { lastMomentAt } from "./clock-time";
export {
    type ConversationClock,
    ConversationMemory,
    type ConversationOptions,
    type Forgettable,
    type Spoken,
} from "./memory";
