/** What can be said to a question: yes or no, and the digits of a PIN. */
import { choice, NOTHING, sequence, type WordExpression, word } from "../automaton/word-expression";
import type { Language } from "../language";
import { wordsOf } from "../words";
import type { SpokenSentence } from "./spoken-sentences";

/** How an answer says that it may be done. */
export type AnswerKind = "yes" | "pin";

/** As many as a PIN may have. */
const [MIN_DIGITS, MAX_DIGITS] = [4, 12] as const;

export function spokenAnswers({ conversation, numbers }: Language, kind: AnswerKind): readonly SpokenSentence[] {
    const said = (text: string) => sequence(wordsOf(text).map((each) => word(each.text)));
    const yesOrNo = { intent: "EarshotConfirm", words: choice(conversation.answers.map(said)) };
    if (kind === "yes") return [yesOrNo];
    const digits = Array.from({ length: 10 }, (_, digit) => numbers.spelled(digit) ?? []).flat();
    return [yesOrNo, { intent: "EarshotConfirm", words: severalOf(choice(digits.map(said))) }];
}

function severalOf(digit: WordExpression): WordExpression {
    let rest: WordExpression = NOTHING;
    for (let count = MIN_DIGITS; count < MAX_DIGITS; count += 1) rest = choice([NOTHING, sequence([digit, rest])]);
    return sequence([...Array.from({ length: MIN_DIGITS }, () => digit), rest]);
}
