/** Reads what a request to the conversation endpoint asks, from a body that anybody may have written. */
import type { IncomingMessage } from "node:http";
import type { ConversationRequest } from "./converse";

/** A request that can't be answered: `message` is a sentence for people. */
export class BadRequest extends Error {
    override readonly name = "BadRequest";

    constructor(
        readonly status: 400 | 408 | 413 | 415,
        readonly code: string,
        message: string,
    ) {
        super(message);
    }
}

/** No sentence comes near. */
const MAX_BODY_BYTES = 8 * 1024;
const MAX_TEXT = 1_000;
const MAX_ID = 200;
/** For the whole body to come. */
const BODY_MS = 5_000;

/** @throws BadRequest */
export async function readRequest(request: IncomingMessage): Promise<ConversationRequest> {
    if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
        throw new BadRequest(415, "not-json", "The body has to be JSON, with the content type application/json.");
    }
    const body = fieldsOf(await readText(request));
    const { text, site, conversation_id, act = true } = body;
    if (typeof text !== "string" || text.trim() === "") {
        throw new BadRequest(400, "no-text", 'The body has to have a "text": what was said.');
    }
    if (text.length > MAX_TEXT)
        throw new BadRequest(413, "too-long", `The text is longer than ${MAX_TEXT} characters.`);
    if (typeof act !== "boolean") throw new BadRequest(400, "bad-act", '"act" has to be true or false.');
    const conversationId = idOf("conversation_id", conversation_id);
    const at = idOf("site", site);
    return { text, act, ...(conversationId && { conversationId }), ...(at && { site: at }) };
}

function idOf(name: string, value: unknown): string | undefined {
    if (value === undefined || value === null || value === "") return undefined;
    if (typeof value === "string" && value.length <= MAX_ID) return value;
    throw new BadRequest(400, "bad-id", `"${name}" has to be text of at most ${MAX_ID} characters.`);
}

async function readText(request: IncomingMessage): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const timer = setTimeout(
        () => reject(new BadRequest(408, "too-slow", `The body did not come within ${BODY_MS / 1_000} s.`)),
        BODY_MS,
    );
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer) => {
        length += chunk.length;
        if (length <= MAX_BODY_BYTES) chunks.push(chunk);
        else reject(new BadRequest(413, "too-large", `The body is larger than ${MAX_BODY_BYTES} bytes.`));
    };
    request.on("data", onData);
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.on("error", () => reject(new BadRequest(400, "cut-off", "The request was cut off.")));
    request.on("close", () => reject(new BadRequest(400, "cut-off", "The request was cut off.")));
    try {
        return await promise;
    } finally {
        clearTimeout(timer);
        request.off("data", onData);
        request.pause();
    }
}

function fieldsOf(json: string): Readonly<Record<string, unknown>> {
    try {
        const value: unknown = JSON.parse(json);
        if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
    } catch {
        // The same for what is no JSON and for what is no object.
    }
    throw new BadRequest(400, "not-json", "The body is not a JSON object.");
}
