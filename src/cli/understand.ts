/** `earshot understand`: sentences to intents. */
import { ConversationMemory, type Grammar, type Spoken } from "../language";
import { type Command, type ExitCode, parse } from "./command";
import { GRAMMAR_HELP, GRAMMAR_OPTIONS, loadGrammar } from "./grammar";
import { type Line, linesOf, MAX_LINE_LENGTH } from "./lines";

export const understand: Command = {
    summary: "turns sentences into intents",
    help: `Usage: earshot understand --home FILE [options] < sentences
       earshot understand --sentences DIR [options] < sentences

Each line of standard input is a sentence, as it is or as {"text", "area"?, "site"?, "speaker"?}: "area" is the id or name of the
area that the speaker is in. A sentence with a site or a speaker may lean on the lines before it that have the same of both
("turn it off", "and in the bedroom"); one without stands for itself.

${GRAMMAR_HELP}

Prints, in the order of the lines, one line each:
  {"text", "intents": [{"name", "confidence", "slots", "targets", "all"?, "candidates"?}], "suggestions"}
"targets" are ids of devices. "candidates" stands where the sentence leaves open which device is meant. Not understood: no
intents, and up to three sentences that would have been. A line that can't be read gets {"line", "error"}.
`,

    async run(args, terminal) {
        const { values } = parse({ args: [...args], options: GRAMMAR_OPTIONS });
        const { grammar, isIncomplete } = await loadGrammar(values, terminal);
        // Lines are as far apart as their reader likes: what was said stays until the end.
        const memory = new ConversationMemory({ keepMs: NEVER, answerMs: NEVER, clock: NO_CLOCK });
        let code: ExitCode = isIncomplete ? 1 : 0;
        for await (const line of linesOf(terminal.input)) {
            try {
                await terminal.print(understood(grammar, memory, line));
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

const NEVER = Number.POSITIVE_INFINITY;
const NO_CLOCK = { now: () => 0, after: () => () => {} };

class LineError extends Error {
    override readonly name = "LineError";
}

/** @throws LineError */
function understood(grammar: Grammar, memory: ConversationMemory, line: Line) {
    const { text, spoken } = sentenceOf(grammar, line);
    const { intents, suggestions } = memory.understand(grammar, text, spoken);
    return { text, intents: intents.map(({ text: _, ...intent }) => intent), suggestions };
}

function sentenceOf(grammar: Grammar, { text: line }: Line): { text: string; spoken: Spoken } {
    if (line === undefined) throw new LineError(`longer than ${MAX_LINE_LENGTH} characters`);
    if (!line.trimStart().startsWith("{")) return { text: line, spoken: {} };
    const { text, area, ...fields } = fieldsOf(line);
    if (typeof text !== "string") throw new LineError('expected {"text": "…"}: "text" is missing or not text');
    const who = { ...nameIn(fields, "site"), ...nameIn(fields, "speaker") };
    if (area === undefined || area === null) return { text, spoken: who };
    const known = grammar.home.areas.find(({ id }) => id === area) ?? areaNamed(grammar, area);
    if (!known) throw new LineError(`the home has no area ${JSON.stringify(area)}`);
    return { text, spoken: { ...who, area: known.id } };
}

function nameIn(fields: Readonly<Record<string, unknown>>, field: "site" | "speaker"): Spoken {
    const name = fields[field] ?? undefined;
    if (name === undefined) return {};
    if (typeof name !== "string") throw new LineError(`"${field}" is not text`);
    return { [field]: name };
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
