/** What is kept, for people: page by page, and counted. */
import type { Recording, RecordingFilter, Vault } from "../vault";

export interface Counts {
    readonly recordings: number;
    readonly durationMs: number;
    /** By id of the site. */
    readonly sites: Readonly<Record<string, number>>;
    /** By who spoke; without those of whom nobody knows it. */
    readonly speakers: Readonly<Record<string, number>>;
}

const PAGE = 1_000;

/** All that match, the latest first. */
export async function* recordingsIn(vault: Vault, filter: RecordingFilter): AsyncGenerator<Recording, void, undefined> {
    for (let before: string | undefined; ; ) {
        const page = await vault.list({ ...filter, limit: PAGE, ...(before !== undefined && { before }) });
        yield* page;
        before = page.at(-1)?.id;
        if (page.length < PAGE || before === undefined) return;
    }
}

export async function countsIn(vault: Vault, filter: RecordingFilter): Promise<Counts> {
    const sites = new Map<string, number>();
    const speakers = new Map<string, number>();
    let recordings = 0;
    let sum = 0;
    for await (const { site, speaker, durationMs } of recordingsIn(vault, filter)) {
        recordings += 1;
        sum += durationMs;
        sites.set(site, (sites.get(site) ?? 0) + 1);
        if (speaker !== undefined) speakers.set(speaker, (speakers.get(speaker) ?? 0) + 1);
    }
    const [bySite, bySpeaker] = [Object.fromEntries(sites), Object.fromEntries(speakers)];
    return { recordings, durationMs: sum, sites: bySite, speakers: bySpeaker };
}
