/**
 * Deleting from the sidebar; it needs `earshot.write`. Recordings that a person has seen are deleted by their ids. Whoever wants
 * to delete all of them, or all of a place or a time, asks for a token first, is told how many those are, and has to bring it.
 */
import type { NodeAPI } from "node-red";
import type { Hub } from "../src/hub";
import { OneTimeTokens, recordingsIn } from "../src/privacy";
import type { RecordingFilter, RecordingSelection } from "../src/vault";
import { answer, BadRequest, jsonBody, word } from "./admin";
import { erase } from "./erase";
import { runningHub } from "./hub-node";
import { filterOf } from "./privacy-recordings";
import { idsOf, required, setPrivate, textOf, userOf } from "./privacy-request";

const MAX_IDS = 1_000;
/** More are not counted to the last one: people are told "more than". */
const MAX_COUNTED = 10_000;

interface Asked {
    readonly hub: string;
    readonly user: string | undefined;
    readonly selection: RecordingSelection;
}

export function serveDeletion(RED: NodeAPI): void {
    const mayWrite = RED.auth.needsPermission("earshot.write");
    const tokens = new OneTimeTokens<Asked>();

    RED.httpAdmin.post("/earshot/privacy/delete/token", mayWrite, (request, response) => {
        setPrivate(response);
        answer(response, async () => {
            const body = jsonBody(request);
            const hub = await runningHub(RED, word(body.hub));
            const filter = filterOf(body);
            const isFiltered = Object.keys(filter).length > 0;
            if (isFiltered === (body.all === true)) {
                throw new BadRequest(
                    'Which recordings? Either "all" is true, or there is a "site", "words", "from" or "to".',
                );
            }
            const selection: RecordingSelection = isFiltered ? filter : { all: true };
            const counted = isFiltered ? await countOf(hub, filter) : { recordings: await hub.vault.count() };
            return { ...counted, ...tokens.issue({ hub: hub.id, user: userOf(request), selection }) };
        });
    });

    RED.httpAdmin.post("/earshot/privacy/delete", mayWrite, (request, response) => {
        setPrivate(response);
        answer(response, async () => {
            const body = jsonBody(request);
            const hub = await runningHub(RED, word(body.hub));
            const ids = idsOf(body, "ids", MAX_IDS);
            const { ids: erased, receipt } = await erase(hub, ids ? { ids } : confirmed(hub, userOf(request), body));
            return { deleted: erased.size, ...(receipt && { receipt }) };
        });
    });

    function confirmed(
        hub: Hub,
        user: string | undefined,
        body: Readonly<Record<string, unknown>>,
    ): RecordingSelection {
        const asked = tokens.take(required(textOf(body, "token", 100), "token"));
        if (!asked || asked.hub !== hub.id || asked.user !== user) {
            throw new BadRequest("This token was used before, is too old, or is for something else. Ask for another.");
        }
        return asked.selection;
    }
}

async function countOf({ vault }: Hub, filter: RecordingFilter) {
    let recordings = 0;
    for await (const _recording of recordingsIn(vault, filter)) {
        if (++recordings === MAX_COUNTED) return { recordings, isMore: true };
    }
    return { recordings };
}
