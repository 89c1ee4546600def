/**
 * One paired accessory (or bridge): commands go through one encrypted connection, one after the other, and each settles
 * within six seconds. A connection that broke is made again, wherever the accessory answers by then.
 */
import { EventEmitter } from "node:events";
import type { Endpoint } from "./connection";
import { type Accessory, type CharacteristicId, type CharacteristicReading, characteristicKey } from "./database";
import { HapError } from "./error";
import type { Pairing } from "./pair-setup";
import { addPairing, type ControllerEntry, listPairings, removePairing } from "./pairings";
import { ResumptionMemory } from "./resumption";
import { type CharacteristicWrite, HapSession, type ReadResult } from "./session";
import { DEFAULT_TIMEOUTS, type HapTimeouts } from "./timeouts";
import { WaitingCommands } from "./waiting-commands";

export interface HapClientEvents {
    /** Characteristics that the accessory says have changed, each once. */
    values: [readings: readonly CharacteristicReading[]];
    connected: [endpoint: Endpoint];
    /** Once for each connection that ended. */
    disconnected: [reason: HapError];
    /** A connection that was to be kept could not be made; it is tried again. */
    failed: [reason: HapError];
}

export interface HapClientOptions {
    readonly pairing: Pairing;
    /** Where the accessory is now, the likeliest first. Asked before each connection. */
    readonly locate: () => readonly Endpoint[];
    readonly timeouts?: Partial<HapTimeouts>;
}

const RETRY_REFUSED_MS = 250;
/** Commands that may wait for their turn. */
const MAX_WAITING = 256;

export interface CommandOptions {
    /** Less time than a command has otherwise, in milliseconds. */
    readonly withinMs?: number | undefined;
}

export interface WriteOptions extends CommandOptions {
    /** For characteristics with the permission "tw", as locks and doors have. */
    readonly timed?: boolean;
}

type Work<T> = (session: HapSession, timeoutMs: number) => Promise<T>;

export class HapClient extends EventEmitter<HapClientEvents> {
    readonly #pairing: Pairing;
    readonly #locate: () => readonly Endpoint[];
    readonly #timeouts: HapTimeouts;
    readonly #subscriptions = new Map<string, CharacteristicId>();
    /** Those that the present session has been told. */
    #subscribed: Set<string> = new Set();
    #session: HapSession | undefined;
    /** Settles when the last command in the queue has. */
    #lastCommand: Promise<unknown> = Promise.resolve();
    #waiting = 0;
    readonly #commands = new WaitingCommands();
    readonly #resumption = new ResumptionMemory();
    #isKept: boolean = false;
    /** Whether an attempt to reconnect is in the queue, and another is to follow as the accessory was seen meanwhile. */
    #reconnecting: "no" | "once" | "again" = "no";
    #isClosed: boolean = false;
    /** Ends the wait for the connection that is being made. */
    #abandon: (reason: HapError) => void = () => {};
    #reconnectTimer: NodeJS.Timeout | undefined;
    #reconnectMs: number;
    #keepAliveTimer: NodeJS.Timeout | undefined;
    /** Something that it can be asked for. */
    #lastRead: CharacteristicId | undefined;
    /** Ends the pause before a refused connection is tried again. */
    #endPause: () => void = () => {};

    constructor({ pairing, locate, timeouts }: HapClientOptions) {
        super();
        this.#pairing = pairing;
        this.#locate = locate;
        this.#timeouts = { ...DEFAULT_TIMEOUTS, ...timeouts };
        this.#reconnectMs = this.#timeouts.firstReconnectMs;
    }

    get isConnected(): boolean {
        return this.#session?.isOpen ?? false;
    }

