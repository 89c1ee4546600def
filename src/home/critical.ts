/** What lets people in or switches an alarm: the actions that are asked about before they are done. */
import type { Device, DeviceChange } from "./model";
import type { DeviceRequest } from "./requests";

/** Covers that people come in through. Names are Home Assistant's cover device classes. */
const ENTRANCES: ReadonlySet<unknown> = new Set(["door", "garage", "gate", "window"]);
/** What they do, only they know. */
const SCENES: ReadonlySet<string> = new Set(["scene", "script"]);
const GUARDS: ReadonlySet<string> = new Set(["lock", "alarm_control_panel", "valve"]);
/** What may be a way in for all that its type tells. */
const DOUBTFUL: ReadonlySet<string> = new Set([...GUARDS, ...SCENES, "cover", "group"]);

type Find = (deviceId: string) => Device | undefined;

/**
 * Unlocking, opening an entrance or a valve, and everything about an alarm; locking and closing are not. A scene or group is
 * as critical as what is in it; one that doesn't tell what it does may do anything.
 * @param find the devices of the home by their ids
 */
export function isCritical(device: Device, request: DeviceRequest, find: Find): boolean {
    if (request.kind === "read" || request.kind === "refuse") return false;
    if (device.type === "alarm_control_panel") return true;
    return request.kind === "change" && request.changes.some((change) => letsIn(device, change, find));
}

function letsIn(device: Device, { locked, positionPercent = 0, on }: DeviceChange, find: Find): boolean {
    const { type, members } = device;
    // Whatever a lock is taken for, and whatever "on" of one means to its driver.
    if (locked === false || (type === "lock" && on !== undefined)) return true;
    const isSeveral = SCENES.has(type) || members !== undefined;
    if (isSeveral && (on || positionPercent > 0) && holdsEntrance(device, find)) return true;
    return positionPercent > 0 && (type !== "cover" || isEntrance(device));
}

function isEntrance({ attributes }: Device): boolean {
    return ENTRANCES.has(attributes?.device_class);
}

/** @param seen groups may hold one another */
function holdsEntrance(device: Device, find: Find, seen: Set<string> = new Set()): boolean {
    if (seen.has(device.id)) return false;
    seen.add(device.id);
    const { type, members } = device;
    if (GUARDS.has(type) || isEntrance(device)) return true;
    if (members === undefined) return SCENES.has(type) || type === "group";
    return members.some((member) => {
        const known = find(member.id);
        return known ? holdsEntrance(known, find, seen) : DOUBTFUL.has(member.type);
    });
}
