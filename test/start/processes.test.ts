import { describe, expect, it } from "vitest";
import { isRunning } from "./start-process";
import { useStarts } from "./starts";

const at = useStarts();

describe("the processes of npm start", () => {
    it("don't disturb a second one that runs at the same time, and go when one of them or npm start is killed", async () => {
        const both = [at.begin([]), at.begin([])] as const;
        const printed = await Promise.all(both.map((one) => one.printed(/Ctrl-C/, 60_000)));
        for (const text of printed) expect(text).toContain("Kitchen Light: on false → true");
        const editors = printed.map((text) => /The editor: (\S+)/.exec(text)?.[1]);
        expect(new Set(editors).size).toBe(2);

        const [bereft, orphaning] = both;
        const [part] = bereft.descendants;
        if (part === undefined) throw new Error("It has started nothing.");
        process.kill(part, "SIGKILL");
        const { code, stdout, left } = await bereft.ended();
        expect(stdout).toMatch(/(The simulated home|Node-RED) ended by SIGKILL/);
        expect(code).toBe(1);
        expect(left).toEqual([]);

        expect(orphaning.descendants.size).toBeGreaterThanOrEqual(2);
        orphaning.signal("SIGKILL");
        await until(() => ![...orphaning.descendants].some(isRunning));
    }, 120_000);
});

async function until(condition: () => boolean, limitMs = 10_000): Promise<void> {
    const end = performance.now() + limitMs;
    while (!condition()) {
        if (performance.now() > end) throw new Error(`It did not come about: ${condition}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}
