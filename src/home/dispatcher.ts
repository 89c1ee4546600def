/** The only door to a device: whatever asks for an actuation, in whichever way, asks here. */
import type { Intent } from "../language";
import { boundedMap } from "./bounded-map";
import { actuate, gone } from "./door";
import { DeviceError, type DeviceErrorCode } from "./driver";
import type { Home } from "./home";
import { adjusted, type DeviceRequest, requestsOf, type TemperatureUnit } from "./intent-request";
import type { Device, DeviceChange, DeviceState } from "./model";

/** Where an order came from. */
export interface DispatchContext {
    readonly site?: string;
}

export interface DeviceOutcome {
    readonly device: Device;
    readonly ok: boolean;
    /** What the device itself says it is doing now; never what it was told to do. */
    readonly state?: DeviceState;
    /** Why it did not, in a sentence for people. */
    readonly error?: string;
    readonly code?: DeviceErrorCode;
}

/** One order, before anything of it is done. */
export interface DeviceOrder {
    readonly intent: Intent;
    readonly context: DispatchContext;
    /** The devices that would be changed or read, with what is asked of each. */
    readonly requests: ReadonlyMap<Device, DeviceRequest>;
}

/**
 * Decides which devices of an order may not be touched, and why (a sentence for people, by device id).
 * A rejection stops the whole order.
 */
export type Permit = (order: DeviceOrder) => Promise<ReadonlyMap<string, string>>;

export interface DispatcherOptions {
    /** Devices commanded at the same time. */
    readonly concurrency?: number;
    /** How long one device may take, in milliseconds. */
    readonly deviceTimeoutMs?: number;
    /** Unit of the temperatures in slots. */
    readonly temperatureUnit?: TemperatureUnit;
    /** Asked before every order; without it everything is permitted. */
    readonly permit?: Permit;
}

export class Dispatcher {
    readonly #home: Home;
    readonly #concurrency: number;
    readonly #deviceTimeoutMs: number;
    readonly #temperatureUnit: TemperatureUnit;
    readonly #permit: Permit;

    constructor(home: Home, options: DispatcherOptions = {}) {
        this.#home = home;
        this.#concurrency = options.concurrency ?? 64;
        this.#deviceTimeoutMs = options.deviceTimeoutMs ?? 5_000;
        this.#temperatureUnit = options.temperatureUnit ?? "celsius";
        this.#permit = options.permit ?? (async () => new Map());
    }

    /**
     * Does what `intent` asks with each of its targets, all at once, and says for each what came of it.
     * A device that fails doesn't hold up the others.
     * @throws IntentError when the intent is not about devices or has a slot without a usable value; nothing is done then
     */
    async dispatch(intent: Intent, context: DispatchContext = {}): Promise<readonly DeviceOutcome[]> {
        const requestOf = requestsOf(intent, this.#temperatureUnit);
        const devices = [...new Set(intent.targets)].map(
            (id) => this.#home.device(id) ?? { id, name: id, type: "unknown" },
        );
        const requests = new Map(devices.map((device) => [device, requestOf(device)]));
        const refusals = await this.#permit({ intent, context, requests });
        return await boundedMap(requests, this.#concurrency, async ([device, request]) => {
            const refusal = refusals.get(device.id);
            if (refusal !== undefined) return failed(device, new DeviceError("refused", device.id, refusal));
            return await this.#carryOut(device, request);
        });
    }

    async #carryOut(device: Device, request: DeviceRequest): Promise<DeviceOutcome> {
        try {
            const availability = this.#home.status(device.id)?.availability ?? "gone";
            if (availability === "gone") throw gone(device.id, device.name);
            const state = await this.#inTime(device, this.#request(device, request));
            return { device, ok: true, state };
        } catch (error) {
            return failed(device, error);
        }
    }

    async #request(device: Device, request: DeviceRequest): Promise<DeviceState> {
        if (request.kind === "refuse") throw new DeviceError("not-supported", device.id, request.reason);
        if (request.kind === "read") return await this.#home.read(device.id);
        if (request.kind === "adjust") {
            const state = await this.#home.read(device.id);
            const change = adjusted(device, request, state);
            return change === undefined ? state : await this.#request(device, { kind: "change", changes: [change] });
        }
        const [first, ...others] = request.changes;
        if (!first) throw new DeviceError("not-supported", device.id, `${device.name} can't do that.`);
        try {
            return this.#obeyed(device, first, await this.#home[actuate](device.id, first));
        } catch (error) {
            const anotherWay = others.length > 0 && error instanceof DeviceError && error.code === "not-supported";
            if (!anotherWay) throw error;
            return await this.#request(device, { kind: "change", changes: others });
        }
    }

    /** Quantities may settle elsewhere (a lamp has steps, a thermostat its range); on, off and modes may not. */
    #obeyed(device: Device, change: DeviceChange, state: DeviceState): DeviceState {
        for (const property of ["on", "climateMode"] as const) {
            const [wanted, told] = [change[property], state[property]];
            if (wanted === undefined || told === undefined || wanted === told) continue;
            const word = typeof told === "boolean" ? (told ? "on" : "off") : told;
            throw new UnchangedError(device, word, state);
        }
        return state;
    }

    async #inTime<T>(device: Device, work: Promise<T>): Promise<T> {
        const seconds = this.#deviceTimeoutMs / 1_000;
        const { promise: late, reject } = Promise.withResolvers<never>();
        const message = `${device.name} did not answer within ${seconds} s.`;
        const timer = setTimeout(() => reject(new DeviceError("timeout", device.id, message)), this.#deviceTimeoutMs);
        try {
            return await Promise.race([work, late]);
        } finally {
            clearTimeout(timer);
        }
    }
}

/** The device took the command and says that it is as it was. */
class UnchangedError extends DeviceError {
    constructor(
        device: Device,
        word: string,
        readonly state: DeviceState,
    ) {
        super("failed", device.id, `${device.name} took the command, but says it is ${word}.`);
    }
}

function failed(device: Device, error: unknown): DeviceOutcome {
    if (!(error instanceof DeviceError)) {
        const reason = error instanceof Error ? error.message : String(error);
        return { device, ok: false, code: "failed", error: `${device.name} failed: ${reason}` };
    }
    const { code, message } = error;
    return { device, ok: false, code, error: message, ...(error instanceof UnchangedError && { state: error.state }) };
}
