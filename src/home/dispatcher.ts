/**
 * The only door to a device: whatever asks for an actuation, in whichever way, Apple Home too, asks here. Rights are looked at each time the
 * door is opened, also for what was confirmed and for what is undone.
 */
import type { Intent } from "../language";
import { boundedMap } from "./bounded-map";
import { type CarriedOut, DeviceCommands, type DeviceOutcome, failed } from "./device-commands";
import { type CommandSource, DeviceError } from "./driver";
import type { Home } from "./home";
import type { Device, DeviceChange } from "./model";
import { areaIn, change, type DeviceRequest, isOfEverything, requestsOf, type TemperatureUnit } from "./requests";
import { type DispatchContext, HOMEKIT_SITE, Rights, SAFE_RIGHTS, stricter, type Verdict } from "./rights";
import { type Changed, restoring, UndoMemory } from "./undo";
import { type Waiting, WaitingOrders } from "./waiting-orders";

/** What became of an order. */
export interface Dispatched {
    /** One for each device; empty while the order waits for an answer. */
    readonly outcomes: readonly DeviceOutcome[];
    /** Nothing was done yet: somebody has to say yes. */
    readonly asked?: Asked;
}

export interface Asked {
    /** Names this question. */
    readonly id: string;
    readonly devices: readonly Device[];
    readonly by: "yes" | "pin";
    /** How long an answer is waited for, in milliseconds from now. */
    readonly withinMs: number;
}

/** An answer to what was asked. */
export interface Answer {
    readonly yes: boolean;
    /** The digits that were said with it. */
    readonly pin?: string;
    /** Given by hand, through a flow: that takes the place of a PIN. */
    readonly byHand?: boolean;
    /** Id of the question, where the answer comes with it. */
    readonly to?: string;
}

export type Answered =
    | { readonly kind: "nothing-asked" | "declined" | "pin-needed" | "wrong-pin" }
    | { readonly kind: "done"; readonly done: readonly Done[] };

/** One of the orders that waited for the answer. */
export interface Done {
    readonly intent: Intent;
    readonly dispatched: Dispatched;
}

/** One order, before anything of it is done. */
interface Order {
    readonly intent: Intent;
    readonly context: DispatchContext;
    readonly requests: ReadonlyMap<Device, DeviceRequest>;
    readonly everything: boolean;
    /** It puts back what a command has changed. */
    readonly undoes?: readonly Changed[];
}

export interface DispatcherOptions {
    /** Devices commanded at the same time. */
    readonly concurrency?: number;
    /** How long one device may take, in milliseconds. */
    readonly deviceTimeoutMs?: number;
    /** Unit of the temperatures in slots. */
    readonly temperatureUnit?: TemperatureUnit;
    readonly rights?: Rights;
    /** For what expires, in milliseconds from any start. */
    readonly now?: () => number;
}

export class Dispatcher {
    readonly #home: Home;
    readonly #concurrency: number;
    readonly #temperatureUnit: TemperatureUnit;
    readonly #commands: DeviceCommands;
    readonly #rights: Rights;
    readonly #waiting: WaitingOrders<Order>;
    readonly #undo: UndoMemory;
    readonly #now: () => number;

    constructor(home: Home, options: DispatcherOptions = {}) {
        this.#home = home;
        this.#concurrency = options.concurrency ?? 64;
        this.#temperatureUnit = options.temperatureUnit ?? "celsius";
        this.#commands = new DeviceCommands(home, options.deviceTimeoutMs ?? 5_000);
        this.#rights = options.rights ?? new Rights(SAFE_RIGHTS);
        this.#now = options.now ?? (() => performance.now());
        this.#waiting = new WaitingOrders(this.#rights.settings.pin, this.#now);
        this.#undo = new UndoMemory(this.#now);
    }

