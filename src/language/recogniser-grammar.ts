/**
 * Sentences as a finite automaton over words: deterministic, without loops, and the smallest that accepts just them.
 * State 0 is the start.
 */
export interface WordNetwork {
    /** Every word once, in lower case, numbers spelled out; also for the pronunciation dictionary. */
    readonly words: readonly string[];
    /** How many states there are; 0 when nothing can be said. */
    readonly states: number;
    /** Three numbers an arc: the state it leaves, the state it enters, the index of its word in `words`. */
    readonly arcs: Int32Array;
    /** States in which a sentence may end. */
    readonly ends: readonly number[];
}

/** What can be said, in the form the built-in recogniser takes. */
export interface RecogniserGrammar {
    readonly network: WordNetwork;
    /** Language of the words, as the folder under `locales/` is called ("en", "de"). */
    readonly language: string;
    /** Equal for equal networks of one language. */
    readonly key: string;
    /**
     * Intents that typed text, or an engine with an open vocabulary, can ask for in this home and the built-in recogniser can't hear:
     * their sentences hold free text ("add … to the shopping list") or are not worth expecting of everybody.
     */
    readonly unheard: readonly string[];
    /**
     * For engines with an open vocabulary: names of the home (as it writes them) and words that they should expect, each once,
     * the most useful first; whoever has room for fewer takes the beginning. At most 300.
     */
    readonly bias: readonly string[];
}
