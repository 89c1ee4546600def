/** What an `earshot-device` is set up to be; its bridge reads that too, before the device runs. */
import { KINDS, type KindName } from "../src/bridge";
import { choice, number, text, texts } from "./settings";

export const deviceSettings = {
    bridge: text(),
    kind: choice(...KINDS),
    area: text(),
    aliases: texts(),
    done: choice("sent", "reported"),
    withinSeconds: number(3, { from: 0.5, to: 5 }),
};

/** A device without a name has that of its kind, so that it can be told from others at all. */
export function nameOf(name: unknown, kind: KindName): string {
    return typeof name === "string" && name.trim() !== "" ? name.trim() : kind.replace(/-.*/, "");
}
