/** Pairs one accessory as soon as it is seen, and says how things stand with it. */
import { HapError, type HapErrorCode, type HomeKitAccessories, type HomeKitAccessory } from "../src/hap";
import type { Status } from "./status";

export interface AutomaticPairingOptions {
    readonly accessories: HomeKitAccessories;
    /** Id of the accessory; empty for none. */
    readonly accessory: string;
    readonly pin: string | undefined;
    readonly status: Status;
    report(error: unknown): void;
}

/** Trying again would not help, and accessories lock themselves after too many wrong PINs. */
const FINAL: readonly HapErrorCode[] = ["invalid-pin", "wrong-pin", "max-tries", "max-peers", "already-paired"];
const RETRY_MS = 30_000;

export class AutomaticPairing {
    readonly #options: AutomaticPairingOptions;
    readonly #id: string;
    #isWanted: boolean;
    #isPairing: boolean = false;
    #retry: NodeJS.Timeout | undefined;

    constructor(options: AutomaticPairingOptions) {
        this.#options = options;
        this.#id = options.accessory.toUpperCase();
        this.#isWanted = this.#id !== "" && options.pin !== undefined && options.pin !== "";
    }

    start(): void {
        this.#options.accessories.on("changed", this.#look);
        this.#look();
    }

    stop(): void {
        this.#isWanted = false;
        clearTimeout(this.#retry);
        this.#options.accessories.off("changed", this.#look);
    }

    /** Until the next deploy it pairs no more on its own. */
    giveUp(): void {
        this.#isWanted = false;
    }

    /** Puts how things stand with the accessory below the node. */
    show(): void {
        const { status } = this.#options;
        const seen = this.#seen();
        if (this.#id === "") status.clear();
        else if (!seen) status.waiting("looking");
        else if (seen.pairedWithUs && seen.reachable) status.ok("paired");
        else if (seen.pairedWithUs) status.failed("away");
        else if (seen.paired) status.failed("taken");
        else status.waiting("notPaired");
    }

    readonly #look = (): void => {
        if (this.#isPairing) return;
        this.show();
        const seen = this.#seen();
        if (this.#isWanted && seen && !seen.paired && seen.reachable && !this.#retry) void this.#pair();
    };

    async #pair(): Promise<void> {
        const { accessories, pin = "", status, report } = this.#options;
        this.#isPairing = true;
        status.busy("pairing");
        try {
            await accessories.pair(this.#id, pin);
            this.#isPairing = false;
            this.show();
        } catch (error) {
            this.#isPairing = false;
            if (!this.#isWanted) return;
            report(error);
            if (error instanceof HapError && FINAL.includes(error.code)) this.#isWanted = false;
            else this.#tryAgain();
        }
    }

    #tryAgain(): void {
        this.#retry = setTimeout(() => {
            this.#retry = undefined;
            this.#look();
        }, RETRY_MS);
    }

    #seen(): HomeKitAccessory | undefined {
        return this.#options.accessories.list().find(({ id }) => id === this.#id);
    }
}
