/**
 * Finds services on the local network by multicast DNS (RFC 6762) and DNS-based service discovery (RFC 6763), and tells
 * when they come, change and go. It needs no network to start and never fails: what can't be read is dropped.
 */
import { EventEmitter } from "node:events";
import { RecordCache } from "./cache";
import { type Clock, systemClock } from "./clock";
import { diagnose, type Finding, isInContainer } from "./diagnosis";
import { Links } from "./links";
import { type Network, systemNetwork } from "./network";
import { decodeResponse, encodeQueries, type Question, type RecordType, type ResourceRecord } from "./packets";

export interface DiscoveredService {
    /** The instance's own name: "Kitchen Bridge". */
    readonly name: string;
    /** "_hap._tcp". */
    readonly type: string;
    /** The host's name without the final dot: "bridge.local". */
    readonly host: string;
    readonly port: number;
    /** IPv4 first, then IPv6, a link-local one with its zone ("fe80::1%eth0"). */
    readonly addresses: readonly string[];
    /** Keys in lower case. */
    readonly txt: Readonly<Record<string, string>>;
}

export interface MdnsBrowserEvents {
    up: [service: DiscoveredService];
    changed: [service: DiscoveredService];
    down: [service: DiscoveredService];
}

export interface MdnsBrowserOptions {
    /** Service types: "_hap._tcp". */
    readonly types: readonly string[];
    /** Only these interfaces, by name; all, loopback included, if absent. */
    readonly interfaces?: readonly string[];
    readonly network?: Network;
    readonly clock?: Clock;
}

const DOMAIN = "local";
/** Services of one type; those beyond are not seen until others go. */
const MAX_SERVICES = 500;
const FIRST_QUERY_INTERVAL_MS = 1000;
const LAST_QUERY_INTERVAL_MS = 60_000;
/** When to ask for what a pointer promised but didn't bring, counted from its arrival; after the last it is forgotten. */
const RESOLVE_AT_MS = [20, 1000, 3000, 9000, 27_000];
const FORGET_UNRESOLVED_MS = 60_000;

interface QuerySchedule {
    nextAt: number;
    intervalMs: number;
}

type PointerRecord = Extract<ResourceRecord, { readonly type: "PTR" }>;

/** An instance of which a pointer record is alive. */
interface Instance {
    readonly name: string;
    readonly type: string;
    readonly fullName: string;
    readonly pointer: PointerRecord;
    /** Since when something is missing, and how often it was asked for. */
    unresolvedSince: number | undefined;
    resolves: number;
    /** What listeners were told last; undefined while it is not up. */
    told: DiscoveredService | undefined;
}

export class MdnsBrowser extends EventEmitter<MdnsBrowserEvents> {
    readonly #types: readonly string[];
    readonly #clock: Clock;
    readonly #links: Links;
    readonly #cache = new RecordCache();
    /** By full name in lower case. */
    readonly #instances = new Map<string, Instance>();
    readonly #schedules = new Map<string, QuerySchedule>();
    readonly #changedInstances = new Set<string>();
    /** Which instances run on a host; undefined when it has to be counted anew. */
    #hosts: Map<string, string[]> | undefined;
    #cancelWork: (() => void) | undefined;
    #isRunning: boolean = false;

    constructor({ types, interfaces, network = systemNetwork, clock = systemClock }: MdnsBrowserOptions) {
        super();
        this.#types = types;
        this.#clock = clock;
        this.#links = new Links({ network, clock, interfaces });
    }

