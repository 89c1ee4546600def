/** Times of day as they are said: "half past three", "16:30", "viertel nach drei". */
import type { SlotValue } from "../intent";

/**
 * The parts of a time, as lists of a sentence file name them:
 * - `hour`: 0 to 24, or `noon` or `midnight`
 * - `minute`: after the hour; `minutes_before`: before it ("halb vier" is 30 before 4)
 * - `half_day`: `am` or `pm`, where it was said
 */
const PARTS = ["hour", "minute", "minutes_before", "half_day"] as const;

const NAMED_HOURS: ReadonlyMap<SlotValue, number> = new Map([
    ["noon", 12],
    ["midnight", 0],
]);
/** Minutes. */
const HALF_DAY = 720;
const DAY = 1_440;

/**
 * Puts the parts of a time together: `slot` becomes "HH:MM" on the home's clock, and `<slot>_clock` says whether that is on a
 * clock of 24 hours, or of 12 because the speaker left open which half of the day is meant ("four o'clock").
 */
export function withClockTime(
    slots: Readonly<Record<string, SlotValue>>,
    slot: unknown,
): Readonly<Record<string, SlotValue>> {
    if (typeof slot !== "string" || !("hour" in slots)) return slots;
    const others = Object.entries(slots).filter(([name]) => !PARTS.some((part) => part === name));
    const hour = NAMED_HOURS.get(slots.hour ?? "") ?? Number(slots.hour);
    const minutes = hour * 60 + Number(slots.minute ?? 0) - Number(slots.minutes_before ?? 0) + DAY;
    const since = (clock: 12 | 24, minuteOfDay: number) => ({
        ...Object.fromEntries(others),
        [slot]: written(minuteOfDay),
        [`${slot}_clock`]: clock,
    });
    if (hour > 12 || hour === 0 || slots.hour === "noon") return since(24, minutes % DAY);
    const halfDay = slots.half_day;
    const inHalf = minutes % HALF_DAY;
    if (halfDay !== undefined) return since(24, inHalf + (halfDay === "pm" ? HALF_DAY : 0));
    // On a clock of twelve hours the first hour is the twelfth.
    return since(12, inHalf < 60 ? inHalf + HALF_DAY : inHalf);
}

/** The last moment up to `now` at which the home's clock showed a time that `withClockTime` gave. */
export function lastMomentAt(time: string, clock: SlotValue | undefined, now: Date): Date {
    const [hour = 0, minute = 0] = time.split(":").map(Number);
    const hours = clock === 12 ? [hour % 12, (hour % 12) + 12] : [hour];
    const moments = [0, -1].flatMap((days) =>
        hours.map((each) => {
            const moment = new Date(now);
            moment.setDate(moment.getDate() + days);
            moment.setHours(each, minute, 0, 0);
            return moment;
        }),
    );
    return new Date(Math.max(...moments.filter((moment) => moment <= now).map(Number)));
}

function written(minuteOfDay: number): string {
    return [Math.floor(minuteOfDay / 60), minuteOfDay % 60].map((part) => String(part).padStart(2, "0")).join(":");
}
