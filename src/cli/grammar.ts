/** The options that say what can be said, and the grammar made of them. */
import { readFile } from "node:fs/promises";
import { type HomeDescription, parseHome } from "../home";
import { compile, type Grammar, loadLanguage, UnknownLanguageError } from "../language";
import { type Terminal, UsageError } from "./command";

export const GRAMMAR_OPTIONS = {
    home: { type: "string" },
    language: { type: "string" },
    sentences: { type: "string", multiple: true },
} as const;

export const GRAMMAR_HELP = `  --home FILE        the home: {"floors": [{"id", "name"}], "areas": [{"id", "name", "floor"?}],
                     "devices": [{"id", "name", "type", "area"?, "aliases"?, "state"?, "attributes"?}]},
                     types named as Home Assistant's domains: light, switch, climate, …
  --sentences DIR    sentences in Home Assistant's format, DIR/LANGUAGE/*.yaml or DIR/*.yaml; may be given
                     several times. Without --home they are all that can be said
  --language CODE    en (default), de, …`;

export interface GrammarValues {
    readonly home?: string | undefined;
    readonly language?: string | undefined;
    readonly sentences?: readonly string[] | undefined;
}

export interface LoadedGrammar {
    readonly grammar: Grammar;
    /** Some sentences could not be read; each was complained about. */
    readonly isIncomplete: boolean;
}

const NO_HOME: HomeDescription = { floors: [], areas: [], devices: [] };

/** @throws UsageError, HomeFileError, or what the file system says */
export async function loadGrammar(values: GrammarValues, terminal: Terminal): Promise<LoadedGrammar> {
    const { home: homeFile, language: code = "en", sentences: sentenceFolders = [] } = values;
    if (homeFile === undefined && sentenceFolders.length === 0) {
        throw new UsageError("--home or --sentences has to say what can be said");
    }
    const home = homeFile === undefined ? NO_HOME : parseHome(await readFile(homeFile, "utf8"), homeFile);
    const language = languageOf(code, sentenceFolders, homeFile !== undefined);
    for (const problem of language.problems) terminal.say(problem.message);
    return { grammar: compile(language, home), isIncomplete: language.problems.length > 0 };
}

function languageOf(code: string, sentenceFolders: readonly string[], builtin: boolean) {
    try {
        return loadLanguage(code, { sentenceFolders, builtin });
    } catch (error) {
        if (error instanceof UnknownLanguageError) throw new UsageError(error.message);
        throw error;
    }
}
