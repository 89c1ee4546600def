/** What one peer gets: events in, events out, one after the other. */
import { converse } from "../home-assistant";
import type { Intent } from "../language";
import type { WyomingConnection } from "./connection";
import { WyomingError } from "./error";
import type { WyomingData, WyomingEvent } from "./event";
import { type Heard, transcribed, watched } from "./heard";
import type { Served, Serving } from "./host";
import { infoOf } from "./info";

/** Longer texts are no sentences. */
const MAX_TEXT = 2_000;
const MAX_NAMES = 20;

type Wanted = { readonly kind: "transcript" } | { readonly kind: "detection"; readonly names: readonly string[] };

export class Service {
    readonly #connection: WyomingConnection;
    readonly #serving: Serving;
    readonly #gone = new AbortController();
    /** What the next sound is for. */
    #wanted: Wanted = { kind: "transcript" };
    #heard: Heard | undefined;

    constructor(connection: WyomingConnection, serving: Serving) {
        this.#connection = connection;
        this.#serving = serving;
    }

    /** Until the peer goes. @throws WyomingError when it breaks the protocol or breaks off */
    async run(): Promise<void> {
        try {
            for await (const event of this.#connection.events()) await this.#answer(event);
        } catch (error) {
            if (error instanceof WyomingError)
                this.#connection.send("error", { text: error.message, code: error.code });
            throw error;
        } finally {
            this.#gone.abort();
            this.#heard?.close();
            this.#connection.close();
        }
    }

    /** What can't be done is told to the peer, and the next event is looked at. */
    async #answer(event: WyomingEvent): Promise<void> {
        try {
            await this.#done(event);
        } catch (error) {
            this.#heard?.close();
            this.#heard = undefined;
            const { message, code } = error as Error & { code?: unknown };
            this.#send("error", { text: message, ...(typeof code === "string" && { code }) });
        }
    }

    async #done({ type, data, payload }: WyomingEvent): Promise<void> {
        switch (type) {
            case "describe":
                return this.#send("info", infoOf({ language: this.#serving.host.language.code, ...this.#serving }));
            case "ping":
                return this.#send("pong", typeof data.text === "string" ? { text: data.text } : {});
            case "transcribe":
                this.#wanted = { kind: "transcript" };
                return;
            case "detect":
                this.#wanted = { kind: "detection", names: namesIn(data) };
                return;
            case "audio-start":
                return this.#begin(data);
            case "audio-chunk":
                if (this.#heard === undefined) this.#begin(data);
                return await this.#heard?.write(payload);
            case "audio-stop":
                return await this.#end();
            case "transcript":
                return await this.#handle(data);
            case "recognize":
                return this.#recognize(data);
        }
        // Others are for other services, or of a newer version.
    }

    #begin(format: WyomingData): void {
        this.#heard?.close();
        const answering = {
            serving: this.#serving,
            peer: this.#connection.peer,
            send: (type: string, data?: WyomingData) => this.#send(type, data),
            signal: this.#gone.signal,
        };
        const { kind } = this.#wanted;
        this.#heard =
            kind === "transcript" ? transcribed(format, answering) : watched(format, this.#wanted.names, answering);
    }

    async #end(): Promise<void> {
        const heard = this.#heard;
        if (heard === undefined) throw new WyomingError("malformed", "There was no sound to end.");
        await heard.end();
        this.#heard = undefined;
    }

    async #handle(data: WyomingData): Promise<void> {
        const { host, site } = this.#serving;
        const text = textIn(data);
        const { response } = await converse(host, { text, site, act: true });
        const isHandled = response.response_type !== "error";
        this.#send(isHandled ? "handled" : "not-handled", { text: response.speech.plain.speech, ...contextIn(data) });
        this.#served("handle", text);
    }

    #recognize(data: WyomingData): void {
        const { host, site } = this.#serving;
        const text = textIn(data);
        const { intents } = host.understand(text, { site }, { remember: false });
        const context = contextIn(data);
        if (intents.length === 0) this.#send("not-recognized", { text: host.notUnderstood(), ...context });
        if (intents.length > 1) this.#send("intents-start", context);
        for (const intent of intents) this.#send("intent", { ...intentData(intent), text, ...context });
        if (intents.length > 1) this.#send("intents-stop", context);
        this.#served("recognize", text);
    }

    #served(service: Served["service"], text: string): void {
        this.#serving.onServed({ service, peer: this.#connection.peer, text });
    }

    #send(type: string, data?: WyomingData): void {
        this.#connection.send(type, data);
    }
}

function intentData({ name, slots }: Intent): WyomingData {
    return { name, entities: Object.entries(slots).map(([slot, value]) => ({ name: slot, value })) };
}

/** @throws WyomingError */
function textIn({ text }: WyomingData): string {
    if (typeof text !== "string" || text.length > MAX_TEXT) {
        throw new WyomingError("malformed", `Expected a text of at most ${MAX_TEXT} characters.`);
    }
    return text;
}

function namesIn({ names }: WyomingData): readonly string[] {
    if (names === undefined || names === null) return [];
    if (Array.isArray(names) && names.length <= MAX_NAMES && names.every((name) => typeof name === "string"))
        return names;
    throw new WyomingError("malformed", `Expected at most ${MAX_NAMES} names of wake words.`);
}

/** What the peer wants back as it came. */
function contextIn({ context }: WyomingData): WyomingData {
    return typeof context === "object" && context !== null ? { context } : {};
}
