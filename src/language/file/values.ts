/** Values that several sections of a sentence file have in common. */
import type { Node } from "yaml";
import type { SlotValue } from "../intent";
import { parseTemplate } from "../template/parse";
import { TemplateError } from "../template/syntax";
import type { SourcedTemplate } from "./model";
import type { YamlReader } from "./yaml-reader";

export function templateOf(reader: YamlReader, node: Node | null, what: string): SourcedTemplate | undefined {
    const text = reader.text(node, what);
    if (text === undefined) return undefined;
    // Keeps the text, not the reader: what YAML makes of a file is many times as large.
    const { source } = reader;
    const [from, to] = node?.range ?? [0, 0];
    const fault: SourcedTemplate["fault"] = (offset, code, message, expected) =>
        source.error(source.offsetIn([from, to], text, offset), code, message, expected);
    try {
        return { text, node: parseTemplate(text.trim() === "" ? "" : text), fault };
    } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        reader.problems.push(fault(error.offset, "template", error.message, error.expected));
        return undefined;
    }
}

export function textsOf(reader: YamlReader, node: Node | null, what: string): string[] {
    return reader.oneOrMore(node, what).flatMap((item) => reader.text(item, what) ?? []);
}

export function slotValues(reader: YamlReader, nodes: readonly Node[], what: string): SlotValue[] {
    return nodes.flatMap((node) => {
        const scalar = reader.scalar(node, what);
        if (scalar === undefined) return [];
        return typeof scalar === "boolean" ? String(scalar) : scalar;
    });
}
