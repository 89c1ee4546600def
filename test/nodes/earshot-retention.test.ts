import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HubNode } from "../../dist/nodes/hub-node";
import { PrivacyLog, verifyReceipt } from "../../dist/src/privacy";
import { Vault } from "../../dist/src/vault";
import { hubIn, type NodeMessage, runFlow, useFlows } from "./flow";
import { wavOf } from "./sounds";

const at = useFlows();
const HOUR = 3_600_000;

interface Row {
    readonly kind?: string;
    readonly place?: string;
    readonly person?: string;
    readonly keep: string;
    readonly amount?: number;
}

interface FlowSettings {
    readonly hub?: object;
    readonly rules?: readonly Row[];
    /** Of the retention node. */
    readonly node?: object;
    readonly more?: readonly object[];
    readonly credentials?: Readonly<Record<string, object>>;
}

async function deployed({ hub: settings = {}, rules = [], node = {}, more = [], credentials }: FlowSettings) {
    const [hubNode = {}, home = {}] = hubIn(at.folder);
    const flow = await runFlow(
        [
            { id: "rules", type: "earshot-retention", hub: "hub", rules, wires: [["deleted"]], ...node },
            { id: "sound", type: "earshot-sound", hub: "hub", wires: [["keep"]] },
            { id: "keep", type: "earshot-recording", hub: "hub", wires: [["kept"]] },
            { id: "deleted", type: "helper" },
            { id: "kept", type: "helper" },
            ...more,
            { ...hubNode, ...settings },
            home,
        ],
        credentials ? { credentials } : {},
    );
    return { ...flow, running: (flow.node("hub") as HubNode).running };
}

async function retentionFlow(settings: FlowSettings) {
    const flow = await deployed(settings);
    const hub = await flow.running;
    if (!hub) throw new Error("The hub is not running.");
    const kept = async () => {
        await flow.give("sound", { payload: wavOf(0.5) });
        return ((await flow.next("kept")) as NodeMessage & { voice: { recording?: string } }).voice.recording;
    };
    return { ...flow, hub, kept };
}

/** Puts recordings into the folder before there is a hub, each as old as said. */
async function recorded(...recordings: readonly { readonly site: string; readonly hours: number; speaker?: string }[]) {
    const clock = { wall: 0, elapsed: 0 };
    const vault = new Vault(join(at.folder, "vault"), { clock: () => clock });
    await vault.open();
    for (const { hours, ...keepsake } of recordings.toSorted((a, b) => b.hours - a.hours)) {
        clock.wall = Date.now() - hours * HOUR;
        await vault.keep({ session: "s", startedAt: clock.wall, samples: new Float32Array(1_600), ...keepsake });
    }
    await vault.close();
}

describe("what is kept", () => {
    it("is over at the next start when nothing says for how long, before any node can read it", async () => {
        await recorded({ site: "kitchen", hours: 0 }, { site: "study", hours: 1 });
        const { hub } = await retentionFlow({});
        expect(await hub.vault.list()).toEqual([]);
    });

    it("stays as long as the hub says, and longer or shorter where the flow says so", async () => {
        await recorded(
            { site: "kitchen", hours: 1 },
            { site: "kitchen", hours: 30 },
            { site: "study", hours: 3 },
            { site: "study", hours: 1 },
            { site: "study", hours: 30, speaker: "ada" },
        );
        const rules = [
            { place: "Study", keep: "hours", amount: 2 },
            { person: "ada", keep: "forever" },
        ];
        const { hub } = await retentionFlow({ hub: { keep: "hours", keepAmount: 24 }, rules });
        const left = (await hub.vault.list()).map(({ site, keptAt }) => [
            site,
            Math.round((Date.now() - keptAt) / HOUR),
        ]);
        expect(left).toEqual([
            ["study", 1],
            ["kitchen", 1],
            ["study", 30],
        ]);
    });

    it("isn't kept by a node that is switched off, or on a tab that is", async () => {
        await recorded({ site: "study", hours: 1 });
        const tab = { id: "off", type: "tab", label: "Off", disabled: true };
        const rules = [{ keep: "forever" }];
        const elsewhere = { id: "else", type: "earshot-retention", z: "off", hub: "hub", rules };
        const { hub } = await retentionFlow({ rules, node: { d: true }, more: [tab, elsewhere] });
        expect(await hub.vault.list()).toEqual([]);
    });

    it("does not start with rules for a place that isn't there: nothing is deleted by mistake", async () => {
        await recorded({ site: "study", hours: 1 });
        const flow = await deployed({ rules: [{ place: "attic", keep: "forever" }] });
        await expect(flow.running).rejects.toThrow("error.hubDown");
        expect(flow.errors).toContainEqual(expect.stringContaining('"attic"'));
        await flow.unload();
        const vault = new Vault(join(at.folder, "vault"));
        await vault.open();
        expect(await vault.list()).toHaveLength(1);
        await vault.close();
    });
});

