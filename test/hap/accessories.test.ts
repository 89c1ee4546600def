import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
    CharacteristicType,
    HapClient,
    type HapError,
    HomeKitAccessories,
    PairingStore,
    ServiceType,
} from "../../dist/src/hap";
import { generateRawKeyPair } from "../../dist/src/hap/crypto";
import { HomeKitBench, type SimulatedHome } from "./simulated-home";

const within = () => ({ signal: AbortSignal.timeout(10_000) });

describe("an accessory that is not paired yet", () => {
    let bench: HomeKitBench;
    let home: SimulatedHome;
    const wrongPin = () => (home.ready.pin.startsWith("482") ? "593-71-826" : "482-15-937");

    beforeAll(async () => {
        bench = await HomeKitBench.start();
        home = await bench.home("--bridge", "Test Bridge");
    });
    afterAll(() => bench.stop());

    it("is listed with what it says about itself", async () => {
        const { id, port } = home.ready;
        await expect(bench.seen(id)).resolves.toEqual({
            id,
            name: expect.stringMatching(/^Test Bridge/),
            model: expect.any(String),
            category: "Bridge",
            host: "127.0.0.1",
            port,
            paired: false,
            pairedWithUs: false,
            reachable: true,
        });
    });

    it("makes itself noticed", async () => {
        await expect(bench.accessories.identify(home.ready.id)).resolves.toBeUndefined();
    });

    it("can't be paired with a malformed, a trivial or a wrong code", async () => {
        const { id } = home.ready;
        const { accessories } = bench;
        await expect(accessories.pair(id, "12-34")).rejects.toMatchObject({ code: "invalid-pin" });
        await expect(accessories.pair(id, "123-45-678")).rejects.toMatchObject({ code: "invalid-pin" });
        await expect(accessories.pair(id, wrongPin())).rejects.toMatchObject({
            code: "wrong-pin",
            message: "The code is not the accessory's. Check it and try again.",
        });
        await expect(accessories.pair("00:00:00:00:00:01", wrongPin())).rejects.toMatchObject({
            code: "unknown-accessory",
        });
        await expect(accessories.identify("00:00:00:00:00:01")).rejects.toMatchObject({ code: "unknown-accessory" });
        await expect(accessories.unpair(id)).rejects.toMatchObject({ code: "not-paired" });
        expect(() => accessories.client(id)).toThrow(/not paired/);
        expect(bench.store.list()).toEqual([]);
    });

    it("is paired with the code that stands on it, and says so on the network", async () => {
        const { id, pin } = home.ready;
        const first = bench.accessories.pair(id.toLowerCase(), pin.replaceAll("-", ""));
        await expect(bench.accessories.pair(id, pin)).rejects.toMatchObject({ code: "busy" });
        await expect(first).resolves.toMatchObject({ id, paired: true, pairedWithUs: true });
        const saidPaired = () => bench.browser.services().some(({ txt }) => txt.id === id && txt.sf === "0");
        while (!saidPaired()) await once(bench.browser, "changed", within());
        await bench.seen(id, ({ reachable }) => reachable);
        expect(bench.store.get(id)).toMatchObject({ accessoryId: id });
        await vi.waitFor(() => expect(bench.store.get(id)?.lastEndpoint?.port).toBe(home.ready.port));
    });

    it("can't be paired a second time, and says what to do", async () => {
        const { id, pin } = home.ready;
        const other = new PairingStore(join(bench.folder, "other-hub"));
        await other.open();
        const second = new HomeKitAccessories({ browser: bench.browser, store: other });
        await expect(second.pair(id, pin)).rejects.toMatchObject({
            code: "already-paired",
            message: expect.stringMatching(/Remove it there first .* or reset it/),
        });
        expect(second.list().find((accessory) => accessory.id === id)).toMatchObject({
            paired: true,
            pairedWithUs: false,
            advice: expect.stringMatching(/Remove it there first .* or reset it/),
        });
        await expect(second.identify(id)).rejects.toMatchObject({ code: "already-paired" });
    });

    it("can be paired again after it was unpaired", async () => {
        const { id, pin } = home.ready;
        await bench.accessories.unpair(id);
        expect(bench.store.list()).toEqual([]);
        expect(bench.accessories.database(id)).toBeUndefined();
        await bench.accessories.pair(id, pin);
        await bench.seen(id, ({ reachable }) => reachable);
    });
});

