/**
 * What a node's settings may be, and reading them from a flow. The editor keeps people from saving wrong ones; flows that
 * were written by hand or by a program come through here all the same, so a wrong setting is named instead of failing later.
 */

/** One setting: its value where the flow has none, and how to read what the flow has. */
export interface Setting<T> {
    readonly fallback: T;
    /** @throws SettingError when the value is not of this kind. `name` is for the message. */
    read(value: unknown, name: string): T;
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** The values of `Settings`. */
export type Config<S extends Settings> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

export type SettingErrorCode = "invalid-setting" | "newer-version";

export class SettingError extends Error {
    override readonly name = "SettingError";

    constructor(
        readonly code: SettingErrorCode,
        message: string,
    ) {
        super(message);
    }
}

export function readSettings<S extends Settings>(settings: S, flow: Readonly<Record<string, unknown>>): Config<S> {
    const values = Object.entries(settings).map(([name, setting]) => [name, orFallback(setting, flow[name], name)]);
    return Object.fromEntries(values) as Config<S>;
}

export function text(fallback = ""): Setting<string> {
    return {
        fallback,
        read: (value, name) => (typeof value === "string" ? value.trim() : refuse(name, "text", value)),
    };
}

/** The editor saves what is typed into number fields as text: both are read. */
export function number(
    fallback: number,
    { from, to }: { readonly from: number; readonly to: number },
): Setting<number> {
    return {
        fallback,
        read(value, name) {
            const read = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
            const inRange = typeof read === "number" && read >= from && read <= to;
            return inRange ? read : refuse(name, `a number from ${from} to ${to}`, value);
        },
    };
}

export function flag(fallback: boolean): Setting<boolean> {
    return {
        fallback,
        read: (value, name) => (typeof value === "boolean" ? value : refuse(name, "true or false", value)),
    };
}

/** One word out of `words`; the first is the fallback. */
export function choice<const Words extends readonly [string, ...string[]]>(...words: Words): Setting<Words[number]> {
    return {
        fallback: words[0],
        read: (value, name) =>
            words.find((word) => word === value) ?? refuse(name, `one of ${words.join(", ")}`, value),
    };
}

export function texts(fallback: readonly string[] = []): Setting<readonly string[]> {
    return listOf(text(), fallback);
}

/** A list of rows, each with the same fields. */
export function rows<S extends Settings>(fields: S): Setting<readonly Config<S>[]> {
    const fallback = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.fallback]));
    return listOf({
        fallback: fallback as Config<S>,
        read(row, name) {
            if (typeof row !== "object" || row === null) return refuse(name, "an entry with fields", row);
            const flow = row as Readonly<Record<string, unknown>>;
            const values = Object.entries(fields).map(([field, setting]) => [
                field,
                orFallback(setting, flow[field], `${name}.${field}`),
            ]);
            return Object.fromEntries(values) as Config<S>;
        },
    });
}

function listOf<T>(item: Setting<T>, fallback: readonly T[] = []): Setting<readonly T[]> {
    return {
        fallback,
        read: (value, name) =>
            Array.isArray(value)
                ? value.map((entry: unknown, index) => item.read(entry, `${name}[${index}]`))
                : refuse(name, "a list", value),
    };
}

function orFallback<T>(setting: Setting<T>, value: unknown, name: string): T {
    return value === undefined || value === null ? setting.fallback : setting.read(value, name);
}

function refuse(name: string, expected: string, value: unknown): never {
    throw new SettingError("invalid-setting", `The setting "${name}" must be ${expected}, but it is ${shown(value)}.`);
}

function shown(value: unknown): string {
    const json = String(JSON.stringify(value));
    return json.length > 40 ? `${json.slice(0, 40)}…` : json;
}
