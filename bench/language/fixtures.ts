/** Home Assistant's test fixtures as a home: `_fixtures.yaml` beside its test sentences. */
import type { Area, Device, Floor, HomeDescription } from "../../src/home";

interface Named {
    readonly name: string;
    readonly id: string;
}

export interface Fixtures {
    readonly floors?: readonly Named[];
    readonly areas?: readonly (Named & { readonly floor?: string })[];
    readonly entities?: readonly (Named & {
        readonly area?: string;
        readonly state?: string | { readonly out: string };
        readonly attributes?: Readonly<Record<string, unknown>>;
    })[];
}

export function homeOf({ floors, areas, entities }: Fixtures): HomeDescription {
    return {
        floors: (floors ?? []).map(({ id, name }): Floor => ({ id, ...names(name) })),
        areas: (areas ?? []).map(
            ({ id, name, floor }): Area => ({ id, ...names(name), ...(floor === undefined ? {} : { floor }) }),
        ),
        devices: (entities ?? []).map(({ id, name, area, state, attributes }, index): Device => {
            const stateWord = typeof state === "object" ? state.out : state;
            return {
                // Some fixtures give two entities the same id.
                id: `${id}#${index}`,
                ...names(name),
                type: id.slice(0, id.indexOf(".")),
                ...(area === undefined ? {} : { area }),
                ...(stateWord === undefined ? {} : { state: stateWord }),
                ...(attributes === undefined ? {} : { attributes }),
            };
        }),
    };
}

/** A fixture's name may be a template of what it is called: "Büro[licht]". The first way to say it is the name. */
function names(template: string): { readonly name: string; readonly aliases?: readonly string[] } {
    const [name = "", ...aliases] = new Set([...spellings(template)].map((text) => text.trim().replaceAll(/ +/g, " ")));
    return aliases.length === 0 ? { name } : { name, aliases };
}

function spellings(template: string): readonly string[] {
    const group = /\(([^()[\]]*)\)|\[([^()[\]]*)\]/.exec(template);
    if (group === null) return [template];
    const inside = group[1] ?? group[2] ?? "";
    const options = [...inside.split("|"), ...(group[1] === undefined ? [""] : [])];
    const [before, after] = [template.slice(0, group.index), template.slice(group.index + group[0].length)];
    return options.flatMap((option) => spellings(before + option + after));
}
