/**
 * Several commands in one sentence. It is cut at conjunctions and commas, and each piece has to be understood: either by itself
 * ("kitchen lights on and bedroom lights off"), or with the words that it shares with its neighbours ("turn on | the lamp and
 * the fan", "lights and fan | off in the kitchen"). A piece that is not understood refuses the whole sentence.
 */
import type { HomeDescription } from "../../home/model";
import type { Intent, SpokenContext } from "../intent";
import type { NumberWords } from "../numbers";
import { type Word, wordsOf } from "../words";
import { afterwards } from "./before";
import type { ConversationWords } from "./words";

/** An intent, and what trust in it the words cost that were forgiven or taken as free text. */
export interface Command {
    readonly intent: Intent;
    readonly cost: number;
}

export interface Reader {
    /** Understands one command. */
    readonly read: (text: string, context: SpokenContext) => Command | undefined;
    /** Words that may be read for one sentence. Ordinary ones need a hundred; the bound is for texts made to be slow. */
    readonly maxWords: number;
}

/** Nobody says a longer list of commands in one breath. */
const MAX_WORDS = 40;
const MAX_CUTS = 6;
/** Cuts up to which each conjunction may also belong to a name; beyond, all of them cut. */
const MAX_OPTIONAL_CUTS = 3;
/** Words at the start or the end of a sentence that its pieces may share. */
const MAX_SHARED_WORDS = 8;

/** What of a language tells where a sentence can be cut. */
export interface CuttingWords {
    readonly conversation: ConversationWords;
    readonly numbers: NumberWords;
    /** Names with a conjunction in them, as words: there they don't cut. */
    readonly names: readonly (readonly string[])[];
}

/** Words from `from` up to before `to`. */
interface Span {
    readonly from: number;
    readonly to: number;
}

/** Undefined where the sentence has no place to cut, or a piece is not understood. */
export function severalCommands(
    text: string,
    words: readonly Word[],
    language: CuttingWords,
    reader: Reader,
    context: SpokenContext,
): { readonly intents: readonly Intent[]; readonly cost: number } | undefined {
    if (words.length > MAX_WORDS) return undefined;
    const cuts = cutsOf(text, words, language);
    if (cuts.length === 0 || cuts.length > MAX_CUTS) return undefined;
    const pieces = new Pieces(text, words, reader, context);
    for (const chosen of waysToCut(cuts)) {
        const spans = between(chosen, words.length);
        const commands = spans && pieces.understood(spans, 0, context);
        if (commands === undefined) continue;
        return { intents: commands.map(({ intent }) => intent), cost: costOf(commands) };
    }
    return undefined;
}

/** Where one command may end and the next begin; the words of a cut belong to neither. */
function cutsOf(text: string, words: readonly Word[], { conversation, numbers, names }: CuttingWords): Span[] {
    const texts = words.map((word) => word.text);
    const cuts: Span[] = [];
    const cut = (from: number, to: number) => {
        const last = cuts.at(-1);
        if (last !== undefined && last.to === from) cuts.splice(-1, 1, { from: last.from, to });
        else cuts.push({ from, to });
    };
    for (let at = 0; at < words.length; at += 1) {
        const gap = at === 0 ? "" : text.slice(words[at - 1]?.to, words[at]?.from);
        if (/[,;.!?]/.test(gap)) cut(at, at);
        const length = conversation.conjunctionAt(texts, at);
        // "a hundred and fifty" is one number.
        const isInNumber = numbers.readingsAt(texts, at - 1).some((reading) => reading.words > length + 1);
        if (length === 0 || isInNumber || names.some((name) => stands(name, texts, at))) continue;
        cut(at, at + length);
        at += length - 1;
    }
    return cuts;
}

/** Whether a phrase is said around the word at `at`, which is neither its first nor its last. */
function stands(phrase: readonly string[], texts: readonly string[], at: number): boolean {
    return phrase.some((_, inside) => {
        if (inside === 0 || inside === phrase.length - 1) return false;
        return phrase.every((word, index) => texts[at - inside + index] === word);
    });
}

/** The names of a home that have a conjunction in them. */
export function namesWithConjunction(home: HomeDescription, words: ConversationWords): readonly (readonly string[])[] {
    return [...home.devices, ...home.areas, ...home.floors]
        .flatMap(({ name, aliases = [] }) => [name, ...aliases])
        .map((name) => wordsOf(name).map(({ text }) => text))
        .filter((name) => name.some((_, at) => words.conjunctionAt(name, at) > 0));
}

/** All cuts first, then fewer: a conjunction that does not cut may be part of a name that was not heard well. */
function waysToCut(cuts: readonly Span[]): (readonly Span[])[] {
    if (cuts.length > MAX_OPTIONAL_CUTS) return [cuts];
    return Array.from({ length: 2 ** cuts.length - 1 }, (_, index) => index + 1)
        .map((set) => cuts.filter((_, cut) => (set & (1 << cut)) !== 0))
        .sort((a, b) => b.length - a.length);
}

