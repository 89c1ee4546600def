export type { WakeOptions, WakeWatch, WakeWord } from "./detector";
