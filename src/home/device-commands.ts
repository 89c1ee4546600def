/** Carries out a request on one device, in bounded time. For the dispatcher only: nothing here asks whether it may. */
import { actuate, gone } from "./door";
import { type CommandSource, DeviceError, type DeviceErrorCode } from "./driver";
import type { Home } from "./home";
import type { Device, DeviceChange, DeviceState } from "./model";
import { adjusted, type DeviceRequest } from "./requests";
import { disobeyed, settled } from "./settling";

export interface DeviceOutcome {
    readonly device: Device;
    readonly ok: boolean;
    /** What the device itself says it is doing now; never what it was told to do. */
    readonly state?: DeviceState;
    /** Why it did not, in a sentence for people. */
    readonly error?: string;
    readonly code?: DeviceErrorCode;
}

/** What was done, for putting it back: absent where nothing can have changed. */
export interface CarriedOut {
    readonly outcome: DeviceOutcome;
    readonly change?: DeviceChange;
    readonly before?: DeviceState;
}

/** How long bolts and motors have to show that they move; their drivers answer before. */
const SETTLE_MS = 3_000;
/** Between the end of waiting for a motor and that of the device's time. */
const MARGIN_MS = 200;

export class DeviceCommands {
    readonly #home: Home;
    readonly #timeoutMs: number;

    constructor(home: Home, timeoutMs: number) {
        this.#home = home;
        this.#timeoutMs = timeoutMs;
    }

    async carryOut(device: Device, request: DeviceRequest, source: CommandSource): Promise<CarriedOut> {
        const attempt = new Attempt(this.#home, device, source, performance.now() + this.#timeoutMs);
        let outcome: DeviceOutcome;
        try {
            const availability = this.#home.status(device.id)?.availability ?? "gone";
            if (availability === "gone") throw gone(device.id, device.name);
            outcome = { device, ok: true, state: await this.#inTime(device, attempt.request(request)) };
        } catch (error) {
            outcome = failed(device, error);
        }
        const { tried: change, before } = attempt;
        return { outcome, ...(change && { change }), ...(before && { before }) };
    }

    async #inTime<T>(device: Device, work: Promise<T>): Promise<T> {
        const seconds = this.#timeoutMs / 1_000;
        const { promise: late, reject } = Promise.withResolvers<never>();
        const message = `${device.name} did not answer within ${seconds} s.`;
        const timer = setTimeout(() => reject(new DeviceError("timeout", device.id, message)), this.#timeoutMs);
        try {
            return await Promise.race([work, late]);
        } finally {
            clearTimeout(timer);
        }
    }
}

/** One request on one device. */
class Attempt {
    /** What may have changed the device. */
    tried: DeviceChange | undefined;
    before: DeviceState | undefined;

    constructor(
        readonly home: Home,
        readonly device: Device,
        readonly source: CommandSource,
        /** On the clock of `performance.now`. */
        readonly deadline: number,
    ) {}

    async request(request: DeviceRequest): Promise<DeviceState> {
        const { home, device } = this;
        if (request.kind === "refuse") throw new DeviceError("not-supported", device.id, request.reason);
        if (request.kind === "read") return await home.read(device.id);
        if (request.kind === "change") {
            this.before = home.status(device.id)?.state;
            return await this.#change(request.changes);
        }
        const state = await home.read(device.id);
        this.before = state;
        const change = adjusted(device, request, state);
        return change === undefined ? state : await this.#change([change]);
    }

    async #change([first, ...others]: readonly DeviceChange[]): Promise<DeviceState> {
        const { home, device, source } = this;
        if (!first) throw new DeviceError("not-supported", device.id, `${device.name} can't do that.`);
        try {
            this.tried = first;
            const state = await home[actuate](device.id, first, source);
            const withinMs = Math.min(SETTLE_MS, this.deadline - performance.now() - MARGIN_MS);
            return this.#obeyed(first, await settled(home, device.id, first, state, withinMs));
        } catch (error) {
            if (!(error instanceof DeviceError && error.code === "not-supported")) throw error;
            this.tried = undefined;
            if (others.length === 0) throw error;
            return await this.#change(others);
        }
    }

    #obeyed(change: DeviceChange, state: DeviceState): DeviceState {
        const word = disobeyed(change, state);
        if (word !== undefined) throw new UnchangedError(this.device, word, state);
        return state;
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

export function failed(device: Device, error: unknown): DeviceOutcome {
    if (!(error instanceof DeviceError)) {
        const reason = error instanceof Error ? error.message : String(error);
        return { device, ok: false, code: "failed", error: `${device.name} failed: ${reason}` };
    }
    const { code, message } = error;
    return { device, ok: false, code, error: message, ...(error instanceof UnchangedError && { state: error.state }) };
}
