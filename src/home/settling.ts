/** Bolts and motors take their time: whether a device has become, or is on its way to, what it was asked to be. */
import type { Home } from "./home";
import type { DeviceChange, DeviceState } from "./model";

/** Covers stop a little beside where they were sent. */
const CLOSE_ENOUGH_PERCENT = 5;

/** The state of a device once it has obeyed, or has had the time to; `state` where there is nothing to wait for. */
export async function settled(
    home: Home,
    deviceId: string,
    change: DeviceChange,
    state: DeviceState,
    withinMs: number,
): Promise<DeviceState> {
    if (withinMs <= 0 || hasSettled(change, state)) return state;
    const { promise, resolve } = Promise.withResolvers<DeviceState>();
    const told = () => home.status(deviceId)?.state ?? state;
    const look = () => {
        if (hasSettled(change, told())) resolve(told());
    };
    const timer = setTimeout(() => resolve(told()), withinMs);
    home.on("state", look);
    try {
        look();
        return await promise;
    } finally {
        clearTimeout(timer);
        home.off("state", look);
    }
}

/** Quantities may settle elsewhere (a lamp has steps, a thermostat its range) and don't hold up the reply. */
function hasSettled({ locked, positionPercent }: DeviceChange, state: DeviceState): boolean {
    if (locked !== undefined && state.lockState !== "jammed") {
        const tellsNothing = state.locked === undefined && state.lockState === undefined;
        return tellsNothing || state.locked === locked;
    }
    if (positionPercent === undefined) return true;
    const { coverState, positionPercent: at } = state;
    if (coverState === "opening" || coverState === "closing" || coverState === "stopped") return true;
    return at === undefined || Math.abs(at - positionPercent) <= CLOSE_ENOUGH_PERCENT;
}

/** What a device says it is instead of what it was told to be; undefined where it has obeyed, or doesn't say. */
export function disobeyed(change: DeviceChange, state: DeviceState): string | undefined {
    for (const property of ["on", "climateMode"] as const) {
        const [wanted, told] = [change[property], state[property]];
        if (wanted === undefined || told === undefined || wanted === told) continue;
        return typeof told === "boolean" ? (told ? "on" : "off") : told;
    }
    const { locked, positionPercent } = change;
    if (locked !== undefined && state.lockState === "jammed") return "jammed";
    if (locked !== undefined && state.locked === !locked) return locked ? "unlocked" : "locked";
    // Others are still on their way, or told to stay in between.
    if (positionPercent === 0 && state.coverState === "open") return "open";
    if (positionPercent === 100 && state.coverState === "closed") return "closed";
    return undefined;
}
