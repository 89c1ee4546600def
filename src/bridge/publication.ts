/** One time that a bridge is on the network, from listening to goodbye. */
import type { Accessory, Bridge, MDNSAdvertiser } from "@homebridge/hap-nodejs";
import { BridgeError } from "./error";
import { type Guarded, guard, unguard } from "./guard";
import type { HapNodejs } from "./hap-nodejs";
import { keepIn, keepNoLonger } from "./storage";

export interface PublicationOptions extends Omit<Guarded, "failed"> {
    readonly hap: HapNodejs;
    readonly name: string;
    readonly username: string;
    readonly setupId: string;
    readonly setupCode: string;
    /** 0 for any that is free. */
    readonly port: number;
    readonly folder: string;
    readonly accessories: readonly Accessory[];
    readonly paired: () => void;
    readonly unpaired: () => void;
    /** The server failed after it had been listening. */
    readonly lost: (error: BridgeError) => void;
}

/** Category "Bridge" among the accessory categories of HAP R2. */
const BRIDGE_CATEGORY = 2;
const LISTEN_MS = 10_000;
/** For the goodbye on the network. */
const GOODBYE_MS = 3_000;

export class Publication {
    readonly #bridge: Bridge;
    readonly #username: string;
    readonly port: number;

    private constructor(bridge: Bridge, username: string, port: number) {
        this.#bridge = bridge;
        this.#username = username;
        this.port = port;
    }

    /** @throws {BridgeError} `port-in-use`, `address-not-here`, `not-publishable`, `other-library` */
    static async start(options: PublicationOptions): Promise<Publication> {
        const { hap, name, username, setupId, setupCode, folder, host } = options;
        const { promise: listening, resolve, reject } = Promise.withResolvers<number>();
        let isListening = false;
        guard(hap, username, {
            host,
            isPairingOpen: options.isPairingOpen,
            admitPairingRequest: options.admitPairingRequest,
            failed: (error) => (isListening ? options.lost(asBridgeError(error, options)) : reject(error)),
        });
        keepIn(hap, username, folder);
        const bridge = newBridge(options);
        const timer = setTimeout(() => reject(new Error(`no answer within ${LISTEN_MS / 1_000} s`)), LISTEN_MS);
        bridge.once("listening", resolve);
        bridge
            .publish({
                username,
                setupID: setupId,
                pincode: setupCode,
                category: BRIDGE_CATEGORY,
                port: options.port,
                // The one that neither needs another program nor ends the process over a name.
                advertiser: "ciao" as MDNSAdvertiser,
                ...(host !== undefined && { bind: host }),
            })
            .catch(reject);
        try {
            const port = await listening;
            isListening = true;
            return new Publication(bridge, username, port);
        } catch (error) {
            await end(bridge, username);
            throw asBridgeError(error, { ...options, name });
        } finally {
            clearTimeout(timer);
        }
    }

    add(accessory: Accessory): void {
        this.#bridge.addBridgedAccessory(accessory);
    }

    remove(accessory: Accessory): void {
        this.#bridge.removeBridgedAccessory(accessory);
    }

    async stop(): Promise<void> {
        await end(this.#bridge, this.#username);
    }
}

function newBridge({ hap, name, username, accessories, paired, unpaired }: PublicationOptions): Bridge {
    const bridge = new hap.Bridge(name, hap.uuid.generate(`earshot:bridge:${username}`));
    const { Service: S, Characteristic: C } = hap;
    bridge
        .getService(S.AccessoryInformation)
        ?.setCharacteristic(C.Manufacturer, "Earshot")
        .setCharacteristic(C.Model, "Earshot bridge")
        .setCharacteristic(C.SerialNumber, username);
    // What was an accessory once keeps its number: after a mishap it comes back as the same one.
    bridge.disableUnusedIDPurge();
    bridge.on("characteristic-warning", () => {});
    bridge.on("paired", paired);
    bridge.on("unpaired", unpaired);
    bridge.addBridgedAccessories([...accessories]);
    return bridge;
}

async function end(bridge: Bridge, username: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, GOODBYE_MS);
    });
    try {
        await Promise.race([bridge.unpublish().catch(() => {}), enough]);
    } finally {
        clearTimeout(timer);
        for (const accessory of [...bridge.bridgedAccessories]) bridge.removeBridgedAccessory(accessory);
        bridge.removeAllListeners();
        unguard(username);
        keepNoLonger(username);
    }
}

function asBridgeError(error: unknown, { port, host, name }: PublicationOptions): BridgeError {
    if (error instanceof BridgeError) return error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
        const text = `Port ${port} of the bridge ${name} is in use. Choose another, or stop the program that has it.`;
        return new BridgeError("port-in-use", text, { cause: error });
    }
    if (code === "EADDRNOTAVAIL") {
        return new BridgeError("address-not-here", `This machine has no address ${host} for the bridge ${name}.`, {
            cause: error,
        });
    }
    return new BridgeError("not-publishable", `The bridge ${name} could not be started: ${message}`, { cause: error });
}
