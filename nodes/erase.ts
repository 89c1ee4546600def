/** Deletes recordings and what is remembered of the conversations they came from. */
import type { Hub } from "../src/hub";
import type { Forgettable } from "../src/language";
import type { Erased } from "../src/privacy";
import type { RecordingSelection } from "../src/vault";

/** @param node id of the node that asks for it; a person does when not given */
export async function erase(hub: Hub, selection: RecordingSelection, node?: string): Promise<Erased> {
    for (const what of forgettable(selection)) hub.conversations.forget(what);
    return await hub.erasure.purge([selection], {
        ...(node !== undefined && { node }),
        ...siteInLog(hub, selection.site),
    });
}

/** The log takes the names of places that there are; recordings may be from one that is no more. */
export function siteInLog(hub: Hub, site: string | undefined): { readonly site?: string } {
    const known = hub.sites.find(({ id }) => id === site);
    return known ? { site: known.id } : {};
}

/** What is remembered of conversations for minutes, and comes from what is purged; of old and of all recordings, all of it. */
function forgettable({ ids, site, from, to, words }: RecordingSelection): readonly Forgettable[] {
    if (ids) return ids.map((utterance) => ({ utterance }));
    const isWholeSite = site !== undefined && from === undefined && to === undefined && words === undefined;
    return [isWholeSite ? { site } : {}];
}