    start(): void {
        if (this.#isRunning) return;
        this.#isRunning = true;
        this.#links.start({
            linkUp: (link) => {
                this.#schedules.set(link, { nextAt: this.#clock.now(), intervalMs: FIRST_QUERY_INTERVAL_MS });
                this.#planWork();
            },
            linkDown: (link) => {
                this.#schedules.delete(link);
                this.#markChanged(this.#cache.forgetLink(link));
                this.#planWork();
            },
            packet: (link, packet) => this.#receive(link, packet),
        });
    }

    /** Closes the sockets and forgets everything; listeners are told nothing more. */
    stop(): void {
        this.#isRunning = false;
        this.#cancelWork?.();
        this.#links.stop();
        this.#cache.clear();
        this.#instances.clear();
        this.#schedules.clear();
        this.#changedInstances.clear();
    }

    /** The services that are up, of one type or of all. */
    services(type?: string): readonly DiscoveredService[] {
        return [...this.#instances.values()].flatMap(({ told }) =>
            told && (type === undefined || told.type === type) ? [told] : [],
        );
    }

    /** Asks again now, as after a start: for when a service doesn't answer where it was last seen. */
    refresh(): void {
        const now = this.#clock.now();
        for (const schedule of this.#schedules.values()) {
            schedule.nextAt = now;
            schedule.intervalMs = FIRST_QUERY_INTERVAL_MS;
        }
        this.#planWork();
    }

    /**
     * Why nothing, or a certain host, is not found; of use some seconds after the start.
     *
     * @param hosts IPv4 addresses that somebody misses
     */
    explain(hosts: readonly string[] = [], inContainer = isInContainer()): readonly Finding[] {
        return diagnose({
            links: this.#links.reports(),
            types: this.#types,
            services: this.services().length,
            hosts,
            isInContainer: inContainer,
        });
    }

    #receive(link: string, packet: Buffer): void {
        const records = decodeResponse(packet);
        if (!records) return;
        const now = this.#clock.now();
        // Pointers, then services, then addresses: what is kept of each depends on those before.
        for (const record of records) if (record.type === "PTR") this.#learnPointer(link, record, now);
        for (const record of records) {
            if ((record.type === "SRV" || record.type === "TXT") && this.#instances.has(record.name.toLowerCase())) {
                this.#cache.add(record, link, now);
                this.#changedInstances.add(record.name.toLowerCase());
                if (record.type === "SRV") this.#hosts = undefined;
            }
        }
        for (const record of records) {
            if (record.type !== "A" && record.type !== "AAAA") continue;
            const instances = this.#instancesOn(record.name);
            if (instances.length === 0) continue;
            this.#cache.add(record, link, now);
            for (const key of instances) this.#changedInstances.add(key);
        }
        this.#planWork();
    }

    #learnPointer(link: string, record: PointerRecord, now: number): void {
        const type = this.#types.find((known) => sameName(record.name, `${known}.${DOMAIN}`));
        if (type === undefined) return;
        const suffix = `.${type}.${DOMAIN}`;
        const { target } = record;
        if (target.length <= suffix.length || !sameName(target.slice(-suffix.length), suffix)) return;
        this.#cache.add(record, link, now, MAX_SERVICES);
        const key = target.toLowerCase();
        if (this.#instances.has(key) || this.#cache.linksOf(record, [link]).length === 0) return;
        this.#instances.set(key, {
            name: target.slice(0, -suffix.length),
            type,
            fullName: target,
            pointer: record,
            unresolvedSince: now,
            resolves: 0,
            told: undefined,
        });
        this.#changedInstances.add(key);
    }

    #instancesOn(host: string): readonly string[] {
        this.#hosts ??= this.#countHosts();
        return this.#hosts.get(host.toLowerCase()) ?? [];
    }

    #countHosts(): Map<string, string[]> {
        const hosts = new Map<string, string[]>();
        for (const [key, { fullName }] of this.#instances) {
            for (const { record } of this.#cache.get("SRV", fullName)) {
                const host = record.host.toLowerCase();
                const instances = hosts.get(host);
                if (instances) instances.push(key);
                else hosts.set(host, [key]);
            }
        }
        return hosts;
    }

    #markChanged(records: readonly ResourceRecord[]): void {
        for (const record of records) {
            if (record.type === "PTR") this.#changedInstances.add(record.target.toLowerCase());
            else if (record.type === "SRV" || record.type === "TXT") {
                this.#changedInstances.add(record.name.toLowerCase());
            } else for (const key of this.#instancesOn(record.name)) this.#changedInstances.add(key);
        }
        this.#hosts = undefined;
    }

    /** One timer for everything: it is set to whatever is due first. */
    #planWork(): void {
        if (!this.#isRunning) return;
        this.#cancelWork?.();
        const now = this.#clock.now();
        let next = this.#changedInstances.size > 0 ? now : this.#cache.nextDeadline();
        for (const { nextAt } of this.#schedules.values()) next = Math.min(next, nextAt);
        for (const instance of this.#instances.values()) next = Math.min(next, resolveDueAt(instance));
        if (next === Number.POSITIVE_INFINITY) return;
        this.#cancelWork = this.#clock.after(Math.max(0, next - now), () => this.#work());
    }

    #work(): void {
        const now = this.#clock.now();
        this.#markChanged(this.#cache.expire(now));
        this.#tellChanges(now);
        this.#browse(now);
        this.#resolve(now);
        this.#refreshRecords(now);
        this.#planWork();
    }

    #browse(now: number): void {
        for (const [link, schedule] of this.#schedules) {
            if (schedule.nextAt > now) continue;
            schedule.nextAt = now + schedule.intervalMs;
            schedule.intervalMs = Math.min(schedule.intervalMs * 2, LAST_QUERY_INTERVAL_MS);
            const names = this.#types.map((type) => [...type.split("."), DOMAIN]);
            const known = this.#types.flatMap((type) => this.#knownAnswers(type, link, now));
            this.#send(
                link,
                encodeQueries(
                    names.map((name) => ({ name, type: "PTR" })),
                    known,
                ),
            );
        }
    }

    /** Pointers with more than half of their life left; those with less are to be repeated (RFC 6762 §7.1). */
    #knownAnswers(type: string, link: string, now: number) {
        return this.#cache.get("PTR", `${type}.${DOMAIN}`).flatMap(({ record, via, receivedAt, expiresAt }) => {
            if (via !== link || now - receivedAt > (expiresAt - receivedAt) / 2) return [];
            const name = [...type.split("."), DOMAIN];
            const instance = record.target.slice(0, -`.${type}.${DOMAIN}`.length);
            return [{ name, target: [instance, ...name], ttlSeconds: Math.floor((expiresAt - now) / 1000) }];
        });
    }

    #resolve(now: number): void {
        const questions = new Map<string, Question[]>();
        for (const instance of [...this.#instances.values()]) {
            if (resolveDueAt(instance) > now) continue;
            if (instance.resolves >= RESOLVE_AT_MS.length) {
                this.#forget(instance);
                continue;
            }
            instance.resolves++;
            for (const link of this.#linksOf(instance)) {
                questions.set(link, [...(questions.get(link) ?? []), ...this.#missing(instance)]);
            }
        }
        for (const [link, asked] of questions) this.#send(link, encodeQueries(asked));
    }

    #linksOf({ pointer }: Instance): readonly string[] {
        return this.#cache.linksOf(pointer, this.#links.keys());
    }

    #missing({ name, type, fullName }: Instance): readonly Question[] {
        const labels = [name, ...type.split("."), DOMAIN];
        const [service] = this.#cache.get("SRV", fullName);
        const missing: Question[] = [];
        if (!service) missing.push({ name: labels, type: "SRV" });
        if (this.#cache.count("TXT", fullName) === 0) missing.push({ name: labels, type: "TXT" });
        if (service && this.#addresses(service.record.host).length === 0) {
            const host = service.record.host.split(".");
            missing.push({ name: host, type: "A" }, { name: host, type: "AAAA" });
        }
        return missing;
    }

    /** A pointer to something that answers nothing about itself: it will be heard of again if it is real. */
    #forget(instance: Instance): void {
        this.#cache.forget(instance.pointer, this.#links.keys());
        this.#instances.delete(instance.fullName.toLowerCase());
        this.#prune();
    }

    #refreshRecords(now: number): void {
        const questions = new Map<string, Question[]>();
        for (const { record, via } of this.#cache.takeRefreshes(now)) {
            const question = { name: this.#labelsOf(record.name), type: record.type };
            questions.set(via, [...(questions.get(via) ?? []), question]);
        }
        for (const [link, asked] of questions) this.#send(link, encodeQueries(asked));
    }

    #labelsOf(name: string): readonly string[] {
        const instance = this.#instances.get(name.toLowerCase());
        return instance ? [instance.name, ...instance.type.split("."), DOMAIN] : name.split(".");
    }

    #send(link: string, packets: readonly Buffer[]): void {
        for (const packet of packets) this.#links.send(link, packet);
    }

    #tellChanges(now: number): void {
        const keys = [...this.#changedInstances];
        this.#changedInstances.clear();
        let hasGone = false;
        for (const key of keys) {
            const instance = this.#instances.get(key);
            if (!instance) continue;
            const { told } = instance;
            const isAnnounced = this.#linksOf(instance).length > 0;
            const service = isAnnounced ? this.#describe(instance) : undefined;
            if (!isAnnounced) {
                this.#instances.delete(key);
                hasGone = true;
            } else if (service) {
                instance.unresolvedSince = undefined;
            } else if (instance.unresolvedSince === undefined) {
                instance.unresolvedSince = now;
                instance.resolves = 0;
            }
            instance.told = service;
            if (service && !told) this.emit("up", service);
            else if (told && !service) this.emit("down", told);
            else if (service && told && JSON.stringify(service) !== JSON.stringify(told)) this.emit("changed", service);
        }
        if (hasGone) this.#prune();
    }

    /** Services and addresses that no pointer leads to any more are of no use. */
    #prune(): void {
        this.#hosts = undefined;
        this.#cache.prune(({ type, name }) => {
            if (type === "PTR") return true;
            return isAddress(type) ? this.#instancesOn(name).length > 0 : this.#instances.has(name.toLowerCase());
        });
    }

    #describe({ name, type, fullName }: Instance): DiscoveredService | undefined {
        const [service] = this.#cache.get("SRV", fullName);
        const [text] = this.#cache.get("TXT", fullName);
        if (!service || !text) return undefined;
        const { host, port } = service.record;
        const addresses = this.#addresses(host);
        if (addresses.length === 0) return undefined;
        return { name, type, host, port, addresses, txt: text.record.entries };
    }

    #addresses(host: string): readonly string[] {
        const ipv4 = this.#cache.get("A", host).map(({ record }) => record.address);
        const ipv6 = this.#cache.get("AAAA", host).map(({ record, via }) => {
            const isLinkLocal = record.address.toLowerCase().startsWith("fe80:");
            return isLinkLocal ? `${record.address}%${this.#links.interfaceOf(via) ?? ""}` : record.address;
        });
        return [...new Set([...ipv4, ...ipv6])];
    }
}

function resolveDueAt({ unresolvedSince, resolves }: Instance): number {
    if (unresolvedSince === undefined) return Number.POSITIVE_INFINITY;
    return unresolvedSince + (RESOLVE_AT_MS[resolves] ?? FORGET_UNRESOLVED_MS);
}

function isAddress(type: RecordType): boolean {
    return type === "A" || type === "AAAA";
}

function sameName(a: string, b: string): boolean {
    return a.toLowerCase() === b.toLowerCase();
}
