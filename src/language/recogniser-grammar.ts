/** What can be said, in the form the built-in recogniser takes. */
export interface RecogniserGrammar {
    /**
     * JSGF (W3C note of June 2000), version 1.0, one public rule `<order>`. Every word in lower case, numbers spelled out;
     * empty when nothing can be said.
     */
    readonly jsgf: string;
    /** Every word of the grammar once, for the pronunciation dictionary. */
    readonly words: readonly string[];
    /** Language of the words, as the folder under `locales/` is called ("en", "de"). */
    readonly language: string;
}
