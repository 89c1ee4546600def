/** A door in HTTP for Home Assistant, or whoever has the token, to be understood by this home. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { BadRequest, readRequest } from "./body";
import { type Converser, converse } from "./converse";

export interface ConversationEndpointOptions {
    /** What callers have to send as `Authorization: Bearer …`; while it is empty nobody is let in. */
    readonly token: string;
    /** Rejects while nobody can answer; the message is shown to callers that have the token. */
    readonly converser: () => Promise<Converser>;
}

/** A token that a person could guess is no token. */
export const MIN_TOKEN_CHARACTERS = 16;
/** Requests that are answered at the same time. */
const MAX_AT_ONCE = 8;

export class ConversationEndpoint {
    readonly #options: ConversationEndpointOptions;
    #atOnce = 0;

    constructor(options: ConversationEndpointOptions) {
        this.#options = options;
    }

    /** Answers, whatever happens; never rejects. */
    async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
        response.setHeader("Cache-Control", "no-store");
        const refusal = this.#refusal(request);
        if (refusal) {
            refuse(response, refusal);
            return;
        }
        this.#atOnce += 1;
        try {
            const asked = await readRequest(request);
            send(response, 200, await converse(await this.#options.converser(), asked));
        } catch (error) {
            const message = error instanceof Error ? error.message : String(error);
            refuse(response, error instanceof BadRequest ? error : { status: 503, code: "failed", message });
        } finally {
            this.#atOnce -= 1;
        }
    }

    /** Why the request is not even read. */
    #refusal({ headers, method }: IncomingMessage): Refusal | undefined {
        const { token } = this.#options;
        if (token.length < MIN_TOKEN_CHARACTERS) {
            const what = token === "" ? "No token is" : "Only a short token is";
            const message = `${what} set in the home's dialog, so nobody can talk to this home from outside. It takes ${MIN_TOKEN_CHARACTERS} characters or more.`;
            return { status: 403, code: "no-token", message };
        }
        if (!isBearerOf(token, headers.authorization)) {
            const message = "The request needs the token of this home, as Authorization: Bearer …";
            return { status: 401, code: "wrong-token", message };
        }
        if (method !== "POST") return { status: 405, code: "not-post", message: "Say something with POST." };
        if (this.#atOnce < MAX_AT_ONCE) return undefined;
        return { status: 503, code: "busy", message: "Too much is being said at once. Try again in a moment." };
    }
}

interface Refusal {
    readonly status: number;
    readonly code: string;
    readonly message: string;
}

/** Takes as long for a token that is nearly right as for any other. */
function isBearerOf(token: string, authorization: string | undefined): boolean {
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
    const digest = (text: string) => createHash("sha256").update(text).digest();
    return timingSafeEqual(digest(given), digest(token));
}

function send(response: ServerResponse, status: number, body: object): void {
    if (response.headersSent || response.destroyed) return;
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, { status, code, message }: Refusal): void {
    if (status === 401) response.setHeader("WWW-Authenticate", 'Bearer realm="Earshot"');
    if (status === 405) response.setHeader("Allow", "POST");
    // What of the body was not read is not waited for.
    response.setHeader("Connection", "close");
    send(response, status, { code, message });
}
