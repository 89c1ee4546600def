/** What a hub is made of, and what it tells. */
import type { RightsSettings } from "../home";
import type { Swept } from "../privacy";
import type { HomeSettings } from "./home-settings";
import type { PrivacySettings } from "./privacy";

/** A place with a microphone. */
export interface Site {
    readonly id: string;
    readonly name: string;
    /** Id of the area it is in: "the light" said there means the light there. */
    readonly area?: string;
}

export interface HubOptions extends PrivacySettings {
    readonly id: string;
    /** A folder below `locales/` with sentences, such as "en". */
    readonly language: string;
    readonly sites: readonly Site[];
    /** Absolute path of the folder for pairings, log and vault; made when there is something to put there. */
    readonly folder: string;
    readonly home: HomeSettings;
    /** Folders with sentences of the user's own, in Home Assistant's format. */
    readonly sentenceFolders?: readonly string[];
    /** Without them what is critical is asked about, and everybody may do the rest. */
    readonly rights?: RightsSettings;
}

/** What the microphones of a home do at this moment, and at which sites. */
export interface Microphone {
    /**
     * - `muted`: all that is heard is taken for silence
     * - `listening`: an utterance is being listened to
     * - `open`: sound comes in, is held in memory for a moment, and nobody listens to it but a wake word or a button
     * - `closed`: there is no sound
     */
    readonly state: "muted" | "listening" | "open" | "closed";
    /** Ids of the sites that are listened to, or else those that are open. */
    readonly sites: readonly string[];
}

export interface HubEvents {
    /** Something a person should look at; the hub works on without it. */
    problem: [error: Error];
    /** It listens to somebody now, or no longer. */
    listening: [];
    /** What `microphone` says is another now. */
    microphone: [];
    /** The microphones were muted or unmuted. */
    muted: [];
    /** A mode was set or ended. */
    mode: [];
    /** What was over was deleted. */
    swept: [swept: Swept];
    /** An intent was dispatched: whether all of it was done. */
    dispatched: [ok: boolean];
}
