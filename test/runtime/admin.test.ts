import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HomeKitAccessory } from "../../dist/src/hap";
import { SimulatedHome } from "../hap/simulated-home";
import { type FlowNode, type RunningNodeRed, startNodeRed } from "./runtime";

const HUB: readonly FlowNode[] = [
    {
        id: "hub",
        type: "earshot-hub",
        name: "",
        version: 1,
        language: "en",
        sites: [],
        folder: "earshot",
        home: "home",
    },
    {
        id: "home",
        type: "earshot-home",
        name: "",
        version: 1,
        floors: [],
        areas: [],
        devices: [{ id: "lamp", name: "Desk lamp", type: "light", driver: "simulated" }],
    },
    { id: "tab", type: "tab", label: "Test" },
    {
        id: "discover",
        type: "earshot-discover",
        z: "tab",
        x: 0,
        y: 0,
        version: 1,
        hub: "hub",
        accessory: "",
        wires: [[]],
    },
];

describe("what the dialogs ask", () => {
    let nodeRed: RunningNodeRed;
    let home: SimulatedHome;
    let folder: string;

    beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), "earshot-admin-"));
        home = await SimulatedHome.start(folder, "--bridge", "Test Home");
        nodeRed = await startNodeRed();
        await nodeRed.deploy(HUB, { discover: { pin: home.ready.pin } });
    });
    afterAll(async () => {
        await nodeRed.stop();
        await home.end();
        rmSync(folder, { recursive: true, force: true });
    });

    const post = async (path: string, body: object | string, type = "application/json") => {
        const folder = path.includes("/") ? "" : "accessories/";
        const answer = await fetch(`${nodeRed.url}/earshot/${folder}${path}`, {
            method: "POST",
            headers: { "Content-Type": type },
            body: typeof body === "string" ? body : JSON.stringify(body),
        });
        return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const accessories = async () =>
        (await (await nodeRed.get("earshot/accessories?hub=hub")).json()) as readonly HomeKitAccessory[];
    const seen = async (matches: (accessory: HomeKitAccessory) => boolean) => {
        const deadline = Date.now() + 10_000;
        for (;;) {
            const found = (await accessories()).find(
                (accessory) => accessory.id === home.ready.id && matches(accessory),
            );
            if (found || Date.now() > deadline) return found;
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    };

    it("accessories of a hub that is not deployed are answered with 404", async () => {
        const answer = await nodeRed.get("earshot/accessories?hub=_ADD_");
        expect(answer.status).toBe(404);
        expect(await answer.json()).toMatchObject({ code: "no-hub" });
        expect((await nodeRed.get("earshot/devices?home=nowhere")).status).toBe(404);
    });

    it("a wrong PIN is answered with a reason", async () => {
        expect(await seen(({ paired }) => !paired)).toMatchObject({ name: expect.stringMatching(/^Test Home/) });
        const accessory = home.ready.id;
        expect(await post("pair", { hub: "hub", accessory, pin: "12" })).toMatchObject({
            status: 409,
            body: { code: "invalid-pin", message: expect.any(String) },
        });
        expect(await post("unpair", { hub: "hub", accessory })).toMatchObject({
            status: 409,
            body: { code: "not-paired" },
        });
    });

    it("nothing is paired for a form on somebody's page, or for a body that is none", async () => {
        const { id, pin } = home.ready;
        const form = new URLSearchParams({ hub: "hub", accessory: id, pin }).toString();
        expect((await post("pair", form, "application/x-www-form-urlencoded")).status).toBe(404);
        expect((await post("pair", { hub: 1, accessory: { $ne: 0 }, pin: [] })).status).toBe(404);
        expect(await seen(() => true)).toMatchObject({ pairedWithUs: false });
    });

    it("an accessory is paired with the stored PIN, its devices can be added to the home, and it is unpaired", async () => {
        const accessory = home.ready.id;
        const paired = await post("pair", { hub: "hub", accessory, pin: "__PWRD__", node: "discover" });
        expect(paired).toMatchObject({ status: 200, body: { id: accessory, pairedWithUs: true } });
        expect(JSON.stringify(paired.body)).not.toContain(home.ready.pin);
        await seen(({ reachable }) => reachable);

        const found = async () =>
            (await (await nodeRed.get("earshot/devices?home=home")).json()) as readonly { id: string; name: string }[];
        const deadline = Date.now() + 10_000;
        while ((await found()).length < 3 && Date.now() < deadline)
            await new Promise((resolve) => setTimeout(resolve, 50));
        expect((await found()).length).toBeGreaterThanOrEqual(3);
        expect((await found()).map(({ id }) => id)).not.toContain("lamp");

        expect((await post("unpair", { hub: "hub", accessory })).status).toBe(200);
        expect(await seen(({ pairedWithUs }) => !pairedWithUs)).toBeDefined();
    });

    it("an accessory is paired where it is said to be, and its pairing is carried away and back", async () => {
        const { id, port, pin } = home.ready;
        const place = { host: "127.0.0.1", port };
        for (const wrong of [{ host: "", port }, { host: "a b", port }, { ...place, port: "x" }, { port }]) {
            expect(await post("pair-at", { hub: "hub", ...wrong, pin })).toMatchObject({ status: 409 });
        }
        expect(await post("pair-at", { hub: "hub", ...place, pin })).toMatchObject({
            status: 200,
            body: { id, pairedWithUs: true },
        });
        await seen(({ reachable }) => reachable);
        expect(await post("identify", { hub: "hub", accessory: id })).toMatchObject({ status: 200 });
        expect(await post("move", { hub: "hub", accessory: id, host: "" })).toMatchObject({ status: 200 });

        const exported = await post("export", { hub: "hub", accessory: id });
        const text = String(exported.body.pairing);
        expect(JSON.parse(text)).toMatchObject({ AccessoryPairingID: id });
        expect(await post("import", { hub: "hub", pairing: text })).toMatchObject({ body: { code: "already-paired" } });
        const broken = await post("import", { hub: "hub", pairing: `${text}${" ".repeat(30_000)}` });
        expect(broken).toMatchObject({ status: 409, body: { code: "invalid-pairing" } });
        expect(JSON.stringify(broken.body)).not.toContain(JSON.parse(text).iOSDeviceLTSK);

        await seen(({ reachable }) => reachable);
        expect((await post("unpair", { hub: "hub", accessory: id })).status).toBe(200);
        expect(await post("export", { hub: "hub", accessory: id })).toMatchObject({ body: { code: "not-paired" } });
    });

    it("the states of the home are told, and a device that is gone can't be tested", async () => {
        const { devices } = (await (await nodeRed.get("earshot/states?hub=hub")).json()) as { devices: object[] };
        expect(devices).toContainEqual(
            expect.objectContaining({ device: expect.objectContaining({ id: "lamp" }), availability: "reachable" }),
        );
        const test = (device: string) => post("devices/test", { hub: "hub", device });
        expect(await test("nobody")).toMatchObject({ status: 409, body: { code: "unknown-device" } });
        expect(await test("lamp")).toMatchObject({ status: 200, body: { switched: true, state: { on: false } } });
    });

    it("says why nothing is found", async () => {
        const findings = (await (await nodeRed.get("earshot/accessories/explain?hub=hub")).json()) as object[];
        expect(findings.length).toBeGreaterThan(0);
        expect(findings[0]).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    });
});

it("people who may only read can look at accessories and devices, and neither change them nor see a key", async () => {
    const nodeRed = await startNodeRed({
        adminAuth: { type: "credentials", users: [], default: { permissions: "read" } },
    });
    try {
        for (const path of ["accessories", "accessories/explain", "states"]) {
            expect((await nodeRed.get(`earshot/${path}?hub=none`)).status).toBe(404);
        }
        const actions = ["pair", "pair-at", "move", "identify", "unpair", "export", "import"];
        for (const path of [...actions.map((action) => `accessories/${action}`), "devices/test"]) {
            const answer = await fetch(`${nodeRed.url}/earshot/${path}`, {
                method: "POST",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify({ hub: "none" }),
            });
            expect(answer.status).toBe(401);
        }
    } finally {
        await nodeRed.stop();
    }
});
