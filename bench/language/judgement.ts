/** Whether a sentence was understood as it was meant, and whether a mistake would have done something else. */
import type { Device } from "../../src/home";
import type { Intent, SlotValue } from "../../src/language";
import type { Spoken } from "./corpus-sentences";

/** Slots that follow from the devices meant: one snapshot of the corpus writes them down, the other leaves them out. */
const INFERRED: readonly string[] = ["domain", "device_class"];
/** Slots that say what an intent is done to. */
const TARGETS: readonly string[] = ["name", "area", "floor", "domain", "device_class"];
/** They change nothing in the home. */
const HARMLESS = /^Hass(?:(?:Climate)?Get\w+|Nevermind|Respond|TimerStatus)$/;
/** Their `name` is free text or that of a list: a slot that can be wrong, but no device. */
const NOT_ABOUT_DEVICES = /^Hass(?:Shopping)?List|Timers?$|^HassBroadcast$/;
/** In the older snapshot a name that stands for all devices; ours says so beside the slots. */
const EVERY_NAME = "all";

/**
 * Right: the same intent, every slot that is meant with its value, and no other, but for what follows from the rest: the
 * domain and class of the devices meant, and the room that the speaker is in. Text is compared without case and outer space.
 */
export function isRight(spoken: Spoken, intent: Intent | undefined): boolean {
    if (intent?.name !== spoken.intent) return false;
    for (const [slot, meant] of Object.entries(spoken.slots)) {
        if (slot === "name" && meant === EVERY_NAME && !("name" in intent.slots)) continue;
        if (!isSame(meant, intent.slots[slot])) return false;
    }
    return Object.entries(intent.slots).every(([slot, value]) => slot in spoken.slots || follows(slot, value, spoken));
}

/** Something other than what was meant would have been done, or done to something else. */
export function isWrongAction(spoken: Spoken, intent: Intent | undefined): boolean {
    if (intent === undefined || HARMLESS.test(intent.name)) return false;
    if (intent.name !== spoken.intent) return true;
    if (NOT_ABOUT_DEVICES.test(intent.name)) return false;
    return TARGETS.some((slot) => {
        const meant = spoken.slots[slot];
        const got = intent.slots[slot];
        if (meant === undefined) return got !== undefined && !follows(slot, got, spoken);
        if (slot === "name" && meant === EVERY_NAME && got === undefined) return false;
        return !isSame(meant, got);
    });
}

function follows(slot: string, value: SlotValue, { slots, home, context }: Spoken): boolean {
    if (slot === "area") return home.areas.some(({ id, name }) => id === context.area && isSame(name, value));
    if (!INFERRED.includes(slot)) return false;
    // A domain that no device meant has would be a mistake.
    const named = home.devices.filter(({ name }) => isSame(slots.name ?? "", name));
    return named.length === 0 || named.some((device) => slotOf(device, slot) === value);
}

function slotOf({ type, attributes }: Device, slot: string): unknown {
    return slot === "domain" ? type : attributes?.[slot];
}

function isSame(meant: Spoken["slots"][string], got: SlotValue | undefined): boolean {
    if (got === undefined) return false;
    if (typeof meant === "object") return meant.some((each) => isSame(each, got));
    const plain = (value: SlotValue) => (typeof value === "number" ? value : value.trim().toLowerCase());
    return plain(meant) === plain(got);
}
