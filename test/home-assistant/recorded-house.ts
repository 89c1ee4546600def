/** A small house in the shapes in which Home Assistant 2026.8 sends its registries and states. */

const registered = { created_at: 1_735_689_600.0, modified_at: 1_735_689_600.0 };

export const FLOORS = [
    { floor_id: "ground_floor", name: "Ground floor", aliases: ["downstairs"], icon: null, level: 0, ...registered },
    { floor_id: "upstairs", name: "Upstairs", aliases: [], icon: null, level: 1, ...registered },
];

const area = (area_id: string, name: string, floor_id: string | null, aliases: string[] = []) => ({
    area_id,
    name,
    floor_id,
    aliases,
    icon: null,
    labels: [],
    picture: null,
    temperature_entity_id: null,
    humidity_entity_id: null,
    ...registered,
});

export const AREAS = [
    area("kitchen", "Kitchen", "ground_floor", ["cookhouse"]),
    area("living_room", "Living room", "ground_floor"),
    area("bedroom", "Bedroom", "upstairs"),
];

const device = (id: string, area_id: string | null, more: object = {}) => ({
    id,
    area_id,
    name: id,
    name_by_user: null,
    config_entries: ["01JHENTRY"],
    connections: [],
    disabled_by: null,
    entry_type: null,
    hw_version: null,
    identifiers: [["hue", id]],
    labels: [],
    manufacturer: "Signify",
    model: "Hue",
    model_id: null,
    primary_config_entry: "01JHENTRY",
    serial_number: null,
    sw_version: "1.2",
    via_device_id: null,
    ...registered,
    ...more,
});

export const DEVICES = [
    device("dev_ceiling", "kitchen"),
    device("dev_thermostat", "bedroom"),
    device("dev_power_strip", "living_room"),
    device("dev_socket_2", null, { parent_device_id: "dev_power_strip" }),
    device("dev_blind", "bedroom"),
];

export interface RecordedEntity {
    readonly state: string;
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly exposed: boolean | undefined;
    /** Absent for entities that no registry knows. */
    readonly entry?: Readonly<Record<string, unknown>>;
}

const entry = (device_id: string | null, more: object = {}) => ({
    aliases: [],
    area_id: null,
    categories: {},
    config_entry_id: "01JHENTRY",
    device_id,
    disabled_by: null,
    entity_category: null,
    has_entity_name: true,
    hidden_by: null,
    icon: null,
    labels: [],
    name: null,
    options: {},
    original_name: null,
    platform: "hue",
    translation_key: null,
    ...registered,
    ...more,
});

export const ENTITIES: Readonly<Record<string, RecordedEntity>> = {
    "light.kitchen_ceiling": {
        state: "off",
        attributes: {
            min_color_temp_kelvin: 2_000,
            max_color_temp_kelvin: 6_535,
            supported_color_modes: ["color_temp", "xy"],
            color_mode: null,
            brightness: null,
            color_temp_kelvin: null,
            hs_color: null,
            effect_list: ["None", "candle"],
            friendly_name: "Kitchen ceiling",
            supported_features: 44,
        },
        exposed: true,
        entry: entry("dev_ceiling", { aliases: ["big light", null] }),
    },
    "light.bedroom_lamp": {
        state: "unavailable",
        attributes: { friendly_name: "Bedroom lamp", supported_features: 0, restored: true },
        exposed: true,
        entry: entry(null, { area_id: "bedroom" }),
    },
    "climate.bedroom": {
        state: "heat",
        attributes: {
            hvac_modes: ["heat", "heat_cool", "off"],
            min_temp: 7,
            max_temp: 35,
            target_temp_step: 0.5,
            current_temperature: 19.5,
            temperature: 20,
            hvac_action: "idle",
            friendly_name: "Bedroom thermostat",
            supported_features: 385,
        },
        exposed: true,
        entry: entry("dev_thermostat"),
    },
    "switch.socket_2": {
        state: "on",
        attributes: { device_class: "outlet", friendly_name: "Television socket" },
        exposed: true,
        entry: entry("dev_socket_2"),
    },
    "cover.bedroom_blind": {
        state: "open",
        attributes: {
            current_position: 70,
            current_tilt_position: 50,
            device_class: "blind",
            friendly_name: "Bedroom blind",
            supported_features: 143,
        },
        exposed: true,
        entry: entry("dev_blind"),
    },
    "lock.front_door": {
        state: "locked",
        attributes: { friendly_name: "Front door", supported_features: 0 },
        exposed: true,
        entry: entry(null),
    },
    "media_player.living_room": {
        state: "playing",
        attributes: {
            volume_level: 0.35,
            is_volume_muted: false,
            source: "Radio",
            source_list: ["Radio", "HDMI 1"],
            friendly_name: "Living room speaker",
            supported_features: 154_509,
        },
        exposed: true,
        entry: entry(null, { area_id: "living_room" }),
    },
    "sensor.outdoor_temperature": {
        state: "50.0",
        attributes: {
            state_class: "measurement",
            unit_of_measurement: "°F",
            device_class: "temperature",
            friendly_name: "Outdoor temperature",
        },
        exposed: true,
    },
    "scene.film_night": {
        state: "2026-08-02T19:00:00+00:00",
        attributes: { entity_id: ["light.kitchen_ceiling", "lock.front_door"], friendly_name: "Film night" },
        exposed: true,
        entry: entry(null),
    },
    "light.private": { state: "on", attributes: { friendly_name: "Private" }, exposed: false, entry: entry(null) },
    "camera.door": {
        state: "idle",
        attributes: { friendly_name: "Door camera" },
        exposed: undefined,
        entry: entry(null),
    },
};
