import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

const HOST = "127.0.0.1";

/** Whether a program could listen there now. */
export async function isFree(port: number): Promise<boolean> {
    return (await listenFor(port)) !== undefined;
}

/** A port that no program listens on at the moment. */
export async function freePort(): Promise<number> {
    const port = await listenFor(0);
    if (port === undefined) throw new Error(`No port of ${HOST} is free.`);
    return port;
}

/** The port that could be had, which is the one asked for unless that was 0. */
async function listenFor(port: number): Promise<number | undefined> {
    const server = createServer();
    try {
        server.listen(port, HOST);
        await once(server, "listening");
        return (server.address() as AddressInfo).port;
    } catch {
        return undefined;
    } finally {
        server.close();
    }
}
