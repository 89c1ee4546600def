/** How long things are kept, as rows of a dialog: those of the hub, and those of `retention` nodes in the flow. */
import type { NodeAPI } from "node-red";
import type { RetentionRule } from "../src/privacy";
import { type Config, choice, number, readSettings, rows, text } from "./settings";

export const retentionSettings = {
    rules: rows({
        kind: choice("all", "sound", "words", "log"),
        place: text(),
        person: text(),
        keep: choice("ephemeral", "hours", "months", "forever"),
        amount: number(24, { from: 1, to: 878_400 }),
    }),
};

type Row = Config<typeof retentionSettings>["rules"][number];

/** @param siteOf id of a place by its id or name; throws for one that the hub doesn't have */
export function retentionRule(
    { kind, place, person, keep, amount }: Row,
    siteOf: (place: string) => string,
): RetentionRule {
    return {
        ...(kind !== "all" && { kind }),
        ...(place !== "" && { site: siteOf(place) }),
        ...(person !== "" && { speaker: person }),
        keep: keep === "hours" ? { hours: amount } : keep === "months" ? { months: amount } : keep,
    };
}

/** The rows of all `retention` nodes of a hub that the flow has at the moment, and that are on. */
export function retentionRowsInFlow(RED: NodeAPI, hub: string): readonly Row[] {
    const offTabs = new Set<string>();
    const nodes: Readonly<Record<string, unknown>>[] = [];
    RED.nodes.eachNode((node) => {
        const entry: Readonly<Record<string, unknown>> = { ...node };
        if (node.type === "tab" && entry.disabled === true) offTabs.add(node.id);
        if (node.type === "earshot-retention" && entry.hub === hub && entry.d !== true) nodes.push(entry);
    });
    const on = nodes.filter(({ z }) => typeof z !== "string" || !offTabs.has(z));
    return on.flatMap((entry) => readSettings(retentionSettings, entry).rules);
}
