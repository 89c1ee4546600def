/** What the accessories themselves say about their state, read over HAP by this process, past Node-RED and its hub. */
import {
    type Accessory,
    CharacteristicType,
    type CharacteristicValue,
    HapClient,
    HapError,
    PairingStore,
    ServiceType,
} from "../../src/hap";
import { StartError } from "./waiting";

/** By the names that states of devices have everywhere, such as `on`. */
export type AccessoryState = Readonly<Record<string, boolean | number>>;

const PROPERTIES: Readonly<Record<string, string>> = {
    [CharacteristicType.On]: "on",
    [CharacteristicType.Brightness]: "brightnessPercent",
    [CharacteristicType.Hue]: "hueDegrees",
    [CharacteristicType.Saturation]: "saturationPercent",
    [CharacteristicType.TargetTemperature]: "targetTemperatureCelsius",
};

export class AccessoryStates {
    readonly #client: HapClient;

    private constructor(client: HapClient) {
        this.#client = client;
    }

    /**
     * Connects with the pairing that the hub has made.
     *
     * @param folder of the hub's pairings
     * @throws StartError
     */
    static async open(
        folder: string,
        bridge: { readonly id: string; readonly port: number },
    ): Promise<AccessoryStates> {
        const store = new PairingStore(folder);
        const pairing = await asStartError(store.open().then(() => store.get(bridge.id)));
        if (!pairing) throw new StartError("The hub says that it has paired, but there is no pairing in its folder.");
        return new AccessoryStates(
            new HapClient({ pairing, locate: () => [{ host: "127.0.0.1", port: bridge.port }] }),
        );
    }

    /** By the accessory's name. @throws StartError */
    async read(): Promise<ReadonlyMap<string, AccessoryState>> {
        const accessories = await asStartError(this.#client.accessories());
        return new Map(accessories.map((accessory) => [nameOf(accessory), stateOf(accessory)]));
    }

    close(): void {
        this.#client.stop();
    }
}

/** How two states differ, for people: "on false → true". Empty when they don't. */
export function difference(before: AccessoryState, after: AccessoryState): readonly string[] {
    return Object.entries(after)
        .filter(([property, value]) => before[property] !== value)
        .map(([property, value]) => `${property} ${before[property]} → ${value}`);
}

function nameOf({ services }: Accessory): string {
    const information = services.find(({ type }) => type === ServiceType.AccessoryInformation);
    return String(information?.characteristics.find(({ type }) => type === CharacteristicType.Name)?.value);
}

function stateOf({ services }: Accessory): AccessoryState {
    const known = services.flatMap(({ characteristics }) =>
        characteristics.flatMap(({ type, value }) => {
            const property = PROPERTIES[type];
            return property === undefined || !isPlain(value) ? [] : [[property, plain(property, value)] as const];
        }),
    );
    return Object.fromEntries(known);
}

function isPlain(value: CharacteristicValue | undefined): value is boolean | number {
    return typeof value === "boolean" || typeof value === "number";
}

/** Booleans come as true or 1. */
function plain(property: string, value: boolean | number): boolean | number {
    return property === "on" ? Boolean(value) : value;
}

async function asStartError<T>(work: Promise<T>): Promise<T> {
    try {
        return await work;
    } catch (error) {
        if (!(error instanceof HapError)) throw error;
        throw new StartError(`The simulated home could not be read over HAP: ${error.message}`);
    }
}
