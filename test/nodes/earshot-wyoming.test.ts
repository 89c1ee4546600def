import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "../../dist/scripts/first-light/port";
import { Peer } from "../wyoming/peer";
import { type Flow, hubIn, runFlow, useFlows } from "./flow";

const at = useFlows();
const peers: Peer[] = [];
afterEach(() => {
    for (const { socket } of peers.splice(0)) socket.destroy();
});

async function offering(port: number): Promise<Flow> {
    return await runFlow([
        { id: "offer", type: "earshot-wyoming", hub: "hub", port, phrases: ["computer"], wires: [["asked"]] },
        { id: "asked", type: "helper" },
        ...hubIn(at.folder),
    ]);
}

async function connected(port: number): Promise<Peer> {
    const peer = await Peer.at(port);
    peers.push(peer);
    return peer;
}

describe("the Wyoming node", () => {
    it("does what a peer asks, says in the flow what that was, and lets go of its port", async () => {
        const port = await freePort();
        const flow = await offering(port);
        await flow.shows("offer", "status.offering");
        const peer = await connected(port);
        await flow.shows("offer", "status.connected");
        peer.send("transcript", { text: "turn on the desk lamp" });
        expect((await peer.next()).type).toBe("handled");
        expect(await flow.next("asked")).toMatchObject({ payload: "turn on the desk lamp", topic: "handle" });
        await flow.unload();
        await peer.closed();
        await expect(Peer.at(port)).rejects.toThrow("ECONNREFUSED");
    });

    it("writes into the privacy log who got a transcript, and not what it says", async () => {
        const port = await freePort();
        const flow = await offering(port);
        await flow.shows("offer", "status.offering");
        const peer = await connected(port);
        peer.speak(Buffer.alloc(32_000), { rate: 16_000, channels: 1 });
        expect((await peer.next()).type).toBe("transcript");
        await flow.next("asked");
        await flow.unload();
        const [record] = readFileSync(join(at.folder, "privacy.log"), "utf8")
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as object)
            .filter((each) => "to" in each);
        expect(record).toMatchObject({ what: "disclosed", node: "offer", to: "127.0.0.1" });
    });

    it("says that its port is taken, and who else uses it stays", async () => {
        const other = createServer().listen(0, "127.0.0.1");
        await once(other, "listening");
        const { port } = other.address() as AddressInfo;
        const flow = await offering(port);
        await flow.shows("offer", "status.failed");
        expect(flow.errors).toEqual([expect.stringContaining("error.portTaken")]);
        other.close();
    });

    it("tells in the flow when a peer breaks the protocol", async () => {
        const port = await freePort();
        const flow = await offering(port);
        await flow.shows("offer", "status.offering");
        const peer = await connected(port);
        peer.socket.write("GET / HTTP/1.1\r\n\r\n");
        await flow.shows("offer", "status.failed");
        expect(flow.errors).toEqual([expect.stringContaining("no JSON object")]);
    });
});
