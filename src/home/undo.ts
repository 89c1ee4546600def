/** How devices were before the last command of a site and speaker, and what makes them so again. */
import { isDeepStrictEqual } from "node:util";
import type { Device, DeviceChange, DeviceState } from "./model";
import { change, type DeviceRequest, refuse } from "./requests";
import type { DispatchContext } from "./rights";
import { keyOf } from "./waiting-orders";

/** "Undo that" later than this is hardly about that command. */
export const UNDO_MS = 5 * 60_000;
const MAX_COMMANDS = 64;

/** One device of a command that was carried out. */
export interface Changed {
    readonly device: Device;
    readonly change: DeviceChange;
    readonly before: DeviceState;
    /** Absent where it didn't tell: it may have changed all the same. */
    readonly after?: DeviceState;
}

interface Command {
    readonly changed: readonly Changed[];
    readonly at: number;
    readonly sentence: string | undefined;
}

export class UndoMemory {
    readonly #now: () => number;
    /** Oldest first. */
    readonly #commands = new Map<string, Command>();

    /** @param now in milliseconds, from any start */
    constructor(now: () => number) {
        this.#now = now;
    }

    /** Only what the last sentence of a site and speaker commanded can be undone. */
    remember(context: DispatchContext, changed: readonly Changed[]): void {
        const key = keyOf(context);
        if (key === undefined || changed.length === 0) return;
        const last = this.#commands.get(key);
        this.#commands.delete(key);
        const [oldest] = this.#commands.keys();
        if (this.#commands.size >= MAX_COMMANDS && oldest !== undefined) this.#commands.delete(oldest);
        const { sentence } = context;
        const isSame = sentence !== undefined && last?.sentence === sentence;
        const all = isSame ? joined(last.changed, changed) : changed;
        this.#commands.set(key, { changed: all, at: this.#now(), sentence });
    }

    last(context: DispatchContext): readonly Changed[] {
        for (const [key, { at }] of this.#commands) if (at + UNDO_MS <= this.#now()) this.#commands.delete(key);
        return this.#commands.get(keyOf(context) ?? "")?.changed ?? [];
    }

    forget(context: DispatchContext): void {
        this.#commands.delete(keyOf(context) ?? "");
    }
}

/** A device that was changed twice was before all of it what it was first. */
function joined(first: readonly Changed[], then: readonly Changed[]): readonly Changed[] {
    const byDevice = new Map(first.map((changed) => [changed.device.id, changed]));
    for (const later of then) {
        const earlier = byDevice.get(later.device.id);
        const whole = earlier && { ...later, change: { ...earlier.change, ...later.change }, before: earlier.before };
        byDevice.set(later.device.id, whole ?? later);
    }
    return [...byDevice.values()];
}

/** Asks a device to be again as it was. */
export function restoring({ device, change: done, before, after }: Changed): DeviceRequest {
    const isOther = (property: keyof DeviceState) =>
        property in done || (after !== undefined && !isDeepStrictEqual(before[property], after[property]));
    const back: Record<string, unknown> = {};
    for (const property of RESTORED)
        if (isOther(property) && before[property] !== undefined) back[property] = before[property];
    // A lamp shows a colour or a white: the other of the two is only what it last was.
    if ("color" in back || "colorTemperatureKelvin" in back) {
        const isWhite = before.color === undefined || before.color.saturationPercent === 0;
        const other = isWhite && before.colorTemperatureKelvin !== undefined ? "color" : "colorTemperatureKelvin";
        delete back[other];
        const shown = other === "color" ? "colorTemperatureKelvin" : "color";
        if (before[shown] !== undefined) back[shown] = before[shown];
    }
    // What was off goes off: setting anything else of it would turn some devices on.
    if (before.on === false && "on" in back) return change({ on: false });
    if (before.activity !== undefined && ("activity" in done || "cleanArea" in done)) {
        back.activity = before.activity === "cleaning" || before.activity === "mowing" ? before.activity : "docked";
    }
    if (Object.keys(back).length === 0) return refuse(device, "can't be put back");
    return change(back as DeviceChange);
}

const RESTORED = [
    "on",
    "climateMode",
    "brightnessPercent",
    "color",
    "colorTemperatureKelvin",
    "targetTemperatureCelsius",
    "targetHumidityPercent",
    "fanSpeedPercent",
    "positionPercent",
    "tiltDegrees",
    "locked",
    "volumePercent",
    "muted",
    "playback",
    "source",
] as const satisfies readonly (keyof DeviceState & keyof DeviceChange)[];
