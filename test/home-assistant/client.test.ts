import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
    HomeAssistant,
    type HomeAssistantOptions,
    type HomeAssistantStatus,
    type House,
    webSocketAddress,
} from "../../dist/src/home-assistant";
import { CERTIFICATE } from "./localhost-certificate";
import { SimulatedHomeAssistant, TOKEN } from "./simulated-home-assistant";

const QUICK = { firstRetryMs: 20, longestRetryMs: 40, settleMs: 5, commandMs: 5_000, openMs: 5_000 };

let simulated: SimulatedHomeAssistant;
let client: HomeAssistant;

beforeEach(async () => {
    simulated = await SimulatedHomeAssistant.start();
});
afterEach(async () => {
    await client.stop();
    await simulated.stop();
});

function connect({ timings, ...options }: Partial<HomeAssistantOptions> = {}): HomeAssistant {
    client = new HomeAssistant({
        address: simulated.address,
        token: TOKEN,
        random: () => 0.5,
        ...options,
        timings: { ...QUICK, ...timings },
    });
    client.start();
    return client;
}

async function status(state: HomeAssistantStatus["state"]): Promise<HomeAssistantStatus> {
    const giveUp = AbortSignal.timeout(10_000);
    while (client.status.state !== state) await once(client, "status", { signal: giveUp });
    return client.status;
}

async function house(is: (house: House) => boolean): Promise<House> {
    const giveUp = AbortSignal.timeout(10_000);
    while (!client.house || !is(client.house)) await once(client, "house", { signal: giveUp });
    return client.house;
}

async function state(id: string, wanted: string): Promise<void> {
    const giveUp = AbortSignal.timeout(10_000);
    while (client.state(id)?.state !== wanted) await once(client, "states", { signal: giveUp });
}

const ids = ({ entities }: House) => entities.map(({ id }) => id);
const problem = (is: HomeAssistantStatus) => ("error" in is ? is.error : undefined);

