export type { WakeDetector, WakeOptions, WakeWatch, WakeWord } from "./detector";
export { WakePhraseError, type WakePhraseErrorCode } from "./phrase-grammar";
