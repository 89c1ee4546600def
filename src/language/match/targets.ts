/** From a reading to devices: which the sentence means, given the home and where it was said. */
import type { Area, Device, Floor, HomeDescription } from "../../home/model";
import type { BuiltBlock } from "../build/build";
import type { Conditions } from "../file/model";
import type { SlotValue, SpokenContext } from "../intent";
import type { SlotFound } from "./search";

/**
 * Devices that an intent is about where no slot says it. Source: Home Assistant's intents, "domain" of each.
 * An intent that is not here and has no slot of a device is about none.
 */
const DOMAINS: Readonly<Record<string, readonly string[]>> = {
    HassLightSet: ["light"],
    HassClimateSetTemperature: ["climate"],
    HassClimateGetTemperature: ["climate"],
    HassFanSetSpeed: ["fan"],
    HassMediaNext: ["media_player"],
    HassMediaPrevious: ["media_player"],
    HassMediaPause: ["media_player"],
    HassMediaUnpause: ["media_player"],
    HassMediaPlayerMute: ["media_player"],
    HassMediaPlayerUnmute: ["media_player"],
    HassMediaSearchAndPlay: ["media_player"],
    HassSetVolume: ["media_player"],
    HassSetVolumeRelative: ["media_player"],
    HassVacuumStart: ["vacuum"],
    HassVacuumReturnToBase: ["vacuum"],
    HassLawnMowerStartMowing: ["lawn_mower"],
    HassLawnMowerDock: ["lawn_mower"],
    HassGetWeather: ["weather"],
    EarshotSetBrightnessRelative: ["light"],
    EarshotSetTemperatureRelative: ["climate"],
};
/** Home Assistant's name for all devices of a domain. */
export const EVERY_NAME = "all";
/** What "everything" means where no domain is said: what is only on or off, and nothing that locks, opens or heats. */
const SWITCHABLE: readonly string[] = ["light", "switch", "fan", "media_player", "input_boolean", "humidifier"];
/** Only asked, nothing done: several devices are no reason to ask back. */
const QUESTIONS = /^Hass(?:Climate)?Get/;

export interface Resolved {
    readonly slots: Readonly<Record<string, SlotValue>>;
    readonly targets: readonly string[];
    /** Devices of which the sentence means one without saying which. */
    readonly candidates: readonly string[];
    /** Whether the sentence is about devices at all. */
    readonly aboutDevices: boolean;
    /** Where the sentence leaves the intent to what was said before. */
    readonly intent?: string;
    readonly all?: boolean;
}

/** Undefined where the sentence doesn't fit the home: a context that is required is missing, a device is in no such place. */
export function resolve(
    block: BuiltBlock,
    found: readonly SlotFound[],
    home: HomeDescription,
    spoken: SpokenContext,
    text: (from: number, to: number) => string,
): Resolved | undefined {
    const slots = slotsOf(block, found, text);
    const here = placeOf(spoken, home);
    const context = contextOf(found, here?.name);
    for (const [key, { slot, slotName = key }] of Object.entries(block.requires)) {
        const [value] = context[key] ?? [];
        if (slot && value !== undefined) slots[slotName] ??= value;
    }

    const named = found.flatMap(({ found: value }) => (value.kind === "home" ? value.value.devices : []));
    // A place or a name that no list gave is one that the sentence file gives, or that the context gave.
    const called = (name: SlotValue | undefined) => (thing: Area | Device | Floor) =>
        [thing.name, thing.id, ...(thing.aliases ?? [])].some(
            (each) => each.toLowerCase() === String(name).toLowerCase(),
        );
    const areas = "area" in slots ? home.areas.filter(called(slots.area)) : undefined;
    const floors = "floor" in slots ? home.floors.filter(called(slots.floor)) : undefined;
    const inPlace = (device: Device) => {
        if (areas !== undefined && !areas.some(({ id }) => id === device.area)) return false;
        if (floors === undefined) return true;
        const area = home.areas.find(({ id }) => id === device.area);
        return floors.some(({ id }) => id === area?.floor);
    };
    const fits = (device?: Device) => {
        const whole = device === undefined ? context : { ...context, ...deviceContext(device) };
        return meets(block.requires, block.excludes, whole);
    };

    // In Home Assistant a sentence is understood also where no such device is in that place.
    const elsewhere = (devices: readonly Device[]) =>
        block.users && devices.some((device) => fits(device)) ? all([], slots) : undefined;
    if (named.length > 0) {
        // Where a device is that has no area, nobody knows: its name decides.
        const devices = named.filter((device) => fits(device) && (device.area === undefined || inPlace(device)));
        return devices.length === 0 ? elsewhere(named) : oneOf(devices, slots, here?.id, QUESTIONS.test(block.intent));
    }
    if (!fits()) {
        // What is required of a device that nobody named says which devices are meant.
        const devices = home.devices.filter((device) => fits(device) && inPlace(device));
        return devices.length === 0 ? elsewhere(home.devices) : all(devices, slots);
    }
    const domains = domainsOf(block, slots);
    const fixed = "name" in block.slots && block.slots.name !== EVERY_NAME ? called(block.slots.name) : undefined;
    if (domains.length === 0 && fixed === undefined) return { slots, targets: [], candidates: [], aboutDevices: false };
    const classes = valuesOf("device_class", block, found);
    const meant = home.devices.filter(
        (device) =>
            (domains.length === 0 || domains.includes(device.type)) &&
            (fixed === undefined || fixed(device)) &&
            (classes.length === 0 || classes.some((each) => each === device.attributes?.device_class)) &&
            inPlace(device),
    );
    if (areas !== undefined || floors !== undefined || block.metadata.place !== "speaker") return all(meant, slots);
    const near = meant.filter(({ area }) => here !== undefined && area === here.id);
    if (near.length > 0 && here !== undefined) return all(near, { ...slots, area: here.name });
    return QUESTIONS.test(block.intent) || meant.length === 1 ? all(meant, slots) : asking(meant, slots);
}

