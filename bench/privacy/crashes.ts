/** A vault whose program is killed at random moments, again and again: what was kept is there, what was purged is not. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { VaultStore } from "../../src/vault/store";
import type { Report } from "../report";
import { type Act, isWhole, SEALED_BYTES } from "./acts";

const KILLS = 500;
/** The longest that a program lives after its first word. */
const MAX_LIFE_MS = 120;

export async function measureCrashes(report: Report, folder: string): Promise<void> {
    const at = join(folder, "crashes");
    /** Number of the sound that each recording has to have. */
    const kept = new Map<string, number>();
    let lost = 0;
    let resurrected = 0;
    let leftovers = 0;
    const gone = new Set<string>();
    const during = new Map<string, number>();
    for (let round = 0; round < KILLS; round++) {
        const acts = await killedWhile(at, round);
        const open = new Map<string, Act>();
        for (const act of acts) {
            if (!act.done) open.set(act.what, act);
            else {
                open.delete(act.what);
                for (const [id, number] of act.kept ?? []) kept.set(id, number);
                for (const id of act.purged ?? []) {
                    kept.delete(id);
                    gone.add(id);
                }
            }
        }
        const [last] = open.values();
        during.set(last?.what ?? "nothing", (during.get(last?.what ?? "nothing") ?? 0) + 1);
        // What the program was killed in the middle of may have happened or not, but not by half.
        const perhapsGone = new Set(last?.purged);
        const perhapsChanged = new Map(last?.kept);
        const store = await VaultStore.open(at);
        const list = store.list({ limit: 1_000 });
        const there = new Set(list.map(({ id }) => id));
        for (const { id } of list) {
            if (gone.has(id)) resurrected++;
            const whole = [kept.get(id), perhapsChanged.get(id)].some((number) => isWhole(store.read(id), number));
            const isNew = !kept.has(id) && last?.what === "keep" && isWhole(store.read(id), undefined);
            if (!whole && !isNew) lost++;
            kept.set(id, numberOf(store.read(id).recording.session));
        }
        for (const id of kept.keys()) {
            if (there.has(id)) continue;
            if (!perhapsGone.has(id)) lost++;
            kept.delete(id);
            gone.add(id);
        }
        store.close();
        // A vault gives the disk its room back before half of what it has is waste.
        if (existsSync(join(at, "lost")) || soundBytes(at) > 2 * there.size * SEALED_BYTES) leftovers++;
    }
    const shown = [...during].map(([what, count]) => `${what} ${count}`).join(", ");
    report.note(`Killed while at: ${shown}`);
    report.add("crashLost", lost, "recordings", `${KILLS} kills`);
    report.add("crashResurrected", resurrected, "recordings", `${KILLS} kills`);
    report.add("crashLeftovers", leftovers, "times", `${KILLS} kills`);
}

function soundBytes(vault: string): number {
    const folder = join(vault, "sound");
    return readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

function numberOf(session: string): number {
    return Number(session.slice(1));
}

async function killedWhile(folder: string, round: number): Promise<readonly Act[]> {
    const program = join(__dirname, "crash-child.js");
    const args = ["--disable-warning=ExperimentalWarning", program, folder, String(round)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    const acts: Act[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
        if (acts.length === 0) setTimeout(() => child.kill("SIGKILL"), (round * 37) % MAX_LIFE_MS);
        acts.push(JSON.parse(line));
    }
    const [, signal] = await ended;
    if (signal !== "SIGKILL") throw new Error("The program that was to be killed ended by itself.");
    return acts;
}
