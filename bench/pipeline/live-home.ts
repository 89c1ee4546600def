/** A hub in this process, paired with a simulated home in another one, over HomeKit on the loopback interface. */
import { once } from "node:events";
import { join } from "node:path";
import { SimulatedHome } from "../../scripts/first-light/simulated-home";
import { Hub, type HubOptions } from "../../src/hub";

export const SITE = "office";
export const LAMP = "Reading Light";
export const OUTLET = "Coffee Machine";

const PATIENCE_MS = 20_000;

export class LiveHome {
    readonly #simulated: SimulatedHome;
    readonly #options: HubOptions;
    #hub: Hub;

    /** @param folder where everything is kept; nothing is there yet */
    constructor(folder: string) {
        this.#simulated = new SimulatedHome({
            folder: join(folder, "simulated"),
            bridgeName: `Bench ${process.pid}`,
            names: [LAMP, "Thermostat", OUTLET],
            onChanged: () => {},
        });
        this.#options = {
            id: "bench",
            language: "en",
            sites: [{ id: SITE, name: "Office" }],
            folder: join(folder, "hub"),
            home: { floors: [], areas: [], devices: [] },
        };
        this.#hub = new Hub(this.#options);
    }

    get hub(): Hub {
        return this.#hub;
    }

    /** Pairs. @throws when something isn't there within 20 seconds */
    async start(): Promise<void> {
        const { id, pin } = await this.#simulated.ready(AbortSignal.timeout(PATIENCE_MS));
        await this.#hub.start();
        const { accessories } = this.#hub;
        const isSeen = () =>
            accessories.list().some((accessory) => accessory.id === id && accessory.port !== undefined);
        while (!isSeen()) await once(accessories, "changed", { signal: AbortSignal.timeout(PATIENCE_MS) });
        await accessories.pair(id, pin);
        await this.#devices();
    }

    /** Starts the hub anew, as when Node-RED starts; resolves with the milliseconds until it can listen. */
    async restart(): Promise<number> {
        await this.#hub.stop();
        const before = performance.now();
        this.#hub = new Hub(this.#options);
        await this.#hub.start();
        await this.#hub.prepareRecogniser();
        const elapsed = performance.now() - before;
        await this.#devices();
        return elapsed;
    }

    async stop(): Promise<void> {
        await this.#hub.stop();
        await this.#simulated.process.stop();
    }

    async #devices(): Promise<void> {
        const { home } = this.#hub;
        const isThere = (wanted: string) => home.description().devices.some(({ name }) => name === wanted);
        while (!isThere(LAMP) || !isThere(OUTLET)) {
            await once(home, "changed", { signal: AbortSignal.timeout(PATIENCE_MS) });
        }
    }
}
