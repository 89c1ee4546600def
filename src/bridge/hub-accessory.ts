/** The hub itself in HomeKit: its microphones can be muted, one sees that it listens, and a command can start a scene. */
import type { Accessory } from "@homebridge/hap-nodejs";
import { newAccessory } from "./device-accessory";
import type { HapNodejs } from "./hap-nodejs";

/** What the bridge needs of a hub. */
export interface ShownHub {
    readonly id: string;
    /** No sound is heard anywhere in the home. */
    readonly isMuted: boolean;
    /** What is said is being listened to at some place. */
    readonly isListening: boolean;
    mute(isMuted: boolean): void;
    on(event: "listening" | "muted", listener: () => void): void;
    on(event: "dispatched", listener: (ok: boolean) => void): void;
    off(event: "listening" | "muted", listener: () => void): void;
    off(event: "dispatched", listener: (ok: boolean) => void): void;
}

export interface HubNames {
    readonly hub: string;
    readonly mute: string;
    readonly listening: string;
    readonly lastCommand: string;
}

/** ProgrammableSwitchEvent: what was asked for was done, or was not. */
const SINGLE_PRESS = 0;
const DOUBLE_PRESS = 1;

export class HubAccessory {
    readonly accessory: Accessory;
    readonly #end: () => void;

    constructor(hap: HapNodejs, hub: ShownHub, names: HubNames) {
        const { Service: S, Characteristic: C } = hap;
        this.accessory = newAccessory(hap, {
            id: `earshot:hub:${hub.id}`,
            name: names.hub,
            model: "hub",
            serial: hub.id,
        });
        const mute = this.accessory.addService(new S.Switch(names.mute, "mute")).getCharacteristic(C.On);
        const listening = this.accessory
            .addService(new S.OccupancySensor(names.listening, "listening"))
            .getCharacteristic(C.OccupancyDetected);
        const lastCommand = this.accessory
            .addService(new S.StatelessProgrammableSwitch(names.lastCommand, "last-command"))
            .getCharacteristic(C.ProgrammableSwitchEvent);
        lastCommand.setProps({ validValues: [SINGLE_PRESS, DOUBLE_PRESS], maxValue: DOUBLE_PRESS });
        mute.onGet(() => hub.isMuted).onSet((value) => hub.mute(Boolean(value)));
        listening.onGet(() => Number(hub.isListening));

        const showMuted = () => mute.updateValue(hub.isMuted);
        const showListening = () => listening.updateValue(Number(hub.isListening));
        const press = (ok: boolean) => lastCommand.sendEventNotification(ok ? SINGLE_PRESS : DOUBLE_PRESS);
        showMuted();
        showListening();
        hub.on("muted", showMuted);
        hub.on("listening", showListening);
        hub.on("dispatched", press);
        this.#end = () => {
            hub.off("muted", showMuted);
            hub.off("listening", showListening);
            hub.off("dispatched", press);
        };
    }

    /** Follows the hub no longer. */
    end(): void {
        this.#end();
    }
}