describe("a paired accessory", () => {
    let bench: HomeKitBench;
    let home: SimulatedHome;

    beforeAll(async () => {
        bench = await HomeKitBench.start();
        home = await bench.pairedHome();
    });
    afterAll(() => bench.stop());

    /** The characteristic of that type in the service of that type, in the database as it is now. */
    const find = (service: string, characteristic: string) => {
        for (const { aid, services } of bench.accessories.database(home.ready.id) ?? []) {
            const found = services
                .find(({ type }) => type === service)
                ?.characteristics.find(({ type }) => type === characteristic);
            if (found) return { aid, iid: found.iid };
        }
        throw new Error(`no ${characteristic} in ${service}`);
    };
    const lampOn = () => find(ServiceType.Lightbulb, CharacteristicType.On);
    const brightness = () => find(ServiceType.Lightbulb, CharacteristicType.Brightness);

    it("has its accessories, services and characteristics read", () => {
        const database = bench.accessories.database(home.ready.id);
        expect(database?.map(({ services }) => services.map(({ type }) => type))).toEqual([
            ["3E", "A2"],
            ["3E", "43"],
            ["3E", "4A"],
            ["3E", "47"],
        ]);
        const target = database?.[2]?.services[1]?.characteristics.find(({ type }) => type === "35");
        expect(target).toMatchObject({ minValue: 5, maxValue: 30, minStep: 0.5, format: "float", unit: "celsius" });
    });

    it("is written and read, timed as well", async () => {
        const client = bench.accessories.client(home.ready.id);
        await client.write([
            { ...lampOn(), value: true },
            { ...brightness(), value: 33 },
        ]);
        await home.until((told) => told.characteristic === "Brightness" && told.value === 33);
        await client.write([{ ...brightness(), value: 44 }], { timed: true });
        await expect(client.read([lampOn(), brightness()])).resolves.toMatchObject([{ value: 1 }, { value: 44 }]);
    });

    it("refuses a characteristic that it doesn't have", async () => {
        const client = bench.accessories.client(home.ready.id);
        const write = client.write([{ aid: 2n, iid: 4711n, value: true }]);
        await expect(write).rejects.toMatchObject({ name: "HapError" });
    });

    it("tells changes to those who subscribed", async () => {
        const client = bench.accessories.client(home.ready.id);
        await client.write([{ ...lampOn(), value: true }]);
        await client.subscribe([lampOn()]);
        const values = once(client, "values", within());
        home.touch("Kitchen Light", "On", false);
        await expect(values).resolves.toEqual([[{ ...lampOn(), value: 0 }]]);
    });

    it("makes itself noticed", async () => {
        await bench.accessories.identify(home.ready.id);
        // A bridge is noticed as a whole: nothing of it is told, but the request was accepted.
        expect(bench.accessories.client(home.ready.id).isConnected).toBe(true);
        await bench.accessories.identify(home.ready.id, 2n);
        await home.until((told) => told.event === "identified" && told.accessory === "Kitchen Light");
        await expect(bench.accessories.identify(home.ready.id, 99n)).rejects.toMatchObject({ code: "refused" });
    });

    it("lists its controllers, takes another and lets it go", async () => {
        const client = bench.accessories.client(home.ready.id);
        const { controllerId } = bench.store.get(home.ready.id) ?? {};
        const keys = generateRawKeyPair("Ed25519");
        await client.addPairing({ controllerId: "guest", controllerLtpk: keys.publicKey, isAdmin: false });
        const entries = await client.listPairings();
        expect(entries.map((entry) => [entry.controllerId, entry.isAdmin])).toEqual([
            [controllerId, true],
            ["guest", false],
        ]);
        const pairing = bench.store.get(home.ready.id);
        if (!pairing) throw new Error("not paired");
        const guest = new HapClient({
            pairing: {
                ...pairing,
                controllerId: "guest",
                controllerLtsk: keys.privateKey,
                controllerLtpk: keys.publicKey,
            },
            locate: () => [{ host: "127.0.0.1", port: home.ready.port }],
        });
        await expect(guest.read([lampOn()])).resolves.toHaveLength(1);
        await expect(guest.listPairings()).rejects.toMatchObject({ code: "authentication" });
        guest.stop();
        await client.removePairing("guest");
        await expect(client.listPairings()).resolves.toHaveLength(1);
    });

    it("is reached again after it was restarted, also on another port", async () => {
        const client = bench.accessories.client(home.ready.id);
        await home.end();
        home = await bench.again(home);
        await client.write([{ ...lampOn(), value: true }]);
        await home.end("SIGKILL");
        const identity = join(home.folder, "identity.json");
        const kept = JSON.parse(await readFile(identity, "utf8"));
        await writeFile(identity, JSON.stringify({ ...kept, port: 0 }));
        const { port } = home.ready;
        home = await bench.again(home);
        expect(home.ready.port).not.toBe(port);
        await client.write([{ ...brightness(), value: 12 }]);
        await home.until((told) => told.characteristic === "Brightness" && told.value === 12);
        const noted = () => bench.store.get(home.ready.id)?.lastEndpoint?.port;
        await vi.waitFor(() => expect(noted()).toBe(home.ready.port));
    });

    it("has its database read again when its configuration number changes", async () => {
        const { id } = home.ready;
        await home.end();
        const renamed = once(bench.accessories, "database", within());
        home = await bench.again(home, "--names", "Reading Lamp,Thermostat,Coffee Machine");
        await renamed;
        const names = bench.accessories
            .database(id)
            ?.flatMap(({ services }) => services[0]?.characteristics.filter(({ type }) => type === "23") ?? []);
        expect(names?.map(({ value }) => value)).toContain("Reading Lamp");
    });

    it("is known from the store when a hub starts while nothing is announced", async () => {
        const { id, port } = home.ready;
        const store = new PairingStore(join(bench.folder, "pairings"));
        await store.open();
        const silent = await HomeKitBench.start();
        const accessories = new HomeKitAccessories({ browser: silent.browser, store });
        silent.browser.stop();
        accessories.start();
        accessories.start();
        while (!accessories.list()[0]?.reachable) await once(accessories, "changed", within());
        expect(accessories.list()).toEqual([
            {
                id,
                name: expect.any(String),
                model: "",
                category: "Other",
                host: "127.0.0.1",
                port,
                paired: true,
                pairedWithUs: true,
                reachable: true,
            },
        ]);
        await accessories.stop();
        await accessories.stop();
        await silent.stop();
    });

    it("says that it was paired elsewhere or reset, and can then be forgotten", async () => {
        const other = await bench.pairedHome("--bridge", "Other Bridge");
        const { id, port } = other.ready;
        const pairing = bench.store.get(id);
        if (!pairing) throw new Error("not paired");
        const elsewhere = new HapClient({ pairing, locate: () => [{ host: "127.0.0.1", port }] });
        const problem = once(bench.accessories, "problem", within()) as Promise<[string, HapError]>;
        await elsewhere.removePairing();
        elsewhere.stop();
        const [of, reason] = await problem;
        expect(of).toBe(id);
        expect(reason).toMatchObject({ code: "authentication", message: expect.stringContaining("pair it again") });
        await bench.accessories.unpair(id);
        expect(bench.store.get(id)).toBeUndefined();
    });
});

