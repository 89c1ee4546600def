/**
 * Loaded into a program before its own code, in each of its threads and in the programs that it starts: writes down whom it
 * connects to, sends datagrams to, and which names it looks up. That is all there is: nothing of ours is native code.
 */
import { createHook } from "node:async_hooks";
import { Socket } from "node:dgram";
import { appendFileSync } from "node:fs";

interface Request {
    readonly address?: string;
    readonly port?: number;
    readonly hostname?: string;
}

/** Node's own names of what it makes for each connection and each question to a name server. */
const REQUESTS: ReadonlySet<string> = new Set(["TCPCONNECTWRAP", "GETADDRINFOREQWRAP", "QUERYWRAP"]);

function tell(destination: string): void {
    if (process.env.TOLD) appendFileSync(process.env.TOLD, `${destination}\n`);
}

function shown(address: string, port: unknown): string {
    return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

createHook({
    init(_id, type, _trigger, resource) {
        if (!REQUESTS.has(type)) return;
        // It is filled in after it was made.
        process.nextTick(() => {
            const { address, port, hostname = "" } = resource as Request;
            tell(address === undefined ? hostname : shown(address, port));
        });
    },
}).enable();

const { send } = Socket.prototype;
Socket.prototype.send = function (this: Socket, ...args: unknown[]): void {
    const [address = "127.0.0.1"] = args.slice(1).filter((value) => typeof value === "string");
    const port = args.slice(1).findLast((value) => typeof value === "number");
    tell(shown(address, port));
    Reflect.apply(send, this, args);
};
