/** What the sidebar asks Node-RED, with the login of who looks. */
import { sayOr } from "./words.js";

export interface Hub {
    readonly id: string;
    readonly name?: string;
    readonly state: "up" | "starting" | "down";
    /** When it is up. */
    readonly microphone?: {
        readonly state: "muted" | "listening" | "open" | "closed";
        readonly sites: readonly string[];
    };
    readonly sites?: readonly Site[];
}

export interface Site {
    readonly id: string;
    readonly name: string;
    /** Nothing that is said there is kept. */
    readonly mode?: "guest" | "child";
}

export interface Hubs {
    readonly hubs: readonly Hub[];
    /** Who may look without having logged in. */
    readonly exposure?: "everyone" | "readers";
}

export interface Recording {
    readonly id: string;
    readonly site: string;
    readonly speaker?: string;
    readonly startedAt: number;
    readonly durationMs: number;
    readonly hasSound: boolean;
    readonly hasTranscript: boolean;
    /** Milliseconds since 1970; null until somebody deletes it. */
    readonly keptUntil: { readonly sound?: number | null; readonly words?: number | null };
}

/** What was said in a recording, or why that can't be read. */
export interface Words {
    readonly text?: string;
    readonly problem?: string;
}

export interface RecordingPage {
    readonly recordings: readonly Recording[];
    readonly isLast: boolean;
    readonly inAll: number;
}

export interface Receiver {
    readonly to?: string;
    readonly name?: string;
    readonly type?: string;
    readonly got: number;
    readonly withheld: number;
    /** How often it got each of these. */
    readonly fields: Readonly<Record<string, number>>;
    readonly lastAt: string;
}

export interface Verification {
    readonly isEmpty?: boolean;
    readonly ok?: boolean;
    readonly records?: number;
    readonly firstBad?: { readonly file: string; readonly line: number; readonly fault: string };
}

/** What Node-RED didn't do; `message` is for people, in their language where the catalog has it. */
export class Refusal extends Error {
    constructor(
        readonly status: number,
        message: string,
    ) {
        super(message);
    }
}

type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** @throws Refusal */
export async function ask<T>(what: string, query: Query = {}, init: RequestInit = {}): Promise<T> {
    const response = await request(`${what}?${asText(query)}`, init);
    return (await response.json()) as T;
}

/** @throws Refusal */
export async function act(what: string, body: object): Promise<Response> {
    const headers = { "Content-Type": "application/json" };
    return await request(what, { method: "POST", headers, body: JSON.stringify(body) });
}

/** The sound of a recording from one of its bytes on, as it comes. @throws Refusal */
export async function soundFrom(
    hub: string,
    id: string,
    byte: number,
    signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
    const response = await request(`sound?${asText({ hub, id })}`, { headers: { Range: `bytes=${byte}-` }, signal });
    if (!response.body) throw new Refusal(0, sayOr("problem.noAnswer", ""));
    return response.body;
}

async function request(path: string, init: RequestInit): Promise<Response> {
    const login = RED.settings.get("auth-tokens");
    const token: unknown = typeof login === "object" && login !== null ? Reflect.get(login, "access_token") : undefined;
    const headers = { ...init.headers, ...(typeof token === "string" && { Authorization: `Bearer ${token}` }) };
    const url = `${RED.settings.apiRootUrl ?? ""}earshot/privacy/${path}`;
    const response = await fetch(url, { cache: "no-store", ...init, headers }).catch((error: unknown) => {
        if (init.signal?.aborted) throw error;
        throw new Refusal(0, sayOr("problem.noAnswer", String(error)));
    });
    if (response.ok) return response;
    if (response.status === 401) throw new Refusal(401, sayOr("problem.notAllowed", ""));
    const reason: unknown = await response.json().catch(() => undefined);
    const read = (name: string) =>
        typeof reason === "object" && reason !== null ? String(Reflect.get(reason, name)) : "";
    throw new Refusal(response.status, sayOr(`problem.${read("code")}`, read("message")));
}

function asText(query: Query): URLSearchParams {
    const text = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
        for (const each of [value ?? []].flat()) text.append(name, String(each));
    }
    return text;
}