describe("an accessory that is gone", () => {
    it("is forgotten without its consent only on request", async () => {
        const bench = await HomeKitBench.start({ restartMs: 300 });
        const home = await bench.pairedHome();
        const { id } = home.ready;
        await home.end("SIGKILL");
        await expect(bench.accessories.unpair(id)).rejects.toMatchObject({ code: "unreachable" });
        expect(bench.store.get(id)).toBeDefined();
        await bench.accessories.unpair(id, { force: true });
        expect(bench.store.list()).toEqual([]);
        await bench.stop();
    });
});

describe("an accessory whose announcements don't come", () => {
    it("is paired and commanded by host and port", async () => {
        const bench = await HomeKitBench.start();
        try {
            const { id, pin, port } = (await bench.home()).ready;
            bench.browser.stop();
            const endpoint = { host: "localhost", port };
            await expect(bench.accessories.pairAt(endpoint, pin)).resolves.toMatchObject({ id, ...endpoint });
            const database = once(bench.accessories, "database", within());
            await expect(bench.accessories.client(id).listPairings()).resolves.toHaveLength(1);
            await database;
            expect(bench.store.get(id)?.fixedEndpoint).toEqual(endpoint);
            await bench.accessories.unpair(id);
        } finally {
            await bench.stop();
        }
    });
});

describe("the simulated home", () => {
    it("can be reached from this machine only", async () => {
        const bench = await HomeKitBench.start();
        const { port } = (await bench.home()).ready;
        const outside = Object.values(networkInterfaces())
            .flatMap((addresses) => addresses ?? [])
            .filter(({ internal, family }) => !internal && family === "IPv4");
        for (const host of ["127.0.0.2", ...outside.map(({ address }) => address)]) {
            const socket = connect({ host, port });
            await expect(once(socket, "connect", within())).rejects.toMatchObject({ code: "ECONNREFUSED" });
        }
        await bench.stop();
    });

    it("ends with its parent, and keeps its identity to itself", async () => {
        const bench = await HomeKitBench.start();
        const home = await bench.home();
        expect((await stat(home.folder)).mode & 0o777).toBe(0o700);
        expect((await stat(join(home.folder, "identity.json"))).mode & 0o777).toBe(0o600);
        const ended = once(home.process, "exit", within());
        home.process.stdin.end();
        await expect(ended).resolves.toEqual([0, null]);
        const again = await bench.again(home);
        expect(again.ready).toEqual(home.ready);
        await bench.stop();
    });
});

describe("a pairing that can't be kept", () => {
    it("is undone, so that the accessory is not locked to a lost key", async () => {
        const bench = await HomeKitBench.start();
        try {
            const home = await bench.home();
            const { id, pin } = home.ready;
            await bench.seen(id);
            const { put } = bench.store;
            bench.store.put = () => Promise.reject(new Error("disk full"));
            await expect(bench.accessories.pair(id, pin)).rejects.toThrow("disk full");
            bench.store.put = put;
            await expect(bench.accessories.pair(id, pin)).resolves.toMatchObject({ pairedWithUs: true });
        } finally {
            await bench.stop();
        }
    });
});