    /** Keeps a connection from now on, so that events arrive and commands find it open. Without it, commands open one. */
    start(): void {
        if (this.#isClosed || this.#isKept) return;
        this.#isKept = true;
        this.reconnectNow();
    }

    /** Ends the connection; commands that wait or come later fail with `closed`. */
    stop(): void {
        if (this.#isClosed) return;
        this.#isClosed = true;
        this.#abandon(closedError());
        clearTimeout(this.#reconnectTimer);
        clearTimeout(this.#keepAliveTimer);
        this.#endPause();
        this.#session?.close(closedError());
    }

    /** Doesn't wait for the next attempt: the accessory was just seen. */
    reconnectNow(): void {
        this.#endPause();
        if (!this.#isKept || this.#isClosed || this.isConnected) return;
        if (this.#reconnecting !== "no") {
            this.#reconnecting = "again";
            return;
        }
        this.#reconnecting = "once";
        clearTimeout(this.#reconnectTimer);
        // Not worth waiting for a restart: there is a next attempt, and commands should not have to wait behind this one.
        this.#run(() => Promise.resolve(), { isRepeatable: false, restartMs: 0 }).then(
            () => {
                this.#reconnecting = "no";
            },
            (error: HapError) => {
                const wasSeen = this.#reconnecting === "again";
                this.#reconnecting = "no";
                this.emit("failed", error);
                if (wasSeen) this.reconnectNow();
                else this.#planReconnect();
            },
        );
    }

    /** The whole database. It may take longer than other commands, and those that come meanwhile wait for it. */
    accessories(): Promise<readonly Accessory[]> {
        const { databaseMs } = this.#timeouts;
        const limits = { commandMs: databaseMs, requestMs: databaseMs };
        return this.#run((session, timeoutMs) => session.accessories(timeoutMs), { isRepeatable: true, limits });
    }

    /** The values that the accessory has now, in the order of `ids`. */
    read(ids: readonly CharacteristicId[], { withinMs }: CommandOptions = {}): Promise<readonly ReadResult[]> {
        this.#lastRead = ids[0] ?? this.#lastRead;
        return this.#commands.read(ids, (latest) =>
            this.#run((session, timeoutMs) => session.read(latest(), timeoutMs), { isRepeatable: true, withinMs }),
        );
    }

    /**
     * Sets all characteristics with one request. What waits for its turn goes together: of a slider's values only the
     * newest is sent, and many lamps behind one bridge are set with one request. A timed write goes by itself and is never
     * repeated on its own, since a door may have begun to move.
     *
     * @throws {HapError} `refused`, `unreachable` (also: the device behind a bridge), `timeout`, …
     */
    write(writes: readonly CharacteristicWrite[], { timed = false, withinMs }: WriteOptions = {}): Promise<void> {
        return this.#commands.write(writes, timed, (latest) =>
            this.#run((session, timeoutMs) => session.write(latest(), timed, timeoutMs), {
                isRepeatable: !timed,
                withinMs,
            }),
        );
    }

    /** Asks for events, now and after each reconnect. Rejects when the accessory can't be told now; it will be later. */
    async subscribe(ids: readonly CharacteristicId[]): Promise<void> {
        const added = ids.filter((id) => !this.#subscriptions.has(characteristicKey(id)));
        if (added.length === 0) return;
        for (const id of added) this.#subscriptions.set(characteristicKey(id), id);
        // A session that is opened for this is told on the way.
        const tell: Work<void> = (session, timeoutMs) => {
            const missing = added.filter((id) => !this.#subscribed.has(characteristicKey(id)));
            for (const id of missing) this.#subscribed.add(characteristicKey(id));
            return session.notify(missing, true, timeoutMs);
        };
        await this.#run(tell, { isRepeatable: true });
    }

    async unsubscribe(ids: readonly CharacteristicId[]): Promise<void> {
        const removed = ids.filter((id) => this.#subscriptions.delete(characteristicKey(id)));
        for (const id of removed) this.#subscribed.delete(characteristicKey(id));
        // A session that is over took its subscriptions with it.
        if (removed.length === 0 || !this.isConnected) return;
        await this.#run((session, timeoutMs) => session.notify(removed, false, timeoutMs), { isRepeatable: true });
    }

    listPairings(): Promise<readonly ControllerEntry[]> {
        return this.#run(listPairings, { isRepeatable: true });
    }

    addPairing(entry: ControllerEntry): Promise<void> {
        return this.#run((session, timeoutMs) => addPairing(session, entry, timeoutMs), { isRepeatable: false });
    }

    /** Without an id: our own. The accessory ends the connection then. */
    removePairing(controllerId = this.#pairing.controllerId): Promise<void> {
        const work: Work<void> = (session, timeoutMs) => removePairing(session, controllerId, timeoutMs);
        return this.#run(work, { isRepeatable: false });
    }

    /** Puts `work` in the queue. Its deadline counts from now, so those behind a silent accessory don't add up. */
    #run<T>(work: Work<T>, options: RunOptions): Promise<T> {
        if (this.#isClosed) return Promise.reject(closedError());
        if (this.#waiting >= MAX_WAITING) {
            return Promise.reject(
                new HapError("busy", `${MAX_WAITING} commands for the accessory are waiting already.`),
            );
        }
        this.#waiting++;
        const { commandMs } = options.limits ?? this.#timeouts;
        const deadline = performance.now() + Math.min(commandMs, options.withinMs ?? commandMs);
        const result = this.#lastCommand.then(() => this.#perform(work, deadline, options));
        this.#lastCommand = result
            .catch(() => {})
            .finally(() => {
                this.#waiting--;
            });
        return result;
    }

    async #perform<T>(work: Work<T>, deadline: number, options: RunOptions): Promise<T> {
        const { isRepeatable, restartMs = this.#timeouts.restartMs, limits = this.#timeouts } = options;
        for (let attempt = 1; ; attempt++) {
            const wasOpen = this.isConnected;
            const session = await this.#openSession(deadline, restartMs);
            try {
                const result = await work(session, Math.min(limits.requestMs, timeLeft(deadline)));
                this.#planKeepAlive();
                return result;
            } catch (error) {
                // A connection that had been idle may have died unnoticed; only the use of it shows.
                const code = error instanceof HapError ? error.code : undefined;
                const isDead = code === "disconnected" || (code === "timeout" && wasOpen && !session.isOpen);
                if (!isRepeatable || !isDead || attempt > 1 || this.#isClosed) throw error;
            }
        }
    }

    async #openSession(deadline: number, restartMs: number): Promise<HapSession> {
        // Not sent any more: a request that is given up at once would cost those behind it the connection.
        if (performance.now() >= deadline) throw tooLate();
        if (this.#session?.isOpen) return this.#session;
        const giveUp = Math.min(performance.now() + restartMs, deadline);
        for (;;) {
            if (this.#isClosed) throw closedError();
            if (performance.now() >= deadline) throw tooLate();
            try {
                return await this.#connect(deadline);
            } catch (error) {
                const isRefused = error instanceof HapError && error.code === "unreachable";
                if (!isRefused || performance.now() + RETRY_REFUSED_MS >= giveUp) throw error;
            }
            await this.#pause(RETRY_REFUSED_MS);
        }
    }

    async #connect(deadline: number): Promise<HapSession> {
        const connectMs = Math.min(this.#timeouts.connectMs, timeLeft(deadline));
        const opening = HapSession.open(this.#pairing, this.#locate(), connectMs, this.#resumption.last);
        const stopped = Promise.withResolvers<never>();
        this.#abandon = stopped.reject;
        const session = await Promise.race([opening, stopped.promise]).catch((error: HapError) => {
            if (error.code !== "unreachable") this.#resumption.noteFailure();
            // It may still come about, when nobody needs it any more.
            opening.then(
                (late) => late.close(),
                () => {},
            );
            throw error;
        });
        this.#resumption.note(session.verified);
        session.onEvent = (readings) => {
            this.#planKeepAlive();
            this.emit("values", readings);
        };
        this.#subscribed = new Set(this.#subscriptions.keys());
        try {
            await session.notify([...this.#subscriptions.values()], true, Math.min(connectMs, timeLeft(deadline)));
        } catch (error) {
            session.close();
            throw error;
        }
        this.#session = session;
        session.onClose = (reason) => this.#lost(reason);
        this.#reconnectMs = this.#timeouts.firstReconnectMs;
        this.#planKeepAlive();
        this.emit("connected", session.endpoint);
        return session;
    }

    #lost(reason: HapError): void {
        this.#session = undefined;
        clearTimeout(this.#keepAliveTimer);
        this.emit("disconnected", reason);
        this.#planReconnect();
    }

    #planReconnect(): void {
        if (!this.#isKept || this.#isClosed) return;
        clearTimeout(this.#reconnectTimer);
        // Spread, so that twenty bridges that lost their power together don't all get the same second.
        const delay = this.#reconnectMs * (0.8 + Math.random() * 0.4);
        this.#reconnectMs = Math.min(this.#reconnectMs * 2, this.#timeouts.lastReconnectMs);
        this.#reconnectTimer = setTimeout(() => this.reconnectNow(), delay);
    }

    #planKeepAlive(): void {
        clearTimeout(this.#keepAliveTimer);
        if (!this.#isKept || this.#isClosed) return;
        this.#keepAliveTimer = setTimeout(() => {
            const [anyId = this.#lastRead] = this.#subscriptions.values();
            if (!this.isConnected || !anyId) return;
            // Silence closes the connection, which is told and repaired like any other end of it.
            this.read([anyId]).catch(() => {});
        }, this.#timeouts.keepAliveMs);
    }

    #pause(delayMs: number): Promise<void> {
        return new Promise((resolve) => {
            const timer = setTimeout(resolve, delayMs);
            this.#endPause = () => {
                clearTimeout(timer);
                resolve();
            };
        });
    }
}

interface RunOptions extends CommandOptions {
    /** Whether it may be done a second time when the connection breaks off. */
    readonly isRepeatable: boolean;
    readonly restartMs?: number;
    /** Other times than commands have. */
    readonly limits?: Pick<HapTimeouts, "commandMs" | "requestMs">;
}

function tooLate(): HapError {
    return new HapError("timeout", "The accessory gave no answer to earlier commands.");
}

function timeLeft(deadline: number): number {
    return Math.max(1, deadline - performance.now());
}

function closedError(): HapError {
    return new HapError("closed", "The connection to the accessory was closed on our side.");
}
