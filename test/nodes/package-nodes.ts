/** The nodes as the package has them: their runtime side, their editor side and their catalogs. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import type { NodeAPI } from "node-red";
import type { Definition } from "../../dist/nodes/define-node";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const require = createRequire(import.meta.url);

const TEMPLATES: readonly string[] = readdirSync(join(ROOT, "nodes"))
    .filter((file) => file.endsWith(".html"))
    .map((file) => file.slice(0, -".html".length));

/** What is in the editor without being a node. */
export const PLUGINS = ["earshot-privacy"] as const;

export const TYPES: readonly string[] = TEMPLATES.filter((name) => !PLUGINS.some((plugin) => plugin === name));

export const LANGUAGES = ["en-US", "de"] as const;

export function source(...path: readonly string[]): string {
    return readFileSync(join(ROOT, ...path), "utf8");
}

export function filesIn(...path: readonly string[]): readonly string[] {
    return readdirSync(join(ROOT, ...path));
}

export type NodeModule = (RED: NodeAPI) => Definition;

export function nodeModule(type: string): NodeModule {
    return require(join(ROOT, "dist", "nodes", `${type}.js`)) as NodeModule;
}

/** What the node's file defines, without a Node-RED. */
export function definitionOf(type: string): Definition {
    const nothing = () => undefined;
    return nodeModule(type)({
        nodes: { registerType: nothing },
        auth: { needsPermission: () => nothing },
        httpAdmin: { get: nothing, post: nothing },
        httpNode: { all: nothing },
    } as unknown as NodeAPI);
}

export interface EditorProperty {
    readonly value: unknown;
    readonly type?: string;
    readonly required?: boolean;
    readonly label?: string;
    /** With the node as `this`. True, or the reason why not. */
    readonly validate?: (this: unknown, value: unknown, options: object) => boolean | string;
}

export interface EditorDefinition {
    readonly category: string;
    readonly color?: string;
    readonly icon?: string;
    readonly inputs?: number;
    readonly outputs?: number;
    readonly defaults: Readonly<Record<string, EditorProperty>>;
    readonly credentials?: Readonly<Record<string, { readonly type: string }>>;
}

/** What the node's template registers in the editor. Catalogs answer with the key. */
export function editorDefinitionOf(type: string): EditorDefinition {
    const script =
        /<script type="text\/javascript">([\s\S]*)<\/script>/.exec(source("nodes", `${type}.html`))?.[1] ?? "";
    const registered: [string, EditorDefinition][] = [];
    const RED = {
        _: (key: string) => key,
        nodes: { registerType: (name: string, definition: EditorDefinition) => registered.push([name, definition]) },
        validators: { regex: (pattern: RegExp) => (value: string) => pattern.test(value) },
    };
    runInNewContext(script, { RED });
    const [only] = registered;
    if (registered.length !== 1 || only?.[0] !== type) throw new Error(`${type}.html does not register ${type}.`);
    return only[1];
}

/** A catalog with its nested keys joined by dots. */
export function catalog(language: string, name: string): ReadonlyMap<string, string> {
    return new Map(entriesOf(JSON.parse(source("locales", language, `${name}.json`)) as object));
}

function entriesOf(value: object, prefix = ""): [string, string][] {
    return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
        typeof inner === "object" && inner !== null
            ? entriesOf(inner, `${prefix}${key}.`)
            : [[prefix + key, String(inner)] as [string, string]],
    );
}
