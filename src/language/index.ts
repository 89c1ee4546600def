export { compile, type Grammar, MAX_UTTERANCE_WORDS } from "./grammar";
export type { Intent, SlotValue, SpokenContext, Understanding } from "./intent";
export {
    availableLanguages,
    type Language,
    type LanguageOptions,
    loadLanguage,
    UnknownLanguageError,
} from "./language";
export type { RecogniserGrammar, WordNetwork } from "./recogniser-grammar";
export { type DeviceOutcome, respond, sentence } from "./replies";
export { SentenceFileError, type SentenceFileErrorCode } from "./sentence-file-error";
