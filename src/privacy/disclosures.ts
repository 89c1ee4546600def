/** Who got what, counted from the privacy log. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Grant } from "./gate";
import { fullFiles } from "./log-file";
import type { PrivacyLog } from "./privacy-log";
import { type PrivacyRecord, parseLine } from "./record";

export interface Receiver {
    /** Id or type of the node or service; absent for exports, which go to a person. */
    readonly to?: string;
    /** How often it got something. */
    readonly got: number;
    /** How often it got `[withheld]` instead. */
    readonly withheld: number;
    /** How often it got each of these; sound that was handed out, and exports, are not told apart. */
    readonly fields: Readonly<Partial<Record<Grant, number>>>;
    /** When it last did, in ISO 8601 and UTC. */
    readonly lastAt: string;
}

interface Count {
    readonly receivers: ReadonlyMap<string | undefined, Receiver>;
    /** The last record that is counted. */
    readonly seq: number;
}

/** What leaves the home's trust, is handed out on purpose, or was to leave and didn't. */
const COUNTED: ReadonlySet<string> = new Set(["disclosed", "recording-handed-out", "exported", "withheld"]);

/** Follows one log: its files are read once, and what is appended is added. */
export class Disclosures {
    readonly #log: PrivacyLog;
    #counting: Promise<Count> | undefined;

    constructor(log: PrivacyLog) {
        this.#log = log;
        log.on("appended", (records) => this.#follow(records));
    }

    /** The latest first; what was trimmed from the log counts no longer. @throws what the disk says */
    async receivers(): Promise<readonly Receiver[]> {
        this.#counting ??= countedIn(this.#log.path);
        try {
            const { receivers } = await this.#counting;
            return [...receivers.values()].toSorted((one, other) => other.lastAt.localeCompare(one.lastAt));
        } catch (error) {
            this.#counting = undefined;
            throw error;
        }
    }

    #follow(records: readonly PrivacyRecord[]): void {
        if (records.some(({ what }) => what === "log-trimmed")) this.#counting = undefined;
        this.#counting = this.#counting?.then((count) => records.reduce(plus, count));
        // Whoever asks hears of a failure.
        this.#counting?.catch(() => undefined);
    }
}

async function countedIn(path: string): Promise<Count> {
    let count: Count = { receivers: new Map(), seq: 0 };
    for (const file of [...(await fullFiles(path)), path]) {
        const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
        try {
            for await (const line of lines) {
                // Hashing every line of a long log would take seconds; most are about something else.
                if (!isAboutOne(line)) continue;
                const record = parseLine(Buffer.from(line));
                if (typeof record !== "string") count = plus(count, record);
            }
        } catch (error) {
            const isNotThere = error instanceof Error && "code" in error && error.code === "ENOENT";
            if (!isNotThere) throw error;
        }
    }
    return count;
}

function isAboutOne(line: string): boolean {
    const what = /"what":"([\w-]+)"/.exec(line.slice(0, 200))?.[1];
    return what !== undefined && COUNTED.has(what);
}

function plus(count: Count, { seq, what, to, node, at, fields: told = [] }: PrivacyRecord): Count {
    if (seq <= count.seq || !COUNTED.has(what)) return count;
    // A node hands a recording out to its own flow.
    const receiver = what === "recording-handed-out" ? (to ?? node) : to;
    const { got, withheld, fields } = count.receivers.get(receiver) ?? { got: 0, withheld: 0, fields: {} };
    const isWithheld = what === "withheld";
    const more = isWithheld ? [] : told.map((field) => [field, (fields[field] ?? 0) + 1]);
    const receivers = new Map(count.receivers).set(receiver, {
        ...(receiver !== undefined && { to: receiver }),
        got: isWithheld ? got : got + 1,
        withheld: isWithheld ? withheld + 1 : withheld,
        fields: { ...fields, ...Object.fromEntries(more) },
        lastAt: at,
    });
    return { receivers, seq };
}
