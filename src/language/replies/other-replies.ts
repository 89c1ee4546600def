/** Replies to intents that are not about the state of devices: time, timers, lists, talk, and Earshot itself. */
import type { Intent, SlotValue } from "../intent";
import type { ReplyFacts, TimerLeft } from "./facts";
import type { ReplyWriter } from "./reply-writer";

type Reply = (writer: ReplyWriter, intent: Intent, facts: ReplyFacts) => string;

/** Undefined for intents that are about devices, and for those of people's own sentence files. */
export function otherReply(writer: ReplyWriter, intent: Intent, facts: ReplyFacts): string | undefined {
    return REPLIES[intent.name]?.(writer, intent, facts);
}

const REPLIES: Readonly<Record<string, Reply>> = {
    HassGetCurrentTime: time,
    HassGetCurrentDate: date,
    HassNevermind: (writer) => writer.sentence("nevermind"),
    HassRespond: talk,
    HassBroadcast: (writer) => writer.sentence("announced"),
    HassStartTimer: started,
    HassCancelTimer: (writer, intent, facts) => aboutTimer(writer, "timer_cancelled", intent, facts),
    HassPauseTimer: (writer, intent, facts) => aboutTimer(writer, "timer_paused", intent, facts),
    HassUnpauseTimer: (writer, intent, facts) => aboutTimer(writer, "timer_resumed", intent, facts),
    HassIncreaseTimer: (writer, intent, facts) => aboutTimer(writer, "timer_increased", intent, facts),
    HassDecreaseTimer: (writer, intent, facts) => aboutTimer(writer, "timer_decreased", intent, facts),
    HassCancelAllTimers: (writer, _, { timers }) =>
        timers === undefined ? writer.sentence("done") : counted(writer, "timers_cancelled", timers.length),
    HassTimerStatus: status,
    HassShoppingListAddItem: (writer, intent) => listed(writer, "list_added", intent),
    HassShoppingListCompleteItem: (writer, intent) => listed(writer, "list_completed", intent),
    HassListAddItem: (writer, intent) => listed(writer, "list_added", intent),
    HassListCompleteItem: (writer, intent) => listed(writer, "list_completed", intent),
    HassListRemoveItem: (writer, intent) => listed(writer, "list_removed", intent),
    EarshotMuteMicrophone: (writer) => writer.sentence("microphone_off"),
    EarshotUnmuteMicrophone: (writer) => writer.sentence("microphone_on"),
    EarshotDeleteRecordings: deletion,
    EarshotForgetConversation: (writer) => writer.sentence("forgotten"),
    EarshotStartMode: (writer) => writer.sentence("nothing_kept"),
    EarshotEndMode: (writer) => writer.sentence("by_hand"),
    EarshotWhatDidYouHear: (writer, _, { heard = [] }) => enumerated(writer, "heard", heard),
    EarshotWhoCanHearMe: whoHears,
    EarshotRepeat: (writer, _, { lastReply }) => lastReply ?? writer.sentence("nothing_to_repeat"),
    EarshotHelp: (writer, _, { examples = [] }) => enumerated(writer, "help", examples),
    EarshotConfirm: (writer) => writer.sentence("nothing_asked"),
    EarshotDecline: (writer) => writer.sentence("nevermind"),
};

function time(writer: ReplyWriter, _: Intent, { now = new Date(), timeZone }: ReplyFacts): string {
    const format = new Intl.DateTimeFormat(writer.language.code, {
        hour: "numeric",
        minute: "2-digit",
        ...zone(timeZone),
    });
    const hour = Number(
        new Intl.DateTimeFormat("en", { hour: "numeric", hour12: false, ...zone(timeZone) }).format(now),
    );
    // "Es la una", "son las dos": the hour decides the form.
    return writer.sentence("time", hour, { time: format.format(now) });
}

function date(writer: ReplyWriter, _: Intent, { now = new Date(), timeZone }: ReplyFacts): string {
    const { code } = writer.language;
    const weekday = new Intl.DateTimeFormat(code, { weekday: "long", ...zone(timeZone) }).format(now);
    const day = new Intl.DateTimeFormat(code, { dateStyle: "long", ...zone(timeZone) }).format(now);
    return writer.sentence("date", 1, { weekday, date: day });
}

function zone(timeZone: string | undefined): Intl.DateTimeFormatOptions {
    return timeZone === undefined ? {} : { timeZone };
}

function talk(writer: ReplyWriter, { response = "hello" }: Intent): string {
    const key = `respond_${response}`;
    return writer.sentence(writer.has(key) ? key : "done");
}

function started(writer: ReplyWriter, { slots }: Intent): string {
    const duration = writer.duration(durationIn(slots));
    if ("conversation_command" in slots) return writer.sentence("timer_for_command", 1, { duration });
    if ("name" in slots) return writer.sentence("timer_started_named", 1, { duration, name: String(slots.name) });
    return writer.sentence("timer_started", 1, { duration });
}

function aboutTimer(writer: ReplyWriter, key: string, { slots }: Intent, { timers }: ReplyFacts): string {
    if (timers?.length === 0) return writer.sentence("timer_none");
    return writer.sentence(key, 1, { duration: writer.duration(durationIn(slots)) });
}

function status(writer: ReplyWriter, _: Intent, { timers = [] }: ReplyFacts): string {
    if (timers.length === 0) return writer.sentence("timer_none");
    return timers.map((timer) => timeLeft(writer, timer)).join(" ");
}

function timeLeft(writer: ReplyWriter, { name, secondsLeft }: TimerLeft): string {
    const seconds = Math.max(0, Math.round(secondsLeft));
    const hours = Math.floor(seconds / 3_600);
    const minutes = Math.floor((seconds % 3_600) / 60);
    // Nobody wants the seconds of an hour.
    const duration = writer.duration({ hours, minutes, ...(hours === 0 ? { seconds: seconds % 60 } : {}) });
    return name === undefined
        ? writer.sentence("timer_left", 1, { duration })
        : writer.sentence("timer_left_named", 1, { duration, name });
}

function deletion(writer: ReplyWriter, _: Intent, { toDelete, deleted }: ReplyFacts): string {
    if (toDelete !== undefined) return writer.sentence("confirm_delete", toDelete, { count: toDelete });
    return deleted === undefined ? writer.sentence("done") : counted(writer, "deleted", deleted);
}

function whoHears(writer: ReplyWriter, _: Intent, { listening = [], passedOn }: ReplyFacts): string {
    if (passedOn === undefined) return enumerated(writer, "listening", listening);
    const to = passedOn.map(({ name, count }) => writer.phrase("passed_on_to", count, { name, count }));
    return `${enumerated(writer, "listening", listening)} ${enumerated(writer, "passed_on", to)}`;
}

function durationIn(slots: Intent["slots"]): { hours: number; minutes: number; seconds: number } {
    const number = (value: SlotValue | undefined) => Number(value ?? 0);
    return { hours: number(slots.hours), minutes: number(slots.minutes), seconds: number(slots.seconds) };
}

function listed(writer: ReplyWriter, key: string, { slots }: Intent): string {
    const item = String(slots.item ?? "");
    return writer.sentence(key, 1, { item });
}

function counted(writer: ReplyWriter, key: string, count: number): string {
    return count === 0 ? writer.sentence(`${key}_none`) : writer.sentence(key, count, { count });
}

function enumerated(writer: ReplyWriter, key: string, texts: readonly string[]): string {
    if (texts.length === 0) return writer.sentence(`${key}_none`);
    return writer.sentence(key, texts.length, { texts: writer.and(texts) });
}
