/**
 * SoundSwallower (PocketSphinx in WebAssembly) with the settings that serve short commands. Only for worker threads: it
 * hooks the process's uncaught exceptions, and decoding takes a share of a core.
 */
import { dirname, join } from "node:path";
import type { Decoder } from "soundswallower";
import type { RecogniserGrammar } from "../../language";
import { readPronunciations } from "../lexicon";
import type { Samples } from "../transcriber";

import { loadNetwork, type NetworkModule } from "./network-loading";
import { phraseNetwork, wordsOfPhrase } from "./phrase-network";

/** Folder of the acoustic model for each language the recogniser understands. */
const MODELS: Readonly<Record<string, string>> = { en: "en-us" };

/** How the decoder searches; its own names. */
export interface RecogniserSearch {
    /** Exponent of the grammar's weights. */
    readonly lw?: number;
    /** Weight of every word. */
    readonly wip?: number;
    /** How unlikely beside the best a state, the end of a word and the end of a phone may be to be followed further. */
    readonly beam: number;
    readonly wbeam: number;
    readonly pbeam: number;
    /** Phones followed at a time above which the beams become narrower, by and by; none: no limit. */
    readonly maxhmmpf?: number;
}

/** Wide beams: little is pruned, which costs some speed and finds more. In large homes the limit bounds what that costs. */
const SEARCH: RecogniserSearch = { beam: 1e-100, wbeam: 1e-80, pbeam: 1e-100, maxhmmpf: 1_000 };

/**
 * Mean of the cepstra of noise-reduced speech at the level that utterances are brought to: where cepstral mean
 * normalisation starts from, so that the first seconds after a start are recognised as well as later ones.
 */
const CEPSTRAL_MEAN = "38,2,3,-1.3,-2.2,-4.7,-4.2,1,-1.7,-0.2,0.9,-0.4,0.5";

const FRAMES_PER_SECOND = 100;
/** Of a phrase that is one word to the decoder; each word alone has up to four. */
const MAX_PHRASE_VARIANTS = 8;

export interface RecognisedWord {
    readonly text: string;
    readonly startMs: number;
    readonly endMs: number;
    /** Log-likelihood beside that of the best sound at each moment, a frame of 10 ms; 0 at best, and negative. */
    readonly scorePerFrame: number;
}

/** A language the built-in recogniser has no model for. */
export class LanguageNotSupported extends Error {
    override readonly name = "LanguageNotSupported";

    constructor(readonly language: string) {
        super(
            `The built-in recogniser understands spoken ${Object.keys(MODELS).join(", ")}, not "${language}"; typed text works in every language.`,
        );
    }
}

/** A grammar without a sentence. */
export class NothingToSay extends Error {
    override readonly name = "NothingToSay";

    constructor() {
        super("There is nothing that can be said: no sentence fits the home, which may have no devices yet.");
    }
}

export class Recogniser {
    readonly #module: NetworkModule;
    readonly #decoder: Decoder;
    readonly #dictionary: string;
    readonly #knownWords = new Set<string>();
    /** Key of the grammar in use. */
    #grammar = "";

    private constructor(
        readonly language: string,
        module: NetworkModule,
        decoder: Decoder,
        dictionary: string,
    ) {
        this.#module = module;
        this.#decoder = decoder;
        this.#dictionary = dictionary;
    }

    /** Loads the acoustic model, without the dictionary: its words come with the grammar. */
    static async load(language: string, search = SEARCH): Promise<Recogniser> {
        const model = MODELS[language];
        if (!model) throw new LanguageNotSupported(language);
        const folder = join(dirname(require.resolve("soundswallower")), "model", model);
        const module = await loadModule();
        const decoder = new module.Decoder({
            ...search,
            samprate: 16_000,
            hmm: folder,
            dict: join(folder, "no-dictionary"),
            cmninit: CEPSTRAL_MEAN,
            loglevel: "FATAL",
        });
        await decoder.initialize();
        return new Recogniser(language, module, decoder, join(folder, "dict.txt"));
    }

