/** A hundred sentences spoken where nobody can be reached: what was tried all the same, and what is on the disk after them. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../report";
import type { SpokenTurns } from "./spoken-turns";
import { watched } from "./watched";

const TURNS = 100;
const TIMEOUT_MS = 600_000;

export async function measureEgress(report: Report, folder: string): Promise<void> {
    const at = join(folder, "egress");
    mkdirSync(at);
    report.note(`Speaking ${TURNS} sentences into a Node-RED without a recording node …`);
    const program = join(__dirname, "spoken-turns.js");
    const command = [process.execPath, program, at, `${TURNS}`] as const;
    const { stdout, destinations, attempts } = await watched(command, { folder: at, timeoutMs: TIMEOUT_MS });
    const { done, written }: SpokenTurns = JSON.parse(stdout);
    report.note(`Destinations: ${destinations.join(", ")}`);
    report.add("spokenTurnsDone", done, "turns", `${TURNS} spoken`);
    report.add("filesLeft", written.length, "files", `${TURNS} spoken turns`);
    if (attempts !== undefined) report.add("outsideAttempts", attempts, "times", `${TURNS} spoken turns`);
}
