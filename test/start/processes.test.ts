import { describe, expect, it } from "vitest";
import { isRunning } from "./start-process";
import { useStarts } from "./starts";

const at = useStarts();

describe("the processes of npm start", () => {
    it("does not disturb a second one that runs at the same time", async () => {
        const both = [at.begin([]), at.begin([])];
        const printed = await Promise.all(both.map((one) => one.printed(/Ctrl-C/, 60_000)));
        for (const text of printed) expect(text).toContain("Kitchen Light: on false → true");
        const editors = printed.map((text) => /The editor: (\S+)/.exec(text)?.[1]);
        expect(new Set(editors).size).toBe(2);
        for (const one of both) one.signal("SIGINT");
        for (const one of both) expect(await one.ended()).toMatchObject({ code: 0, left: [] });
    }, 120_000);

    it("ends, and says what happened, when a part of it dies", async () => {
        const up = at.begin([]);
        await up.printed(/Ctrl-C/);
        const [part] = up.descendants;
        if (part === undefined) throw new Error("It has started nothing.");
        process.kill(part, "SIGKILL");
        const { code, stdout, left } = await up.ended();
        expect(stdout).toMatch(/(The simulated home|Node-RED) ended by SIGKILL/);
        expect(code).toBe(1);
        expect(left).toEqual([]);
    }, 60_000);

    it("takes everything it started along when it is killed", async () => {
        const up = at.begin([]);
        await up.printed(/Found by mDNS/);
        await until(() => up.descendants.size >= 2);
        up.signal("SIGKILL");
        await until(() => ![...up.descendants].some(isRunning));
    }, 60_000);
});

async function until(condition: () => boolean, limitMs = 10_000): Promise<void> {
    const end = performance.now() + limitMs;
    while (!condition()) {
        if (performance.now() > end) throw new Error(`It did not come about: ${condition}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}
