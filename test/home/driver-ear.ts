/** Keeps what a driver tells, and waits for it. */
import { EventEmitter, once } from "node:events";
import { isDeepStrictEqual } from "node:util";
import type { Device, DeviceState, DriverListener, Places } from "../../dist/src/home";

const WAIT_MS = 10_000;

export class DriverEar implements DriverListener {
    devices: readonly Device[] = [];
    places: Places = { floors: [], areas: [] };
    readonly states: [id: string, state: DeviceState][] = [];
    readonly reachable = new Map<string, boolean>();
    readonly #news = new EventEmitter<{ told: [] }>();

    devicesChanged(devices: readonly Device[]) {
        this.devices = devices;
        this.#news.emit("told");
    }
    placesChanged(places: Places) {
        this.places = places;
        this.#news.emit("told");
    }
    stateChanged(id: string, state: DeviceState) {
        this.states.push([id, state]);
        this.#news.emit("told");
    }
    reachableChanged(id: string, reachable: boolean) {
        this.reachable.set(id, reachable);
        this.#news.emit("told");
    }

    async until<T>(find: () => T | undefined | false): Promise<T> {
        const giveUp = AbortSignal.timeout(WAIT_MS);
        for (;;) {
            const found = find();
            if (found !== undefined && found !== false) return found;
            await once(this.#news, "told", { signal: giveUp });
        }
    }

    /** Waits until the device has told at least this of its state, in one piece. */
    async state(id: string, part: DeviceState): Promise<void> {
        const isTold = (state: DeviceState) =>
            Object.entries(part).every(([name, value]) => isDeepStrictEqual(state[name as keyof DeviceState], value));
        await this.until(() => this.states.some(([of, state]) => of === id && isTold(state)));
    }

    id(name: string): string {
        const device = this.devices.find((candidate) => candidate.name === name);
        if (!device) throw new Error(`no device ${name}`);
        return device.id;
    }
}
