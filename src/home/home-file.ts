/** Reads a home from `home.json`, the form in which homes are kept, exchanged and tested. */
import { findJsonFault } from "./json-position";
import type { Area, Device, Floor, HomeDescription } from "./model";

/** What a home file may hold at most; far above any home, far below what hurts. */
export const HOME_FILE_LIMITS = {
    characters: 16 * 1024 * 1024,
    floors: 200,
    areas: 2_000,
    devices: 20_000,
    aliases: 100,
    nameCharacters: 200,
    idCharacters: 255,
    stateCharacters: 255,
    attributesCharacters: 64 * 1024,
} as const;

export type HomeFileErrorCode = "not-json" | "invalid" | "too-large";

/** A home file that can't be used: `message` says where and what was expected. */
export class HomeFileError extends Error {
    override readonly name = "HomeFileError";

    constructor(
        readonly code: HomeFileErrorCode,
        /** The file, as it was named to the reader. */
        readonly source: string,
        /** JSON path of the value ("$.devices[3].area") or "line 4, column 7". */
        readonly where: string,
        readonly expected: string,
    ) {
        super(`${source}: ${where}: expected ${expected}`);
    }
}

/**
 * @param source what to call the text in errors, such as the path of the file
 * @throws HomeFileError when the text is not JSON, has another shape, or refers to what it doesn't define
 */
export function parseHome(text: string, source: string): HomeDescription {
    if (text.length > HOME_FILE_LIMITS.characters) {
        const expected = `at most ${HOME_FILE_LIMITS.characters} characters, found ${text.length}`;
        throw new HomeFileError("too-large", source, "the file", expected);
    }
    const json = text.replace(/^\u{feff}/u, "");
    const fault = findJsonFault(json);
    if (fault) {
        const where = `line ${fault.line}, column ${fault.column}`;
        throw new HomeFileError("not-json", source, where, `${fault.expected}, found ${fault.found}`);
    }
    return new Reader(source).home(JSON.parse(json));
}

/** Checks a home that is already an object, such as one from a node's configuration, as `parseHome` does. */
export function checkHome(home: unknown, source: string): HomeDescription {
    return new Reader(source).home(home);
}

type Fields = Readonly<Record<string, unknown>>;

class Reader {
    constructor(readonly source: string) {}