describe("the retention node", () => {
    it("tells what was deleted, with a receipt that the log bears out", async () => {
        const flow = await retentionFlow({});
        await flow.kept();
        await flow.shows("keep", "status.keptShortly");
        await flow.give("rules", {});
        const { payload } = (await flow.next("deleted")) as { payload: { receipt: unknown } };
        expect(payload).toMatchObject({ recordings: 1, logFiles: 0 });
        const checked = await verifyReceipt(payload.receipt, { log: join(at.folder, "privacy.log") });
        expect(checked).toMatchObject({ ok: true, receipt: { count: 1 } });
        await flow.shows("rules", "status.swept");
        await flow.give("rules", { topic: "mine" });
        expect(await flow.next("deleted")).toMatchObject({ topic: "mine", payload: { recordings: 0 } });
        expect(flow.waiting("deleted")).toBe(0);
    });

    it("sets modes in which nothing is kept, at one place or everywhere, beyond a restart", async () => {
        const always = { hub: { keep: "forever" } };
        const flow = await retentionFlow(always);
        expect(await flow.kept()).toBeTypeOf("string");
        await flow.give("rules", { mode: "guest", site: "study" } as NodeMessage);
        await flow.shows("rules", "status.nothingKept");
        expect(await flow.kept()).toBeUndefined();
        await flow.shows("keep", "status.notKept");
        expect(flow.hub.modeAt("kitchen")).toBeUndefined();
        await flow.unload();

        const again = await retentionFlow(always);
        expect(again.hub.modeAt("study")).toBe("guest");
        expect(await again.kept()).toBeUndefined();
        await again.give("rules", { mode: "none" } as NodeMessage);
        expect(await again.kept()).toBeTypeOf("string");
        expect(await again.hub.vault.list()).toHaveLength(2);
        const lines = readFileSync(join(at.folder, "privacy.log"), "utf8");
        expect(lines.match(/settings-changed/g)).toHaveLength(2);
    });

    it("refuses a mode or a place that there isn't", async () => {
        const flow = await retentionFlow({});
        await expect(flow.give("rules", { mode: "party" } as NodeMessage)).rejects.toThrow("error.unknownMode");
        const attic = { mode: "guest", site: "attic" } as NodeMessage;
        await expect(flow.give("rules", attic)).rejects.toThrow("error.noSite");
        expect(flow.hub.modeAt()).toBeUndefined();
    });

    it("takes away rights in a mode: locks stay locked, and a child switches nothing all at once", async () => {
        const { hub } = await retentionFlow({ hub: { critical: "allow", everything: "allow" } });
        const all = { name: "HassTurnOn", slots: {}, targets: ["lamp", "kettle"], confidence: 1, text: "", all: true };
        const oks = async () => (await hub.dispatch(all, { site: "study" })).devices.map(({ ok }) => ok);
        expect(await oks()).toEqual([true, true]);
        await hub.setMode("guest");
        expect((await hub.dispatch(all, { site: "study" })).asked).toBeDefined();
        await hub.setMode("child", "study");
        expect(await oks()).toEqual([false, false]);
    });
});

