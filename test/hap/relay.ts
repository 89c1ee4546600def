/** The network between a controller and an accessory, which a test can let fail in each of its ways. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Endpoint } from "../../dist/src/hap";

type Fault = "none" | "silent" | "reset-on-request" | "corrupt-answer";

export class Relay {
    /** How many connections were made through it. */
    connections = 0;
    readonly #target: Endpoint;
    readonly #server: Server;
    readonly #pairs = new Set<readonly [controller: Socket, accessory: Socket]>();
    #fault: Fault = "none";

    private constructor(target: Endpoint) {
        this.#target = target;
        this.#server = createServer((socket) => this.#carry(socket));
    }

    static async start(target: Endpoint): Promise<Relay> {
        const relay = new Relay(target);
        relay.#server.listen(0, "127.0.0.1");
        await once(relay.#server, "listening");
        return relay;
    }

    get endpoint(): Endpoint {
        return { host: "127.0.0.1", port: (this.#server.address() as AddressInfo).port };
    }

    /** Swallows everything in both directions, of new connections too, as a link that is down does. */
    fallSilent(): void {
        this.#fault = "silent";
    }

    /** Breaks the connection as soon as the controller says something on it; once. */
    resetOnRequest(): void {
        this.#fault = "reset-on-request";
    }

    /** Changes one byte of what the accessory says next; once. */
    corruptAnswer(): void {
        this.#fault = "corrupt-answer";
    }

    recover(): void {
        this.#fault = "none";
    }

    /** Breaks off all connections without a word. */
    reset(): void {
        for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
    }

    async stop(): Promise<void> {
        this.reset();
        this.#server.close();
        await once(this.#server, "close");
    }

    #carry(controller: Socket): void {
        this.connections++;
        const accessory = connect(this.#target);
        const pair = [controller, accessory] as const;
        this.#pairs.add(pair);
        for (const socket of pair) {
            socket.on("error", () => {});
            socket.on("close", () => {
                this.#pairs.delete(pair);
                for (const other of pair) other.destroy();
            });
        }
        controller.on("data", (bytes) => {
            if (this.#fault === "silent") return;
            if (this.#fault === "reset-on-request") {
                this.recover();
                controller.resetAndDestroy();
                return;
            }
            accessory.write(bytes);
        });
        accessory.on("data", (bytes) => {
            if (this.#fault === "silent") return;
            if (this.#fault === "corrupt-answer") {
                this.recover();
                bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0x10;
            }
            controller.write(bytes);
        });
    }
}
