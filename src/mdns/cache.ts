/** What the network said and how long it holds: the cache of RFC 6762 §10, for each interface apart. */
import type { RecordType, ResourceRecord } from "./packets";

/** A goodbye, or a record replaced by a flush, lives on for this long, so that another responder can object (§10.1, §10.2). */
const GRACE_MS = 1000;
/** A time to live beyond this is not believed. */
const MAX_TTL_SECONDS = 86_400;
/** When to ask again, in parts of the time to live (§5.2). */
const REFRESH_AT = [0.8, 0.9, 0.95];
/** Records of one name and type; a host with more addresses than this has made them up. */
const MAX_PER_NAME = 16;

export interface CachedRecord<R extends ResourceRecord = ResourceRecord> {
    readonly record: R;
    /** The link it came over. */
    readonly via: string;
    readonly receivedAt: number;
    readonly expiresAt: number;
    /** How many times it has been asked for again. */
    readonly refreshes: number;
}

type RecordOf<T extends RecordType> = Extract<ResourceRecord, { readonly type: T }>;

export class RecordCache {
    /** By type and name, then by link and content. */
    readonly #sets = new Map<string, Map<string, CachedRecord>>();

    /** `limit`: how many records of this name and type are kept. */
    add(record: ResourceRecord, via: string, now: number, limit = MAX_PER_NAME): void {
        const setKey = keyOf(record.type, record.name);
        const set = this.#sets.get(setKey) ?? new Map<string, CachedRecord>();
        const key = `${via} ${contentOf(record)}`;
        const isUnique = record.type === "SRV" || record.type === "TXT";
        if (isUnique && record.ttlSeconds > 0) {
            // A service has one of each, so a new one takes the place of the old whether or not its sender says "flush".
            for (const [otherKey, other] of set) {
                if (other.via === via && otherKey !== key) set.delete(otherKey);
            }
        } else if (record.flush) {
            for (const [otherKey, other] of set) {
                const isOlder = other.via === via && otherKey !== key && now - other.receivedAt > GRACE_MS;
                if (isOlder) set.set(otherKey, expiringSoon(other, now));
            }
        }
        const known = set.get(key);
        if (record.ttlSeconds === 0) {
            if (known) set.set(key, expiringSoon(known, now));
            return;
        }
        if (!known && set.size >= limit) return;
        const lifeMs = Math.min(record.ttlSeconds, MAX_TTL_SECONDS) * 1000;
        set.set(key, { record, via, receivedAt: now, expiresAt: now + lifeMs, refreshes: 0 });
        this.#sets.set(setKey, set);
    }

    /** Live records of a name, the newest first. */
    get<T extends RecordType>(type: T, name: string): readonly CachedRecord<RecordOf<T>>[] {
        const set = this.#sets.get(keyOf(type, name));
        if (!set) return [];
        return ([...set.values()] as CachedRecord<RecordOf<T>>[]).sort((a, b) => b.receivedAt - a.receivedAt);
    }

    count(type: RecordType, name: string): number {
        return this.#sets.get(keyOf(type, name))?.size ?? 0;
    }

    /** Those of `links` over which this record came. */
    linksOf(record: ResourceRecord, links: readonly string[]): readonly string[] {
        const set = this.#sets.get(keyOf(record.type, record.name));
        return set ? links.filter((link) => set.has(`${link} ${contentOf(record)}`)) : [];
    }

    /** Forgets one record wherever it came from. */
    forget(record: ResourceRecord, links: readonly string[]): void {
        const set = this.#sets.get(keyOf(record.type, record.name));
        for (const link of links) set?.delete(`${link} ${contentOf(record)}`);
    }

    /** Removes what came over a link that is gone. */
    forgetLink(via: string): readonly ResourceRecord[] {
        return this.#removeWhere((cached) => cached.via === via);
    }

    /** Removes and returns what has lived its time. */
    expire(now: number): readonly ResourceRecord[] {
        return this.#removeWhere((cached) => cached.expiresAt <= now);
    }

    /** Removes what `isWanted` no longer wants. */
    prune(isWanted: (record: ResourceRecord) => boolean): void {
        this.#removeWhere(({ record }) => !isWanted(record));
    }

    /** The records it is time to ask for again; each is returned once for every refresh time it passes. */
    takeRefreshes(now: number): readonly CachedRecord[] {
        const due: CachedRecord[] = [];
        for (const set of this.#sets.values()) {
            for (const [key, cached] of set) {
                if (nextRefresh(cached) > now) continue;
                due.push(cached);
                set.set(key, { ...cached, refreshes: cached.refreshes + 1 });
            }
        }
        return due;
    }

    /** When something expires or is to be refreshed next; Infinity for an empty cache. */
    nextDeadline(): number {
        let next = Number.POSITIVE_INFINITY;
        for (const set of this.#sets.values()) {
            for (const cached of set.values()) next = Math.min(next, cached.expiresAt, nextRefresh(cached));
        }
        return next;
    }

    clear(): void {
        this.#sets.clear();
    }

    #removeWhere(isGone: (cached: CachedRecord) => boolean): readonly ResourceRecord[] {
        const removed: ResourceRecord[] = [];
        for (const [setKey, set] of this.#sets) {
            for (const [key, cached] of set) {
                if (!isGone(cached)) continue;
                set.delete(key);
                removed.push(cached.record);
            }
            if (set.size === 0) this.#sets.delete(setKey);
        }
        return removed;
    }
}

function nextRefresh({ receivedAt, expiresAt, refreshes }: CachedRecord): number {
    const part = REFRESH_AT[refreshes];
    return part === undefined ? Number.POSITIVE_INFINITY : receivedAt + (expiresAt - receivedAt) * part;
}

/** No refresh either: whoever said goodbye is not asked whether it meant it. */
function expiringSoon(cached: CachedRecord, now: number): CachedRecord {
    return { ...cached, expiresAt: Math.min(cached.expiresAt, now + GRACE_MS), refreshes: REFRESH_AT.length };
}

function keyOf(type: RecordType, name: string): string {
    return `${type} ${name.toLowerCase()}`;
}

function contentOf(record: ResourceRecord): string {
    switch (record.type) {
        case "PTR":
            return record.target.toLowerCase();
        case "SRV":
            return `${record.host.toLowerCase()} ${record.port} ${record.priority}`;
        case "TXT":
            return JSON.stringify(record.entries);
        default:
            return record.address;
    }
}
