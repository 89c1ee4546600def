/** Quantities in the slots of an intent. */
import type { Intent } from "../../language";
import { IntentError } from "./request";

/** @throws IntentError when the slot holds no number of that range */
export function numberIn(intent: Intent, slot: string, from: number, to: number): number {
    const value = intent.slots[slot];
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number === "number" && number >= from && number <= to) return number;
    const message = `The ${slot} has to be a number from ${from} to ${to}, not ${value ?? "nothing"}.`;
    throw new IntentError("bad-slot", intent.name, message);
}
