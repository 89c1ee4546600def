/** What some of a home's devices are doing: the state now, with its time, and each change of it as it is told. */
import { EventEmitter } from "node:events";
import { isDeepStrictEqual } from "node:util";
import type { Availability, DeviceState, DeviceStatus, Home } from "../home";

/** Which devices are meant; a device has to be all that is given. */
export interface DeviceFilter {
    /** Id or name, in any case. */
    readonly device?: string;
    /** Id or name of an area, in any case. */
    readonly area?: string;
    /** "light", "sensor", … */
    readonly type?: string;
    /** Only changes of this, and where no device is named only devices that have it: "brightnessPercent". */
    readonly property?: string;
}

export interface StateChange {
    readonly status: DeviceStatus;
    /** What is another value than before, with the value before; undefined for what was not known. */
    readonly before: DeviceState;
    /** Whether this is the first that is known of the device since the hub started. */
    readonly isFirst: boolean;
}

export interface AvailabilityChange {
    readonly status: DeviceStatus;
    readonly before: Availability;
}

export interface DeviceStatesEvents {
    state: [change: StateChange];
    /** A device can be reached again, can't be any more, or is gone. */
    availability: [change: AvailabilityChange];
}

/** Devices that vanished are remembered, so that their return can be told, as long as there are no more than these. */
const MAX_REMEMBERED = 5_000;

export class DeviceStates extends EventEmitter<DeviceStatesEvents> {
    readonly #home: Home;
    readonly #filter: DeviceFilter;
    /** By id: all devices of the home, as they were told about last. */
    readonly #last = new Map<string, DeviceStatus>();

    constructor(home: Home, filter: DeviceFilter = {}) {
        super();
        this.#home = home;
        this.#filter = filter;
    }

    start(): void {
        for (const { id } of this.#home.description().devices) this.#look(id);
        this.#home.on("state", this.#onState).on("changed", this.#onChanged);
    }

    stop(): void {
        this.#home.off("state", this.#onState).off("changed", this.#onChanged);
        this.#last.clear();
    }

    /** The devices that are meant, from memory. A device that was named and that nobody knows is gone. */
    list(filter: DeviceFilter = this.#filter): readonly DeviceStatus[] {
        const found = this.#home
            .description()
            .devices.flatMap(({ id }) => this.#home.status(id) ?? [])
            .filter((status) => this.#isMeant(status, filter));
        const { device: name } = filter;
        if (found.length > 0 || name === undefined) return found;
        const isKnown = this.#home.description().devices.some((device) => same(name, device.id, device.name));
        return isKnown ? [] : [this.#last.get(name) ?? gone(name)];
    }

    /** The same, after each device that can be asked was asked; what doesn't answer keeps its state of before. */
    async ask(filter: DeviceFilter = this.#filter): Promise<readonly DeviceStatus[]> {
        const asked = this.list(filter).filter(({ availability }) => availability !== "gone");
        await Promise.allSettled(asked.map(({ device }) => this.#home.read(device.id)));
        return this.list(filter);
    }

    readonly #onState = ({ device }: DeviceStatus): void => this.#look(device.id);

    readonly #onChanged = (): void => {
        const ids = new Set([...this.#home.description().devices.map(({ id }) => id), ...this.#last.keys()]);
        for (const id of ids) this.#look(id);
    };

    #look(id: string): void {
        const before = this.#last.get(id);
        const status = this.#home.status(id) ?? (before && { ...gone(id), device: before.device });
        if (!status) return;
        this.#last.set(id, status);
        if (this.#last.size > MAX_REMEMBERED) this.#forgetGone();
        const isAsBefore = before && isDeepStrictEqual(before.state, status.state);
        if (!isAsBefore && status.availability !== "gone") this.#tellState(status, before);
        if (before && before.availability !== status.availability) this.#tellAvailability(status, before);
    }

    #forgetGone(): void {
        for (const [id, { availability }] of this.#last) if (availability === "gone") this.#last.delete(id);
    }

    #tellState(status: DeviceStatus, last: DeviceStatus | undefined): void {
        const before = difference(status.state, last?.state ?? {});
        const { property } = this.#filter;
        const isNews = property === undefined ? Object.keys(before).length > 0 : property in before;
        if (!isNews || !this.#isMeant(status, this.#filter)) return;
        this.emit("state", { status, before, isFirst: last?.asOf === undefined });
    }

    #tellAvailability(status: DeviceStatus, { availability: before, state }: DeviceStatus): void {
        // What is gone tells nothing of itself any more: what it told last says whether it was meant.
        if (!this.#isMeant({ ...status, state: { ...state, ...status.state } }, this.#filter)) return;
        // From "unknown" on, only bad news are news: every device begins that way.
        if (before === "unknown" && status.availability === "reachable") return;
        if (status.availability === "unknown") return;
        this.emit("availability", { status, before });
    }

    #isMeant({ device, state }: DeviceStatus, filter: DeviceFilter): boolean {
        const { device: name, area: place, type, property } = filter;
        const area = this.#home.description().areas.find(({ id }) => id === device.area);
        return (
            (name === undefined || same(name, device.id, device.name)) &&
            (place === undefined || (area !== undefined && same(place, area.id, area.name))) &&
            (type === undefined || device.type === type) &&
            (property === undefined || name !== undefined || property in state)
        );
    }
}

function same(wanted: string, ...names: readonly string[]): boolean {
    return names.some((name) => name.toLowerCase() === wanted.toLowerCase());
}

function gone(id: string): DeviceStatus {
    return { device: { id, name: id, type: "unknown" }, availability: "gone", state: {} };
}

/** The properties of `state` that `before` has otherwise, as they were before. */
function difference(state: DeviceState, before: DeviceState): DeviceState {
    const names = new Set([...Object.keys(state), ...Object.keys(before)]) as ReadonlySet<keyof DeviceState>;
    const changed = [...names].filter((name) => !isDeepStrictEqual(state[name], before[name]));
    return Object.fromEntries(changed.map((name) => [name, before[name]]));
}
