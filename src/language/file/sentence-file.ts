/** Reads one sentence file: Home Assistant's keys, and four of ours (`numbers`, `tolerance`, `conversation`, `replies`). */
import type { Node } from "yaml";
import type { SlotValue } from "../intent";
import { listDefinitions } from "./list-section";
import type {
    Conditions,
    ContextCondition,
    ConversationDefinition,
    SentenceBlock,
    SentenceFile,
    SourcedTemplate,
    ToleranceDefinition,
} from "./model";
import { numberWords } from "./number-section";
import { slotValues, templateOf, textsOf } from "./values";
import { YamlReader } from "./yaml-reader";

export { MAX_FILE_LENGTH } from "./yaml-reader";

const SECTIONS = [
    "settings",
    "intents",
    "lists",
    "expansion_rules",
    "skip_words",
    "numbers",
    "tolerance",
    "conversation",
    "replies",
];
/** Home Assistant's, without meaning here: its replies are written in another template language. */
const IGNORED_SECTIONS = ["language", "responses", "metadata"];
const BLOCK_KEYS = "sentences, slots, requires_context, excludes_context, expansion_rules, lists, response, metadata";

/** Never throws: what is wrong is in `problems`, with line and column. */
export function readSentenceFile(file: string, source: string, language: string): SentenceFile {
    const reader = new YamlReader(file, source);
    const sections = new Map<string, Node | null>();
    const entries = reader.entries(reader.root, "the file");
    for (const { key, keyNode, node } of entries) {
        if (SECTIONS.includes(key)) sections.set(key, node);
        else if (!IGNORED_SECTIONS.includes(key)) {
            reader.problem(keyNode, "shape", `unknown key "${key}"`, `one of language, ${SECTIONS.join(", ")}`);
        }
    }
    const declared = entries.find(({ key }) => key === "language");
    const usable = declared !== undefined && reader.text(declared.node, "language") === language;
    if (!usable && reader.root !== null) {
        const fault = declared === undefined ? "no language given" : "the file is for another language";
        reader.problem(declared?.node ?? reader.root, "language", fault, `language: ${language}`);
        sections.clear();
    }
    const section = (name: string) => sections.get(name) ?? null;
    const numbers = sections.has("numbers") ? numberWords(reader, section("numbers")) : undefined;
    const tolerance = sections.has("tolerance") ? toleranceOf(reader, section("tolerance")) : undefined;
    const conversation = sections.has("conversation") ? conversationOf(reader, section("conversation")) : undefined;
    return {
        file,
        blocks: blocksOf(reader, section("intents")),
        lists: listDefinitions(reader, section("lists")),
        rules: rulesOf(reader, section("expansion_rules")),
        skipWords: textsOf(reader, section("skip_words"), "skip_words"),
        ignoresSpaces: ignoresSpaces(reader, section("settings")),
        replies: repliesOf(reader, section("replies")),
        problems: reader.problems,
        ...(numbers === undefined ? {} : { numbers }),
        ...(tolerance === undefined ? {} : { tolerance }),
        ...(conversation === undefined ? {} : { conversation }),
    };
}

/** `filter_with_regex` is about the speed of Home Assistant's matcher. */
function ignoresSpaces(reader: YamlReader, node: Node | null): boolean {
    let ignores = false;
    for (const { key, keyNode, node: value } of reader.entries(node, "settings")) {
        if (key === "ignore_whitespace") ignores = reader.scalar(value, key) === true;
        else if (key !== "filter_with_regex") {
            reader.problem(
                keyNode,
                "shape",
                `unknown key "${key}" in settings`,
                "ignore_whitespace or filter_with_regex",
            );
        }
    }
    return ignores;
}

function blocksOf(reader: YamlReader, node: Node | null): SentenceBlock[] {
    const blocks: SentenceBlock[] = [];
    for (const intent of reader.entries(node, "intents")) {
        for (const { key, keyNode, node: data } of reader.entries(intent.node, `intent ${intent.key}`)) {
            if (key === "data") {
                for (const item of reader.items(data, `data of ${intent.key}`)) {
                    blocks.push(blockOf(reader, intent.key, item));
                }
            } else if (key !== "description" && key !== "supported") {
                reader.problem(keyNode, "shape", `unknown key "${key}" in intent ${intent.key}`, "data");
            }
        }
    }
    return blocks;
}

function blockOf(reader: YamlReader, intent: string, item: Node): SentenceBlock {
    const found: { -readonly [K in keyof SentenceBlock]?: SentenceBlock[K] } = {};
    for (const { key, keyNode, node } of reader.entries(item, `data of ${intent}`)) {
        if (key === "sentences") found.sentences = templatesOf(reader, node, "sentences");
        else if (key === "slots") Object.assign(found, slotsOf(reader, node));
        else if (key === "requires_context") found.requires = conditionsOf(reader, node, key);
        else if (key === "excludes_context") found.excludes = conditionsOf(reader, node, key);
        else if (key === "expansion_rules") found.rules = rulesOf(reader, node);
        else if (key === "lists") found.lists = listDefinitions(reader, node);
        else if (key === "response") {
            const response = reader.text(node, "response");
            if (response !== undefined) found.response = response;
        } else if (key === "metadata") {
            found.metadata = Object.fromEntries(
                reader.entries(node, key).map((entry) => [entry.key, reader.plain(entry.node)]),
            );
        } else if (key === "required_keywords") found.requiredKeywords = textsOf(reader, node, key);
        else reader.problem(keyNode, "shape", `unknown key "${key}" in data of ${intent}`, `one of ${BLOCK_KEYS}`);
    }
    if (found.sentences === undefined) {
        reader.problem(item, "shape", `data of ${intent} has no sentences`, "a list of sentences");
    }
    return {
        intent,
        sentences: [],
        slots: {},
        anyOf: {},
        requires: {},
        excludes: {},
        rules: new Map(),
        lists: new Map(),
        metadata: {},
        requiredKeywords: [],
        ...found,
    };
}

