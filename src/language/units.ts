/**
 * Temperatures said in another unit than the home's. A sentence file gives the unit a slot of its own, named after the slot
 * of the number, with the value `celsius` or `fahrenheit`:
 *
 *     sentences: ["set the heating to {temperature} [degrees] [{temperature_units:temperature_unit}]"]
 *     lists: { temperature_units: { values: [{ in: "(fahrenheit|f)", out: fahrenheit }, { in: "(celsius|c)", out: celsius }] } }
 *
 * The intent then has `temperature` in the home's unit, and no `temperature_unit`. A slot whose name ends in `_step` is a
 * difference ("two degrees fahrenheit warmer").
 */
import type { HomeDescription } from "../home/model";
import type { SlotValue } from "./intent";

const SUFFIX = "_unit";
const DIFFERENCE = /_step$/;

export function inHomeUnits(
    slots: Readonly<Record<string, SlotValue>>,
    { temperatureUnit = "celsius" }: Pick<HomeDescription, "temperatureUnit">,
): Readonly<Record<string, SlotValue>> {
    const units = Object.entries(slots).filter(([name]) => name.endsWith(SUFFIX));
    if (units.length === 0) return slots;
    const converted = { ...slots };
    for (const [name, unit] of units) {
        const quantity = name.slice(0, -SUFFIX.length);
        const value = slots[quantity];
        if (typeof value !== "number" || (unit !== "celsius" && unit !== "fahrenheit")) continue;
        const zero = DIFFERENCE.test(quantity) ? 0 : 32;
        if (unit === "fahrenheit" && temperatureUnit === "celsius")
            converted[quantity] = tenths(((value - zero) * 5) / 9);
        if (unit === "celsius" && temperatureUnit === "fahrenheit")
            converted[quantity] = tenths((value * 9) / 5 + zero);
        delete converted[name];
    }
    return converted;
}

function tenths(value: number): number {
    return Math.round(value * 10) / 10;
}
