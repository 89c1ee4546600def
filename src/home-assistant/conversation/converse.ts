/**
 * Text in, done, answer out: what Home Assistant's `conversation/process` does, by our understanding. The answer has that
 * command's shape (https://developers.home-assistant.io/docs/intent_conversation_api), so that whoever reads the one can read
 * the other.
 */
import { randomUUID } from "node:crypto";
import { type DeviceState, IntentError } from "../../home";
import type { Intent, SlotValue, Understanding } from "../../language";

/** Understands and acts: a hub. */
export interface Converser {
    readonly language: { readonly code: string };
    understand(text: string, where: Where, options?: { readonly remember?: boolean }): Understanding;
    dispatch(intent: Intent, where: Where): Promise<Dispatched>;
    notUnderstood(): string;
}

/** Where something is said of which nobody tells where: whoever does so is asked back there, and answers there. */
export const HOME_ASSISTANT_SITE = "home-assistant";

interface Where {
    readonly site?: string;
    /** Names the sentence: all that it asks about is answered and undone together. */
    readonly utterances?: readonly string[];
}

export interface Dispatched {
    readonly devices: readonly {
        readonly id: string;
        readonly name: string;
        readonly ok: boolean;
        readonly state?: DeviceState;
    }[];
    /** False: understood, but nothing that is done here. */
    readonly handled?: boolean;
    readonly say: string;
    /** Nothing was done yet: `say` is a question. */
    readonly asked?: object;
}

export interface ConversationRequest {
    readonly site?: string;
    readonly text: string;
    readonly conversationId?: string;
    /** False: only say what was understood; nothing is done. */
    readonly act: boolean;
}

/** `type` is "entity" for Home Assistant's own, and "custom" for devices that it doesn't know. */
export interface ConversationTarget {
    readonly name: string;
    readonly type: "entity" | "custom";
    readonly id: string;
}

export type ConversationErrorCode = "no_intent_match" | "no_valid_targets" | "failed_to_handle" | "unknown";

export interface ConversationAnswer {
    readonly conversation_id: string | null;
    /** An answer is waited for. */
    readonly continue_conversation: boolean;
    readonly response: {
        readonly response_type: "action_done" | "query_answer" | "error";
        readonly language: string;
        readonly data:
            | { readonly code: ConversationErrorCode }
            | {
                  readonly targets: readonly ConversationTarget[];
                  readonly success: readonly ConversationTarget[];
                  readonly failed: readonly ConversationTarget[];
              };
        readonly speech: { readonly plain: { readonly speech: string; readonly extra_data: null } };
    };
    /** What was understood, in the order spoken. */
    readonly intents: readonly UnderstoodIntent[];
    /** What would have been understood, nearest first; only when nothing was. */
    readonly suggestions: readonly string[];
}

export interface UnderstoodIntent {
    readonly name: string;
    readonly confidence: number;
    readonly slots: Readonly<Record<string, SlotValue>>;
    readonly targets: readonly ConversationTarget["id"][];
}

/** Ids of Home Assistant's devices here are its own ids after this. */
const OF_HOME_ASSISTANT = "homeassistant:";

export async function converse(converser: Converser, request: ConversationRequest): Promise<ConversationAnswer> {
    const where = { site: request.site ?? HOME_ASSISTANT_SITE, utterances: [randomUUID()] };
    const { intents, suggestions } = converser.understand(request.text, where, { remember: request.act });
    const outcomes: Outcome[] = [];
    // One after the other, as they were said: the second may mean what the first has changed.
    if (request.act) for (const intent of intents) outcomes.push(await outcomeOf(converser, intent, where));
    const say = intents.length === 0 ? converser.notUnderstood() : outcomes.map((outcome) => outcome.say).join(" ");
    return {
        conversation_id: request.conversationId ?? null,
        continue_conversation: outcomes.some(({ asked }) => asked !== undefined),
        response: {
            ...responseOf(intents, outcomes, request.act),
            language: converser.language.code,
            speech: { plain: { speech: say, extra_data: null } },
        },
        intents: intents.map(({ name, confidence, slots, targets }) => ({
            name,
            confidence,
            slots,
            targets: targets.map(plainId),
        })),
        suggestions,
    };
}

interface Outcome extends Dispatched {
    readonly refused?: boolean;
}

async function outcomeOf(converser: Converser, intent: Intent, where: Where): Promise<Outcome> {
    try {
        return await converser.dispatch(intent, where);
    } catch (error) {
        if (!(error instanceof IntentError)) throw error;
        return { devices: [], say: error.message, refused: true };
    }
}

/** Others may be answered in words alone. */
const ABOUT_DEVICES = /^Hass(?:TurnOn|TurnOff|LightSet|Climate|GetState)/;
const QUESTION = /^Hass(?:Climate)?Get/;

type Answered = Pick<ConversationAnswer["response"], "response_type" | "data">;

function responseOf(intents: readonly Intent[], outcomes: readonly Outcome[], act: boolean): Answered {
    const failure = (code: ConversationErrorCode): Answered => ({ response_type: "error", data: { code } });
    if (intents.length === 0) return failure("no_intent_match");
    const devices = outcomes.flatMap((outcome) => outcome.devices);
    const success = devices.filter(({ ok }) => ok).map(targetOf);
    const failed = devices.filter(({ ok }) => !ok).map(targetOf);
    if (act && success.length === 0 && !outcomes.some(({ asked }) => asked)) {
        if (failed.length > 0 || outcomes.some(({ refused, handled }) => refused || handled === false)) {
            return failure("failed_to_handle");
        }
        const wantsDevice = ({ name, candidates = [] }: Intent) => candidates.length > 0 || ABOUT_DEVICES.test(name);
        if (intents.some(wantsDevice)) return failure("no_valid_targets");
    }
    const isQuery = intents.every(({ name }) => QUESTION.test(name));
    return { response_type: isQuery ? "query_answer" : "action_done", data: { targets: [], success, failed } };
}

function targetOf({ id, name }: Dispatched["devices"][number]): ConversationTarget {
    return { name, type: id.startsWith(OF_HOME_ASSISTANT) ? "entity" : "custom", id: plainId(id) };
}

function plainId(id: string): string {
    return id.startsWith(OF_HOME_ASSISTANT) ? id.slice(OF_HOME_ASSISTANT.length) : id;
}
