/** What the hub does with an intent: gives it to the dispatcher or answers it, and puts into words what came of it. */
import type { Answer, Asked, DeviceState, DispatchContext, Dispatched, Dispatcher, Home } from "../home";
import {
    type ConversationMemory,
    confirmation,
    type Intent,
    type Language,
    respond,
    type Spoken,
    sentence,
} from "../language";
import { answerTo, isAboutDevices } from "./own-intents";
import type { PrivacyRequests } from "./privacy-requests";
import { toldBy } from "./reported";
import { pinIn } from "./spoken-pin";

/** What travels as `msg.result`. */
export interface DispatchResult {
    readonly devices: readonly {
        readonly id: string;
        readonly name: string;
        readonly ok: boolean;
        /** As read back from the device. */
        readonly state?: DeviceState;
        /** A sentence for people. */
        readonly error?: string;
    }[];
    /** False: understood, but not done here; a flow may do it by the intent's name and slots. */
    readonly handled: boolean;
    /** The reply, in the speaker's language. */
    readonly say: string;
    /** Nothing was done yet: the reply is a question. */
    readonly asked?: {
        /** Names the question, for an answer by hand. */
        readonly id: string;
        readonly by: "yes" | "pin";
        /** How long an answer is waited for. */
        readonly withinMs: number;
    };
}

export class Orders {
    readonly #dispatcher: Dispatcher;
    readonly #home: Home;
    readonly #language: Language;
    readonly #conversations: ConversationMemory;
    readonly #privacy: PrivacyRequests;

    constructor(
        dispatcher: Dispatcher,
        home: Home,
        language: Language,
        conversations: ConversationMemory,
        privacy: PrivacyRequests,
    ) {
        this.#dispatcher = dispatcher;
        this.#home = home;
        this.#language = language;
        this.#conversations = conversations;
        this.#privacy = privacy;
    }

    /** @throws IntentError when devices are to do what none can, or a slot has no usable value */
    async dispatch(intent: Intent, spoken: Spoken): Promise<DispatchResult> {
        return this.#remembered(await this.#resultOf(intent, spoken), spoken);
    }

    async confirm(yes: boolean, spoken: Spoken, to?: string): Promise<DispatchResult> {
        const byHand = { yes, byHand: true, ...(to !== undefined && { to }) };
        return this.#remembered(await this.#answered(answering(yes), byHand, spoken), spoken);
    }

    /** What was asked for there; undefined where nothing was asked. */
    awaits(spoken: Spoken): "yes" | "pin" | undefined {
        return this.#dispatcher.awaits(contextOf(spoken));
    }

    /** The answer that `text` is, where a PIN was asked for there and `text` is one. */
    pinIn(text: string, spoken: Spoken): Intent | undefined {
        const pin = this.awaits(spoken) === "pin" ? pinIn(text, this.#language.numbers) : undefined;
        return pin === undefined ? undefined : answering(true, { pin });
    }

    /** For "repeat that". */
    #remembered(result: DispatchResult, spoken: Spoken): DispatchResult {
        this.#conversations.replied(spoken, result.say);
        return result;
    }

    async #resultOf(intent: Intent, spoken: Spoken): Promise<DispatchResult> {
        const isYes = intent.name === "EarshotConfirm";
        if (isYes || intent.name === "EarshotDecline") {
            const { pin } = intent.slots;
            return await this.#answered(intent, { yes: isYes, ...(pin !== undefined && { pin: String(pin) }) }, spoken);
        }
        if (intent.name === "EarshotUndo") {
            const dispatched = await this.#dispatcher.undo(intent, contextOf(spoken));
            return dispatched ? this.#result(intent, dispatched, spoken) : this.#said("nothing_to_undo");
        }
        const aboutPrivacy = await this.#privacy.answer(intent, spoken);
        if (aboutPrivacy) {
            // A yes is to the question that was asked last.
            if (aboutPrivacy.asked) await this.#dispatcher.answer({ yes: false }, contextOf(spoken));
            return aboutPrivacy;
        }
        if (!isAboutDevices(intent)) return answerTo(intent, this.#language, this.#conversations.lastReply(spoken));
        const isOpen = intent.candidates !== undefined && intent.candidates.length > 0;
        const dispatched = isOpen ? { outcomes: [] } : await this.#dispatcher.dispatch(intent, contextOf(spoken));
        return this.#result(intent, dispatched, spoken);
    }

    async #answered(intent: Intent, answer: Answer, spoken: Spoken): Promise<DispatchResult> {
        const deleted = await this.#privacy.answered(answer, spoken);
        if (deleted) return deleted;
        const answered = await this.#dispatcher.answer(answer, contextOf(spoken));
        if (answered.kind === "done") {
            return together(answered.done.map((each) => this.#result(each.intent, each.dispatched, spoken)));
        }
        if (answered.kind === "wrong-pin" || answered.kind === "pin-needed") {
            this.#conversations.asked(spoken, "confirmation");
            return this.#said(answered.kind === "wrong-pin" ? "wrong_pin" : "ask_pin");
        }
        return answerTo(intent, this.#language, this.#conversations.lastReply(spoken));
    }

    #result(intent: Intent, { outcomes, asked }: Dispatched, spoken: Spoken): DispatchResult {
        if (asked) return this.#asking(asked, spoken);
        return {
            handled: true,
            devices: outcomes.map(({ device, ok, state, error }) => ({
                id: device.id,
                name: device.name,
                ok,
                ...(state && { state }),
                ...(error !== undefined && { error }),
            })),
            say: respond(
                this.#language,
                intent,
                outcomes.map(({ code, error: _, state, ...outcome }) => ({
                    ...outcome,
                    ...(state && toldBy(outcome.device, state)),
                    ...(code && { error: code }),
                })),
                {},
                (intent.candidates ?? []).flatMap((id) => this.#home.device(id) ?? []),
            ),
        };
    }

    #asking({ devices, ...asked }: Asked, spoken: Spoken): DispatchResult {
        this.#privacy.dropQuestion(spoken);
        this.#conversations.asked(spoken, "confirmation");
        const question = confirmation(this.#language, devices);
        const say = asked.by === "pin" ? `${question} ${sentence(this.#language, "ask_pin")}` : question;
        return { devices: [], handled: true, say, asked };
    }

    #said(key: string): DispatchResult {
        return { devices: [], handled: true, say: sentence(this.#language, key) };
    }
}

function together(results: readonly DispatchResult[]): DispatchResult {
    const asked = results.flatMap((result) => result.asked ?? []).at(-1);
    return {
        devices: results.flatMap(({ devices }) => devices),
        handled: results.every(({ handled }) => handled),
        say: results.map(({ say }) => say).join(" "),
        ...(asked && { asked }),
    };
}

function answering(yes: boolean, slots: Intent["slots"] = {}): Intent {
    return { name: yes ? "EarshotConfirm" : "EarshotDecline", confidence: 1, slots, targets: [], text: "" };
}

function contextOf({ site, speaker, utterances = [] }: Spoken): DispatchContext {
    const [sentence] = utterances;
    return {
        ...(site !== undefined && { site }),
        ...(speaker !== undefined && { speaker }),
        ...(sentence !== undefined && { sentence }),
    };
}
