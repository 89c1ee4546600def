export type { WakeDetector, WakeOptions, WakeWatch, WakeWord } from "./detector";
