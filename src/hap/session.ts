/** The requests of a verified session, each a method: what is sent, and what the answer means (HAP R2 §6.7). */
import { randomInt } from "node:crypto";
import { type Endpoint, HapConnection, type HapRequest, notAuthorised, tryEach } from "./connection";
import {
    type Accessory,
    type CharacteristicId,
    type CharacteristicReading,
    type CharacteristicValue,
    characteristicKey,
    parseDatabase,
    parseEntries,
} from "./database";
import { HapError } from "./error";
import type { HapMessage } from "./http-parser";
import { parseJson, writeJson } from "./json";
import type { Pairing } from "./pair-setup";
import { pairVerify, type VerifiedSession } from "./pair-verify";
import type { Resumption } from "./resumption";
import { statusError } from "./status";

export interface CharacteristicWrite extends CharacteristicId {
    readonly value: CharacteristicValue;
}

/** Why characteristics could not be set, by characteristic key; empty when all could. */
export type WriteFailures = ReadonlyMap<string, HapError>;

/** One characteristic's answer to a read: its value, or why there is none. */
export type ReadResult = CharacteristicReading | (CharacteristicId & { readonly error: HapError });

/** Time within which the accessory must carry out a timed write after it was announced. */
const TIMED_WRITE_MS = 2500;
/** Characteristics read with one request: some accessories have small buffers for the request line. */
const MAX_READ = 40;

export class HapSession {
    readonly #connection: HapConnection;
    /** How it came about, and with what it can be resumed. */
    readonly verified: VerifiedSession;
    /** Called with the characteristics that changed. */
    onEvent: (readings: readonly CharacteristicReading[]) => void = () => {};

    private constructor(connection: HapConnection, verified: VerifiedSession) {
        this.#connection = connection;
        this.verified = verified;
        connection.encrypt(verified.keys);
        connection.onEvent = (body) => {
            const readings = eventReadings(body);
            if (readings.length > 0) this.onEvent(readings);
        };
    }

    /**
     * Connects and verifies, at the first endpoint where this is possible.
     *
     * @param last an earlier session, which some accessories can take up again
     * @throws {HapError} within `timeoutMs`
     */
    static open(
        pairing: Pairing,
        endpoints: readonly Endpoint[],
        timeoutMs: number,
        last?: Resumption,
    ): Promise<HapSession> {
        return tryEach(endpoints, timeoutMs, async (endpoint, shareMs) => {
            const deadline = performance.now() + shareMs;
            const timeLeft = () => Math.max(1, deadline - performance.now());
            const attempt = async (earlier?: Resumption) => {
                const connection = await HapConnection.open(endpoint, timeLeft());
                try {
                    return new HapSession(connection, await pairVerify(connection, pairing, timeLeft, earlier));
                } catch (error) {
                    connection.close();
                    throw error;
                }
            };
            if (!last) return attempt();
            // One that stumbles over the unknown request is asked in the way that all have to know.
            return attempt(last).catch((error: HapError) => {
                if (error.code === "protocol" || error.code === "authentication" || error.code === "disconnected") {
                    return attempt();
                }
                throw error;
            });
        });
    }

    get isOpen(): boolean {
        return this.#connection.isOpen;
    }

    get endpoint(): Endpoint {
        return this.#connection.endpoint;
    }

    set onClose(listener: (reason: HapError) => void) {
        this.#connection.onClose = listener;
    }

    close(reason?: HapError): void {
        this.#connection.close(reason);
    }

    async accessories(timeoutMs: number): Promise<readonly Accessory[]> {
        const { body } = await this.#request({ method: "GET", path: "/accessories" }, timeoutMs, [200]);
        return parseDatabase(parseJson(body));
    }

    async read(ids: readonly CharacteristicId[], timeoutMs: number): Promise<readonly ReadResult[]> {
        const deadline = performance.now() + timeoutMs;
        const results: ReadResult[] = [];
        for (let start = 0; start < ids.length; start += MAX_READ) {
            const wanted = ids.slice(start, start + MAX_READ);
            const path = `/characteristics?id=${wanted.map(characteristicKey).join(",")}`;
            const response = await this.#request({ method: "GET", path }, deadline - performance.now(), [200, 207]);
            const entries = new Map(
                parseEntries(parseJson(response.body)).map((entry) => [characteristicKey(entry), entry]),
            );
            for (const { aid, iid } of wanted) {
                const entry = entries.get(characteristicKey({ aid, iid }));
                if (entry?.value !== undefined && entry.status === 0) results.push({ aid, iid, value: entry.value });
                else results.push({ aid, iid, error: statusError(entry?.status ?? 0, "read") });
            }
        }
        return results;
    }

