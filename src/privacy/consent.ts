/**
 * Whether recordings may be used to improve recognition: a consent of its own, which nobody has given by keeping them.
 * Withdrawing it deletes what was recorded under it.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { RecordingFilter } from "../vault";
import type { Erased, Erasure } from "./erasure";
import type { PrivacyLog } from "./privacy-log";

export interface ConsentOptions {
    /** Says since when it is given; there is none without. */
    readonly file: string;
    readonly erasure: Erasure;
    readonly log: PrivacyLog;
    /** Milliseconds since 1970. */
    readonly now?: () => number;
}

export class Consent {
    readonly #options: ConsentOptions;
    #since: number | undefined;

    constructor(options: ConsentOptions) {
        this.#options = options;
    }

    /**
     * Brings it to what somebody has chosen.
     * @returns what was deleted, where it is withdrawn
     * @throws what the disk says, or the vault: then it counts as not given, and is withdrawn the next time
     */
    async choose(isGiven: boolean): Promise<Erased | undefined> {
        const { file, erasure, log, now = Date.now } = this.#options;
        this.#since = undefined;
        const since = await sinceIn(file);
        if (isGiven) {
            if (since === undefined) {
                await mkdir(dirname(file), { recursive: true, mode: 0o700 });
                await writeFile(file, `${JSON.stringify({ recognition: now() })}\n`, { mode: 0o600 });
                await log.append({ what: "settings-changed" });
            }
            this.#since = since ?? (await sinceIn(file));
            return undefined;
        }
        if (since === undefined) return undefined;
        // First what was recorded: a program that is stopped here does it again.
        const erased = await erasure.purge([{ from: since }]);
        await rm(file, { force: true });
        await log.append({ what: "settings-changed" });
        return erased;
    }

    /** Of the recordings that match, those that may be used; undefined when none may. */
    usable(filter: RecordingFilter): RecordingFilter | undefined {
        if (this.#since === undefined) return undefined;
        return { ...filter, from: Math.max(filter.from ?? 0, this.#since) };
    }
}

/** Undefined where there is no such file. @throws where it says nothing: nothing is used, and nothing deleted by mistake */
async function sinceIn(file: string): Promise<number | undefined> {
    try {
        const consent: unknown = JSON.parse(await readFile(file, "utf8"));
        const since: unknown = typeof consent === "object" && consent !== null && Reflect.get(consent, "recognition");
        if (typeof since === "number" && Number.isFinite(since)) return since;
    } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        if (!(error instanceof SyntaxError)) throw error;
    }
    throw new Error(
        `${file} is damaged: since when recordings could be used, nobody knows. Delete them, then the file.`,
    );
}
