/** `earshot understand`: sentences to intents. */
import type { Grammar, SpokenContext } from "../language";
import { type Command, type ExitCode, parse } from "./command";
import { GRAMMAR_HELP, GRAMMAR_OPTIONS, loadGrammar } from "./grammar";
import { type Line, linesOf, MAX_LINE_LENGTH } from "./lines";

export const understand: Command = {
    summary: "turns sentences into intents",
    help: `Usage: earshot understand --home FILE [options] < sentences
       earshot understand --sentences DIR [options] < sentences

Each line of standard input is a sentence, as it is or as {"text", "area"?}: the id or name of the area that the speaker is in.

${GRAMMAR_HELP}

Prints, in the order of the lines, one line each:
  {"text", "intents": [{"name", "confidence", "slots", "targets", "all"?, "candidates"?}], "suggestions"}
"targets" are ids of devices. "candidates" stands where the sentence leaves open which device is meant. Not understood: no
intents, and up to three sentences that would have been. A line that can't be read gets {"line", "error"}.
`,

    async run(args, terminal) {
        const { values } = parse({ args: [...args], options: GRAMMAR_OPTIONS });
        const { grammar, isIncomplete } = await loadGrammar(values, terminal);
        let code: ExitCode = isIncomplete ? 1 : 0;
        for await (const line of linesOf(terminal.input)) {
            try {
                await terminal.print(understood(grammar, line));
            } catch (error) {
                if (!(error instanceof LineError)) throw error;
                terminal.say(`line ${line.number}: ${error.message}`);
                await terminal.print({ line: line.number, error: error.message });
                code = 1;
            }
        }
        return code;
    },
};

class LineError extends Error {
    override readonly name = "LineError";
}

/** @throws LineError */
function understood(grammar: Grammar, line: Line) {
    const { text, context } = spoken(grammar, line);
    const { intents, suggestions } = grammar.understand(text, context);
    return { text, intents: intents.map(({ text: _, ...intent }) => intent), suggestions };
}

function spoken(grammar: Grammar, { text: line }: Line): { text: string; context: SpokenContext } {
    if (line === undefined) throw new LineError(`longer than ${MAX_LINE_LENGTH} characters`);
    if (!line.trimStart().startsWith("{")) return { text: line, context: {} };
    const { text, area } = fieldsOf(line);
    if (typeof text !== "string") throw new LineError('expected {"text": "…"}: "text" is missing or not text');
    if (area === undefined || area === null) return { text, context: {} };
    const known = grammar.home.areas.find(({ id }) => id === area) ?? areaNamed(grammar, area);
    if (!known) throw new LineError(`the home has no area ${JSON.stringify(area)}`);
    return { text, context: { area: known.id } };
}

function fieldsOf(line: string): Record<string, unknown> {
    try {
        return JSON.parse(line);
    } catch (error) {
        throw new LineError(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
}

function areaNamed({ home }: Grammar, area: unknown) {
    const wanted = String(area).toLowerCase();
    return home.areas.find(({ name, aliases = [] }) =>
        [name, ...aliases].some((each) => each.toLowerCase() === wanted),
    );
}
