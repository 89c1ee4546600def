/** What lets people in or switches an alarm: the actions that are asked about before they are done. */
import type { Device, DeviceChange } from "./model";
import type { DeviceRequest } from "./requests";

/** Covers that people come in through. Names are Home Assistant's cover device classes. */
const ENTRANCES: ReadonlySet<unknown> = new Set(["door", "garage", "gate", "window"]);

/** Unlocking, opening an entrance or a valve, and everything about an alarm; locking and closing are not. */
export function isCritical(device: Device, request: DeviceRequest): boolean {
    if (request.kind === "read" || request.kind === "refuse") return false;
    if (device.type === "alarm_control_panel") return true;
    return request.kind === "change" && request.changes.some((change) => letsIn(device, change));
}

function letsIn({ type, attributes }: Device, { locked, positionPercent, on }: DeviceChange): boolean {
    // Whatever a lock is taken for, and whatever "on" of one means to its driver.
    if (locked === false || (type === "lock" && on !== undefined)) return true;
    if (positionPercent === undefined || positionPercent === 0) return false;
    return type !== "cover" || ENTRANCES.has(attributes?.device_class);
}