describe("a connection to Home Assistant", () => {
    it("takes in floors, areas and what is exposed to voice assistants, and nothing else", async () => {
        connect();
        expect(await status("connected")).toEqual({ state: "connected", version: "2026.8.1" });
        const { floors, areas, entities, config } = await house(() => true);
        expect(config).toEqual({ locationName: "Home", version: "2026.8.1", temperatureUnit: "celsius" });
        expect(floors[0]).toEqual({ id: "ground_floor", name: "Ground floor", aliases: ["downstairs"] });
        expect(areas.map(({ id, floorId }) => [id, floorId])).toEqual([
            ["kitchen", "ground_floor"],
            ["living_room", "ground_floor"],
            ["bedroom", "upstairs"],
        ]);
        const exposed = [...simulated.entities].filter(([, { exposed }]) => exposed).map(([id]) => id);
        expect(new Set(entities.map(({ id }) => id))).toEqual(new Set(exposed));
        expect(entities.find(({ id }) => id === "light.kitchen_ceiling")).toEqual({
            id: "light.kitchen_ceiling",
            aliases: ["big light"],
            areaId: "kitchen",
        });
        // The socket is a part of the power strip and is where that is.
        expect(entities.find(({ id }) => id === "switch.socket_2")?.areaId).toBe("living_room");
        expect(client.state("light.private")).toBeUndefined();
    });

    it("follows states by their differences", async () => {
        connect();
        await status("connected");
        simulated.change("light.kitchen_ceiling", "on", { brightness: 128, color_mode: "xy", hs_color: [30, 60] });
        await state("light.kitchen_ceiling", "on");
        expect(client.state("light.kitchen_ceiling")?.attributes).toMatchObject({
            brightness: 128,
            hs_color: [30, 60],
        });
        simulated.change("light.kitchen_ceiling", "off", { brightness: null, hs_color: undefined });
        await state("light.kitchen_ceiling", "off");
        const { attributes } = client.state("light.kitchen_ceiling") ?? { attributes: {} };
        expect(attributes).toMatchObject({ friendly_name: "Kitchen ceiling", color_mode: "xy" });
        expect(Object.keys(attributes)).not.toContain("brightness");
        expect(Object.keys(attributes)).not.toContain("hs_color");
        expect(Object.keys(attributes)).not.toContain("effect_list");
    });

    it("notices what people rename, expose and hide, and follows the states of just that", async () => {
        connect();
        await status("connected");
        simulated.edit("area", () => {
            simulated.areas = simulated.areas.map((area) =>
                area.area_id === "kitchen" ? { ...area, name: "Galley" } : area,
            );
        });
        await house(({ areas }) => areas.some(({ name }) => name === "Galley"));
        simulated.edit("entity", () => {
            simulated.entity("light.private").exposed = true;
            simulated.entity("switch.socket_2").exposed = false;
        });
        const now = await house((one) => ids(one).includes("light.private"));
        expect(ids(now)).not.toContain("switch.socket_2");
        expect(client.state("light.private")?.state).toBe("on");
        expect(client.state("switch.socket_2")).toBeUndefined();
        simulated.change("light.private", "off");
        await state("light.private", "off");
    });

    it("looks up from time to time what no event tells", async () => {
        connect({ timings: { lookUpEveryMs: 30 } });
        await status("connected");
        simulated.entity("camera.door").exposed = true;
        await house((one) => ids(one).includes("camera.door"));
    });

    it("with nothing exposed, asks for no states at all", async () => {
        for (const entity of simulated.entities.values()) entity.exposed = false;
        connect();
        await status("connected");
        expect(client.house?.entities).toEqual([]);
        expect(simulated.commands).not.toContain("subscribe_entities");
    });

    it("comes back after an outage, and knows what changed meanwhile", async () => {
        connect();
        await status("connected");
        await simulated.stop();
        expect(problem(await status("waiting"))?.code).toMatch(/disconnected|unreachable/);
        await expect(client.fetchState("light.kitchen_ceiling")).rejects.toMatchObject({ code: "disconnected" });
        simulated.change("light.kitchen_ceiling", "on");
        await simulated.listen();
        await status("connected");
        expect(client.state("light.kitchen_ceiling")?.state).toBe("on");
        simulated.change("light.kitchen_ceiling", "off");
        await state("light.kitchen_ceiling", "off");
    });

    it("gives up a peer that gives no sign of life", async () => {
        connect({ timings: { pingEveryMs: 20, pongMs: 50 } });
        await status("connected");
        await simulated.command("ping");
        simulated.isMute = true;
        expect(problem(await status("waiting"))?.message).toContain("no sign of life");
        simulated.isMute = false;
        await status("connected");
    });

    it("asks once with a wrong token, says what to do, and keeps the token to itself", async () => {
        connect({ token: "wrong-token-of-mine" });
        const error = problem(await status("refused"));
        expect(error?.code).toBe("auth-invalid");
        expect(error?.message).toContain("Long-lived access tokens");
        expect(JSON.stringify(error) + error?.message).not.toContain("wrong-token-of-mine");
        expect(simulated.tokens).toEqual(["wrong-token-of-mine"]);
    });

    it("says that the token has to be an administrator's", async () => {
        simulated.isAdmin = false;
        connect();
        expect(problem(await status("waiting"))).toMatchObject({
            code: "not-admin",
            message: expect.stringContaining("administrator"),
        });
    });

    it("fails commands that nobody answers, and others not with them", async () => {
        connect({ timings: { commandMs: 300 } });
        await status("connected");
        simulated.isMute = true;
        const call = { domain: "light", service: "turn_on", target: { entity_id: "light.kitchen_ceiling" } };
        await expect(client.callService(call, 30)).rejects.toMatchObject({ code: "timeout" });
        simulated.isMute = false;
        await client.callService(call);
        expect((await client.fetchState("light.kitchen_ceiling"))?.state).toBe("on");
        await expect(client.callService({ ...call, service: "explode" })).rejects.toMatchObject({
            code: "refused",
            remoteCode: "not_found",
        });
    });

    it("lets only so many commands wait", async () => {
        connect();
        await status("connected");
        simulated.isMute = true;
        const call = { domain: "light", service: "turn_on", target: { entity_id: "light.kitchen_ceiling" } };
        const waiting = Array.from({ length: 600 }, () => client.callService(call).catch((error: unknown) => error));
        expect(await waiting.at(-1)).toMatchObject({ code: "busy" });
        await client.stop();
        expect(await waiting[0]).toMatchObject({ code: "disconnected" });
    });

    it("is stopped at any moment, without waiting for anybody", async () => {
        simulated.isMute = true;
        connect();
        await client.stop();
        expect(client.status.state).toBe("stopped");
        simulated.isMute = false;
        client.start();
        await simulated.command("subscribe_entities");
        await client.stop();
        expect(client.status.state).toBe("stopped");
    });

    it("is encrypted for https addresses, and only with certificates that are trusted", async () => {
        const secure = await SimulatedHomeAssistant.start("https");
        connect({ address: secure.address });
        expect(problem(await status("waiting"))).toMatchObject({
            code: "certificate",
            message: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
        });
        expect(secure.tokens).toEqual([]);
        const trusted = getCACertificates("default");
        setDefaultCACertificates([...trusted, CERTIFICATE]);
        try {
            await status("connected");
        } finally {
            setDefaultCACertificates(trusted);
        }
        await client.stop();
        connect({ address: simulated.address.replace("http:", "https:") });
        expect(problem(await status("waiting"))?.message).toContain("Try http://");
        await client.stop();
        await secure.stop();
    });

    it("is no friend of a server that speaks something else", async () => {
        const server = createServer((socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n")).listen(0, "127.0.0.1");
        await once(server, "listening");
        connect({ address: `127.0.0.1:${(server.address() as AddressInfo).port}` });
        expect(problem(await status("waiting"))).toBeDefined();
        server.close();
    });
});

describe("the address of Home Assistant", () => {
    it.each([
        ["homeassistant.local", "ws://homeassistant.local:8123/api/websocket"],
        [" 192.168.1.5:8124 ", "ws://192.168.1.5:8124/api/websocket"],
        ["http://ha.lan:8123/", "ws://ha.lan:8123/api/websocket"],
        ["https://ha.example.org", "wss://ha.example.org/api/websocket"],
        ["https://example.org/ha/", "wss://example.org/ha/api/websocket"],
        ["wss://ha.example.org/api/websocket", "wss://ha.example.org/api/websocket"],
        ["http://[fe80::1]:8123", "ws://[fe80::1]:8123/api/websocket"],
    ])("may be typed as %j", (typed, address) => {
        client = new HomeAssistant({ address: typed, token: "" });
        expect(webSocketAddress(typed)).toBe(address);
    });

    it.each(["", "ftp://ha", "http://", "http://me:secret@ha", "http://ha/?token=1", "not an address"])(
        "may not be %j",
        async (typed) => {
            connect({ address: typed });
            const error = problem(await status("refused"));
            expect(error?.code).toBe("bad-address");
            expect(error?.message).not.toContain("secret");
        },
    );
});
