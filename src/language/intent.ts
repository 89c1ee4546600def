import type { Before } from "./conversation/before";

/** Text for words, numbers for quantities in the unit that the slot's name implies in Home Assistant's intents. */
export type SlotValue = string | number;

/**
 * What a sentence asks for. Names and slots follow Home Assistant's intents
 * (`HassTurnOn`, `HassLightSet`, `HassClimateSetTemperature`, …); ours that it lacks start with `Earshot`.
 */
export interface Intent {
    readonly name: string;
    /** 0 to 1: 1 for an exact match of a sentence template. */
    readonly confidence: number;
    /** By Home Assistant's slot names (`name`, `area`, `floor`, `domain`, `brightness`, …). */
    readonly slots: Readonly<Record<string, SlotValue>>;
    /** Ids of the devices meant, resolved against the home; empty for intents that are not about devices. */
    readonly targets: readonly string[];
    /**
     * Ids of the devices of which the sentence means one or some without saying which ("turn on the light" where no room was
     * said and nobody knows where the speaker is); `targets` is empty then, and nothing is done before the speaker was asked.
     */
    readonly candidates?: readonly string[];
    /** Everything of a kind was asked for in so many words ("all the lights"). */
    readonly all?: boolean;
    /** Which of several answers the sentence asks for, where its file says so (`response`): "hello" gets another than "thanks". */
    readonly response?: string;
    /** The words that were understood. */
    readonly text: string;
}

export interface Understanding {
    /** In the order spoken; empty when the text was not understood. */
    readonly intents: readonly Intent[];
    /** Up to three sentences that would have been understood, nearest first; only when there is no intent. */
    readonly suggestions: readonly string[];
}

/** Where and by whom a sentence was said. */
export interface SpokenContext {
    /** Id or name of the area the speaker is in. */
    readonly area?: string;
    /** What was understood before; without it every sentence stands for itself. */
    readonly before?: Before;
}