    /** What can be said from now on. Cheap when it is the grammar in use. @throws NothingToSay, BrokenNetwork */
    setGrammar({ network, key }: RecogniserGrammar): void {
        if (network.states === 0) throw new NothingToSay();
        if (key === this.#grammar) return;
        const decodable = phraseNetwork(network);
        const missing = decodable.words.filter((word) => !this.#knownWords.has(word));
        this.#learn(this.#phrasePronunciations(missing));
        this.#grammar = "";
        loadNetwork(this.#module, this.#decoder, decodable);
        this.#grammar = key;
    }

    /** Rules in JSGF over words with the pronunciations given (phones of the model, separated by spaces). */
    setRules(jsgf: string, pronunciations: ReadonlyMap<string, readonly string[]>): void {
        this.#learn(pronunciations);
        this.#grammar = "";
        this.#decoder.set_grammar(jsgf);
    }

    #phrasePronunciations(phrases: readonly string[]): Map<string, string[]> {
        const parts = new Map(phrases.map((phrase) => [phrase, wordsOfPhrase(phrase)]));
        const pronunciations = readPronunciations(this.#dictionary, [...parts.values()].flat());
        return new Map(
            [...parts].map(([phrase, words]) => [
                phrase,
                saidTogether(words.map((word) => pronunciations.get(word) ?? [])),
            ]),
        );
    }

    /** Words known from before are left as they are. */
    #learn(pronunciations: ReadonlyMap<string, readonly string[]>): void {
        const added: [string, string][] = [];
        for (const [word, variants] of pronunciations) {
            if (this.#knownWords.has(word)) continue;
            this.#knownWords.add(word);
            for (const [index, phones] of variants.entries()) {
                added.push([index === 0 ? word : `${word}(${index + 1})`, phones]);
            }
        }
        if (added.length > 0) this.#decoder.add_words(...added);
    }

    /** All ways in which a phrase may be said, from the dictionary and the letter-to-sound rules. */
    pronunciations(words: readonly string[]): Map<string, string[]> {
        return readPronunciations(this.#dictionary, words);
    }

    /** Begins an utterance. What was heard before has no influence on it. */
    async start(): Promise<void> {
        await this.#decoder.reinitialize_audio();
        this.#decoder.start();
    }

    feed(samples: Samples): void {
        this.#decoder.process_audio(samples);
    }

    /** The words so far, also in the middle of an utterance. */
    text(): string {
        return wordsOfPhrase(this.#decoder.get_text()).join(" ");
    }

    /** Words so far with their times from the start of the utterance; pauses and noises are left out. */
    words(): RecognisedWord[] {
        return (this.#decoder.get_alignment().w ?? [])
            .filter(({ t }) => /^[^<([+]/.test(t))
            .flatMap(({ t, b, d, p }) => {
                const scorePerFrame = Math.log(Math.max(p, 1e-3)) / Math.max(1, d * FRAMES_PER_SECOND);
                return apart(wordsOfPhrase(t.replace(/\(\d+\)$/, "")), b, d, scorePerFrame);
            });
    }

    stop(): void {
        this.#decoder.stop();
    }

    close(): void {
        this.#decoder.delete();
    }
}

/** Ways to say words without a pause, the likeliest first. */
function saidTogether(words: readonly (readonly string[])[]): string[] {
    return words.reduce<string[]>(
        (beginnings, ways) =>
            beginnings
                .flatMap((beginning) => ways.map((way) => (beginning === "" ? way : `${beginning} ${way}`)))
                .slice(0, MAX_PHRASE_VARIANTS),
        [""],
    );
}

/** Words of a phrase with the phrase's score; its time goes to each by its letters. */
function apart(words: readonly string[], startS: number, lengthS: number, scorePerFrame: number): RecognisedWord[] {
    const letters = words.reduce((sum, word) => sum + word.length, 0);
    let before = 0;
    return words.map((text) => {
        const startMs = Math.round((startS + (lengthS * before) / letters) * 1000);
        before += text.length;
        const endMs = Math.round((startS + (lengthS * before) / letters) * 1000);
        return { text, startMs, endMs, scorePerFrame };
    });
}

let loading: Promise<NetworkModule> | undefined;

/** One WebAssembly module for all recognisers of a thread. */
function loadModule(): Promise<NetworkModule> {
    loading ??= import("soundswallower").then(
        ({ default: createModule }) => createModule({ print: () => {}, printErr: () => {} }) as Promise<NetworkModule>,
    );
    return loading;
}
