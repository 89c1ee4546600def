/** What replies need to know that is no device's state. All of it is optional: without it a reply says less. */

/** A timer, as it stands after what was asked was done. */
export interface TimerLeft {
    readonly name?: string;
    readonly secondsLeft: number;
}

export interface ReplyFacts {
    /** For the time and the date; the present where it is absent. */
    readonly now?: Date;
    /** IANA name; the machine's where it is absent. */
    readonly timeZone?: string;
    /** The timers that the intent is about; empty where there is none. */
    readonly timers?: readonly TimerLeft[];
    /** How many recordings would be deleted, if somebody said yes. */
    readonly toDelete?: number;
    /** How many recordings were deleted. */
    readonly deleted?: number;
    /** What was heard lately. */
    readonly heard?: readonly string[];
    /** Names of the places that listen at the moment. */
    readonly listening?: readonly string[];
    /** To whom something of what was said was passed on, and how often. */
    readonly passedOn?: readonly { readonly name: string; readonly count: number }[];
    /** The last reply, to be said again. */
    readonly lastReply?: string;
    /** Sentences that would be understood. */
    readonly examples?: readonly string[];
}
