/** What the sidebar shows of a vault, plays and corrects. Looking needs `earshot.read`, correcting `earshot.write`. */
import type { Request, Response } from "express";
import type { NodeAPI } from "node-red";
import type { Hub } from "../src/hub";
import { keptUntil, Playback } from "../src/privacy";
import { corrected, type Transcript } from "../src/speech";
import { type Recording, type RecordingFilter, type RecordingPart, VaultError } from "../src/vault";
import { answer, answerError, jsonBody, word } from "./admin";
import { siteInLog } from "./erase";
import { runningHub } from "./hub-node";
import { idsOf, required, sendPieces, setPrivate, textOf, wholeNumber } from "./privacy-request";

const LATEST = 2 ** 48 - 1;
const MAX_PAGE = 100;
/** More than a person says in an hour. */
const MAX_TRANSCRIPT = 100_000;

type PeriodFor = ReturnType<Hub["retention"]["periods"]>;

export function serveRecordings(RED: NodeAPI): void {
    const mayRead = RED.auth.needsPermission("earshot.read");
    const hubOf = (request: Request) => runningHub(RED, word(request.query.hub));

    /** The latest first, without a word of what was said. */
    RED.httpAdmin.get("/earshot/privacy/recordings", mayRead, (request, response) => {
        setPrivate(response);
        answer(response, async () => {
            const { query } = request;
            const limit = wholeNumber(query, "limit", 1, MAX_PAGE) ?? 25;
            const [before] = idsOf(query, "before", 1) ?? [];
            const filter = filterOf(query);
            const hub = await hubOf(request);
            const [recordings, inAll] = await Promise.all([
                hub.vault.list({ ...filter, limit, ...(before !== undefined && { before }) }),
                hub.vault.count(),
            ]);
            const periodFor = hub.retention.periods();
            return {
                recordings: recordings.map((recording) => shown(recording, periodFor)),
                isLast: recordings.length < limit,
                inAll,
            };
        });
    });

    /** What was said in some recordings, by their ids. */
    RED.httpAdmin.get("/earshot/privacy/words", mayRead, (request, response) => {
        setPrivate(response);
        answer(response, async () => {
            const ids = required(idsOf(request.query, "id", MAX_PAGE), "id");
            const hub = await hubOf(request);
            await hub.log.append({ what: "recording-read", count: ids.length });
            return { words: Object.fromEntries(await Promise.all(ids.map((id) => wordsOf(hub, id)))) };
        });
    });

    RED.httpAdmin.get("/earshot/privacy/sound", mayRead, (request, response) => {
        setPrivate(response);
        play(request, response, () => hubOf(request)).catch((error: unknown) => {
            if (response.headersSent) response.destroy();
            else answerError(response, error);
        });
    });

    RED.httpAdmin.post("/earshot/privacy/correct", RED.auth.needsPermission("earshot.write"), (request, response) => {
        setPrivate(response);
        answer(response, async () => {
            const body = jsonBody(request);
            const [id] = required(idsOf(body, "id", 1), "id");
            const text = required(textOf(body, "text", MAX_TRANSCRIPT), "text");
            const hub = await runningHub(RED, word(body.hub));
            const { recording, transcript = withoutWords(recording) } = await hub.vault.words(id ?? "");
            const changed = await hub.vault.replace(recording.id, { transcript: corrected(transcript, text) });
            await hub.log.append({ what: "recording-corrected", ...siteInLog(hub, recording.site), count: 1 });
            return shown(changed, hub.retention.periods());
        });
    });
}

/** What a person writes down who heard it. */
function withoutWords({ durationMs }: Recording): Transcript {
    const times = { durationMs, latencyMs: 0, speechEndMs: durationMs };
    return { text: "", confidence: 1, words: [], engine: "person", ...times };
}

/** Which recordings are meant, in a query or in the body of a request. */
export function filterOf(values: Readonly<Record<string, unknown>>): RecordingFilter {
    const site = textOf(values, "site", 200);
    const words = textOf(values, "words", 200);
    const from = wholeNumber(values, "from", 0, LATEST);
    const to = wholeNumber(values, "to", 0, LATEST);
    return {
        ...(site !== undefined && { site }),
        ...(words !== undefined && { words }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
    };
}

function shown(recording: Recording, periodFor: PeriodFor) {
    const { id, site, speaker, startedAt, durationMs, hasSound, hasTranscript } = recording;
    return {
        ...{ id, site, startedAt, durationMs, hasSound, hasTranscript },
        ...(speaker !== undefined && { speaker }),
        keptUntil: {
            ...(hasSound && { sound: overAt(periodFor, "sound", recording) }),
            ...(hasTranscript && { words: overAt(periodFor, "words", recording) }),
        },
    };
}

/** With `text` where there is some, or with `problem`: one that is damaged keeps nobody from reading the others. */
async function wordsOf({ vault }: Hub, id: string): Promise<[string, { text?: string; problem?: string }]> {
    try {
        const { transcript } = await vault.words(id);
        return [id, transcript ? { text: transcript.text } : {}];
    } catch (error) {
        if (error instanceof VaultError) return [id, { problem: error.code }];
        throw error;
    }
}

/** In milliseconds since 1970; null when it is kept until somebody deletes it. */
function overAt(periodFor: PeriodFor, kind: RecordingPart, { site, speaker, keptAt }: Recording): number | null {
    const until = keptUntil(periodFor({ kind, site, ...(speaker !== undefined && { speaker }) }), keptAt);
    return Number.isFinite(until) ? until : null;
}

/** Streams the bytes that are asked for; each stretch of sound that is handed out is in the log before. */
async function play(request: Request, response: Response, hubOf: () => Promise<Hub>): Promise<void> {
    const [id = ""] = required(idsOf(request.query, "id", 1), "id");
    const hub = await hubOf();
    const playback = await Playback.of(hub.vault, id);
    response.set({ "Accept-Ranges": "bytes", "Content-Type": "audio/wav" });
    const { first, last } = stretchOf(request, playback.bytes);
    if (first === undefined) {
        response.status(416).set("Content-Range", `bytes */${playback.bytes}`).end();
        return;
    }
    if (last - first + 1 < playback.bytes) {
        response.status(206).set("Content-Range", `bytes ${first}-${last}/${playback.bytes}`);
    }
    response.set("Content-Length", String(last - first + 1));
    if (request.method === "HEAD") {
        response.end();
        return;
    }
    const { recording } = await hub.vault.words(id);
    const durationMs = playback.durationMs(first, last);
    const place = siteInLog(hub, recording.site);
    await hub.log.append({ what: "recording-played", ...place, durationMs, bytes: last - first + 1 });
    await sendPieces(response, playback.read(first, last));
}

/** Of several stretches the whole is sent instead, as RFC 9110 (14.2) allows. `first` is undefined when there is no such stretch. */
function stretchOf(request: Request, bytes: number): { readonly first: number | undefined; readonly last: number } {
    const ranges = request.range(bytes);
    if (ranges === -1) return { first: undefined, last: 0 };
    const [range] = Array.isArray(ranges) && ranges.type === "bytes" && ranges.length === 1 ? ranges : [];
    return { first: range?.start ?? 0, last: range?.end ?? bytes - 1 };
}
