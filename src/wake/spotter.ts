/**
 * Listens for phrases in noise-reduced sound, in the recogniser's thread: any phrase, without training. Where somebody speaks,
 * a loop of phones with the phrases among them is decoded as the sound comes; a phrase that the best explanation of the speech
 * still holds a moment after its end, and that fits well enough, has been said.
 */
import { FRAME_MS, FRAME_SAMPLES, type VoicedFrame } from "../audio";
import type { Samples } from "../speech";
import type { RecognisedWord, Recogniser, RecogniserSearch } from "../speech/builtin/recogniser";
import type { WakeWord } from "./detector";
import { LevelFollower } from "./level-follower";
import { holdsPhrase, phraseGrammar, type SpokenPhrase, wordsOf } from "./phrase-grammar";
import { SpeechGate } from "./speech-gate";

/**
 * Without weight of its own for words, so that the phrases' weights are ratios of likelihoods, and with beams just wide enough
 * for what a phrase may be worse than the best phones.
 */
export const SPOTTING_SEARCH: RecogniserSearch = { lw: 1, wip: 1, beam: 1e-60, wbeam: 1e-40, pbeam: 1e-60 };

/** Sound decoded at a time; also how often the spotter looks what has been heard. */
const STEP_FRAMES = 5;
/** A phrase counts when it is still in the best explanation so long after its end. */
const SETTLED_FRAMES = 15;
/** Speech without a pause is decoded in stretches of this length, which bounds the recogniser's memory… */
const MAX_STRETCH_FRAMES = 1500;
/** …and which overlap by more than a phrase. */
const OVERLAP_FRAMES = 150;
/** Where a phrase ends may change so much as more is heard; it is still the same one. */
const SAME_PHRASE_FRAMES = 30;
/** Noise reduction and resampling hand their sound on so much later. */
const DELAY_SAMPLES = 160;

/** The recogniser's scores are logarithms divided by so much. */
const SCORE_UNIT = 1024;
/** Log-likelihood a frame, beside the best sound's, that a phrase has at the score 0.5, and what steepens the score about it. */
const MIDDLE_FIT = -4.45;
const FIT_SLOPE = 1.46;
/**
 * Of the recordings of "alexa" and "computer", one in fifty is said faster; what only resembles a phrase mostly is. What each
 * frame less for a phone takes from the fit.
 */
const FASTEST_FRAMES_PER_PHONE = 6;
const HURRY_COST = 1.5;
/** Advantage over free phones that the grammar gives a phrase, for each phone, at the ends of the scale of sensitivity. */
const ADVANTAGE = { least: 4, most: 9 };

export interface SpotterOptions {
    readonly phrases: readonly string[];
    /** 0 (hardly ever wakes by mistake) to 1 (hardly ever misses). */
    readonly sensitivity: number;
    /** Silence of the spotter after a detection, in milliseconds of sound. */
    readonly cooldownMs: number;
}

interface Found {
    readonly phrase: number;
    readonly endFrame: number;
    readonly score: number;
}

export class Spotter {
    readonly #recogniser: Recogniser;
    readonly #phrases: readonly string[];
    /** The phrases as the grammar has them. */
    readonly #spoken: readonly SpokenPhrase[];
    readonly #threshold: number;
    readonly #cooldownFrames: number;
    readonly #onWake: (wake: WakeWord) => void;
    readonly #gate = new SpeechGate();
    readonly #level = new LevelFollower();
    #decoding = false;
    /** Number of the frame with which the stretch being decoded begins. */
    #start = 0;
    #decoded = 0;
    /** Frames that wait to be decoded together. */
    #step: Samples[] = [];
    /** The end of what was decoded, for the next stretch of speech without a pause. */
    #overlap: Samples[] = [];
    /** No phrase that ends before this frame is reported any more. */
    #deafUntil = 0;

    /** @throws WakePhraseError when the phrases can't be said */
    constructor(recogniser: Recogniser, options: SpotterOptions, onWake: (wake: WakeWord) => void) {
        const words = wordsOf(options.phrases);
        const sensitivity = Math.min(0.98, Math.max(0.02, options.sensitivity));
        const advantage = ADVANTAGE.least + (ADVANTAGE.most - ADVANTAGE.least) * sensitivity;
        const grammar = phraseGrammar(words, recogniser.pronunciations(words.flat()), advantage);
        recogniser.setRules(grammar.jsgf, grammar.pronunciations);
        this.#recogniser = recogniser;
        this.#phrases = options.phrases;
        this.#spoken = grammar.phrases;
        this.#threshold = 1 - sensitivity;
        this.#cooldownFrames = Math.ceil(options.cooldownMs / FRAME_MS);
        this.#onWake = onWake;
    }

