/** How a light is to be, from what was said of it. */
import type { Intent, SlotValue } from "../../language";
import { namedColor } from "../color-names";
import type { DeviceChange } from "../model";
import { IntentError } from "./request";
import { numberIn } from "./slots";

/** @throws IntentError when nothing usable was said */
export function lightChanges(intent: Intent): readonly DeviceChange[] {
    const said = new Map(Object.entries(intent.slots));
    const brightness = said.has("brightness") ? { brightnessPercent: numberIn(intent, "brightness", 0, 100) } : {};
    if (brightness.brightnessPercent === 0) return [{ on: false }];
    const common: DeviceChange = { on: true, ...brightness };

    const color = said.get("color");
    if (color !== undefined) return colorWays(intent, color).map((way) => ({ ...common, ...way }));
    if (said.has("temperature")) {
        return [{ ...common, colorTemperatureKelvin: numberIn(intent, "temperature", 1_000, 10_000) }];
    }
    if (said.has("brightness")) return [common];
    throw new IntentError("bad-slot", intent.name, "How the light should be was not said.");
}

function colorWays(intent: Intent, spoken: SlotValue): readonly DeviceChange[] {
    const named = typeof spoken === "string" ? namedColor(spoken) : undefined;
    if (!named) throw new IntentError("bad-slot", intent.name, `"${spoken}" is not the name of a colour.`);
    const { color, kelvin } = named;
    return kelvin === undefined ? [{ color }] : [{ colorTemperatureKelvin: kelvin }, { color }];
}
