/** A network and a clock that a test holds in its hand. */
import { type Answer, decode, encode, type Packet } from "dns-packet";
import type { Clock, LocalAddress, MulticastSocket, Network, Sender } from "../../dist/src/mdns";

export class HeldClock implements Clock {
    #now = 0;
    #tasks: { readonly at: number; readonly run: () => void }[] = [];

    now(): number {
        return this.#now;
    }

    after(delayMs: number, run: () => void): () => void {
        const task = { at: this.#now + delayMs, run };
        this.#tasks.push(task);
        return () => {
            this.#tasks = this.#tasks.filter((other) => other !== task);
        };
    }

    /** Lets time pass; what is due runs at its own time and in order. */
    advance(ms: number): void {
        const end = this.#now + ms;
        for (;;) {
            const due = this.#tasks.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
            if (!due) break;
            this.#tasks = this.#tasks.filter((task) => task !== due);
            this.#now = Math.max(this.#now, due.at);
            due.run();
        }
        this.#now = end;
    }
}

interface HeldSocket {
    readonly local: LocalAddress;
    readonly receive: (packet: Buffer, from: Sender) => void;
    readonly fail: (error?: unknown) => void;
}

export const ETHERNET: LocalAddress = {
    interfaceName: "eth0",
    family: "IPv4",
    address: "192.168.1.2",
    prefixBits: 24,
    internal: false,
};

export class HeldNetwork implements Network {
    readonly sent: { readonly at: number; readonly via: string; readonly packet: Packet }[] = [];
    readonly sockets: HeldSocket[] = [];
    /** Addresses whose socket can't be opened. */
    readonly broken = new Set<string>();
    /** The system's error code for every packet that is sent. */
    sendFailure: string | undefined;

    constructor(
        readonly clock: HeldClock,
        public locals: readonly LocalAddress[] = [ETHERNET],
    ) {}

    addresses(): readonly LocalAddress[] {
        return this.locals;
    }

    open(local: LocalAddress, receive: HeldSocket["receive"], fail: () => void): MulticastSocket {
        if (this.broken.has(local.address)) throw systemError("ENODEV");
        const socket = { local, receive, fail };
        this.sockets.push(socket);
        return {
            send: (packet, failed) => {
                if (this.sendFailure !== undefined) return failed?.(systemError(this.sendFailure));
                this.sent.push({ at: this.clock.now(), via: local.interfaceName, packet: decode(packet) });
            },
            close: () => {
                const index = this.sockets.indexOf(socket);
                if (index >= 0) this.sockets.splice(index, 1);
            },
        };
    }

    /** Hands a packet to every socket, as systems do. */
    deliver(packet: Buffer, from: Sender = { address: "192.168.1.50", port: 5353 }): void {
        for (const socket of [...this.sockets]) socket.receive(packet, from);
    }

    answer(answers: readonly Answer[], from?: Sender): void {
        this.deliver(encode({ type: "response", flags: 1 << 10, answers: [...answers] }), from);
    }

    /** What was asked since the last call: "PTR _hap._tcp.local". */
    takeQuestions(): readonly string[] {
        return this.sent
            .splice(0)
            .flatMap(({ packet }) => (packet.questions ?? []).map(({ type, name }) => `${type} ${name}`));
    }
}

export function systemError(code: string): Error {
    return Object.assign(new Error(code), { code });
}

export const TYPE = "_hap._tcp.local";

export const pointer = (name: string, ttl = 4500): Answer => ({
    type: "PTR",
    name: TYPE,
    ttl,
    data: `${name}.${TYPE}`,
});

export const service = (name: string, host = "lamp.local", port = 8080, ttl = 120): Answer => ({
    type: "SRV",
    name: `${name}.${TYPE}`,
    ttl,
    flush: true,
    data: { target: host, port },
});

export const text = (name: string, entries: readonly string[] = ["id=AA:BB:CC:DD:EE:FF"], ttl = 4500): Answer => ({
    type: "TXT",
    name: `${name}.${TYPE}`,
    ttl,
    flush: true,
    data: [...entries],
});

export const address = (host = "lamp.local", data = "192.168.1.50", ttl = 120): Answer => ({
    type: "A",
    name: host,
    ttl,
    flush: true,
    data,
});

/** All that a service has to tell. */
export const everything = (name: string): readonly Answer[] => [pointer(name), service(name), text(name), address()];
