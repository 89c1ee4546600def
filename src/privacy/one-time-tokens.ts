/** Tokens that stand for something that was asked for and is still to be confirmed: each is good once, and not for long. */
import { randomBytes } from "node:crypto";

export interface OneTimeTokensOptions {
    readonly lifetimeMs?: number;
    /** Of more that wait, the oldest is forgotten. */
    readonly most?: number;
    /** Milliseconds. */
    readonly now?: () => number;
}

export interface IssuedToken {
    readonly token: string;
    readonly lifetimeMs: number;
}

export class OneTimeTokens<T> {
    readonly #lifetimeMs: number;
    readonly #most: number;
    readonly #now: () => number;
    /** Oldest first. */
    readonly #waiting = new Map<string, { readonly value: T; readonly until: number }>();

    constructor({ lifetimeMs = 120_000, most = 100, now = () => performance.now() }: OneTimeTokensOptions = {}) {
        this.#lifetimeMs = lifetimeMs;
        this.#most = most;
        this.#now = now;
    }

    issue(value: T): IssuedToken {
        const token = randomBytes(24).toString("base64url");
        this.#waiting.set(token, { value, until: this.#now() + this.#lifetimeMs });
        for (const oldest of this.#waiting.keys()) {
            if (this.#waiting.size <= this.#most) break;
            this.#waiting.delete(oldest);
        }
        return { token, lifetimeMs: this.#lifetimeMs };
    }

    /** What the token stands for; undefined when there is none such, or no more. */
    take(token: string): T | undefined {
        const found = this.#waiting.get(token);
        this.#waiting.delete(token);
        return found && this.#now() < found.until ? found.value : undefined;
    }
}
