/**
 * Every message exchanged with Home Assistant's WebSocket API: its shape, and reading it from what came over the wire.
 * Source: https://developers.home-assistant.io/docs/api/websocket and the handlers of home-assistant/core 2026.8.
 *
 * What another version of Home Assistant adds is ignored; an entry without what is needed is left out; a result of another
 * kind altogether is a `protocol` error.
 */
import { HomeAssistantError } from "./error";

// What is sent

/** Home Assistant wants `id`, which the connection adds, to grow with every command. */
export type Command =
    | { readonly type: "supported_features"; readonly features: { readonly coalesce_messages: 1 } }
    | { readonly type: "ping" }
    | { readonly type: "get_config" }
    | { readonly type: "config/floor_registry/list" }
    | { readonly type: "config/area_registry/list" }
    | { readonly type: "config/device_registry/list" }
    | { readonly type: "config/entity_registry/get_entries"; readonly entity_ids: readonly string[] }
    | { readonly type: "homeassistant/expose_entity/list" }
    | ({ readonly type: "call_service" } & ServiceCall)
    | { readonly type: "unsubscribe_events"; readonly subscription: number }
    | SubscribeCommand;

export type SubscribeCommand =
    | { readonly type: "subscribe_events"; readonly event_type: RegistryEvent }
    /** Never with an empty list: Home Assistant takes that for all entities. */
    | { readonly type: "subscribe_entities"; readonly entity_ids: readonly string[] };

export const REGISTRY_EVENTS = [
    "area_registry_updated",
    "device_registry_updated",
    "entity_registry_updated",
    "floor_registry_updated",
] as const;
export type RegistryEvent = (typeof REGISTRY_EVENTS)[number];

export interface ServiceCall {
    readonly domain: string;
    readonly service: string;
    readonly service_data?: Readonly<Record<string, unknown>>;
    readonly target: { readonly entity_id: string };
}

// What is received

export type ServerMessage =
    | { readonly type: "auth_required" }
    | { readonly type: "auth_ok"; readonly version: string }
    | { readonly type: "auth_invalid"; readonly reason: string }
    | { readonly type: "result"; readonly id: number; readonly success: true; readonly result: unknown }
    | { readonly type: "result"; readonly id: number; readonly success: false; readonly error: RemoteError }
    | { readonly type: "event"; readonly id: number; readonly event: unknown }
    | { readonly type: "pong"; readonly id: number };

export interface RemoteError {
    readonly code: string;
    readonly message: string;
}

/** Undefined for messages that are none of ours to understand. */
export function readServerMessage(value: unknown): ServerMessage | undefined {
    const fields = fieldsOf(value);
    switch (fields?.type) {
        case "auth_required":
            return { type: "auth_required" };
        case "auth_ok":
            return { type: "auth_ok", version: textOf(fields.ha_version) ?? "" };
        case "auth_invalid":
            return { type: "auth_invalid", reason: textOf(fields.message) ?? "" };
        case "event":
            return isId(fields.id) ? { type: "event", id: fields.id, event: fields.event } : undefined;
        case "pong":
            return isId(fields.id) ? { type: "pong", id: fields.id } : undefined;
        case "result": {
            const { id, success, result } = fields;
            if (!isId(id)) return undefined;
            if (success === true) return { type: "result", id, success, result };
            const error = fieldsOf(fields.error);
            const code = textOf(error?.code) ?? "unknown_error";
            return { type: "result", id, success: false, error: { code, message: textOf(error?.message) ?? code } };
        }
        default:
            return undefined;
    }
}

// Registries

export interface ServerConfig {
    /** What people called their home. */
    readonly locationName: string;
    readonly version: string;
    readonly temperatureUnit: "celsius" | "fahrenheit";
}

export interface FloorEntry {
    readonly id: string;
    readonly name: string;
    readonly aliases: readonly string[];
}

export interface AreaEntry {
    readonly id: string;
    readonly name: string;
    readonly aliases: readonly string[];
    readonly floorId?: string;
}

export interface DeviceEntry {
    readonly id: string;
    readonly areaId?: string;
    /** A part of a device is where the whole is, unless it says otherwise (2026.9). */
    readonly parentId?: string;
}

export interface EntityEntry {
    readonly id: string;
    readonly aliases: readonly string[];
    readonly name?: string;
    readonly areaId?: string;
    readonly deviceId?: string;
}

export function readConfig(result: unknown): ServerConfig {
    const config = fieldsOf(result) ?? unreadable("get_config", "an object");
    const units = fieldsOf(config.unit_system);
    return {
        locationName: textOf(config.location_name) ?? "",
        version: textOf(config.version) ?? "",
        temperatureUnit: units?.temperature === "°F" ? "fahrenheit" : "celsius",
    };
}

