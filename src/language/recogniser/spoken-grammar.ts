/** From a language and a home to what the built-in recogniser can hear, and what other engines should expect. */
import { createHash } from "node:crypto";
import type { HomeDescription } from "../../home/model";
import { choice, sequence, word } from "../automaton/word-expression";
import type { Language } from "../language";
import type { RecogniserGrammar, WordNetwork } from "../recogniser-grammar";
import { wordsOf } from "../words";
import { biasOf } from "./bias";
import { NetworkBuilder, NetworkTooLarge, networkFrom } from "./network-builder";
import { type AnswerKind, spokenAnswers } from "./spoken-answers";
import { type SpokenSentence, SpokenSentences } from "./spoken-sentences";

/** @param answer what may be said besides, as it was asked for */
export function recogniserGrammar(language: Language, home: HomeDescription, answer?: AnswerKind): RecogniserGrammar {
    const spoken = new SpokenSentences(language, home);
    const answers = answer === undefined ? [] : spokenAnswers(language, answer);
    const { heard, network } = networkOf([...answers, ...spoken.sentences()], language.tolerance?.courtesies ?? []);
    const unheard = [...spoken.intents()].filter((intent) => !heard.has(intent));
    return {
        network,
        language: language.code,
        key: keyOf(network, language.code),
        unheard,
        bias: biasOf(language, home, network.words),
    };
}

/** Where all sentences together take too many states, those that do are left out. */
function networkOf(sentences: readonly SpokenSentence[], courtesies: readonly string[]) {
    try {
        return builtFrom(sentences, courtesies);
    } catch (error) {
        if (!(error instanceof NetworkTooLarge)) throw error;
    }
    const fitting: SpokenSentence[] = [];
    for (const sentence of sentences) if (fits([sentence], courtesies)) fitting.push(sentence);
    while (!fits(fitting, courtesies)) fitting.pop();
    return builtFrom(fitting, courtesies);
}

function fits(sentences: readonly SpokenSentence[], courtesies: readonly string[]): boolean {
    try {
        builtFrom(sentences, courtesies);
        return true;
    } catch (error) {
        if (error instanceof NetworkTooLarge) return false;
        throw error;
    }
}

function builtFrom(sentences: readonly SpokenSentence[], courtesies: readonly string[]) {
    const builder = new NetworkBuilder();
    const phrases = courtesies.map((phrase) => sequence(wordsOf(phrase).map(({ text }) => word(text))));
    const polite = (state: typeof builder.end) =>
        phrases.length === 0 ? state : builder.union([state, builder.before(state, choice(phrases))]);
    const end = polite(builder.end);
    const start = polite(builder.union(sentences.map(({ words }) => builder.before(end, words))));
    return { network: networkFrom(start), heard: new Set(sentences.map(({ intent }) => intent)) };
}

function keyOf({ words, arcs, ends }: WordNetwork, language: string): string {
    return createHash("sha256")
        .update(JSON.stringify([language, words, ends]))
        .update(arcs)
        .digest("base64url");
}