/** What the block gives and what was said; free text is as it stood in the sentence. */
export function slotsOf(
    block: BuiltBlock,
    found: readonly SlotFound[],
    text: (from: number, to: number) => string = () => "",
): Record<string, SlotValue> {
    const slots: Record<string, SlotValue> = { ...block.slots };
    for (const { use, found: value } of found) {
        if (use.slot === undefined) continue;
        if (value.kind === "home") slots[use.slot] = value.value.name;
        else if (value.kind === "wildcard") slots[use.slot] = text(value.from, value.to);
        else slots[use.slot] = value.kind === "number" ? value.value : value.value.value;
    }
    return slots;
}

/** Where the speaker is. A room that the home doesn't list is one without devices. */
function placeOf({ area }: SpokenContext, { areas }: HomeDescription): Pick<Area, "id" | "name"> | undefined {
    if (area === undefined || area === "") return undefined;
    const byName = ({ name }: Area) => name.toLowerCase() === area.toLowerCase();
    return areas.find(({ id }) => id === area) ?? areas.find(byName) ?? { id: area, name: area };
}

/** What a slot was given: all of it where it is a list. */
function valuesOf(slot: string, block: BuiltBlock, found: readonly SlotFound[]): readonly SlotValue[] {
    const said = found.find(({ use }) => use.slot === slot)?.found;
    if (said?.kind === "text") return said.value.anyOf ?? [said.value.value];
    const given = block.anyOf[slot] ?? [];
    return given.length > 0 || !(slot in block.slots) ? given : [block.slots[slot] ?? ""];
}

/** Domains of the devices that a sentence without a name is about. */
export function domainsOf(
    block: Pick<BuiltBlock, "intent">,
    slots: Readonly<Record<string, SlotValue>>,
): readonly string[] {
    if ("domain" in slots) return [String(slots.domain)];
    return DOMAINS[block.intent] ?? (slots.name === EVERY_NAME ? SWITCHABLE : []);
}

/** Whether a context lets a sentence be meant. */
export function meets(requires: Conditions, excludes: Conditions, context: ContextValues): boolean {
    for (const [key, { values }] of Object.entries(requires)) {
        const present = context[key];
        if (present === undefined) return false;
        if (values.length > 0 && !present.some((value) => values.includes(value))) return false;
    }
    return !Object.entries(excludes).some(([key, { values }]) => context[key]?.some((value) => values.includes(value)));
}

type ContextValues = Readonly<Record<string, readonly SlotValue[]>>;

export function deviceContext(device: Device): ContextValues {
    const context: Record<string, readonly SlotValue[]> = { domain: [device.type] };
    for (const [key, value] of Object.entries(device.attributes ?? {})) {
        if (typeof value === "string" || typeof value === "number") context[key] = [value];
    }
    return context;
}

function contextOf(found: readonly SlotFound[], area: string | undefined): ContextValues {
    const context: Record<string, readonly SlotValue[]> = area === undefined ? {} : { area: [area] };
    for (const { found: value } of found) {
        if (value.kind !== "text") continue;
        for (const [key, values] of Object.entries(value.value.context))
            context[key] = [...(context[key] ?? []), ...values];
    }
    return context;
}

/** Devices of one name: the one in the room where it was said, else it has to be asked. */
export function oneOf(
    devices: readonly Device[],
    slots: Resolved["slots"],
    here: string | undefined,
    question: boolean,
): Resolved {
    if (devices.length === 1 || question) return all(devices, slots);
    const near = devices.filter(({ area }) => area !== undefined && area === here);
    return near.length === 1 ? all(near, slots) : asking(devices, slots);
}

function all(devices: readonly Device[], slots: Resolved["slots"]): Resolved {
    return { slots, targets: devices.map(({ id }) => id), candidates: [], aboutDevices: true };
}

function asking(devices: readonly Device[], slots: Resolved["slots"]): Resolved {
    return { slots, targets: [], candidates: devices.map(({ id }) => id), aboutDevices: true };
}