    /** Takes the next frame of the stream. */
    async take(frame: VoicedFrame): Promise<void> {
        const passage = this.#gate.take(frame);
        switch (passage.kind) {
            case "silence":
                return;
            case "begin":
                this.#level.reset();
                await this.#begin(passage.start, passage.frames);
                return;
            case "speech":
                this.#step.push(passage.frame);
                if (this.#step.length >= STEP_FRAMES) await this.#decodeStep();
                return;
            case "end":
                this.#finish();
                return;
        }
    }

    /** The stream is over: what is still being decoded is looked at as it is. */
    async end(): Promise<void> {
        this.#finish();
    }

    /** Stops decoding and overwrites the sound that is kept. */
    close(): void {
        if (this.#decoding) this.#recogniser.stop();
        this.#decoding = false;
        this.#gate.close();
        this.#forget();
    }

    async #begin(start: number, frames: readonly Samples[]): Promise<void> {
        this.#start = start;
        this.#decoded = 0;
        await this.#recogniser.start();
        this.#decoding = true;
        this.#decode(frames);
    }

    async #decodeStep(): Promise<void> {
        const frames = this.#step;
        this.#step = [];
        this.#decode(frames);
        this.#look(SETTLED_FRAMES);
        if (this.#decoded < MAX_STRETCH_FRAMES) return;
        const overlap = this.#overlap;
        this.#overlap = [];
        const start = this.#start + this.#decoded - overlap.length;
        this.#recogniser.stop();
        this.#decoding = false;
        await this.#begin(start, overlap);
    }

    #decode(frames: readonly Samples[]): void {
        for (const frame of frames) this.#level.hear(frame);
        const sound = this.#level.level(frames);
        this.#recogniser.feed(sound);
        sound.fill(0);
        this.#decoded += frames.length;
        this.#overlap.push(...frames);
        const tooMany = Math.max(0, this.#overlap.length - OVERLAP_FRAMES);
        for (const frame of this.#overlap.splice(0, tooMany)) frame.fill(0);
    }

    #finish(): void {
        if (!this.#decoding) return;
        if (this.#step.length > 0) this.#decode(this.#step);
        this.#recogniser.stop();
        this.#decoding = false;
        this.#look(0);
        this.#forget();
    }

    #forget(): void {
        for (const samples of [...this.#step, ...this.#overlap]) samples.fill(0);
        this.#step = [];
        this.#overlap = [];
    }

    #look(settledFrames: number): void {
        if (!holdsPhrase(this.#recogniser.text())) return;
        for (const { phrase, endFrame, score } of this.#found()) {
            if (score < this.#threshold || endFrame < this.#deafUntil) continue;
            if (this.#start + this.#decoded - endFrame < settledFrames) continue;
            this.#deafUntil = endFrame + Math.max(this.#cooldownFrames, SAME_PHRASE_FRAMES);
            const endSample = Math.max(0, endFrame * FRAME_SAMPLES - DELAY_SAMPLES);
            this.#onWake({ word: this.#phrases[phrase] ?? "", score, endSample });
        }
    }

    /** Phrases in the best explanation of the stretch so far. */
    #found(): Found[] {
        const words = this.#recogniser.words();
        const found: Found[] = [];
        for (const index of words.keys()) {
            for (const [phrase, { names, phones }] of this.#spoken.entries()) {
                if (!names.every((name, position) => words[index + position]?.text === name)) continue;
                const said = words.slice(index, index + names.length);
                const endFrame = this.#start + Math.round((said.at(-1)?.endMs ?? 0) / FRAME_MS);
                found.push({ phrase, endFrame, score: scoreOf(said, phones) });
            }
        }
        return found;
    }
}

/** From 0 to 1, by how well the phrase fits beside the best sound at each moment; less when it was said faster than people do. */
function scoreOf(words: readonly RecognisedWord[], phones: number): number {
    let sum = 0;
    let frames = 0;
    for (const { scorePerFrame, startMs, endMs } of words) {
        const length = (endMs - startMs) / FRAME_MS;
        sum += scorePerFrame * length * SCORE_UNIT;
        frames += length;
    }
    const hurry = Math.max(0, FASTEST_FRAMES_PER_PHONE - frames / phones);
    const fit = sum / Math.max(1, frames) - HURRY_COST * hurry;
    return 1 / (1 + Math.exp(FIT_SLOPE * (MIDDLE_FIT - fit)));
}
