/** How long what was said is kept: rules for its kind, place and speaker, and a sweep that sees to it. */
import type { RecordingPart, RecordingSelection, Vault, VaultStatus } from "../vault";
import type { Erasure } from "./erasure";
import type { PrivacyLog } from "./privacy-log";
import type { DeletionReceipt } from "./receipt";

/** `ephemeral` is not kept beyond the next sweep. Months are those of the calendar, in UTC. */
export type Period = "ephemeral" | "forever" | { readonly hours: number } | { readonly months: number };

export interface RetentionRule {
    /** The sound, the words (transcript and everything derived), or the lines of the privacy log; all when not given. */
    readonly kind?: RecordingPart | "log";
    readonly site?: string;
    readonly speaker?: string;
    readonly keep: Period;
}

export interface RetentionOptions {
    readonly vault: Vault;
    readonly erasure: Erasure;
    readonly log: PrivacyLog;
    /**
     * Asked for at each sweep. Where several are about something, one for a speaker counts more than one for a site, and that
     * more than one for a kind; among equals the shortest period does.
     */
    readonly rules: () => readonly RetentionRule[];
    /** Between sweeps, in milliseconds. */
    readonly everyMs?: number;
    /** A sweep has ended. */
    readonly onSwept?: (swept: Swept) => void;
    /** A sweep that failed; the next one tries again. */
    readonly onProblem: (error: Error) => void;
}

/** What a sweep deleted. */
export interface Swept {
    /** Recordings, wholly or in part. */
    readonly recordings: number;
    /** Files of the privacy log. */
    readonly logFiles: number;
    /** Where recordings were deleted. */
    readonly receipt?: DeletionReceipt;
}

/** A thousand hours or a hundred years are as good as any other number; more is a mistake. */
const MAX_HOURS = 24 * 366 * 100;
const MAX_MONTHS = 12 * 100;
const HOURS_OF_MONTH = 730;

/** @throws RangeError */
export function checkRules(rules: readonly RetentionRule[]): void {
    for (const { keep, kind, site, speaker } of rules) {
        if (typeof keep === "object") {
            const [number, most] = "hours" in keep ? [keep.hours, MAX_HOURS] : [keep.months, MAX_MONTHS];
            if (!(number > 0 && number <= most))
                throw new RangeError(`Nothing can be kept for ${number} hours or months.`);
        }
        if (kind === "log" && (site !== undefined || speaker !== undefined)) {
            throw new RangeError("The log is kept for as long for every site and speaker.");
        }
        if (kind === "log" && keep === "ephemeral") throw new RangeError("A log that is not kept is none.");
    }
}

/** Without a rule nothing is kept, but the log is. */
export function periodFor(
    rules: readonly RetentionRule[],
    {
        kind,
        site,
        speaker,
    }: { readonly kind: RecordingPart | "log"; readonly site?: string; readonly speaker?: string },
): Period {
    const weight = (rule: RetentionRule) =>
        (rule.speaker !== undefined ? 4 : 0) + (rule.site !== undefined ? 2 : 0) + (rule.kind !== undefined ? 1 : 0);
    const [best] = rules
        .filter(
            (rule) =>
                // A rule for everything that was said is not about the log.
                (rule.kind === undefined ? kind !== "log" : rule.kind === kind) &&
                (rule.site === undefined || rule.site === site) &&
                (rule.speaker === undefined || rule.speaker === speaker),
        )
        .toSorted((a, b) => weight(b) - weight(a) || lengthOf(a.keep) - lengthOf(b.keep));
    return best?.keep ?? (kind === "log" ? "forever" : "ephemeral");
}

/** What was kept before then is over at `now`; undefined when nothing ever is. Both in milliseconds since 1970. */
export function cutoff(keep: Period, now: number): number | undefined {
    if (keep === "forever") return undefined;
    // What is kept at this very moment is over, too.
    if (keep === "ephemeral") return now + 1;
    return "hours" in keep ? now - keep.hours * 3_600_000 : monthsFrom(now, -keep.months);
}

