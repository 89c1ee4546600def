export type { Intent, SlotValue, SpokenContext, Understanding } from "./intent";
export type { RecogniserGrammar } from "./recogniser-grammar";
