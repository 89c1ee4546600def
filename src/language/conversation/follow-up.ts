/** Sentences that say only half of it: "turn it off", "and in the bedroom", "the other one". */
import type { Device, HomeDescription } from "../../home/model";
import type { BuiltBlock } from "../build/build";
import type { Intent, SlotValue, SpokenContext } from "../intent";
import type { SlotFound } from "../match/search";
import { deviceContext, domainsOf, EVERY_NAME, meets, oneOf, type Resolved, slotsOf } from "../match/targets";

/**
 * What a block's `metadata: { follow: … }` takes over from before:
 * - `it`, `them`: the devices; of several commands in one sentence "it" is about the last, "them" is about all of them
 * - `same`: what was asked for, now for the place or the device that this sentence names
 * - `other`: what was asked for, now for the device that was not meant
 * - `again`: a relative change once more ("a bit more")
 * - `too`: what was ordered, now for the device that was asked about since, else for the other one
 */
type Follow = "it" | "them" | "same" | "other" | "too" | "again";

/** Stands in sentence files where the intent is the one before; no intent that leaves here has this name. */
const SAME_INTENT = "EarshotSame";
const ON_AND_OFF = /^Hass(?:TurnOn|TurnOff|GetState)$/;
/** Where a sentence says which devices it means. */
const ADDRESS = ["name", "area", "floor", "domain"] as const;

/** Undefined where nothing fitting came before. */
export function followUp(
    block: BuiltBlock,
    found: readonly SlotFound[],
    home: HomeDescription,
    context: SpokenContext,
): Resolved | undefined {
    const { before } = context;
    const last = before?.last.at(-1);
    if (before === undefined || last === undefined) return undefined;
    const slots = slotsOf(block, found);
    const devicesOf = (ids: readonly string[]) => home.devices.filter(({ id }) => ids.includes(id));
    switch (block.metadata.follow as Follow) {
        case "it":
            return about(block, slots, [last], home);
        case "them":
            return about(block, slots, before.last, home);
        case "same":
            return again(last, slots, found, home, context);
        case "other":
            return another(block, slots, last, devicesOf(others(last, before.others, home)), context);
        case "again":
            if (!last.name.endsWith("Relative")) return undefined;
            return { ...resolved(last.slots, devicesOf(last.targets)), intent: last.name };
        case "too": {
            const order = before.orders.at(-1);
            const asked = order !== undefined && !before.last.includes(order);
            const ids = asked ? last.targets : others(last, before.others, home);
            return order && another(block, slots, order, devicesOf(ids), context);
        }
    }
}

/** The devices of before, as far as the sentence can be about them. */
function about(
    block: BuiltBlock,
    slots: Resolved["slots"],
    intents: readonly Intent[],
    home: HomeDescription,
): Resolved | undefined {
    const ids = new Set(intents.flatMap(({ targets }) => targets));
    const domains = domainsOf(block, slots);
    const devices = home.devices.filter(
        (device) =>
            ids.has(device.id) &&
            (domains.length === 0 || domains.includes(device.type)) &&
            meets(block.requires, block.excludes, deviceContext(device)),
    );
    const [only] = devices;
    if (only === undefined) return undefined;
    const address = devices.length === 1 ? { name: only.name } : intents.length === 1 ? addressOf(intents[0]) : {};
    return resolved({ ...address, ...slots }, devices);
}

