import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

/** Only some systems let a program have networks of its own; on the others faults.test.ts cuts the same link with a relay. */
const canMakeNetworks =
    spawnSync("unshare", ["-rn", "ip", "link", "add", "here", "type", "veth", "peer", "name", "there"]).status === 0;

describe("a cable between hub and accessory", () => {
    it.runIf(canMakeNetworks)(
        "leads to accessories, over IPv6 too, and may be pulled: commands fail in time, and work when it is back",
        async () => {
            const scenario = join(import.meta.dirname, "link-scenario.ts");
            const command = ["-rn", process.execPath, scenario];
            const { stdout } = await promisify(execFile)("unshare", command, { timeout: 60_000 });
            const { addresses, ipv6, before, without, after } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
            expect(addresses).toContain("10.77.0.2");
            expect(ipv6).toMatch(/^(fe80::.*%here|no IPv6)$/);
            expect(before).toBe("done");
            expect(without).toHaveLength(2);
            for (const code of without) expect(["timeout", "unreachable"]).toContain(code);
            expect(after).toBe("done");
        },
    );
});
