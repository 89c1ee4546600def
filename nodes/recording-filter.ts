/** `msg.filter`, as a flow or a dashboard puts it together. */
import type { RecordingPage } from "../src/vault";

const TEXTS = ["site", "speaker", "session", "words", "intent", "before"];
const TIMES = ["from", "to"];
const NUMBERS = ["limit"];

/**
 * @param onWrong for the name of an entry that can't be there: what it was to leave out must not be told
 */
export function recordingFilter(filter: unknown, onWrong: (name: string) => never): RecordingPage {
    if (filter === undefined) return {};
    if (typeof filter !== "object" || filter === null) return onWrong("filter");
    const read = Object.entries(filter).map(([name, value]: [string, unknown]) => {
        return [name, entryOf(name, value) ?? onWrong(name)];
    });
    return Object.fromEntries(read) as RecordingPage;
}

/** Times in milliseconds since 1970. */
function entryOf(name: string, value: unknown): string | number | undefined {
    if (TEXTS.includes(name)) return typeof value === "string" ? value : undefined;
    if (NUMBERS.includes(name)) return typeof value === "number" ? value : undefined;
    if (!TIMES.includes(name)) return undefined;
    const time = typeof value === "string" ? Date.parse(value) : value;
    return typeof time === "number" && Number.isFinite(time) ? time : undefined;
}