/** Undefined where a piece would have no words; but for the first, as in "and turn off the lamp". */
function between(cuts: readonly Span[], length: number): Span[] | undefined {
    const starts = [0, ...cuts.map(({ to }) => to)];
    const ends = [...cuts.map(({ from }) => from), length];
    const spans = starts.map((from, index) => ({ from, to: ends[index] ?? length }));
    if (spans[0]?.to === 0) spans.shift();
    return spans.every(({ from, to }) => from < to) ? spans : undefined;
}

/** A way to understand neighbours that share words. */
interface Shared {
    readonly commands: readonly Command[];
    /** Smaller is better, the first number that differs decides. */
    readonly rank: readonly number[];
}

class Pieces {
    readonly #read = new Map<string, Command | undefined>();
    #wordsRead = 0;

    constructor(
        readonly text: string,
        readonly words: readonly Word[],
        readonly reader: Reader,
        readonly context: SpokenContext,
    ) {}

    /** What the pieces from `at` on ask for; each may lean on those before it ("turn on the lamp and make it red"). */
    understood(spans: readonly Span[], at: number, context: SpokenContext): readonly Command[] | undefined {
        const [span] = spans.slice(at);
        if (span === undefined) return [];
        const alone = this.#command([span], context);
        const withRest = (commands: readonly Command[], next: number) => {
            const intents = commands.map(({ intent }) => intent);
            const later = { ...context, before: afterwards(context.before, intents) };
            const rest = this.understood(spans, next, later);
            return rest && [...commands, ...rest];
        };
        const found = alone && withRest([alone], at + 1);
        if (found !== undefined) return found;
        for (let to = at + 2; to <= spans.length; to += 1) {
            const shared = this.#shared(spans.slice(at, to), context);
            const group = shared && withRest(shared, to);
            if (group !== undefined) return group;
        }
        return undefined;
    }

    /** The first words of the first piece and the last words of the last one are those of all of them. */
    #shared(spans: readonly Span[], context: SpokenContext): readonly Command[] | undefined {
        const [first, ...others] = spans;
        const last = others.at(-1);
        if (first === undefined || last === undefined) return undefined;
        let best: Shared | undefined;
        for (let tail = 0; tail < last.to - last.from && tail <= MAX_SHARED_WORDS; tail += 1) {
            const end = { from: last.to - tail, to: last.to };
            const opening = this.#command([first, end], context);
            for (let head = 0; opening && head < first.to - first.from && head <= MAX_SHARED_WORDS; head += 1) {
                if (head + tail === 0) continue;
                const start = { from: first.from, to: first.from + head };
                const commands = [opening];
                for (const span of others) {
                    const command = this.#command(span === last ? [start, span] : [start, span, end], context);
                    // Words that are shared mean the same in each piece.
                    if (command?.intent.name !== opening.intent.name) break;
                    commands.push(command);
                }
                if (commands.length < spans.length) continue;
                const own = first.to - first.from - head - (last.to - last.from - tail);
                const rank = rankOf(commands, Math.abs(own), head + tail);
                if (best === undefined || isLess(rank, best.rank)) best = { commands, rank };
            }
        }
        return best?.commands;
    }

    #command(spans: readonly Span[], context: SpokenContext): Command | undefined {
        const said = spans.filter(({ from, to }) => from < to);
        const text = said.map(({ from, to }) => this.#slice(from, to)).join(" ");
        // Only what comes after other commands leans on more than the sentence as a whole does.
        const isKnown = context === this.context && this.#read.has(text);
        if (isKnown) return this.#read.get(text);
        for (const { from, to } of said) this.#wordsRead += to - from;
        if (this.#wordsRead > this.reader.maxWords) return undefined;
        const command = this.reader.read(text, context);
        if (context === this.context) this.#read.set(text, command);
        return command;
    }

    #slice(from: number, to: number): string {
        return this.text.slice(this.words[from]?.from, this.words[to - 1]?.to);
    }
}

/** Sure before doubtful, about something before about nothing, alike before unlike ("in the kitchen" and "in the bedroom"). */
function rankOf(commands: readonly Command[], unevenWords: number, sharedWords: number): readonly number[] {
    const intents = commands.map(({ intent }) => intent);
    const aimless = intents.filter(({ targets, candidates = [] }) => targets.length + candidates.length === 0).length;
    const slots = intents.map((intent) => new Set(Object.keys(intent.slots)));
    const [first = new Set<string>()] = slots;
    const unlike = slots.reduce((sum, each) => sum + first.symmetricDifference(each).size, 0);
    return [costOf(commands), aimless, unlike, unevenWords, sharedWords];
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
    const index = a.findIndex((value, at) => value !== b[at]);
    return index >= 0 && (a[index] ?? 0) < (b[index] ?? 0);
}

function costOf(commands: readonly Command[]): number {
    return commands.reduce((sum, { cost }) => sum + cost, 0);
}