export function readFloors(result: unknown): readonly FloorEntry[] {
    return listOf("config/floor_registry/list", result, ({ floor_id, name, aliases }) => {
        const [id, called] = [idOf(floor_id), textOf(name)];
        return id && called ? { id, name: called, aliases: aliasesOf(aliases) } : undefined;
    });
}

export function readAreas(result: unknown): readonly AreaEntry[] {
    return listOf("config/area_registry/list", result, ({ area_id, name, aliases, floor_id }) => {
        const [id, called] = [idOf(area_id), textOf(name)];
        if (!id || !called) return undefined;
        return { id, name: called, aliases: aliasesOf(aliases), ...optional("floorId", idOf(floor_id)) };
    });
}

export function readDevices(result: unknown): readonly DeviceEntry[] {
    return listOf("config/device_registry/list", result, (entry) => {
        const id = idOf(entry.id);
        if (!id) return undefined;
        return {
            id,
            ...optional("areaId", idOf(entry.area_id)),
            ...optional("parentId", idOf(entry.parent_device_id)),
        };
    });
}

/** Entities that no registry knows come as null; they have a state all the same. */
export function readEntityEntries(result: unknown): readonly EntityEntry[] {
    const entries = fieldsOf(result) ?? unreadable("config/entity_registry/get_entries", "an object");
    return Object.entries(entries).flatMap(([key, value]) => {
        const [id, entry] = [entityIdOf(key), fieldsOf(value)];
        if (!id || !entry) return [];
        return {
            id,
            aliases: aliasesOf(entry.aliases),
            ...optional("name", textOf(entry.name) ?? textOf(entry.original_name)),
            ...optional("areaId", idOf(entry.area_id)),
            ...optional("deviceId", idOf(entry.device_id)),
        };
    });
}

/** The entities that people let voice assistants have: only those that say so in as many words. */
export function readExposedEntities(result: unknown): readonly string[] {
    const exposed = fieldsOf(fieldsOf(result)?.exposed_entities);
    if (!exposed) return unreadable("homeassistant/expose_entity/list", "exposed_entities");
    const ids = Object.entries(exposed).flatMap(([key, assistants]) => {
        const id = entityIdOf(key);
        return id && fieldsOf(assistants)?.conversation === true ? [id] : [];
    });
    return ids.slice(0, LIMITS.entries);
}

// States

/** Attributes of states that mean something to us; others are not kept, whatever their size. */
const ATTRIBUTES = [
    "brightness",
    "color_mode",
    "color_temp_kelvin",
    "current_humidity",
    "current_position",
    "current_temperature",
    "current_tilt_position",
    "device_class",
    "entity_id",
    "friendly_name",
    "hs_color",
    "humidity",
    "hvac_modes",
    "is_volume_muted",
    "max_color_temp_kelvin",
    "max_humidity",
    "max_temp",
    "min_color_temp_kelvin",
    "min_humidity",
    "min_temp",
    "percentage",
    "percentage_step",
    "source",
    "source_list",
    "supported_color_modes",
    "supported_features",
    "target_temp_step",
    "temperature",
    "unit_of_measurement",
    "volume_level",
] as const;
export type AttributeName = (typeof ATTRIBUTES)[number];
export type AttributeValue = string | number | boolean | readonly (string | number)[];
export type Attributes = Readonly<Partial<Record<AttributeName, AttributeValue>>>;

/** "unavailable": the device doesn't answer Home Assistant; "unknown": it has not said yet. */
export interface EntityState {
    readonly state: string;
    readonly attributes: Attributes;
}

/** An event of `subscribe_entities`: `a`, `c` and `r` in the compressed form of the wire. */
export interface EntityChanges {
    readonly added: ReadonlyMap<string, EntityState>;
    readonly changed: ReadonlyMap<string, EntityChange>;
    readonly removed: readonly string[];
}

export interface EntityChange {
    readonly state?: string;
    /** Attributes with a new value. */
    readonly set: Attributes;
    /** Attributes that are gone. */
    readonly unset: readonly AttributeName[];
}

/** Undefined when the event is none of these. */
export function readEntityChanges(event: unknown): EntityChanges | undefined {
    const { a, c, r } = fieldsOf(event) ?? {};
    const [added, changed] = [fieldsOf(a) ?? {}, fieldsOf(c) ?? {}];
    const removed = Array.isArray(r) ? r : [];
    if (!fieldsOf(a) && !fieldsOf(c) && !Array.isArray(r)) return undefined;
    return {
        added: new Map(Object.entries(added).flatMap(([id, value]) => addedEntity(id, value))),
        changed: new Map(Object.entries(changed).flatMap(([id, value]) => changedEntity(id, value))),
        removed: removed.flatMap((id) => entityIdOf(id) ?? []),
    };
}

