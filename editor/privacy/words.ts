/** What the sidebar says, in the language of the editor. */

const NO_BREAK = "\u00a0";
const CATALOG = "@earshot/node-red-earshot/earshot-privacy:";

export function say(key: string, values: Readonly<Record<string, string | number>> = {}): string {
    return RED._(CATALOG + key, values);
}

/** What is said when there may be no such text in the catalog. */
export function sayOr(key: string, otherwise: string): string {
    const said = say(key);
    return said === key || said === CATALOG + key ? otherwise : said;
}

function formatted(time: number, options: Intl.DateTimeFormatOptions): string {
    return new Intl.DateTimeFormat(RED.i18n.lang(), options).format(time);
}

/** "Today", "Yesterday", or the day. */
export function dayOf(time: number, now = Date.now()): string {
    const day = formatted(time, { dateStyle: "full" });
    const isDaysAgo = (days: number) => day === formatted(now - days * 86_400_000, { dateStyle: "full" });
    const ago = [0, 1].find(isDaysAgo);
    if (ago === undefined) return day;
    const name = new Intl.RelativeTimeFormat(RED.i18n.lang(), { numeric: "auto" }).format(-ago, "day");
    return name.charAt(0).toLocaleUpperCase(RED.i18n.lang()) + name.slice(1);
}

/** To the second, so that no two recordings have the same. */
export function clockTime(time: number): string {
    return formatted(time, { timeStyle: "medium" });
}

export function shortTime(time: number): string {
    return formatted(time, { timeStyle: "short" });
}

/** With the time of day where that matters. */
export function moment(time: number, now = Date.now()): string {
    const isSoon = Math.abs(time - now) < 3 * 86_400_000;
    return formatted(time, isSoon ? { dateStyle: "medium", timeStyle: "short" } : { dateStyle: "medium" });
}

export function seconds(milliseconds: number): string {
    const style = { style: "unit", unit: "second", unitDisplay: "short", maximumFractionDigits: 1 } as const;
    return new Intl.NumberFormat(RED.i18n.lang(), style).format(milliseconds / 1_000).replaceAll(" ", NO_BREAK);
}

export function list(names: readonly string[]): string {
    return new Intl.ListFormat(RED.i18n.lang(), { type: "conjunction" }).format(names);
}

export function count(number: number): string {
    return new Intl.NumberFormat(RED.i18n.lang()).format(number);
}
