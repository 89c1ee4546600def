/** Hands a network of words to the decoder, through the functions of the module that its own `Decoder` has no method for. */
import type { Decoder, SoundSwallowerModule } from "soundswallower";
import type { WordNetwork } from "../../language";

/** Functions of PocketSphinx's that SoundSwallower exports (`fsg_model.h`, `decoder.h`); numbers are addresses, states, logarithms. */
interface NetworkFunctions {
    _malloc(bytes: number): number;
    _free(address: number): void;
    _decoder_logmath(decoder: number): number;
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

/** A network that does not hang together; the decoder itself would read or write anywhere. */
export class BrokenNetwork extends Error {
    override readonly name = "BrokenNetwork";
}

/** Replaces what the decoder can hear. Every word has to be in its dictionary. @throws BrokenNetwork */
export function loadNetwork(module: NetworkModule, decoder: Decoder, network: WordNetwork): void {
    check(network);
    const { words, states, arcs, ends } = network;
    const address = (decoder as Decoder & WithAddress).cdecoder;
    const weight = Number(decoder.get_config("lw"));
    const name = written(module, "order");
    const model = module._fsg_model_init(name, module._decoder_logmath(address), weight, states + 1);
    module._free(name);
    // The decoder knows one final state: all ends lead there without a word.
    module._fsg_set_states(model, 0, states);
    for (const end of ends) module._fsg_model_null_trans_add(model, end, states, 0);
    const numbers = words.map((word) => {
        const text = written(module, word);
        const number = module._fsg_model_word_add(model, text);
        module._free(text);
        return number;
    });
    for (let at = 0; at < arcs.length; at += 3) {
        const [from = 0, to = 0, word = 0] = arcs.subarray(at, at + 3);
        module._fsg_model_trans_add(model, from, to, 0, numbers[word] ?? 0);
    }
    if (module._decoder_set_fsg(address, model) < 0) throw new BrokenNetwork("The recogniser did not take the sentences.");
}

function check({ words, states, arcs, ends }: WordNetwork): void {
    const isState = (state: number) => Number.isInteger(state) && state >= 0 && state < states;
    if (arcs.length % 3 !== 0) throw new BrokenNetwork("The recogniser's sentences are incomplete.");
    for (let at = 0; at < arcs.length; at += 3) {
        const [from = -1, to = -1, word = -1] = arcs.subarray(at, at + 3);
        if (isState(from) && isState(to) && word >= 0 && word < words.length) continue;
        throw new BrokenNetwork(`Arc ${at / 3} of the recogniser's sentences leads nowhere (${from}, ${to}, ${word}).`);
    }
    if (!ends.every(isState)) throw new BrokenNetwork("The recogniser's sentences end in a state that is none.");
}

/** A text as C has it; to be freed. */
function written(module: NetworkModule, text: string): number {
    const bytes = Buffer.from(`${text}\0`);
    const address = module._malloc(bytes.length);
    module.HEAPU8.set(bytes, address);
    return address;
}
