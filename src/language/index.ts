export { availableLanguages } from "./build/prebuilt";
export {
    type Before,
    type ConversationClock,
    ConversationMemory,
    type ConversationOptions,
    type Forgettable,
    lastMomentAt,
    type Question,
    type Spoken,
} from "./conversation";
export { compile, type Grammar, MAX_UTTERANCE_WORDS } from "./grammar";
export type { Intent, SlotValue, SpokenContext, Understanding } from "./intent";
export {
    type Language,
    type LanguageOptions,
    loadLanguage,
    UnknownLanguageError,
} from "./language";
export type { RecogniserGrammar, WordNetwork } from "./recogniser-grammar";
export {
    confirmation,
    type DeviceOutcome,
    needsNoDevice,
    notUnderstood,
    type ReplyFacts,
    type Reported,
    respond,
    sentence,
    type TimerLeft,
} from "./replies";
export { SentenceFileError, type SentenceFileErrorCode } from "./sentence-file-error";
