/**
 * A controller and an accessory in two network namespaces with a cable between them, which is pulled and put back.
 * Started by link.test.ts in a namespace of its own; prints one JSON object: what happened.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Answer, encode } from "dns-packet";
import { generateRawKeyPair } from "../../dist/src/hap/crypto.js";
import { HomeKitAccessories, PairingStore } from "../../dist/src/hap/index.js";
import { MdnsBrowser, systemNetwork } from "../../dist/src/mdns/index.js";

const HERE = "10.77.0.1";
const THERE = "10.77.0.2";
const within = () => ({ signal: AbortSignal.timeout(20_000) });
const ip = (...args: readonly string[]) => execFileSync("ip", args);

ip("link", "set", "lo", "up");
ip("link", "add", "here", "type", "veth", "peer", "name", "there");
ip("addr", "add", `${HERE}/24`, "dev", "here");
ip("link", "set", "here", "up");

const folder = mkdtempSync(join(tmpdir(), "earshot-link-"));
const keys = generateRawKeyPair("Ed25519");
const program = join(import.meta.dirname, "../../dist/bench/home/bridges.js");
const settleIn = `until ip link show there >/dev/null 2>&1; do sleep 0.05; done
ip link set lo up; ip addr add ${THERE}/24 dev there; ip link set there up; exec "$@"`;
const bridge = ["--folder", folder, "--controller", `hub:${keys.publicKey.toString("hex")}`, "--announce"];
const accessory = spawn(
    "unshare",
    ["-n", "sh", "-c", settleIn, "sh", process.execPath, program, ...bridge, "--host", THERE],
    { stdio: ["pipe", "pipe", "inherit"] },
);
const told = createInterface({ input: accessory.stdout });
const ready = new Promise<{ bridges: { id: string; name: string; port: number; ltpk: string }[] }>((resolve) => {
    told.on("line", (line) => {
        if (line.includes('"ready"')) resolve(JSON.parse(line));
    });
});
ip("link", "set", "there", "netns", `${accessory.pid}`);

const { bridges } = await ready;
const [{ id, name, ltpk }] = bridges as [(typeof bridges)[number]];
const store = new PairingStore(join(folder, "pairings"));
await store.open();
await store.put({
    accessoryId: id,
    name,
    accessoryLtpk: Buffer.from(ltpk, "hex"),
    controllerId: "hub",
    controllerLtsk: keys.privateKey,
    controllerLtpk: keys.publicKey,
});
const browser = new MdnsBrowser({ types: ["_hap._tcp"] });
// A tenth of the times in a home.
const timeouts = { commandMs: 600, requestMs: 400, connectMs: 400, restartMs: 300, firstReconnectMs: 50 };
const accessories = new HomeKitAccessories({ browser, store, timeouts });
const found = once(browser, "up", within());
const database = once(accessories, "database", within());
browser.start();
accessories.start();
const [service] = await found;
await database;

/** A responder and a browser that have IPv6 only. */
async function overIpv6(): Promise<unknown> {
    const network = {
        ...systemNetwork,
        addresses: () => systemNetwork.addresses().filter(({ family }) => family === "IPv6"),
    };
    const [local] = network.addresses();
    if (!local) return "no IPv6";
    const type = "_earshot-six._tcp.local";
    const answers: Answer[] = [
        { type: "PTR", name: type, ttl: 120, data: `Six.${type}` },
        { type: "SRV", name: `Six.${type}`, ttl: 120, data: { target: "six.local", port: 6 } },
        { type: "TXT", name: `Six.${type}`, ttl: 120, data: ["id=6"] },
        { type: "AAAA", name: "six.local", ttl: 120, data: local.address },
    ];
    const responder = network.open(
        local,
        (packet) => {
            const isQuestion = packet.length > 2 && packet.readUInt8(2) < 0x80 && packet.includes("_earshot-six");
            if (isQuestion) responder.send(encode({ type: "response", answers }));
        },
        () => {},
    );
    const six = new MdnsBrowser({ types: ["_earshot-six._tcp"], network });
    const up = once(six, "up", within());
    six.start();
    const [service] = await up;
    six.stop();
    responder.close();
    return (service as { addresses: readonly string[] }).addresses[0];
}

const ipv6 = await overIpv6();
const client = accessories.client(id);
const [aid, iid] = [2n, 9n];
const outcome = (work: Promise<unknown>) =>
    work.then(
        () => "done",
        (error: { code?: string }) => error.code ?? String(error),
    );
const put = () => outcome(client.read([{ aid, iid }]));
const before = await put();
ip("link", "set", "here", "down");
const without = [await put(), await put()];
ip("link", "set", "here", "up");
const after: string[] = [];
for (const giveUp = AbortSignal.timeout(10_000); after.at(-1) !== "done" && !giveUp.aborted; ) after.push(await put());

await accessories.stop();
browser.stop();
accessory.stdin.end();
await once(accessory, "exit", within());
rmSync(folder, { recursive: true, force: true });
const { addresses } = service as { addresses: readonly string[] };
process.stdout.write(`${JSON.stringify({ addresses, ipv6, before, without, after: after.at(-1) })}\n`);
