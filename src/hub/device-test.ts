/** Trying out one device: a lamp is switched over and back, of everything else the state is read. */
import { setTimeout as wait } from "node:timers/promises";
import { DeviceError, type DeviceState } from "../home";
import type { Hub } from "./hub";

export interface DeviceTest {
    /** Whether it was switched, not only read. */
    readonly switched: boolean;
    /** As the device itself told it, at the end. */
    readonly state: DeviceState;
}

/** Long enough to be seen from the next room. */
const SEEN_MS = 1_500;

/**
 * Only lamps are switched: behind an outlet there may be a freezer, and a lock is no thing to play with.
 * The lamp is switched through the hub's one door to its devices, so what may not be switched is not.
 *
 * @throws DeviceError when the device can't be reached, or does not do it
 */
export async function testDevice(hub: Hub, id: string, seenMs: number = SEEN_MS): Promise<DeviceTest> {
    const before = await hub.home.read(id);
    const { on } = before;
    if (hub.home.device(id)?.type !== "light" || on === undefined) return { switched: false, state: before };
    await switchTo(hub, id, !on);
    await wait(seenMs);
    return { switched: true, state: await switchTo(hub, id, on) };
}

async function switchTo(hub: Hub, id: string, on: boolean): Promise<DeviceState> {
    const name = on ? "HassTurnOn" : "HassTurnOff";
    const { devices } = await hub.dispatch({ name, confidence: 1, slots: {}, targets: [id], text: "" });
    const [outcome] = devices;
    if (outcome?.ok && outcome.state) return outcome.state;
    throw new DeviceError("failed", id, outcome?.error ?? `${hub.home.device(id)?.name ?? id} was not switched.`);
}
