/** Messages between Node-RED's thread and the recogniser's. Every stream of sound has a number of its own, and so has every preparation. */
import type { EndpointingOptions } from "../../audio";
import type { RecogniserGrammar } from "../../language";
import type { WakeWord } from "../../wake";
import type { Samples, TranscriptionErrorCode } from "../transcriber";
import type { RecognisedWord } from "./recogniser";

export type ToEngine =
    | {
          readonly type: "transcribe";
          readonly stream: number;
          readonly grammar: RecogniserGrammar;
          readonly endpointing: EndpointingOptions;
          /** Whether the words so far are to be told now and then. */
          readonly partials: boolean;
      }
    | {
          readonly type: "watch";
          readonly stream: number;
          readonly language: string;
          readonly phrases: readonly string[];
          readonly sensitivity: number;
          readonly cooldownMs: number;
      }
    | { readonly type: "prepare"; readonly stream: number; readonly grammar: RecogniserGrammar }
    | { readonly type: "sound"; readonly stream: number; readonly samples: Samples }
    | { readonly type: "end"; readonly stream: number }
    | { readonly type: "close"; readonly stream: number };

export type FromEngine =
    | { readonly type: "ready"; readonly stream: number }
    | { readonly type: "consumed"; readonly stream: number; readonly samples: number }
    | { readonly type: "partial"; readonly stream: number; readonly text: string }
    | {
          readonly type: "heard";
          readonly stream: number;
          readonly words: readonly RecognisedWord[];
          readonly durationMs: number;
      }
    | { readonly type: "ended"; readonly stream: number }
    | { readonly type: "woken"; readonly stream: number; readonly wake: WakeWord }
    | {
          readonly type: "failed";
          readonly stream: number;
          readonly code: TranscriptionErrorCode;
          readonly message: string;
      };
