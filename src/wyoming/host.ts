import type { Converser } from "../home-assistant";
import type { Session, Sessions } from "../hub";
import type { RecogniserGrammar } from "../language";
import type { RedactionCounts } from "../redact";
import type { Transcriber, Transcript } from "../speech";
import type { WakeDetector } from "../wake";

/** Whose engines are offered: a hub. */
export interface WyomingHost extends Converser {
    readonly sessions: Sessions;
    readonly transcriber: Transcriber;
    readonly wakeDetector: WakeDetector;
    /** What can be said at a site. */
    recogniserGrammar(spoken: { readonly site: string }): RecogniserGrammar;
    /** What may be told of what was heard. */
    told(transcript: Transcript, session: Session): Told;
}

export interface Told {
    readonly transcript: Transcript;
    /** Of personal data that was redacted, where it is to be. */
    readonly counts?: RedactionCounts;
}

export interface Served extends Partial<Told> {
    readonly service: "transcribe" | "wake" | "handle" | "recognize";
    /** Address and port of who asked. */
    readonly peer: string;
    /** What was understood, or asked; the wake word. */
    readonly text: string;
}

export interface Serving {
    readonly host: WyomingHost;
    /** Where what comes from outside counts as said. */
    readonly site: string;
    readonly phrases: readonly string[];
    /** 0 (hardly ever wakes by mistake) to 1 (hardly ever misses). */
    readonly sensitivity: number;
    /** Of this package. */
    readonly version: string;
    readonly onServed: (served: Served) => void;
}
