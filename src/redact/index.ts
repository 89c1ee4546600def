export {
    countsOf,
    largerCounts,
    REDACTION_CLASSES,
    type RedactionClass,
    type RedactionCounts,
    RedactionError,
    type RedactionErrorCode,
    type Span,
    type TextMode,
} from "./classes";
export { Detector, type DetectorOptions, MAX_TEXT_CHARACTERS } from "./detector";
export { OWN_PATTERN_LIMITS } from "./find/own-patterns";
export { PSEUDONYM_KEY_BYTES, Pseudonyms, pseudonymKey } from "./pseudonyms";
export { type RedactedText, type RedactedTranscript, Redactor, type RedactorOptions, type WordSpan } from "./redactor";
export { covered, SOUND_COVERS, type SoundCover, type TimeRange, timesOf } from "./sound";
export { REDACTION_LANGUAGES } from "./words/vocabulary";