/** When something is over that was kept at `keptAt`; Infinity for never. */
export function keptUntil(keep: Period, keptAt: number): number {
    if (keep === "forever") return Number.POSITIVE_INFINITY;
    if (keep === "ephemeral") return keptAt;
    return "hours" in keep ? keptAt + keep.hours * 3_600_000 : monthsFrom(keptAt, keep.months);
}

/** For comparison, in hours. */
function lengthOf(keep: Period): number {
    if (keep === "forever") return Number.POSITIVE_INFINITY;
    if (keep === "ephemeral") return 0;
    return "hours" in keep ? keep.hours : keep.months * HOURS_OF_MONTH;
}

export class Retention {
    readonly #options: RetentionOptions;
    #timer: NodeJS.Timeout | undefined;
    #sweeping: Promise<unknown> = Promise.resolve();

    constructor(options: RetentionOptions) {
        this.#options = options;
    }

    /** Tells how long things are kept by the rules of the moment. @throws RangeError for rules that can't be kept */
    periods(): (what: Parameters<typeof periodFor>[1]) => Period {
        const rules = this.#rules();
        return (what) => periodFor(rules, what);
    }

    /**
     * Resolves after the first sweep: until then nothing of the vault may be handed out. Rejects when that fails, with a
     * RangeError when the rules can't be kept.
     */
    async start(): Promise<void> {
        await this.sweep();
        const { everyMs = 600_000, onProblem } = this.#options;
        this.#timer = setInterval(() => this.sweep().catch(onProblem), everyMs).unref();
    }

    async stop(): Promise<void> {
        clearInterval(this.#timer);
        await this.#sweeping;
    }

    /** Deletes everything whose period is over. */
    async sweep(): Promise<Swept> {
        const sweep = this.#sweeping.then(() => this.#sweep());
        this.#sweeping = sweep.catch(() => undefined);
        return await sweep;
    }

    async #sweep(): Promise<Swept> {
        const { vault, erasure, log, onSwept } = this.#options;
        const rules = this.#rules();
        const status = await vault.status();
        const logCutoff = cutoff(periodFor(rules, { kind: "log" }), status.now);
        const selections = selectionsFor(rules, status);
        const erased = selections.length > 0 ? await erasure.purge(selections, { what: "expired" }) : undefined;
        const swept: Swept = {
            recordings: erased?.ids.size ?? 0,
            logFiles: logCutoff === undefined ? 0 : await log.trim(logCutoff),
            ...(erased?.receipt && { receipt: erased.receipt }),
        };
        onSwept?.(swept);
        return swept;
    }

    #rules(): readonly RetentionRule[] {
        const rules = this.#options.rules();
        checkRules(rules);
        return rules;
    }
}

/** Both parts in one selection where they have the same period, so that they go at once. */
function selectionsFor(rules: readonly RetentionRule[], { groups, now }: VaultStatus): readonly RecordingSelection[] {
    return groups.flatMap((group) => {
        const [sound, words] = (["sound", "words"] as const).map((kind) =>
            cutoff(periodFor(rules, { kind, ...group }), now),
        );
        // A group without a speaker is about all of its site, when those with one have no rule of their own: they are told apart.
        const whose = { site: group.site, speaker: group.speaker ?? null };
        if (sound === words) return sound === undefined ? [] : [{ ...whose, keptBefore: sound }];
        return [
            ...(sound === undefined ? [] : [{ ...whose, keptBefore: sound, part: "sound" as const }]),
            ...(words === undefined ? [] : [{ ...whose, keptBefore: words, part: "words" as const }]),
        ];
    });
}

/** The same day of another month; its last day where it has no such day. */
function monthsFrom(time: number, months: number): number {
    const date = new Date(time);
    const day = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + months);
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    date.setUTCDate(Math.min(day, last));
    return date.getTime();
}
