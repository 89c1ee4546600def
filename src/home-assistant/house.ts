/** What Home Assistant knows of the home and lets voice assistants have of it. */
import type { Connection } from "./connection";
import { HomeAssistantError } from "./error";
import {
    type AreaEntry,
    type DeviceEntry,
    type EntityEntry,
    type FloorEntry,
    readAreas,
    readConfig,
    readDevices,
    readEntityEntries,
    readExposedEntities,
    readFloors,
    type ServerConfig,
} from "./messages";

export interface House {
    readonly config: ServerConfig;
    readonly floors: readonly FloorEntry[];
    readonly areas: readonly AreaEntry[];
    /** Those that are exposed to voice assistants, in the order of their ids. */
    readonly entities: readonly HouseEntity[];
}

export interface HouseEntity {
    /** "light.kitchen_ceiling" */
    readonly id: string;
    /** As the registry has it; the state's `friendly_name` is what people see. */
    readonly name?: string;
    readonly aliases: readonly string[];
    /** Its own area, or that of its device. */
    readonly areaId?: string;
}

/** Keeps single answers short. */
const ENTRIES_AT_ONCE = 500;
/** A part of a part of a device: deeper than that is a circle. */
const MAX_PARENTS = 4;

/**
 * Reads the registries.
 * @throws HomeAssistantError
 */
export async function readHouse(connection: Connection): Promise<House> {
    const ask = (type: SimpleType) => connection.request({ type });
    const [config, floors, areas, devices, exposed] = await Promise.all([
        ask("get_config").then(readConfig),
        ask("config/floor_registry/list").then(readFloors),
        ask("config/area_registry/list").then(readAreas),
        ask("config/device_registry/list").then(readDevices),
        ask("homeassistant/expose_entity/list").then(readExposedEntities, notAdmin),
    ]);
    const ids = exposed.toSorted();
    const entries = new Map<string, EntityEntry>();
    for (let from = 0; from < ids.length; from += ENTRIES_AT_ONCE) {
        const entity_ids = ids.slice(from, from + ENTRIES_AT_ONCE);
        const answer = await connection.request({ type: "config/entity_registry/get_entries", entity_ids });
        for (const entry of readEntityEntries(answer)) entries.set(entry.id, entry);
    }
    const known = new Set(areas.map(({ id }) => id));
    const areaOf = areasOfDevices(devices);
    const entities = ids.map((id): HouseEntity => {
        const { name, aliases = [], areaId, deviceId } = entries.get(id) ?? {};
        const area = areaId ?? (deviceId === undefined ? undefined : areaOf(deviceId));
        return {
            id,
            aliases,
            ...(name !== undefined && { name }),
            ...(area !== undefined && known.has(area) && { areaId: area }),
        };
    });
    return { config, floors, areas, entities };
}

type SimpleType =
    | "get_config"
    | `config/${"floor" | "area" | "device"}_registry/list`
    | "homeassistant/expose_entity/list";

function areasOfDevices(devices: readonly DeviceEntry[]): (deviceId: string) => string | undefined {
    const byId = new Map(devices.map((device) => [device.id, device]));
    return (deviceId) => {
        let device = byId.get(deviceId);
        for (let above = 0; above < MAX_PARENTS && device; above += 1) {
            if (device.areaId !== undefined) return device.areaId;
            device = byId.get(device.parentId ?? "");
        }
        return undefined;
    };
}

function notAdmin(error: unknown): never {
    if (error instanceof HomeAssistantError && error.remoteCode === "unauthorized") {
        const message =
            "The access token's user may not see which entities are exposed to voice assistants. " +
            "Make the token as an administrator of Home Assistant.";
        throw new HomeAssistantError("not-admin", message, { cause: error });
    }
    throw error;
}
