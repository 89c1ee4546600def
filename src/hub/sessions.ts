/** The sessions of one hub: opened by sources, found again by the handle in a message, forgotten when they are done. */

import { EventEmitter } from "node:events";
import { SAMPLE_RATE, Session, UTTERANCE_KEEP, type VoiceHandle } from "./session";

/** How long the sound of an utterance stays in memory after its end, so that a flow can still keep it. */
const KEPT_AFTER_END_MS = 60_000;
const MAX_SESSIONS = 64;

export type SessionErrorCode = "no-handle" | "unknown-session" | "too-many-sessions";

/** A message that does not lead to live sound; `message` says what the flow lacks. */
export class SessionError extends Error {
    override readonly name = "SessionError";

    constructor(
        readonly code: SessionErrorCode,
        message: string,
    ) {
        super(message);
    }
}

export interface SessionsEvents {
    /** The first utterance has begun, or the last has ended. */
    listening: [];
    /** Sites are open or listened to that were not, or no longer. */
    sites: [];
    /** A source has begun to bring sound. */
    opened: [session: Session];
    /** A source brings no more. */
    closed: [session: Session];
}

export class Sessions extends EventEmitter<SessionsEvents> {
    readonly #open = new Map<string, Session>();
    readonly #timers = new Map<string, NodeJS.Timeout>();
    /** Those that are being listened to. */
    readonly #utterances = new Set<Session>();
    /** Streams of sources that have not ended. */
    readonly #sources = new Set<Session>();
    #isMuted: boolean = false;

    get isMuted(): boolean {
        return this.#isMuted;
    }

    get isListening(): boolean {
        return this.#utterances.size > 0;
    }

    /** Where an utterance is being listened to. */
    get listeningSites(): readonly string[] {
        return sitesOf(this.#utterances);
    }

    /** Where a source is open: what comes from it is in memory, and waits for a wake word or a button. */
    get openSites(): readonly string[] {
        return sitesOf(this.#sources);
    }

    /** While muted, what sources write is silence; what they wrote before is overwritten. */
    mute(isMuted: boolean): void {
        this.#isMuted = isMuted;
        if (isMuted) for (const session of this.#open.values()) session.silence();
    }

    /** Starts a session for one source. `keepSeconds` of its newest sound stay in memory. */
    open(options: { readonly site: string; readonly keepSeconds?: number }): Session {
        const source = this.#register(
            new Session({
                site: options.site,
                startedAt: Date.now(),
                isMuted: () => this.#isMuted,
                keepSamples: Math.min(UTTERANCE_KEEP, (options.keepSeconds ?? 60) * SAMPLE_RATE),
                onEnded: (session) => {
                    this.#forgetLater(session);
                    this.#sources.delete(session);
                    this.#follow(session);
                    this.emit("closed", session);
                },
            }),
        );
        this.#sources.add(source);
        this.emit("sites");
        this.emit("opened", source);
        return source;
    }

    /** Starts an utterance within `stream`, from one of its samples on. */
    branch(stream: Session, fromSample: number): Session {
        const utterance = stream.branch(fromSample, (branch) => {
            this.#forgetLater(branch);
            this.#follow(branch);
        });
        this.#register(utterance);
        this.#follow(utterance);
        return utterance;
    }

    /** All of a source is an utterance that somebody hears, until it ends. An utterance within one is from its beginning. */
    listenTo(session: Session): void {
        this.#follow(session);
    }

    /** The session a message's `voice` property names. */
    require(voice: unknown): Session {
        if (!isHandle(voice)) {
            throw new SessionError("no-handle", "The message has no msg.voice: wire this node after a sound source.");
        }
        const session = this.#open.get(voice.session);
        if (!session) {
            throw new SessionError(
                "unknown-session",
                "The sound of this message is no longer in memory: it is forgotten a minute after it ends.",
            );
        }
        return session;
    }

    /** Overwrites what is in memory of sound that has ended, and of live sound up to now; at one site or everywhere. */
    forget(site?: string): void {
        for (const session of [...this.#open.values()]) {
            if (site !== undefined && session.site !== site) continue;
            if (session.ended) this.#close(session);
            else session.silence();
        }
    }

    /** Ends and forgets everything. */
    closeAll(): void {
        for (const session of [...this.#open.values()]) this.#close(session);
    }

    #follow(session: Session): void {
        const wasListening = this.isListening;
        if (session.ended) this.#utterances.delete(session);
        else this.#utterances.add(session);
        if (wasListening !== this.isListening) this.emit("listening");
        this.emit("sites");
    }

    #register(session: Session): Session {
        if (this.#open.size >= MAX_SESSIONS) this.#makeRoom();
        this.#open.set(session.id, session);
        if (session.ended) this.#forgetLater(session);
        return session;
    }

    #makeRoom(): void {
        const done = [...this.#open.values()].find((session) => session.ended);
        if (!done) {
            throw new SessionError("too-many-sessions", `More than ${MAX_SESSIONS} sounds are open at once.`);
        }
        this.#close(done);
    }

    #forgetLater(session: Session): void {
        if (this.#timers.has(session.id)) return;
        const timer = setTimeout(() => this.#close(session), KEPT_AFTER_END_MS);
        timer.unref();
        this.#timers.set(session.id, timer);
    }

    #close(session: Session): void {
        this.#open.delete(session.id);
        clearTimeout(this.#timers.get(session.id));
        session.close();
        this.#timers.delete(session.id);
    }
}

function sitesOf(sessions: ReadonlySet<Session>): readonly string[] {
    return [...new Set(Array.from(sessions, ({ site }) => site))];
}

function isHandle(voice: unknown): voice is VoiceHandle {
    return typeof voice === "object" && voice !== null && typeof (voice as VoiceHandle).session === "string";
}
