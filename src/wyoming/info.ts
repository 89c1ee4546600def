/** What a Wyoming server says about itself when it is asked: in the shape that Home Assistant reads. */
import type { WyomingData } from "./event";

export interface Offer {
    /** Of what is understood, as the folders under `locales/` are called. */
    readonly language: string;
    /** Wake words that are listened for. */
    readonly phrases: readonly string[];
    /** Of this package. */
    readonly version: string;
}

export function infoOf({ language, phrases, version }: Offer): WyomingData {
    const artifact = (name: string, description: string) => ({
        name,
        description,
        version,
        installed: true,
        attribution: { name: "Earshot", url: "https://github.com/earshot/node-red-earshot" },
    });
    const languages = [language];
    return {
        asr: [
            {
                ...artifact("earshot", "Transcribes what can be said to this home"),
                models: [{ ...artifact("builtin", "Built in, for this home's sentences"), languages }],
                supports_transcript_streaming: false,
            },
        ],
        wake: [
            {
                ...artifact("earshot", "Listens for wake words"),
                models: phrases.map((phrase) => ({ ...artifact(phrase, phrase), languages, phrase })),
            },
        ],
        handle: [
            {
                ...artifact("earshot", "Does what a sentence asks of this home"),
                models: [{ ...artifact("builtin", "Sentences of this home"), languages }],
                supports_handled_streaming: false,
                supports_home_control: true,
            },
        ],
        intent: [
            {
                ...artifact("earshot", "Says what a sentence asks of this home"),
                models: [{ ...artifact("builtin", "Sentences of this home"), languages }],
            },
        ],
        tts: [],
        mic: [],
        snd: [],
    };
}
