/** Who may do what, where and when; and what has to be confirmed first. Rules only ever take away. */
import { isCritical } from "./critical";
import type { Device } from "./model";
import type { DeviceRequest } from "./requests";

/** The place that Apple Home is, as far as rules are about places. */
export const HOMEKIT_SITE = "homekit";

/** Where and by whom an order was given. */
export interface DispatchContext {
    readonly site?: string;
    /** Who spoke, where somebody knows. */
    readonly speaker?: string;
    /** Names the sentence, where one may hold several orders: they are undone together. */
    readonly sentence?: string;
}

/**
 * - `only`: may be done there, by them and at that time only
 * - `never`: may not be done there, by them at that time
 * - `ask`: has to be confirmed there, by them at that time
 */
export type RuleEffect = "only" | "never" | "ask";

export interface Rule {
    readonly effect: RuleEffect;
    /** "all" devices, what is "critical" about locks, doors and alarms, or the devices of a type ("climate"). */
    readonly what: string;
    /** Ids of sites; empty for every site, also an unknown one. */
    readonly sites: readonly string[];
    /** Empty for everybody; a speaker whom nobody knows is none of those named. */
    readonly speakers: readonly string[];
    /** Times of day, "HH:MM": from the one on until before the other, over midnight if need be. Both or none. */
    readonly from?: string;
    readonly to?: string;
}

export interface RightsSettings {
    /** Unlocking, opening doors and garage doors, alarms. */
    readonly critical: "confirm" | "pin" | "never" | "allow";
    /** Everything of a kind at once. */
    readonly everything: "confirm" | "allow";
    /** 4 to 12 digits. */
    readonly pin?: string;
    readonly rules: readonly Rule[];
}

export interface RightsOptions {
    readonly now?: () => Date;
    /** What is taken away there for the moment, besides the rules. */
    readonly reduced?: (context: DispatchContext) => ReducedRights | undefined;
}

/** What is asked about, or may not be done at all, for a while. */
export interface ReducedRights {
    readonly critical: Verdict;
    readonly everything: Verdict;
}

export const SAFE_RIGHTS: RightsSettings = { critical: "confirm", everything: "confirm", rules: [] };

/** From the least to the most that stands in the way. */
export const VERDICTS = ["allow", "confirm", "pin", "never"] as const;
export type Verdict = (typeof VERDICTS)[number];

export class Rights {
    readonly settings: RightsSettings;
    readonly #now: () => Date;
    readonly #reduced: NonNullable<RightsOptions["reduced"]>;
    readonly #rules: readonly { readonly rule: Rule; readonly isNow: (minute: number) => boolean }[];

    /** @throws RangeError for a time or a PIN that is none */
    constructor(settings: RightsSettings = SAFE_RIGHTS, options: RightsOptions = {}) {
        const { critical, pin, rules } = settings;
        if (pin !== undefined && !/^\d{4,12}$/.test(pin)) throw new RangeError("The PIN has to have 4 to 12 digits.");
        if (critical === "pin" && pin === undefined) {
            throw new RangeError("Locks and doors are to be opened with a PIN, but no PIN is set.");
        }
        this.settings = settings;
        this.#now = options.now ?? (() => new Date());
        this.#reduced = options.reduced ?? (() => undefined);
        this.#rules = rules.map((rule) => ({ rule, isNow: timesOf(rule) }));
    }

    /**
     * @param find the devices of the home by their ids
     * @param everything the order is about everything of a kind
     */
    verdict(
        context: DispatchContext,
        device: Device,
        request: DeviceRequest,
        find: (deviceId: string) => Device | undefined,
        everything: boolean = false,
    ): Verdict {
        if (request.kind === "read" || request.kind === "refuse") return "allow";
        const critical = isCritical(device, request, find);
        let verdict: Verdict = "allow";
        for (const settings of [this.settings, this.#reduced(context)]) {
            if (settings && critical) verdict = stricter(verdict, settings.critical);
            if (settings && everything) verdict = stricter(verdict, settings.everything);
        }
        for (const { rule, isNow } of this.#rules) {
            const isMeant = rule.what === "all" || (rule.what === "critical" ? critical : rule.what === device.type);
            if (isMeant) verdict = stricter(verdict, this.#ruled(rule, isNow, context));
        }
        return verdict;
    }

    #ruled({ effect, sites, speakers }: Rule, isNow: (minute: number) => boolean, context: DispatchContext): Verdict {
        const now = this.#now();
        const applies =
            isAmong(context.site, sites) &&
            isAmong(context.speaker, speakers) &&
            isNow(now.getHours() * 60 + now.getMinutes());
        if (effect === "only") return applies ? "allow" : "never";
        if (!applies) return "allow";
        return effect === "never" ? "never" : "confirm";
    }
}

export function stricter(one: Verdict, other: Verdict): Verdict {
    return VERDICTS.indexOf(one) > VERDICTS.indexOf(other) ? one : other;
}

function isAmong(name: string | undefined, names: readonly string[]): boolean {
    if (names.length === 0) return true;
    return name !== undefined && names.some((each) => each.trim().toLowerCase() === name.trim().toLowerCase());
}

function timesOf({ from = "", to = "" }: Rule): (minute: number) => boolean {
    if (from === "" && to === "") return () => true;
    const [first, end] = [minuteOf(from), minuteOf(to)];
    if (first === end) return () => true;
    return first < end ? (minute) => minute >= first && minute < end : (minute) => minute >= first || minute < end;
}

function minuteOf(time: string): number {
    const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time.trim()) ?? [];
    if (hour === undefined) throw new RangeError(`"${time}" is no time of day such as 22:30.`);
    return Number(hour) * 60 + Number(minute);
}
