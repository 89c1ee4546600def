/** Reads tables of spelling rules and applies them to words. */

/** What a few letters in their place stand for. */
export interface Sound {
    /** Ways to say it, the likeliest first; each a list of phones, empty where the letters are silent. */
    readonly ways: readonly (readonly string[])[];
}

interface Rule extends Sound {
    readonly letters: string;
    readonly before: RegExp | undefined;
    readonly after: RegExp | undefined;
}

export interface RuleTable {
    /** Rules by their first letter, in the order in which they are tried. */
    readonly byLetter: ReadonlyMap<string, readonly Rule[]>;
}

const VOWEL = "[aeiouyäöü]";
const CONSONANT = "[bcdfghjklmnpqrstvwxzß]";
/** What the capitals in a table's contexts stand for. */
const CLASSES: Readonly<Record<string, string>> = {
    V: VOWEL,
    C: CONSONANT,
    F: "[eiyäö]",
    X: `${VOWEL}.*${CONSONANT}`,
    E: "(?:e|es|ed|er|ers|ely|eful|eless|ement|ing|ings|e(?:land|man|ton|field|wood|work|side|line|fire|house|light)s?)$",
};

const LINE = /^(\S*) *< (\S+) > *(\S*) *= *(.*)$/;

/** @throws SyntaxError for a line that is no rule */
export function ruleTable(lines: string): RuleTable {
    const byLetter = new Map<string, Rule[]>();
    for (const line of lines.split("\n").map((text) => text.trim())) {
        if (line === "") continue;
        const [, before, letters, after, ways] = LINE.exec(line) ?? [];
        if (before === undefined || letters === undefined || after === undefined || ways === undefined) {
            throw new SyntaxError(`"${line}" is no spelling rule.`);
        }
        const first = letters.charAt(0);
        const rules = byLetter.get(first) ?? [];
        byLetter.set(first, rules);
        rules.push({
            letters,
            before: before === "" ? undefined : new RegExp(`(?:${withClasses(before)})$`),
            after: after === "" ? undefined : new RegExp(`^(?:${withClasses(after)})`),
            ways: ways.split("/").map((way) => way.split(" ").filter((phone) => phone !== "")),
        });
    }
    return { byLetter };
}

/** The sounds of a word from left to right. Letters that no rule knows are silent. */
export function soundsOf(word: string, table: RuleTable): Sound[] {
    const sounds: Sound[] = [];
    for (let at = 0; at < word.length; ) {
        const rule = table.byLetter.get(word.charAt(at))?.find((candidate) => fits(candidate, word, at));
        if (rule) sounds.push(rule);
        at += rule?.letters.length ?? 1;
    }
    return sounds;
}

function fits({ letters, before, after }: Rule, word: string, at: number): boolean {
    return (
        word.startsWith(letters, at) &&
        (!after || after.test(word.slice(at + letters.length))) &&
        (!before || before.test(word.slice(0, at)))
    );
}

function withClasses(context: string): string {
    return context.replace(/[A-Z]/g, (name) => CLASSES[name] ?? name);
}
