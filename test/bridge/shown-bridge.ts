/** A bridge on the loopback interface, and our own controller to look at it with. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deviceOf, type ExposedDevice, HomeKitBridge, type HomeKitBridgeOptions } from "../../dist/src/bridge";
import { type Accessory, type Characteristic, HapClient, type Pairing, pairSetup } from "../../dist/src/hap";
import {
    type CommandSource,
    type DeviceChange,
    Dispatcher,
    Home,
    Rights,
    type RightsSettings,
    SAFE_RIGHTS,
} from "../../dist/src/home";
import { FlowDevice, FlowDriver } from "../../dist/src/home/drivers/flow";

export const WAIT_MS = 10_000;

/** Bridges, controllers and folders of one test file, ended together. */
export class BridgeBench {
    readonly folder = mkdtempSync(join(tmpdir(), "earshot-bridge-"));
    readonly flowDevices = new FlowDriver();
    readonly home = new Home({ floors: [], areas: [], devices: [] }, [this.flowDevices]);
    readonly #ends: (() => Promise<unknown> | unknown)[] = [() => this.home.stop()];

    async bridge(
        devices: readonly ExposedDevice[],
        options: Partial<HomeKitBridgeOptions> = {},
    ): Promise<HomeKitBridge> {
        const folder = join(this.folder, "one");
        const bridge = new HomeKitBridge({ folder, name: "Test", port: 0, host: "127.0.0.1", ...options });
        this.#ends.push(() => bridge.stop());
        await this.home.start();
        await bridge.start(devices);
        return bridge;
    }

    controller(pairing: Pairing, port: () => number): HapClient {
        const client = new HapClient({ pairing, locate: () => [{ host: "127.0.0.1", port: port() }] });
        this.#ends.push(() => client.stop());
        return client;
    }

    /** A device of the home behind its accessory; its node would do that. @returns how to take it off the bridge again */
    attach(
        bridge: HomeKitBridge,
        { id }: ExposedDevice,
        { device }: { readonly device: FlowDevice },
        rights: Partial<RightsSettings> = {},
    ): () => void {
        this.flowDevices.add(device);
        const dispatcher = new Dispatcher(this.home, { rights: new Rights({ ...SAFE_RIGHTS, ...rights }) });
        return bridge.attach(id, { device, command: (wish) => dispatcher.fromHomeKit(device.device.id, wish) });
    }

    async end(): Promise<void> {
        for (const end of this.#ends.splice(0).reverse()) await end();
        rmSync(this.folder, { recursive: true, force: true });
    }
}

export async function pairWith(bridge: HomeKitBridge): Promise<Pairing> {
    const { setupCode } = await bridge.openPairing();
    return await pairSetup({ endpoints: [{ host: "127.0.0.1", port: bridge.status.port ?? 0 }], pin: setupCode });
}

export interface Commanded {
    readonly change: DeviceChange;
    readonly source: CommandSource;
}

/** A device as a node makes it; `commands` is what its flow was told. */
export function flowDevice(
    { id, name, kind }: ExposedDevice,
    { confirmMs }: { confirmMs?: number } = {},
): { device: FlowDevice; commands: Commanded[] } {
    const commands: Commanded[] = [];
    const device = new FlowDevice({
        device: deviceOf(kind, { id: `flow:${id}`, name }),
        state: {},
        ...(confirmMs !== undefined && { confirmMs }),
        command: (change, source) => commands.push({ change, source }),
    });
    return { device, commands };
}

/** The characteristic of the accessory with this name, with what is needed to read and write it. */
export function found(accessories: readonly Accessory[], name: string, type: string): Characteristic & { aid: bigint } {
    for (const { aid, services } of accessories) {
        const characteristics = services.flatMap((service) => service.characteristics);
        if (!characteristics.some(({ value }) => value === name)) continue;
        const characteristic = characteristics.find((one) => one.type === type);
        if (characteristic) return { ...characteristic, aid };
    }
    throw new Error(`There is no ${type} of ${name}.`);
}

/** What somebody without a pairing gets for these bytes, until the other side closes or is silent for a while. */
export async function answerTo(port: number, bytes: string | Buffer, silentMs = 250): Promise<string> {
    const socket = createConnection({ host: "127.0.0.1", port });
    let answer = "";
    socket.on("data", (data) => {
        answer += data.toString("latin1");
    });
    socket.on("error", () => {});
    await once(socket, "connect");
    socket.write(bytes);
    socket.setTimeout(silentMs, () => socket.destroy());
    await once(socket, "close");
    return answer;
}

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while (!(await holds())) {
        if (Date.now() > deadline) throw new Error(`In ${WAIT_MS / 1_000} seconds it never came to this: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}
