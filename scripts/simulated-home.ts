/**
 * A home made of software, to try the real protocol without owning a device: a colour lamp, a thermostat and an outlet
 * behind one HomeKit bridge, announced on the loopback interface only.
 *
 *     node dist/scripts/simulated-home.js --folder DIR [--names "Lamp,Thermostat,Outlet"] [--bridge "Name"]
 *
 * Prints JSON lines: `{"event":"ready","id","name","port","pin","setupUri"}` when it can be reached, then
 * `{"event":"changed","accessory","characteristic","value"}` for each write. Reads JSON lines of the form
 * `{"accessory","characteristic","value"}` and acts as if someone had used the device by hand. What makes it the same home
 * the next time (identity, code, pairings, port) is kept in DIR. It ends with its parent, on SIGTERM and on SIGINT.
 */
import { randomBytes, randomInt } from "node:crypto";
import { fstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import {
    Accessory,
    Bridge,
    Characteristic,
    type CharacteristicValue,
    EventedHTTPServer,
    HAPStorage,
    type MDNSAdvertiser,
    Service,
    uuid,
} from "@homebridge/hap-nodejs";
import { isTrivialSetupCode } from "../src/hap";

interface Identity {
    readonly username: string;
    readonly pin: string;
    readonly setupId: string;
    /** The port of the last run, taken again if it is free. */
    readonly port: number;
}

/** Category "Bridge" among the accessory categories of HAP R2; hap-nodejs has it in an ambient enum, which isolated modules can't use. */
const BRIDGE = 2;

const { values: options } = parseArgs({
    options: {
        folder: { type: "string" },
        names: { type: "string", default: "Kitchen Light,Thermostat,Coffee Machine" },
        bridge: { type: "string", default: "Simulated Home" },
    },
});
if (!options.folder) {
    process.stderr.write("simulated-home: --folder DIR is missing\n");
    process.exit(2);
}
const folder = options.folder;
const [lampName = "Kitchen Light", thermostatName = "Thermostat", outletName = "Coffee Machine"] = options.names
    .split(",")
    .map((name) => name.trim());

// `bind` below is about the announcement only; without this the home would listen on every interface of the machine.
const { listen } = EventedHTTPServer.prototype;
EventedHTTPServer.prototype.listen = function (port) {
    listen.call(this, port, "127.0.0.1");
};

const services = new Map<string, Service>();
mkdirSync(join(folder, "accessory"), { recursive: true, mode: 0o700 });
HAPStorage.setCustomStoragePath(join(folder, "accessory"));

const bridge = new Bridge(options.bridge, uuid.generate(`earshot:simulated:${options.bridge}`));
const lamp = device(lampName, new Service.Lightbulb(lampName), "Colour lamp");
lamp.addCharacteristic(Characteristic.Brightness).updateValue(100);
lamp.addCharacteristic(Characteristic.Hue);
lamp.addCharacteristic(Characteristic.Saturation);
const thermostat = device(thermostatName, new Service.Thermostat(thermostatName), "Thermostat");
thermostat.getCharacteristic(Characteristic.CurrentTemperature).updateValue(20.5);
thermostat.getCharacteristic(Characteristic.TargetTemperature).setProps({ minValue: 5, maxValue: 30, minStep: 0.5 });
thermostat.getCharacteristic(Characteristic.TargetTemperature).updateValue(20);
thermostat.getCharacteristic(Characteristic.TargetHeatingCoolingState).updateValue(1);
const outlet = device(outletName, new Service.Outlet(outletName), "Outlet");
const inUse = outlet.getCharacteristic(Characteristic.OutletInUse);
outlet.getCharacteristic(Characteristic.On).on("change", ({ newValue }) => inUse.updateValue(newValue));

start().catch((error: unknown) => {
    process.stderr.write(`simulated-home: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
});

async function start(): Promise<void> {
    process.once("SIGTERM", end);
    process.once("SIGINT", end);
    const kept = readIdentity() ?? newIdentity();
    const identity = { ...kept, port: await freePort(kept.port) };
    const port = await publish(identity);
    writeFileSync(identityFile(), JSON.stringify({ ...identity, port }), { mode: 0o600 });
    tell({
        event: "ready",
        id: identity.username,
        name: options.bridge,
        port,
        pin: identity.pin,
        setupUri: bridge.setupURI(),
    });
    if (hasParentAtInput()) obeyParent();
}

/** Resolves with the port it listens on. */
function publish({ username, pin, setupId, port }: Identity): Promise<number> {
    return new Promise((resolve, reject) => {
        bridge.once("listening", resolve);
        bridge
            .publish({
                username,
                pincode: pin,
                setupID: setupId,
                category: BRIDGE,
                port,
                bind: loopback(),
                advertiser: "ciao" as MDNSAdvertiser,
            })
            .catch(reject);
    });
}

function device<S extends Service>(name: string, service: S, model: string): S {
    const accessory = new Accessory(name, uuid.generate(`earshot:simulated:${name}`));
    accessory
        .getService(Service.AccessoryInformation)
        ?.setCharacteristic(Characteristic.Manufacturer, "Earshot")
        .setCharacteristic(Characteristic.Model, model)
        .setCharacteristic(Characteristic.SerialNumber, `simulated-${name}`);
    accessory.addService(service);
    services.set(name, service);
    service.on("characteristic-change", ({ characteristic, newValue, reason }) => {
        if (reason === "write")
            tell({ event: "changed", accessory: name, characteristic: characteristic.displayName, value: newValue });
    });
    accessory.on("identify", (_paired, done) => {
        tell({ event: "identified", accessory: name });
        done();
    });
    bridge.addBridgedAccessory(accessory);
    return service;
}

function readIdentity(): Identity | undefined {
    try {
        return JSON.parse(readFileSync(identityFile(), "utf8")) as Identity;
    } catch {
        return undefined;
    }
}

function identityFile(): string {
    return join(folder, "identity.json");
}

function newIdentity(): Identity {
    const address = randomBytes(6);
    // A locally administered address: no real device has it.
    address[0] = ((address[0] ?? 0) & 0xfc) | 0x02;
    const username = [...address].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");
    const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const setupId = Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join("");
    return { username, pin: newPin(), setupId, port: 0 };
}

function newPin(): string {
    const digits = String(randomInt(100_000_000)).padStart(8, "0");
    return isTrivialSetupCode(digits) ? newPin() : digits.replace(/^(\d{3})(\d{2})/, "$1-$2-");
}

/** hap-nodejs would end the process over a port that is taken. */
function freePort(port: number): Promise<number> {
    return new Promise((resolve) => {
        const probe = createServer();
        probe.once("error", () => resolve(0));
        probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(port)));
    });
}

function loopback(): string {
    const found = Object.entries(networkInterfaces()).find(([, addresses]) =>
        addresses?.some(({ internal }) => internal),
    );
    return found?.[0] ?? "lo";
}

/** With a parent at the other end of the input: act on its lines, and end when it does. */
function obeyParent(): void {
    const lines = createInterface({ input: process.stdin });
    lines.on("line", (line) => {
        const { accessory, characteristic, value } = JSON.parse(line) as Record<string, CharacteristicValue>;
        const service = services.get(String(accessory));
        service?.characteristics.find(({ displayName }) => displayName === characteristic)?.updateValue(value ?? null);
    });
    lines.on("close", end);
}

function hasParentAtInput(): boolean {
    try {
        const input = fstatSync(0);
        return input.isFIFO() || input.isSocket();
    } catch {
        return false;
    }
}

function end(): void {
    // Says goodbye on the network, but not for longer than a person waits.
    setTimeout(() => process.exit(0), 1000).unref();
    bridge.unpublish().then(
        () => process.exit(0),
        () => process.exit(1),
    );
}

function tell(message: Readonly<Record<string, unknown>>): void {
    process.stdout.write(`${JSON.stringify(message)}\n`);
}