    /**
     * Does what `intent` asks with each of its targets, all at once, and says for each what came of it; or asks first,
     * and does nothing until there is an answer. A device that fails doesn't hold up the others.
     * @throws IntentError when the intent is not about devices or has a slot without a usable value; nothing is done then
     */
    async dispatch(intent: Intent, context: DispatchContext = {}): Promise<Dispatched> {
        const { areas } = this.#home.description();
        const requestOf = requestsOf(intent, { unit: this.#temperatureUnit, areas });
        const requests = new Map(this.#devicesOf(intent).map((device) => [device, requestOf(device)]));
        const changed = [...requests.values()].filter(({ kind }) => kind === "change" || kind === "adjust");
        const everything = intent.all === true && changed.length > 1;
        return await this.#attempt({ intent: { ...intent, text: "" }, context, requests, everything }, "allow");
    }

    /** Puts back what the last command of that site and speaker has changed; undefined where there is none, or no more. */
    async undo(intent: Intent, context: DispatchContext = {}): Promise<Dispatched | undefined> {
        const undoes = this.#undo.last(context);
        if (undoes.length === 0) return undefined;
        const requests = new Map(undoes.map((changed) => [changed.device, restoring(changed)]));
        const order = { intent: { ...intent, text: "" }, context, requests, everything: false, undoes };
        return await this.#attempt(order, "allow");
    }

    /** Answers what that site and speaker were asked, once. */
    async answer(answer: Answer, context: DispatchContext = {}): Promise<Answered> {
        const waiting = this.#waiting.find(context, answer.to);
        if (!waiting) return { kind: "nothing-asked" };
        if (!answer.yes) {
            this.#waiting.remove(waiting);
            return { kind: "declined" };
        }
        const confirmed = this.#confirmation(waiting, answer);
        if (confirmed === "wrong-pin" || confirmed === "pin-needed") return { kind: confirmed };
        this.#waiting.remove(waiting);
        const done: Done[] = [];
        for (const order of waiting.orders) {
            done.push({ intent: order.intent, dispatched: await this.#attempt(order, confirmed) });
        }
        return { kind: "done", done };
    }

    /**
     * Does what somebody asks of one device in Apple Home. Nobody can be asked back there, and somebody asked with their own
     * hand: that confirms it, as a button in a flow does. What may not be done at that site is not done.
     */
    async fromHomeKit(deviceId: string, wish: DeviceChange): Promise<DeviceOutcome> {
        const device = this.#deviceOf(deviceId);
        const request = change(wish);
        const verdict = this.#rights.verdict({ site: HOMEKIT_SITE }, device, request, this.#find);
        return (await this.#carryOutOne(device, request, verdict, "homekit")).outcome;
    }

    /** What that site and speaker were asked for; undefined where nothing was asked. */
    awaits(context: DispatchContext): "yes" | "pin" | undefined {
        return this.#waiting.find(context)?.by;
    }

    #confirmation({ by }: Waiting<Order>, { pin, byHand }: Answer): "confirm" | "pin" | "wrong-pin" | "pin-needed" {
        if (byHand) return "pin";
        if (by === "yes") return "confirm";
        if (pin === undefined) return "pin-needed";
        return this.#waiting.isPin(pin) ? "pin" : "wrong-pin";
    }

    readonly #find = (id: string): Device | undefined => this.#home.device(id);

    #deviceOf(id: string): Device {
        return this.#find(id) ?? { id, name: id, type: "unknown" };
    }

    #devicesOf({ name, slots, targets, ...intent }: Intent): readonly Device[] {
        const named = [...new Set(targets)].map((id) => this.#deviceOf(id));
        if (slots.name === "all" && "name" in slots) {
            // What "everything" leaves alone, nobody has to hear of.
            const meant = named.filter(isOfEverything);
            return meant.length > 0 ? meant : named;
        }
        if (name !== "HassVacuumCleanArea" || named.length > 0) return named;
        return this.#robotFor({ name, slots, targets, ...intent });
    }

    /** The vacuum of that area, else of its floor, else the first; those that answer before others. */
    #robotFor(intent: Intent): readonly Device[] {
        const { areas, devices } = this.#home.description();
        const area = areaIn(intent, areas);
        const floorOf = (id?: string) => areas.find((each) => each.id === id)?.floor;
        const distance = (device: Device) => {
            const isThere = device.area === area.id;
            const isNear = area.floor !== undefined && floorOf(device.area) === area.floor;
            const answers = this.#home.status(device.id)?.availability === "reachable";
            return (answers ? 0 : 10) + (isThere ? 0 : isNear ? 1 : 2);
        };
        const robots = devices.filter(({ type }) => type === "vacuum");
        return robots.toSorted((one, other) => distance(one) - distance(other)).slice(0, 1);
    }

    /** @param confirmed the most that somebody has said yes to */
    async #attempt(order: Order, confirmed: Verdict): Promise<Dispatched> {
        const { context, requests, everything } = order;
        const verdicts = new Map(
            [...requests].map(([device, request]) => [
                device,
                this.#rights.verdict(context, device, request, this.#find, everything),
            ]),
        );
        const unconfirmed = [...verdicts].filter(
            ([, verdict]) => verdict !== "never" && stricter(verdict, confirmed) !== confirmed,
        );
        if (unconfirmed.length > 0) {
            const needed = unconfirmed.some(([, verdict]) => verdict === "pin") ? "pin" : "yes";
            const { id, by, until } = this.#waiting.add(context, order, needed);
            const devices = unconfirmed.map(([device]) => device);
            return { outcomes: [], asked: { id, devices, by, withinMs: until - this.#now() } };
        }
        return { outcomes: await this.#carryOut(order, verdicts) };
    }

    async #carryOut(
        { context, requests, undoes }: Order,
        verdicts: ReadonlyMap<Device, Verdict>,
    ): Promise<readonly DeviceOutcome[]> {
        const changed: Changed[] = [];
        const outcomes = await boundedMap(requests, this.#concurrency, async ([device, request]) => {
            const verdict = verdicts.get(device) ?? "never";
            const { outcome, change, before } = await this.#carryOutOne(device, request, verdict, "voice");
            if (change && before) {
                const { state: after } = outcome;
                changed.push({ device, change, before, ...(after && { after }) });
            }
            return outcome;
        });
        if (undoes) this.#undo.forget(context);
        else this.#undo.remember(context, changed);
        return outcomes;
    }

    async #carryOutOne(
        device: Device,
        request: DeviceRequest,
        verdict: Verdict,
        source: CommandSource,
    ): Promise<CarriedOut> {
        if (verdict !== "never") return await this.#commands.carryOut(device, request, source);
        const reason = `${device.name} may not be used for that here, by you or at this time.`;
        return { outcome: failed(device, new DeviceError("forbidden", device.id, reason)) };
    }
}