/** The same for another place or another device. */
function again(
    last: Intent,
    said: Resolved["slots"],
    found: readonly SlotFound[],
    home: HomeDescription,
    context: SpokenContext,
): Resolved | undefined {
    const values = withoutAddress(last);
    const types = typesOf(last, home);
    const named = found.flatMap(({ found: value }) => (value.kind === "home" ? value.value.devices : []));
    if (named.length > 0) {
        const devices = named.filter((device) => canDo(last, types, device));
        if (devices.length === 0) return undefined;
        return { ...oneOf(devices, { ...values, ...said }, context.area, false), intent: last.name };
    }
    const areas = found.flatMap(({ found: value }) => (value.kind === "home" ? value.value.areas : []));
    const floors = found.flatMap(({ found: value }) => (value.kind === "home" ? value.value.floors : []));
    const inPlace = home.devices.filter((device) => {
        const area = home.areas.find(({ id }) => id === device.area);
        return areas.some(({ id }) => id === area?.id) || floors.some(({ id }) => id === area?.floor);
    });
    const everything = last.slots.name === EVERY_NAME;
    const ofKind = inPlace.filter(({ type }) => types.includes(type));
    const namesakes = ofKind.filter(({ name }) => name === last.slots.name);
    const kind = domainsOf({ intent: last.name }, {}).length > 0 ? {} : { domain: types[0] ?? "" };
    const address =
        namesakes.length > 0 || everything ? { name: last.slots.name ?? "" } : types.length === 1 ? kind : {};
    return {
        ...resolved({ ...values, ...address, ...said }, namesakes.length > 0 ? namesakes : ofKind),
        intent: last.name,
        ...(last.all === undefined || !everything ? {} : { all: last.all }),
    };
}

/** The same, or what the sentence says, for one of the other devices. */
function another(
    block: BuiltBlock,
    slots: Resolved["slots"],
    last: Intent,
    devices: readonly Device[],
    context: SpokenContext,
): Resolved | undefined {
    const intent = block.intent === SAME_INTENT ? last.name : block.intent;
    const types = typesOf(last, { devices });
    const able = devices.filter((device) => canDo({ name: intent }, types, device));
    const [only] = able;
    if (only === undefined) return undefined;
    const values = block.intent === SAME_INTENT ? withoutAddress(last) : {};
    const address = able.length === 1 ? { name: only.name } : {};
    return { ...oneOf(able, { ...values, ...address, ...slots }, context.area, false), intent };
}

/** Devices that could have been meant instead of one: its like in the same area, of those not chosen where there was a choice. */
function others(last: Intent, notChosen: readonly string[], home: HomeDescription): readonly string[] {
    const [target] = home.devices.filter(({ id }) => id === last.targets[0]);
    if (target === undefined || last.targets.length !== 1) return notChosen;
    const like = home.devices.filter(
        ({ id, type, area }) => id !== target.id && type === target.type && area === target.area,
    );
    if (notChosen.length === 0) return like.map(({ id }) => id);
    const near = like.filter(({ id }) => notChosen.includes(id));
    return near.length === 0 ? notChosen : near.map(({ id }) => id);
}

/** Types of the devices that an intent was about. */
function typesOf({ slots, name, targets, candidates = [] }: Intent, home: Pick<HomeDescription, "devices">): string[] {
    const domains = domainsOf({ intent: name }, slots);
    if (domains.length > 0) return [...domains];
    const ids = new Set([...targets, ...candidates]);
    return [...new Set(home.devices.filter(({ id }) => ids.has(id)).map(({ type }) => type))];
}

/** What was done with one device can be done with another of its type; on and off also with what else has both. */
function canDo({ name }: Pick<Intent, "name">, types: readonly string[], { type }: Device): boolean {
    const domains = domainsOf({ intent: name }, {});
    if (domains.length > 0) return domains.includes(type);
    if (types.includes(type)) return true;
    return ON_AND_OFF.test(name) && domainsOf({ intent: name }, { name: EVERY_NAME }).includes(type);
}

function addressOf(intent: Intent | undefined): Record<string, SlotValue> {
    const slots = Object.entries(intent?.slots ?? {});
    return Object.fromEntries(slots.filter(([slot]) => ADDRESS.some((each) => each === slot)));
}

function withoutAddress({ slots }: Intent): Record<string, SlotValue> {
    return Object.fromEntries(Object.entries(slots).filter(([slot]) => !ADDRESS.some((each) => each === slot)));
}

function resolved(slots: Resolved["slots"], devices: readonly Device[]): Resolved {
    return { slots, targets: devices.map(({ id }) => id), candidates: [], aboutDevices: true };
}
