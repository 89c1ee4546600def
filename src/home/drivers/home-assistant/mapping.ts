/** Home Assistant's house as a home: floors, areas, and its exposed entities as devices. */
import { type EntityState, type House, type HouseEntity, MAX_ATTRIBUTE_WORDS } from "../../../home-assistant";
import type { Device, HomeDescription } from "../../model";
import type { Places } from "../../places";
import { abilitiesOf } from "./abilities";
import { AttributeReader } from "./attributes";
import { isAvailable } from "./state";

/** Ids of devices of other drivers never look like this. */
const PREFIX = "homeassistant:";

export function deviceIdOf(entityId: string): string {
    return PREFIX + entityId;
}

export function domainOf(entityId: string): string {
    return entityId.slice(0, entityId.indexOf("."));
}

export function placesOf({ floors, areas }: House): Places {
    const known = new Set(floors.map(({ id }) => id));
    return {
        floors: floors.map(({ id, name, aliases }) => ({ id, name, ...(aliases.length > 0 && { aliases }) })),
        areas: areas.map(({ id, name, aliases, floorId }) => ({
            id,
            name,
            ...(floorId !== undefined && known.has(floorId) && { floor: floorId }),
            ...(aliases.length > 0 && { aliases }),
        })),
    };
}

/**
 * @param before what the entity was taken for last: a device that doesn't answer tells neither its name nor its abilities
 */
export function deviceOf(
    { id, name, aliases, areaId }: HouseEntity,
    state: EntityState | undefined,
    { config: { temperatureUnit } }: House,
    before?: Device,
): Device {
    const domain = domainOf(id);
    const reader = new AttributeReader(state?.attributes ?? {});
    const abilities = isAvailable(state) ? abilitiesOf(domain, state, temperatureUnit) : (before?.abilities ?? {});
    const members = isAvailable(state) ? membersOf(reader) : before?.members;
    const deviceClass = reader.text("device_class") ?? before?.attributes?.device_class;
    return {
        id: deviceIdOf(id),
        name: reader.text("friendly_name") ?? name ?? before?.name ?? id,
        type: domain,
        ...(areaId !== undefined && { area: areaId }),
        ...(aliases.length > 0 && { aliases }),
        ...(Object.keys(abilities).length > 0 && { abilities }),
        ...(members && { members }),
        ...(typeof deviceClass === "string" && { attributes: { device_class: deviceClass } }),
    };
}

/** Scenes and groups that were made in Home Assistant itself tell what is in them. */
function membersOf(reader: AttributeReader): Device["members"] {
    const ids = reader.texts("entity_id");
    if (ids.length === 0 || ids.length >= MAX_ATTRIBUTE_WORDS) return undefined;
    return ids.map((id) => ({ id: deviceIdOf(id), type: domainOf(id) }));
}

/** The house as it is now, for a look or an import. */
export function describeHouse(house: House, state: (entityId: string) => EntityState | undefined): HomeDescription {
    return { ...placesOf(house), devices: house.entities.map((entity) => deviceOf(entity, state(entity.id), house)) };
}