    /**
     * All in one request. With `timed`, announced first, as locks and doors ask for (permission "tw").
     *
     * @throws {HapError} when the request as a whole failed or was refused
     */
    async write(writes: readonly CharacteristicWrite[], timed: boolean, timeoutMs: number): Promise<WriteFailures> {
        const deadline = performance.now() + timeoutMs;
        let pid: number | undefined;
        if (timed) {
            pid = randomInt(1, 2 ** 47);
            const { body } = await this.#put("/prepare", { ttl: TIMED_WRITE_MS, pid }, timeoutMs);
            const status = prepareStatus(body);
            if (status !== 0) throw statusError(status, "set");
        }
        const characteristics = writes.map(({ aid, iid, value }) => ({ aid, iid, value }));
        const response = await this.#put(
            "/characteristics",
            { characteristics, ...(pid === undefined ? {} : { pid }) },
            deadline - performance.now(),
        );
        return writeFailures(response);
    }

    /** Turns events on or off. What an accessory has no events for is passed over. */
    async notify(ids: readonly CharacteristicId[], on: boolean, timeoutMs: number): Promise<void> {
        if (ids.length === 0) return;
        const characteristics = ids.map(({ aid, iid }) => ({ aid, iid, ev: on }));
        await this.#put("/characteristics", { characteristics }, timeoutMs);
    }

    /** A message about the accessory's pairings, in TLV8, and its answer. */
    pairingRequest(body: Buffer, timeoutMs: number): Promise<Buffer> {
        return this.#connection.exchangeBytes("/pairings", body, Math.max(1, timeoutMs));
    }

    #put(path: string, content: unknown, timeoutMs: number): Promise<HapMessage> {
        const body = Buffer.from(writeJson(content));
        return this.#request({ method: "PUT", path, body }, timeoutMs, [200, 204, 207, 400]);
    }

    async #request(request: HapRequest, timeoutMs: number, expected: readonly number[]): Promise<HapMessage> {
        const response = await this.#connection.request(request, Math.max(1, timeoutMs));
        if (expected.includes(response.status)) return response;
        if (response.status === 470) {
            // Such a session will never be of use again.
            const reason = notAuthorised();
            this.#connection.close(reason);
            throw reason;
        }
        throw new HapError("refused", `The accessory answered with HTTP status ${response.status}.`);
    }
}

/**
 * Several changes of one characteristic in one event come newest first from hap-nodejs, which most bridges are built on:
 * the first entry counts. An event that can't be read is dropped; the connection is encrypted, so nobody forged it.
 */
function eventReadings(body: Buffer): readonly CharacteristicReading[] {
    const readings = new Map<string, CharacteristicReading>();
    try {
        for (const { aid, iid, value } of parseEntries(parseJson(body))) {
            const key = characteristicKey({ aid, iid });
            if (value !== undefined && !readings.has(key)) readings.set(key, { aid, iid, value });
        }
    } catch {
        return [];
    }
    return [...readings.values()];
}

/** @throws {HapError} `refused` when all was, without saying what */
function writeFailures({ status, body }: HapMessage): WriteFailures {
    if (status === 204) return new Map();
    const entries = body.length > 0 ? parseEntries(parseJson(body)) : [];
    const failures = entries.flatMap((entry) =>
        entry.status === 0 ? [] : [[characteristicKey(entry), statusError(entry.status, "set")] as const],
    );
    if (status === 400 && failures.length === 0) {
        throw new HapError("refused", "The accessory refused the values it was to be set to.");
    }
    return new Map(failures);
}

function prepareStatus(body: Buffer): number {
    if (body.length === 0) return 0;
    const json = parseJson(body);
    const status = typeof json === "object" && json !== null && "status" in json ? json.status : 0;
    return typeof status === "number" ? status : 0;
}
