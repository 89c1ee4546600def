import type { Session, SoundFeed } from "../src/hub";

/** Live sound, piece by piece: begun by its first piece, ended by whoever knows, or when no more comes. */
export class LiveSound {
    readonly #idleMs: number;
    readonly #onIdle: () => void;
    #feed: SoundFeed | undefined;
    #idle: NodeJS.Timeout | undefined;

    /** `onIdle` is called when nothing has come for `idleMs` milliseconds. */
    constructor(idleMs: number, onIdle: () => void) {
        this.#idleMs = idleMs;
        this.#onIdle = onIdle;
    }

    get isOpen(): boolean {
        return this.#feed !== undefined;
    }

    /** @throws AudioFormatError; the sound has ended then */
    async hear(piece: Uint8Array, begin: () => SoundFeed, onOpened: (session: Session) => void): Promise<void> {
        clearTimeout(this.#idle);
        this.#feed ??= begin();
        try {
            await this.#feed.write(piece, onOpened);
        } catch (error) {
            this.stop();
            throw error;
        }
        this.#idle = setTimeout(this.#onIdle, this.#idleMs);
    }

    /** @throws AudioFormatError when something is missing at the end */
    async end(): Promise<void> {
        const feed = this.#feed;
        this.#feed = undefined;
        clearTimeout(this.#idle);
        await feed?.end();
    }

    stop(): void {
        this.#feed?.close();
        this.#feed = undefined;
        clearTimeout(this.#idle);
    }
}
