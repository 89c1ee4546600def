export { type DeviceOutcome, type Reported } from "./outcome";
export { type ReplyFacts, type TimerLeft } from "./facts";
export { confirmation, needsNoDevice, notUnderstood, respond, sentence } from "./respond";
