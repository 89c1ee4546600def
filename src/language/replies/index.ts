export type { ReplyFacts, TimerLeft } from "./facts";
export type { DeviceOutcome, Reported } from "./outcome";
export { confirmation, needsNoDevice, notUnderstood, respond, sentence } from "./respond";