function addedEntity(key: string, value: unknown): readonly (readonly [string, EntityState])[] {
    const [id, entity] = [entityIdOf(key), fieldsOf(value)];
    const state = textOf(entity?.s);
    return id && entity && state !== undefined ? [[id, { state, attributes: attributesOf(entity.a) }]] : [];
}

function changedEntity(key: string, value: unknown): readonly (readonly [string, EntityChange])[] {
    const [id, change] = [entityIdOf(key), fieldsOf(value)];
    if (!id || !change) return [];
    const plus = fieldsOf(change["+"]) ?? {};
    const gone = fieldsOf(change["-"])?.a;
    const set = attributesOf(plus.a);
    // An attribute that became null has no value any more.
    const nulls = Object.entries(fieldsOf(plus.a) ?? {}).flatMap(([name, to]) => (to === null ? [name] : []));
    const names = [...nulls, ...(Array.isArray(gone) ? gone : [])];
    const unset = ATTRIBUTES.filter((name) => names.includes(name));
    return [[id, { ...optional("state", textOf(plus.s)), set, unset }]];
}

function attributesOf(value: unknown): Attributes {
    const fields = fieldsOf(value);
    if (!fields) return {};
    return Object.fromEntries(
        ATTRIBUTES.flatMap((name) => {
            const read = Object.hasOwn(fields, name) ? attributeValueOf(fields[name]) : undefined;
            return read === undefined ? [] : [[name, read] as const];
        }),
    );
}

function attributeValueOf(value: unknown): AttributeValue | undefined {
    if (Array.isArray(value)) {
        return value.slice(0, LIMITS.words).flatMap((one) => {
            const read = typeof one === "number" ? one : textOf(one);
            return read === undefined ? [] : [read];
        });
    }
    return typeof value === "number" || typeof value === "boolean" ? value : textOf(value);
}

// Reading

/** A list of this length may have been longer. */
export const MAX_ATTRIBUTE_WORDS = 100;

/** Far above any home. Longer lists are cut off there, longer ids dropped, longer texts shortened. */
const LIMITS = { entries: 20_000, words: MAX_ATTRIBUTE_WORDS, idCharacters: 255, textCharacters: 200 } as const;

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | undefined {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Fields) : undefined;
}

function listOf<T>(command: string, result: unknown, read: (entry: Fields) => T | undefined): readonly T[] {
    if (!Array.isArray(result)) return unreadable(command, "a list");
    return result.slice(0, LIMITS.entries).flatMap((entry: unknown) => {
        const fields = fieldsOf(entry);
        return fields ? (read(fields) ?? []) : [];
    });
}

/** Text as people may see it: in one line, without control characters; undefined when there is none. */
function textOf(value: unknown): string | undefined {
    if (typeof value !== "string") return undefined;
    const text = value
        .slice(0, LIMITS.textCharacters)
        .replace(/[\p{Cc}\p{Cs}\s]+/gu, " ")
        .trim();
    return text === "" ? undefined : text;
}

function idOf(value: unknown): string | undefined {
    const isUsable = typeof value === "string" && value.length <= LIMITS.idCharacters && /^[^\p{Cc}\s]+$/u.test(value);
    return isUsable ? value : undefined;
}

/** Home Assistant's rule (`valid_entity_id`): a domain, a dot, an object. */
function entityIdOf(value: unknown): string | undefined {
    const id = idOf(value);
    return id && /^[a-z0-9_]+\.[a-z0-9_]+$/.test(id) ? id : undefined;
}

function isId(value: unknown): value is number {
    return Number.isSafeInteger(value);
}

/** Besides texts the list may hold null, which stands for the name that the entity has anyway. */
function aliasesOf(value: unknown): readonly string[] {
    if (!Array.isArray(value)) return [];
    return [...new Set(value.slice(0, LIMITS.words).flatMap((alias) => textOf(alias) ?? []))];
}

function optional<Name extends string, T>(name: Name, value: T | undefined): { readonly [N in Name]?: T } {
    return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]?: T });
}

function unreadable(command: string, expected: string): never {
    const message = `Home Assistant's answer to "${command}" is not ${expected}. Earshot may not know its version yet.`;
    throw new HomeAssistantError("protocol", message);
}
