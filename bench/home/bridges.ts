/**
 * HomeKit bridges full of lamps, in a process of their own, paired already: what is measured is the controller, so the
 * half minute of pairing is spared by giving the accessories the controller's key beforehand.
 *
 *     node dist/bench/home/bridges.js --folder DIR --controller ID:HEX [--bridges 1] [--lamps 1] [--announce]
 *         [--zoo] [--host ADDRESS] [--port PORT]
 *
 * Prints JSON lines: `{"event":"ready","bridges":[{"id","name","port","ltpk"}]}` when they listen, and
 * `{"event":"announced"}` when all have said so on the loopback interface. Reads JSON lines of the form
 * `{"accessory","characteristic","value"}` and acts as if someone had used the device by hand. It ends with its parent.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import {
    Accessory,
    AccessoryInfo,
    Bridge,
    Characteristic,
    type CharacteristicValue,
    EventedHTTPServer,
    HAPStorage,
    type MDNSAdvertiser,
    type PermissionTypes,
    Service,
    uuid,
} from "@homebridge/hap-nodejs";
import { CiaoAdvertiser } from "@homebridge/hap-nodejs/dist/lib/Advertiser";
import { loopbackInterfaces } from "../../src/mdns";
import { zoo } from "./zoo";

/** hap-nodejs has these in ambient enums, which isolated modules can't use. */
const BRIDGE = 2;
const ADMIN = 1 as PermissionTypes;

const { values: options } = parseArgs({
    options: {
        folder: { type: "string", default: "." },
        controller: { type: "string", default: "" },
        bridges: { type: "string", default: "1" },
        lamps: { type: "string", default: "1" },
        zoo: { type: "boolean", default: false },
        announce: { type: "boolean", default: false },
        host: { type: "string", default: "127.0.0.1" },
        port: { type: "string", default: "0" },
    },
});
const [controllerId = "", controllerKey = ""] = options.controller.split(":");

// hap-nodejs listens on every interface of the machine whatever it is told to bind to.
const { listen } = EventedHTTPServer.prototype;
EventedHTTPServer.prototype.listen = function (port) {
    listen.call(this, port, options.host);
};
// Announcing fifty bridges takes half a minute, which only those who measure discovery have to wait for.
if (!options.announce) CiaoAdvertiser.prototype.startAdvertising = () => Promise.resolve();

const touchable = new Map<string, readonly Service[]>();
mkdirSync(join(options.folder, "accessories"), { recursive: true, mode: 0o700 });
HAPStorage.setCustomStoragePath(join(options.folder, "accessories"));

start().catch((error: unknown) => {
    process.stderr.write(`bridges: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
});

async function start(): Promise<void> {
    process.once("SIGTERM", () => process.exit(0));
    const lines = createInterface({ input: process.stdin });
    lines.on("line", (line) => (line === "cpu" ? tellProcessorTime() : touch(line)));
    lines.on("close", () => process.exit(0));
    const bridges = Array.from({ length: Number(options.bridges) }, (_, index) => bridge(index));
    const announced = Promise.all(bridges.map((one) => new Promise((resolve) => one.once("advertised", resolve))));
    const ready = [];
    for (const [index, one] of bridges.entries()) ready.push(await publish(one, index));
    tell({ event: "ready", bridges: ready });
    await announced;
    tell({ event: "announced" });
}

function bridge(index: number): Bridge {
    const name = `Bench ${process.pid} ${index}`;
    const one = new Bridge(name, uuid.generate(`earshot:bench:${index}`));
    for (let number = 0; number < Number(options.lamps); number++) {
        const lamp = new Accessory(`Lamp ${number}`, uuid.generate(`earshot:bench:${index}:${number}`));
        const light = lamp.addService(new Service.Lightbulb(`Lamp ${number}`));
        light.getCharacteristic(Characteristic.Brightness).updateValue(50);
        one.addBridgedAccessory(lamp);
    }
    if (options.zoo) one.addBridgedAccessories([...zoo()]);
    for (const { displayName, services } of one.bridgedAccessories) touchable.set(displayName, services);
    return one;
}

function touch(line: string): void {
    const { accessory, characteristic, value } = JSON.parse(line) as Record<string, CharacteristicValue>;
    const all = (touchable.get(String(accessory)) ?? []).flatMap(({ characteristics }) => characteristics);
    all.find(({ displayName }) => displayName === characteristic)?.updateValue(value ?? null);
}

function tellProcessorTime(): void {
    const { user, system } = process.cpuUsage();
    tell({ event: "cpu", ms: (user + system) / 1_000 });
}

async function publish(one: Bridge, index: number) {
    const username = `02:00:00:00:00:${index.toString(16).padStart(2, "0").toUpperCase()}`;
    const known = AccessoryInfo.load(username) ?? AccessoryInfo.create(username);
    known.addPairedClient(controllerId, Buffer.from(controllerKey, "hex"), ADMIN);
    known.save();
    const port = await new Promise<number>((resolve, reject) => {
        one.once("listening", resolve);
        one.publish({
            username,
            pincode: "482-15-937",
            category: BRIDGE,
            port: Number(options.port),
            bind: options.host === "127.0.0.1" ? [...loopbackInterfaces()] : options.host,
            advertiser: "ciao" as MDNSAdvertiser,
        }).catch(reject);
    });
    return { id: username, name: one.displayName, port, ltpk: known.signPk.toString("hex") };
}

function tell(message: Readonly<Record<string, unknown>>): void {
    process.stdout.write(`${JSON.stringify(message)}\n`);
}
