/** A flow's device as a HomeKit accessory. It is there as long as its node is in the flow, whether or not that runs. */
import type { Accessory, Characteristic, CharacteristicValue } from "@homebridge/hap-nodejs";
import type { DeviceChange, DeviceErrorCode, DeviceOutcome } from "../home";
import type { FlowDevice } from "../home/drivers/flow";
import type { HapNodejs } from "./hap-nodejs";
import type { KindName } from "./kinds";
import { type Binding, type Known, serviceFor } from "./services";

/** A device that a bridge shows; the same id is the same accessory, with its room and its automations. */
export interface ExposedDevice {
    /** Id of its node. */
    readonly id: string;
    readonly name: string;
    readonly kind: KindName;
}

/** What stands behind an accessory while its node runs. */
export interface ShownDevice {
    readonly device: FlowDevice;
    /** The way in for what HomeKit asks: through the dispatcher. */
    readonly command: (wish: DeviceChange) => Promise<DeviceOutcome>;
}

const NOTHING: Known = { state: {}, wished: {} };

export class DeviceAccessory {
    readonly accessory: Accessory;
    readonly #hap: HapNodejs;
    readonly #bound: readonly { readonly binding: Binding; readonly characteristic: Characteristic }[];
    #shown: ShownDevice | undefined;
    /** What one request of HomeKit asks for: a colour comes as two writes. */
    #pending: { change: DeviceChange; readonly done: Promise<void> } | undefined;

    constructor(hap: HapNodejs, { id, name, kind }: ExposedDevice) {
        this.#hap = hap;
        this.accessory = newAccessory(hap, { id: `earshot:device:${id}`, name, model: kind, serial: id });
        const { service: ServiceType, bindings } = serviceFor(hap, kind);
        const service = this.accessory.addService(new ServiceType(homeKitName(name)));
        this.#bound = bindings.map((binding) => {
            const characteristic = service.getCharacteristic(binding.characteristic);
            if (binding.props) characteristic.setProps(binding.props);
            characteristic.updateValue(binding.read(NOTHING));
            characteristic.onGet(() => binding.read(this.#reachable().device));
            if (binding.write) characteristic.onSet((value) => this.#set(binding, value));
            return { binding, characteristic };
        });
    }

    /** The device behind it, from now on; none while its node doesn't run. */
    set shown(shown: ShownDevice | undefined) {
        this.#shown?.device.off("changed", this.#show);
        this.#shown = shown;
        shown?.device.on("changed", this.#show);
        if (shown) this.#show();
    }

    readonly #show = (): void => {
        const { device } = this.#shown ?? {};
        if (!device?.isReachable) return;
        for (const { binding, characteristic } of this.#bound) characteristic.updateValue(binding.read(device));
    };

    #reachable(): ShownDevice {
        if (!this.#shown?.device.isReachable) throw this.#failure("unreachable");
        return this.#shown;
    }

    #set(binding: Binding, value: CharacteristicValue): Promise<void> {
        const { state } = this.#reachable().device;
        if (this.#pending) {
            const { change } = this.#pending;
            this.#pending.change = { ...change, ...binding.write?.(value, { ...state, ...change }) };
            return this.#pending.done;
        }
        const done = Promise.withResolvers<void>();
        this.#pending = { change: { ...binding.write?.(value, state) }, done: done.promise };
        // The library hands over all writes of a request in one go.
        setImmediate(() => {
            const { change } = this.#pending ?? { change: {} };
            this.#pending = undefined;
            this.#command(change).then(done.resolve, done.reject);
        });
        return done.promise;
    }

    async #command(change: DeviceChange): Promise<void> {
        if (Object.keys(change).length === 0) return;
        const { ok, code } = await this.#reachable().command(change);
        if (!ok) throw this.#failure(code);
    }

    #failure(code: DeviceErrorCode | undefined): Error {
        return new this.#hap.HapStatusError((code && STATUS[code]) ?? SERVICE_COMMUNICATION_FAILURE);
    }
}

/** HAP R2, table 6-11. */
const SERVICE_COMMUNICATION_FAILURE = -70_402;
const STATUS: { readonly [Code in DeviceErrorCode]?: number } = { forbidden: -70_401, timeout: -70_408 };

interface About {
    /** What its identity comes from. */
    readonly id: string;
    readonly name: string;
    readonly model: string;
    readonly serial: string;
}

export function newAccessory(hap: HapNodejs, { id, name, model, serial }: About): Accessory {
    const { Accessory, Characteristic: C, Service: S } = hap;
    const accessory = new Accessory(homeKitName(name), hap.uuid.generate(id));
    accessory
        .getService(S.AccessoryInformation)
        ?.setCharacteristic(C.Manufacturer, "Earshot")
        .setCharacteristic(C.Model, `flow ${model}`)
        .setCharacteristic(C.SerialNumber, `earshot-${serial}`.slice(0, 64));
    // Without a listener the library writes to the console that a flow takes its time.
    accessory.on("characteristic-warning", () => {});
    return accessory;
}

/** HomeKit takes letters, digits, blanks and some signs, with a letter or digit at both ends, up to 64 characters. */
export function homeKitName(name: string): string {
    const plain = name.replace(/[^\p{L}\p{N} '’.,\-&]/gu, " ").replace(/\s+/g, " ");
    const trimmed = plain
        .replace(/^[^\p{L}\p{N}]+/u, "")
        .slice(0, 64)
        .replace(/[^\p{L}\p{N}]+$/u, "");
    return trimmed || "Device";
}
