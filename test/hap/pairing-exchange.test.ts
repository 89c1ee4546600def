import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HapClient, HomeKitAccessories, PairingStore, type StoredPairing } from "../../dist/src/hap";
import { readPairing, writePairing } from "../../dist/src/hap/pairing-exchange";
import { MdnsBrowser } from "../../dist/src/mdns";
import { HeldClock, HeldNetwork } from "../mdns/held-network";
import { ScriptedAccessory } from "./scripted-accessory";

let accessory: ScriptedAccessory;
let folder: string;
let pairing: StoredPairing;
const lamp = { aid: 1n, iid: 9n };

beforeEach(async () => {
    accessory = await ScriptedAccessory.start(({ path }) =>
        path === "/accessories" ? '{"accessories":[]}' : '{"characteristics":[{"aid":1,"iid":9,"value":true}]}',
    );
    folder = await mkdtemp(join(tmpdir(), "earshot-exchange-"));
    pairing = { ...accessory.pairing, name: "Hall Lamp", lastEndpoint: accessory.endpoint };
});
afterEach(async () => {
    await accessory.stop();
    await rm(folder, { recursive: true, force: true });
});

async function hub(name: string) {
    const store = new PairingStore(join(folder, name));
    await store.open();
    const clock = new HeldClock();
    const browser = new MdnsBrowser({ types: ["_hap._tcp"], network: new HeldNetwork(clock), clock });
    return { store, accessories: new HomeKitAccessories({ browser, store }) };
}

describe("a pairing that is taken elsewhere", () => {
    it("commands the accessory from another hub", async () => {
        const first = await hub("first");
        await first.store.put(pairing);
        const text = first.accessories.exportPairing(pairing.accessoryId);
        const second = await hub("second");
        await expect(second.accessories.importPairing(text)).resolves.toMatchObject({
            id: pairing.accessoryId,
            name: "Hall Lamp",
            pairedWithUs: true,
            ...accessory.endpoint,
        });
        second.accessories.start();
        const client = second.accessories.client(pairing.accessoryId);
        await expect(client.read([lamp])).resolves.toEqual([{ ...lamp, value: true }]);
        await expect(second.accessories.importPairing(text)).rejects.toMatchObject({ code: "already-paired" });
        await second.accessories.stop();
        expect((await hub("second")).store.get(pairing.accessoryId)).toEqual(pairing);
    });

    it("is only told for an accessory that is paired here", async () => {
        const { accessories } = await hub("first");
        expect(() => accessories.exportPairing("AA:BB:CC:DD:EE:FF")).toThrow(/not paired with this hub/);
    });

    it("comes from controllers that write it in another way", async () => {
        const hex = (text: string) => Buffer.from(text).toString("hex");
        const { controllerLtsk, controllerLtpk, accessoryLtpk } = pairing;
        const taken = readPairing(
            JSON.stringify({
                AccessoryPairingID: hex(pairing.accessoryId),
                AccessoryLTPK: accessoryLtpk.toString("hex"),
                iOSDevicePairingID: hex("0c7a5c3e-11aa-4b2c-9d3e-5f60718293a4"),
                iOSDeviceLTSK: controllerLtsk.toString("hex") + controllerLtpk.toString("hex"),
                iOSDeviceLTPK: controllerLtpk.toString("hex"),
            }),
        );
        expect(taken).toMatchObject({
            controllerId: "0c7a5c3e-11aa-4b2c-9d3e-5f60718293a4",
            controllerLtsk,
            name: pairing.accessoryId,
        });
        const ours = readPairing(writePairing(pairing));
        const client = new HapClient({ pairing: ours, locate: () => [accessory.endpoint] });
        await expect(client.read([lamp])).resolves.toHaveLength(1);
        client.stop();
    });

    it.each<[string, (content: Record<string, unknown>) => unknown, RegExp]>([
        ["no JSON", () => "secret {", /not a JSON object/],
        ["a list", () => "null", /not a JSON object/],
        ["far too much", (content) => JSON.stringify({ ...content, name: "x".repeat(20_000) }), /longer than/],
        ["another id", (content) => ({ ...content, AccessoryPairingID: "lamp" }), /no device id/],
        ["no id", (content) => ({ ...content, AccessoryPairingID: 1 }), /no device id/],
        ["no controller", (content) => ({ ...content, iOSPairingId: undefined }), /iOSPairingId is missing/],
        ["half a key", (content) => ({ ...content, AccessoryLTPK: "abcd" }), /AccessoryLTPK is no key of 32 bytes/],
        ["keys of two hubs", (content) => ({ ...content, iOSDeviceLTPK: "ab".repeat(32) }), /don't belong together/],
        ["Bluetooth", (content) => ({ ...content, Connection: "BLE" }), /something else than IP/],
    ])("is refused with %s, and no key is repeated", (_, change, words) => {
        const changed = change(JSON.parse(writePairing(pairing)));
        const text = typeof changed === "string" ? changed : JSON.stringify(changed);
        const reading = () => readPairing(text);
        expect(reading).toThrow(words);
        expect(reading).not.toThrow(/secret|[0-9a-f]{32}/);
    });

    it("has no place where the text names none that can be", () => {
        const content = JSON.parse(writePairing(pairing));
        expect(readPairing(JSON.stringify({ ...content, AccessoryIP: "a b", AccessoryPort: 0 })).lastEndpoint).toBe(
            undefined,
        );
    });
});

describe("an accessory that is said to be somewhere", () => {
    it("is tried there first, from then on and after a restart, until it is left to its announcements", async () => {
        const { accessories, store } = await hub("first");
        await store.put({ ...pairing, lastEndpoint: { host: "127.0.0.1", port: 1 } });
        accessories.start();
        await accessories.moveTo(pairing.accessoryId, accessory.endpoint);
        await expect(accessories.client(pairing.accessoryId).read([lamp])).resolves.toHaveLength(1);
        expect(accessories.list()).toMatchObject([{ id: pairing.accessoryId, ...accessory.endpoint }]);
        expect(accessories.explain().map(({ code }) => code)).toContain("no-network");
        await accessories.stop();
        const again = await hub("first");
        expect(again.store.get(pairing.accessoryId)?.fixedEndpoint).toEqual(accessory.endpoint);
        await again.accessories.moveTo(pairing.accessoryId, undefined);
        expect(again.store.get(pairing.accessoryId)?.fixedEndpoint).toBeUndefined();
    });

    it("is not looked for at what is no address", async () => {
        const { accessories, store } = await hub("first");
        await store.put(pairing);
        for (const endpoint of [
            { host: "", port: 80 },
            { host: "lamp local", port: 80 },
            { host: "lamp", port: 70_000 },
        ]) {
            await expect(accessories.moveTo(pairing.accessoryId, endpoint)).rejects.toMatchObject({
                code: "unreachable",
            });
            await expect(accessories.pairAt(endpoint, "482-15-937")).rejects.toMatchObject({ code: "unreachable" });
        }
    });
});
