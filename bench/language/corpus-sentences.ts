/** Home Assistant's English test sentences: what is said, in which home, and what is meant by it. */
import { readFileSync } from "node:fs";
import type { Area, Device, Floor, HomeDescription } from "../../src/home";
import type { SpokenContext } from "../../src/language";
import { corpus } from "../corpora";

export type Snapshot = "2025-07" | "2026-08";

/** Sentences that mean the same, in one home. */
export interface Spoken {
    readonly id: string;
    readonly home: HomeDescription;
    readonly context: SpokenContext;
    readonly intent: string;
    /** A list where any of several values is right. */
    readonly slots: Readonly<Record<string, Value | readonly Value[]>>;
    readonly sentences: readonly string[];
}

type Value = string | number;

interface CorpusThing {
    readonly name: string;
    readonly id?: string;
    readonly domain?: string;
    readonly area?: string;
    readonly floor?: string;
    readonly state?: string | { readonly in: string; readonly out: string };
    readonly attributes?: Readonly<Record<string, unknown>>;
    readonly context_area?: boolean;
}

interface CorpusHome {
    readonly floors?: readonly CorpusThing[];
    readonly areas?: readonly CorpusThing[];
    readonly entities?: readonly CorpusThing[];
}

interface CorpusFile {
    readonly fixtures?: CorpusHome;
    readonly tests: readonly {
        readonly id: string;
        readonly home: CorpusHome | "fixtures";
        readonly intent: string;
        readonly slots: Spoken["slots"];
        readonly context?: { readonly area?: string };
        readonly sentences: readonly string[];
    }[];
}

/** @throws CorpusMissing */
export function corpusSentences(snapshot: Snapshot): Spoken[] {
    const file = JSON.parse(readFileSync(corpus("sentences", `en-${snapshot}.json`), "utf8")) as CorpusFile;
    const shared = homeOf(file.fixtures ?? {});
    return file.tests.map(({ id, home, intent, slots, context, sentences }) => {
        const described = home === "fixtures" ? shared : homeOf(home);
        const here =
            context?.area ?? (home === "fixtures" ? undefined : home.areas?.find((area) => area.context_area)?.name);
        const area = described.areas.find(({ name }) => name === here)?.id;
        return { id, home: described, context: area === undefined ? {} : { area }, intent, slots, sentences };
    });
}

/** The older snapshot refers to places by id, the newer one by name. */
function homeOf({ floors = [], areas = [], entities = [] }: CorpusHome): HomeDescription {
    const idOf = (things: readonly CorpusThing[], reference: string | undefined) =>
        things.map(placeOf).find(({ id, name }) => id === reference || name === reference)?.id;
    return {
        floors: floors.map((floor): Floor => placeOf(floor)),
        areas: areas.map((area): Area => {
            const floor = idOf(floors, area.floor);
            return { ...placeOf(area), ...(floor === undefined ? {} : { floor }) };
        }),
        devices: entities.map((entity, index): Device => {
            const area = idOf(areas, entity.area);
            const state = typeof entity.state === "object" ? entity.state.out : entity.state;
            return {
                id: entity.id ?? `${entity.domain}.${index}`,
                ...nameOf(entity.name),
                type: entity.domain ?? entity.id?.split(".")[0] ?? "",
                ...(area === undefined ? {} : { area }),
                ...(state === undefined ? {} : { state }),
                ...(entity.attributes === undefined ? {} : { attributes: entity.attributes }),
            };
        }),
    };
}

function placeOf({ id, name }: CorpusThing): { readonly id: string; readonly name: string } {
    return { id: id ?? name, name };
}

/** Names are templates there: "Trader Joe[']s" is one name with two spellings. */
function nameOf(template: string): Pick<Device, "name" | "aliases"> {
    const name = template.replaceAll(/\[[^\]]*\]/g, "");
    const full = template.replaceAll(/[[\]]/g, "");
    return full === name ? { name } : { name, aliases: [full] };
}