    home(value: unknown): HomeDescription {
        const home = this.#object("$", value);
        const floors = this.#list("$.floors", home.floors ?? [], HOME_FILE_LIMITS.floors, (path, item) =>
            this.#floor(path, item),
        );
        const areas = this.#list("$.areas", home.areas ?? [], HOME_FILE_LIMITS.areas, (path, item) =>
            this.#area(path, item, floors),
        );
        const devices = this.#list("$.devices", home.devices, HOME_FILE_LIMITS.devices, (path, item) =>
            this.#device(path, item, areas),
        );
        return { floors, areas, devices };
    }

    #floor(path: string, value: unknown): Floor {
        const fields = this.#object(path, value);
        return { ...this.#named(path, fields) };
    }

    #area(path: string, value: unknown, floors: readonly Floor[]): Area {
        const fields = this.#object(path, value);
        const floor = this.#reference(`${path}.floor`, fields.floor, floors, "floor");
        return { ...this.#named(path, fields), ...(floor !== undefined && { floor }) };
    }

    #device(path: string, value: unknown, areas: readonly Area[]): Device {
        const fields = this.#object(path, value);
        const area = this.#reference(`${path}.area`, fields.area, areas, "area");
        const state = this.#state(`${path}.state`, fields.state);
        const attributes = this.#attributes(`${path}.attributes`, fields.attributes);
        return {
            ...this.#named(path, fields),
            type: this.#type(`${path}.type`, fields.type),
            ...(area !== undefined && { area }),
            ...(state !== undefined && { state }),
            ...(attributes && { attributes }),
        };
    }

    #named(path: string, fields: Fields): { id: string; name: string; aliases?: readonly string[] } {
        const id = this.#text(`${path}.id`, fields.id, HOME_FILE_LIMITS.idCharacters);
        const name = this.#text(`${path}.name`, fields.name, HOME_FILE_LIMITS.nameCharacters);
        if (isAbsent(fields.aliases)) return { id, name };
        const aliases = this.#array(`${path}.aliases`, fields.aliases, HOME_FILE_LIMITS.aliases);
        return {
            id,
            name,
            aliases: aliases.map((alias, index) =>
                this.#text(`${path}.aliases[${index}]`, alias, HOME_FILE_LIMITS.nameCharacters),
            ),
        };
    }

    #type(path: string, value: unknown): string {
        const type = this.#text(path, value, 64);
        if (!/^[a-z][a-z0-9_]*$/.test(type)) {
            this.#fail(path, `a type like "light", "climate" or "media_player", found ${shown(value)}`);
        }
        return type;
    }

    #reference(path: string, value: unknown, known: readonly Floor[], kind: "floor" | "area"): string | undefined {
        if (isAbsent(value)) return undefined;
        const id = this.#text(path, value, HOME_FILE_LIMITS.idCharacters);
        if (known.some((one) => one.id === id)) return id;
        const named = known.find((one) => one.name === id);
        const hint = named ? `; that is the name of the ${kind} with the id ${shown(named.id)}` : "";
        return this.#fail(path, `the id of one of the ${known.length} ${kind}s, found ${shown(id)}${hint}`);
    }

    /** Numbers are taken as well: a sensor's state looks like one, and who writes the file by hand leaves out the quotes. */
    #state(path: string, value: unknown): string | undefined {
        if (isAbsent(value)) return undefined;
        if (typeof value === "number") return String(value);
        if (typeof value === "string" && value.length <= HOME_FILE_LIMITS.stateCharacters) return value;
        return this.#fail(
            path,
            `a state word of at most ${HOME_FILE_LIMITS.stateCharacters} characters like "on"`,
            value,
        );
    }

    #attributes(path: string, value: unknown): Fields | undefined {
        if (isAbsent(value)) return undefined;
        const attributes = this.#object(path, value);
        const { length } = JSON.stringify(attributes);
        const limit = HOME_FILE_LIMITS.attributesCharacters;
        if (length > limit) this.#fail(path, `at most ${limit} characters of attributes, found ${length}`);
        return attributes;
    }

    #list<T extends Floor>(
        path: string,
        value: unknown,
        limit: number,
        read: (path: string, item: unknown) => T,
    ): readonly T[] {
        const firstPath = new Map<string, string>();
        return this.#array(path, value, limit).map((item, index) => {
            const itemPath = `${path}[${index}]`;
            const result = read(itemPath, item);
            const other = firstPath.get(result.id);
            if (other) this.#fail(`${itemPath}.id`, `another id: ${other} has ${shown(result.id)} already`);
            firstPath.set(result.id, itemPath);
            return result;
        });
    }

    #object(path: string, value: unknown): Fields {
        if (isFields(value)) return value;
        return this.#fail(path, "an object", value);
    }

    #array(path: string, value: unknown, limit: number): readonly unknown[] {
        if (!Array.isArray(value)) return this.#fail(path, "an array", value);
        if (value.length > limit) this.#fail(path, `at most ${limit} entries, found ${value.length}`);
        return value;
    }

    #text(path: string, value: unknown, limit: number): string {
        if (typeof value !== "string") return this.#fail(path, "text", value);
        if (value.trim() === "") this.#fail(path, "text that is not empty");
        if (value.length > limit) this.#fail(path, `at most ${limit} characters, found ${value.length}`);
        if (/\p{Cc}/u.test(value)) this.#fail(path, `text without control characters, found ${shown(value)}`);
        return value;
    }

    #fail(path: string, expected: string, ...found: unknown[]): never {
        const suffix = found.length > 0 ? `, found ${shown(found[0])}` : "";
        throw new HomeFileError("invalid", this.source, path, expected + suffix);
    }
}

function isAbsent(value: unknown): value is undefined | null {
    return value === undefined || value === null;
}

function isFields(value: unknown): value is Fields {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
    if (value === undefined) return "nothing";
    if (Array.isArray(value)) return "an array";
    if (typeof value === "object" && value !== null) return "an object";
    const text = JSON.stringify(value);
    return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
