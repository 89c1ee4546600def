/** Answers to what was asked back: "which one do you mean?" and "shall I?". */
import type { Device, HomeDescription } from "../../home/model";
import type { Intent } from "../intent";
import type { SkipPhrases } from "../match/lattice";
import { type Word, wordsOf } from "../words";
import type { Before } from "./before";
import type { ConversationWords } from "./words";

/** Longer texts are no answers. */
const MAX_WORDS = 16;

export interface AnswerWords {
    readonly conversation: ConversationWords;
    readonly skipPhrases: SkipPhrases;
}

/** Undefined where nothing was asked, or the text is no answer to it: it may be a new command then. */
export function answer(
    text: string,
    words: readonly Word[],
    before: Before | undefined,
    language: AnswerWords,
    home: HomeDescription,
): Intent | undefined {
    if (before?.awaits === undefined || words.length > MAX_WORDS) return undefined;
    const said = withoutSkipped(
        words.map((word) => word.text),
        language.skipPhrases,
    );
    const plain = (name: string): Intent => ({ name, confidence: 1, slots: {}, targets: [], text: text.trim() });
    if (language.conversation.isNo(said)) {
        return plain(before.awaits === "confirmation" ? "EarshotDecline" : "HassNevermind");
    }
    if (before.awaits === "confirmation") {
        return language.conversation.isYes(said) ? plain("EarshotConfirm") : undefined;
    }
    const open = before.last.find(({ candidates = [] }) => candidates.length > 0);
    const candidates = home.devices.filter(({ id }) => open?.candidates?.includes(id));
    if (open === undefined || candidates.length === 0) return undefined;
    const choice = chosen(said, candidates, language.conversation, home);
    if (choice === undefined) return undefined;
    const { candidates: _, ...asked } = open;
    const ids = choice.devices.map(({ id }) => id);
    // Not enough to tell them apart: the question stays open among those that are left.
    if (!choice.isDecided) return { ...open, candidates: ids, text: text.trim() };
    const [only] = choice.devices;
    const name = ids.length === 1 && only !== undefined ? { name: only.name } : {};
    return { ...asked, confidence: 1, slots: { ...open.slots, ...name }, targets: ids, text: text.trim() };
}

interface Choice {
    readonly devices: readonly Device[];
    readonly isDecided: boolean;
}

/** By name, area, floor or a word of these, by number, several of them ("the left one and the one in the hall"), or all. */
function chosen(
    said: readonly string[],
    candidates: readonly Device[],
    words: ConversationWords,
    home: HomeDescription,
): Choice | undefined {
    if (words.isAll(said)) return { devices: candidates, isDecided: true };
    const known = candidates.map((device) => ({ device, words: wordsAbout(device, home) }));
    const whole = picked(said, known, words);
    if (whole.length > 0) return { devices: whole, isDecided: whole.length === 1 };
    const parts = partsOf(said, words).map((part) => picked(part, known, words));
    if (parts.length < 2 || parts.some((part) => part.length !== 1)) return undefined;
    return { devices: [...new Set(parts.flat())], isDecided: true };
}

interface Known {
    readonly device: Device;
    readonly words: ReadonlySet<string>;
}

function picked(said: readonly string[], candidates: readonly Known[], words: ConversationWords): readonly Device[] {
    const tells = (word: string) =>
        !words.fillers.has(word) || candidates.some((each) => each.words.has(word) !== candidates[0]?.words.has(word));
    const telling = said.filter(tells);
    if (telling.length === 0) return [];
    const matching = candidates.filter((each) => telling.every((word) => each.words.has(word)));
    if (matching.length > 0) return matching.map(({ device }) => device);
    const index = words.ordinal(telling, candidates.length);
    const device = index === undefined ? undefined : candidates[index]?.device;
    return device === undefined ? [] : [device];
}

/** Every word that its names and the names of where it is are made of. */
function wordsAbout(device: Device, home: HomeDescription): ReadonlySet<string> {
    const area = home.areas.find(({ id }) => id === device.area);
    const floor = home.floors.find(({ id }) => id === area?.floor);
    const names = [device, area, floor].flatMap((thing) => (thing ? [thing.name, ...(thing.aliases ?? [])] : []));
    return new Set(names.flatMap((name) => wordsOf(name).map(({ text }) => text)));
}

function partsOf(said: readonly string[], words: ConversationWords): readonly (readonly string[])[] {
    const parts: string[][] = [[]];
    for (let at = 0; at < said.length; at += 1) {
        const length = words.conjunctionAt(said, at);
        if (length === 0) parts.at(-1)?.push(said[at] ?? "");
        else {
            parts.push([]);
            at += length - 1;
        }
    }
    return parts;
}

function withoutSkipped(texts: readonly string[], skipPhrases: SkipPhrases): readonly string[] {
    const left: string[] = [];
    for (let at = 0; at < texts.length; at += 1) {
        const phrases = skipPhrases.get(texts[at] ?? "") ?? [];
        const skipped = phrases.find((phrase) => phrase.every((word, index) => texts[at + index] === word));
        if (skipped === undefined) left.push(texts[at] ?? "");
        else at += skipped.length - 1;
    }
    return left;
}
