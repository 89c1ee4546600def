/** Something that was waited for did not happen, or something that was needed is not there; `message` is a sentence for people. */
export class StartError extends Error {
    override readonly name = "StartError";
}

/** Settles as `work` does; rejects after `limitMs` milliseconds, saying what did not happen, or when `signal` is aborted. */
export async function within<T>(limitMs: number, work: Promise<T>, otherwise: string, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new StartError(otherwise)), limitMs);
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
        return await Promise.race([work, promise]);
    } finally {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
    }
}
