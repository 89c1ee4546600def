/** The thread's recognisers: each has a model of its own in memory, so there are few, and who needs one may have to wait. */
import { Recogniser } from "./recogniser";

interface Waiting {
    readonly language: string;
    readonly resolve: (recogniser: Promise<Recogniser>) => void;
}

export class RecogniserPool {
    readonly #most: number;
    readonly #idle: Recogniser[] = [];
    readonly #waiting: Waiting[] = [];
    /** Recognisers in use, idle and being loaded. */
    #count = 0;

    constructor(most: number) {
        this.#most = most;
    }

    /** Resolves with a recogniser for the caller alone. @throws LanguageNotSupported */
    acquire(language: string): Promise<Recogniser> {
        const fitting = this.#idle.find((recogniser) => recogniser.language === language);
        const [other] = this.#idle;
        if (fitting) {
            this.#idle.splice(this.#idle.indexOf(fitting), 1);
            return Promise.resolve(fitting);
        }
        if (other && this.#isFull) {
            this.#idle.shift();
            this.#close(other);
        }
        if (!this.#isFull) return this.#load(language);
        return new Promise((resolve) => this.#waiting.push({ language, resolve }));
    }

    /** Gives a recogniser back. */
    release(recogniser: Recogniser): void {
        const next = this.#waiting[0];
        if (!next) this.#idle.push(recogniser);
        else if (next.language !== recogniser.language) this.discard(recogniser);
        else {
            this.#waiting.shift();
            next.resolve(Promise.resolve(recogniser));
        }
    }

    /** Gives up a recogniser that failed. */
    discard(recogniser: Recogniser): void {
        this.#close(recogniser);
        this.#serveNext();
    }

    get #isFull(): boolean {
        return this.#count >= this.#most;
    }

    #close(recogniser: Recogniser): void {
        this.#count--;
        recogniser.close();
    }

    async #load(language: string): Promise<Recogniser> {
        this.#count++;
        try {
            return await Recogniser.load(language);
        } catch (error) {
            this.#count--;
            this.#serveNext();
            throw error;
        }
    }

    #serveNext(): void {
        const next = this.#waiting.shift();
        next?.resolve(this.#load(next.language));
    }
}
