/**
 * What the Node-RED process tells the one that started it. Times are milliseconds since 1970 with fractions: both processes
 * run by the clock of one machine.
 */

export interface Playing {
    readonly stage: "playing";
    readonly at: number;
    /** When the first sample was heard; the others follow in real time. */
    readonly startedAt: number;
}

export interface Heard {
    readonly stage: "heard";
    readonly at: number;
    readonly word: string;
    /** 0 to 1. */
    readonly score: number;
}

export interface Transcribed {
    readonly stage: "transcript";
    readonly at: number;
    readonly text: string;
    /** 0 to 1. */
    readonly confidence: number;
    /** When the last word ended by the recogniser's estimate, in the time of the sound as it is heard. */
    readonly speechEndAt: number;
}

export interface Understood {
    readonly stage: "intent";
    readonly at: number;
    readonly name: string;
}

export interface NotUnderstood {
    readonly stage: "not-understood";
    readonly at: number;
    readonly suggestions: readonly string[];
}

export interface Dispatched {
    readonly stage: "result";
    readonly at: number;
    readonly devices: readonly { readonly name: string; readonly ok: boolean; readonly error?: string }[];
    readonly say: string;
}

/** A message on its way from one node of the flow to the next. */
export type StageReport = Playing | Heard | Transcribed | Understood | NotUnderstood | Dispatched;

export type NodeRedReport =
    | StageReport
    | { readonly stage: "listening"; readonly port: number }
    | { readonly stage: "flows-started" }
    /** A node or Node-RED itself has logged an error. */
    | { readonly stage: "error"; readonly from: string; readonly message: string };
