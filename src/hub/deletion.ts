/** Which recordings somebody means who asks to delete some: by time, by room, the last one, or all. */
import type { Area, Floor } from "../home";
import { type Intent, lastMomentAt, type Spoken } from "../language";
import { countsIn } from "../privacy";
import type { RecordingFilter, RecordingSelection, Vault } from "../vault";

/** `everything`: wherever and whenever it was said. */
export type Selected = "everything" | readonly RecordingFilter[];

export interface Places {
    readonly sites: readonly { readonly id: string; readonly name: string; readonly area?: string }[];
    readonly areas: readonly Area[];
    readonly floors: readonly Floor[];
}

/**
 * @returns empty where nothing is meant, as no microphone is there
 * @throws RangeError for a scope that there isn't
 */
export async function meantBy(
    { slots }: Pick<Intent, "slots">,
    spoken: Spoken,
    places: Places,
    vault: Vault,
    now: Date,
): Promise<Selected> {
    if (slots.scope === "last") return await lastOf(spoken, vault);
    const sites = sitesIn(slots, places);
    const from = startOf(slots, now);
    if (sites === undefined) return from === undefined ? "everything" : [{ from }];
    return sites.map((site) => (from === undefined ? { site } : { site, from }));
}

export async function countOf(selected: Selected, vault: Vault): Promise<number> {
    if (selected === "everything") return (await vault.status()).recordings;
    const counts = await Promise.all(selected.map((filter) => countsIn(vault, filter)));
    return counts.reduce((sum, { recordings }) => sum + recordings, 0);
}

export function selectionsOf(selected: Selected): readonly RecordingSelection[] {
    return selected === "everything" ? [{ all: true }] : selected;
}

/** What the speaker said last at that place, as far as it is known who spoke, and where. */
async function lastOf({ site, speaker }: Spoken, vault: Vault): Promise<Selected> {
    const where = { ...(site !== undefined && { site }), ...(speaker !== undefined && { speaker }) };
    const [last] = await vault.list({ ...where, limit: 1 });
    // Its session: an utterance may be kept more than once.
    return last ? [{ session: last.session }] : [];
}

/** Ids of the sites in the area or on the floor that was named; undefined where none was. */
function sitesIn({ area, floor }: Intent["slots"], { sites, areas, floors }: Places): readonly string[] | undefined {
    const name = area ?? floor;
    if (name === undefined) return undefined;
    const isIt = (thing: { readonly id: string; readonly name: string }) =>
        [thing.id, thing.name].some((each) => each.toLowerCase() === String(name).toLowerCase());
    const floorIds = floors.filter(isIt).map(({ id }) => id);
    const meant = areas.filter((each) => (area === undefined ? floorIds.includes(each.floor ?? "") : isIt(each)));
    return sites.filter((site) => isIt(site) || meant.some(({ id }) => id === site.area)).map(({ id }) => id);
}

function startOf(slots: Intent["slots"], now: Date): number | undefined {
    if (slots.scope === "all") return undefined;
    if (slots.scope === "today") return new Date(now).setHours(0, 0, 0, 0);
    if (slots.scope !== "since") throw new RangeError(`Nobody knows which recordings are meant by "${slots.scope}".`);
    if (typeof slots.since === "string") return lastMomentAt(slots.since, slots.since_clock, now).getTime();
    return now.getTime() - (Number(slots.hours ?? 0) * 60 + Number(slots.minutes ?? 0)) * 60_000;
}