describe("the consent to use recordings", () => {
    const history = { id: "usable", type: "earshot-history", hub: "hub", what: "usable", wires: [["deleted"]] };
    const flowWith = async (consentsToUse: boolean) => {
        const flow = await retentionFlow({ hub: { keep: "forever", consentsToUse }, more: [history] });
        const usable = async () => {
            await flow.give("usable", {});
            return ((await flow.next("deleted")).payload as readonly { readonly id: string }[]).map(({ id }) => id);
        };
        return { ...flow, usable };
    };

    it("is not given by keeping them, and taken back it deletes what was recorded under it", async () => {
        const without = await flowWith(false);
        const before = await without.kept();
        expect(await without.usable()).toEqual([]);
        await without.unload();
        const given = await flowWith(true);
        const under = await given.kept();
        expect(await given.usable()).toEqual([under]);
        await given.unload();
        const again = await flowWith(true);
        expect(await again.usable()).toEqual([under]);
        await again.unload();
        const withdrawn = await flowWith(false);
        expect(await withdrawn.usable()).toEqual([]);
        expect((await withdrawn.hub.vault.list()).map(({ id }) => id)).toEqual([before]);
        expect(readFileSync(join(at.folder, "privacy.log.receipts"), "utf8")).toContain('"count":1');
    });

    it("that can't be read uses nothing, and deletes nothing by mistake", async () => {
        const given = await flowWith(true);
        await given.kept();
        await given.unload();
        writeFileSync(join(at.folder, "consent.json"), '{"recog');
        const damaged = await flowWith(true);
        expect(await damaged.usable()).toEqual([]);
        expect(await damaged.hub.vault.list()).toHaveLength(1);
    });
});

describe("the key of the recordings", () => {
    const secret = "0123456789abcdef0123456789abcdef";
    it.each([
        ["passphrase", { passphrase: "correct horse battery staple" }, { passphrase: "another one entirely" }],
        ["secret", { keySecret: secret }, { keySecret: [...secret].reverse().join("") }],
    ] as const)("is sealed with a %s from Node-RED's credentials", async (keyGuard, right, wrong) => {
        const hub = { keyGuard, keep: "forever" };
        const flow = await retentionFlow({ hub, credentials: { hub: right } });
        await flow.kept();
        await flow.unload();
        const locked = await deployed({ hub, credentials: { hub: wrong } });
        await expect(locked.running).rejects.toThrow("error.hubDown");
        await locked.unload();
        const again = await retentionFlow({ hub, credentials: { hub: right } });
        expect(await again.hub.vault.list()).toHaveLength(1);
        const files = readdirSync(at.folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
        const bytes = files.map((file) => readFileSync(join(file.parentPath, file.name), "latin1")).join();
        expect(bytes).not.toContain(Object.values(right).join());
    });

    it("in a file is sealed once the hub is given a passphrase", async () => {
        const keep = { keep: "forever" };
        const open = await retentionFlow({ hub: keep });
        await open.kept();
        await open.unload();
        const hub = { ...keep, keyGuard: "passphrase" };
        const credentials = { hub: { passphrase: "correct horse battery staple" } };
        await (await retentionFlow({ hub, credentials })).unload();
        const locked = await deployed({ hub: keep });
        await expect(locked.running).rejects.toThrow("error.hubDown");
        await locked.unload();
        expect(await (await retentionFlow({ hub, credentials })).hub.vault.list()).toHaveLength(1);
    });

    it("is asked for when it is missing: an empty passphrase guards nothing", async () => {
        const flow = await deployed({ hub: { keyGuard: "passphrase" } });
        expect(flow.errors).toContainEqual(expect.stringContaining("passphrase"));
    });
});

it("keeps the privacy log for ever unless a rule says otherwise", async () => {
    const log = new PrivacyLog(join(at.folder, "privacy.log"), { maxFileBytes: 1, now: () => Date.now() - 800 * HOUR });
    await log.append({ what: "note" });
    await log.close();
    const count = () => readdirSync(at.folder).filter((file) => /^privacy\.log\.\d+$/.test(file)).length;
    expect(count()).toBe(1);
    await (await retentionFlow({})).unload();
    expect(count()).toBe(1);
    await retentionFlow({ rules: [{ kind: "log", keep: "months", amount: 1 }] });
    expect(count()).toBe(0);
});