function slotsOf(reader: YamlReader, node: Node | null): Pick<SentenceBlock, "slots" | "anyOf"> {
    const slots: Record<string, SlotValue> = {};
    const anyOf: Record<string, readonly SlotValue[]> = {};
    for (const { key, node: value } of reader.entries(node, "slots")) {
        const values = slotValues(reader, reader.oneOrMore(value, `slot ${key}`), `slot ${key}`);
        const [first] = values;
        if (first !== undefined) slots[key] = first;
        if (values.length > 1) anyOf[key] = values;
    }
    return { slots, anyOf };
}

function conditionsOf(reader: YamlReader, node: Node | null, what: string): Conditions {
    const conditions: Record<string, ContextCondition> = {};
    for (const { key, node: wanted } of reader.entries(node, what)) {
        conditions[key] = conditionOf(reader, wanted, `${what} of ${key}`);
    }
    return conditions;
}

/** `domain: light`, `domain: [light, switch]`, `area: {slot: true, value: kitchen}`, or `area:` alone for any value. */
function conditionOf(reader: YamlReader, node: Node | null, what: string): ContextCondition {
    const plain = reader.plain(node);
    if (plain === null) return { values: [], slot: false };
    if (typeof plain !== "object" || Array.isArray(plain)) {
        return { values: slotValues(reader, reader.oneOrMore(node, what), what), slot: false };
    }
    let slot: string | number | boolean | undefined = false;
    let values: SlotValue[] = [];
    for (const { key, keyNode, node: inner } of reader.entries(node, what)) {
        if (key === "slot") slot = reader.scalar(inner, `${what}, slot`);
        else if (key === "value") values = slotValues(reader, reader.oneOrMore(inner, what), what);
        else reader.problem(keyNode, "shape", `unknown key "${key}" in ${what}`, "value or slot");
    }
    return typeof slot === "string" ? { values, slot: true, slotName: slot } : { values, slot: slot === true };
}

function rulesOf(reader: YamlReader, node: Node | null): Map<string, SourcedTemplate> {
    const rules = new Map<string, SourcedTemplate>();
    for (const { key, node: body } of reader.entries(node, "expansion_rules")) {
        const template = templateOf(reader, body, `rule ${key}`);
        if (template !== undefined) rules.set(key, template);
    }
    return rules;
}

function templatesOf(reader: YamlReader, node: Node | null, what: string): SourcedTemplate[] {
    return reader.oneOrMore(node, what).flatMap((item) => templateOf(reader, item, what) ?? []);
}

function toleranceOf(reader: YamlReader, node: Node | null): ToleranceDefinition {
    const found = {
        fillers: [] as string[],
        droppable: [] as string[],
        exact: [] as string[],
        courtesies: [] as string[],
    };
    let sounds: ToleranceDefinition["sounds"];
    for (const { key, keyNode, node: words } of reader.entries(node, "tolerance")) {
        if (key === "sounds") {
            const spelling = reader.text(words, key);
            if (spelling === "english") sounds = spelling;
            else reader.problem(words, "shape", `sounds are "${spelling}"`, "english, or no such key");
        } else if (key in found) found[key as keyof typeof found] = textsOf(reader, words, key);
        else reader.problem(keyNode, "shape", `unknown key "${key}" in tolerance`, Object.keys(found).join(", "));
    }
    return { ...found, ...(sounds === undefined ? {} : { sounds }) };
}

function conversationOf(reader: YamlReader, node: Node | null): ConversationDefinition {
    const found = {
        conjunctions: [] as string[],
        fillers: [] as string[],
        all: [] as string[],
        ordinals: [] as string[],
        last: [] as string[],
        yes: [] as string[],
        no: [] as string[],
    };
    for (const { key, keyNode, node: phrases } of reader.entries(node, "conversation")) {
        if (key in found) found[key as keyof typeof found] = textsOf(reader, phrases, key);
        else reader.problem(keyNode, "shape", `unknown key "${key}" in conversation`, Object.keys(found).join(", "));
    }
    return found;
}

function repliesOf(reader: YamlReader, node: Node | null): Map<string, Record<string, string>> {
    const replies = new Map<string, Record<string, string>>();
    for (const { key, node: reply } of reader.entries(node, "replies")) {
        const plain = reader.plain(reply);
        const forms: Record<string, string> = {};
        if (typeof plain === "object" && plain !== null && !Array.isArray(plain)) {
            for (const form of reader.entries(reply, `reply ${key}`)) {
                forms[form.key] = reader.text(form.node, `reply ${key}`) ?? "";
            }
        } else {
            forms.other = reader.text(reply, `reply ${key}`) ?? "";
        }
        replies.set(key, forms);
    }
    return replies;
}
