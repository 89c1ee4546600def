/** Hands a network of words to the decoder, through the functions of the module that its own `Decoder` has no method for. */
import type { Decoder, SoundSwallowerModule } from "soundswallower";
import type { PhraseNetwork } from "./phrase-network";

/** Functions of PocketSphinx's that SoundSwallower exports (`fsg_model.h`, `decoder.h`); numbers are addresses, states, logarithms. */
interface NetworkFunctions {
    _malloc(bytes: number): number;
    _free(address: number): void;
    _decoder_logmath(decoder: number): number;
    _logmath_log(logmath: number, probability: number): number;
    _fsg_model_init(name: number, logmath: number, languageWeight: number, states: number): number;
    _fsg_set_states(network: number, start: number, end: number): void;
    _fsg_model_word_add(network: number, word: number): number;
    _fsg_model_trans_add(network: number, from: number, to: number, logProbability: number, word: number): void;
    _fsg_model_null_trans_add(network: number, from: number, to: number, logProbability: number): number;
    _decoder_set_fsg(decoder: number, network: number): number;
    readonly HEAPU8: Uint8Array;
}

export type NetworkModule = SoundSwallowerModule & NetworkFunctions;

/** The decoder's address in the module's memory, a property that its types leave out. */
interface WithAddress {
    readonly cdecoder: number;
}

/** Replaces what the decoder can hear. Every word has to be in its dictionary. */
export function loadNetwork(module: NetworkModule, decoder: Decoder, network: PhraseNetwork): void {
    const { words, states, arcs, ends, isWeighty } = network;
    const address = (decoder as Decoder & WithAddress).cdecoder;
    const logmath = module._decoder_logmath(address);
    const weight = Number(decoder.get_config("lw"));
    const log = (share: number) => Math.round(module._logmath_log(logmath, share) * (isWeighty ? weight : 1));
    const name = written(module, "order");
    const model = module._fsg_model_init(name, logmath, weight, states + 1);
    module._free(name);
    // The decoder knows one final state: all ends lead there without a word.
    module._fsg_set_states(model, 0, states);
    for (const { state, share } of ends) module._fsg_model_null_trans_add(model, state, states, log(share));
    const numbers = words.map((word) => {
        const text = written(module, word);
        const number = module._fsg_model_word_add(model, text);
        module._free(text);
        return number;
    });
    for (const { from, to, word, share } of arcs) {
        module._fsg_model_trans_add(model, from, to, log(share), numbers[word] ?? 0);
    }
    if (module._decoder_set_fsg(address, model) < 0) throw new Error("The recogniser did not take the sentences.");
}

/** A text as C has it; to be freed. */
function written(module: NetworkModule, text: string): number {
    const bytes = Buffer.from(`${text}\0`);
    const address = module._malloc(bytes.length);
    module.HEAPU8.set(bytes, address);
    return address;
}
