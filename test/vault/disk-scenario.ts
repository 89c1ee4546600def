/**
 * A vault on a disk of its own that is small, and then read-only. Started by trouble.test.ts in a mount namespace, with a
 * folder to mount it on; prints one JSON object: what happened.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Vault } from "../../dist/src/vault/index.js";

const [mountPoint = ""] = process.argv.slice(2);
const mount = (...args: readonly string[]) => execFileSync("mount", [...args, mountPoint]);
mount("-t", "tmpfs", "-o", "size=16m", "disk");

const folder = join(mountPoint, "vault");
const stuffing = join(mountPoint, "stuffing");
const SAMPLES = 32_000;
const vault = new Vault(folder);
await vault.open();
const ids: string[] = [];
const failures: unknown[] = [];

async function keep(number: number): Promise<boolean> {
    const samples = new Float32Array(SAMPLES).fill(number / 256);
    const transcript = { text: `number ${number}`, words: [], confidence: 1, engine: "test", durationMs: 2_000 };
    try {
        const { id } = await vault.keep({
            session: `s${number}`,
            site: "hall",
            startedAt: 1_790_000_000_000 + number,
            samples,
            transcript: { ...transcript, latencyMs: 0, speechEndMs: 2_000 },
        });
        ids[number] = id;
        return true;
    } catch (error) {
        failures.push(described(error));
        return false;
    }
}

function described(error: unknown): unknown {
    const { name, code, message } = error as { name: string; code: string; message: string };
    return { name, code, message };
}

/** Which numbers are there as they were kept. */
async function whole(): Promise<readonly number[]> {
    const numbers: number[] = [];
    for (const { id } of (await vault.list({ limit: 1_000 })).toReversed()) {
        const { samples, transcript } = await vault.read(id);
        const number = ids.indexOf(id);
        const isWhole = samples?.length === SAMPLES && samples.every((sample) => sample === number / 256);
        if (isWhole && transcript?.text === `number ${number}`) numbers.push(number);
    }
    return numbers;
}

/** Leaves not a byte on the disk. */
function fillUp(): void {
    for (let size = 1024 * 1024; size >= 1; ) {
        try {
            writeFileSync(stuffing, Buffer.alloc(size), { flag: "a" });
        } catch {
            size = Math.floor(size / 2);
        }
    }
}

let kept = 0;
while (await keep(kept)) kept++;
fillUp();
await keep(kept);
const whenFull = await whole();
const purged = await vault.purge({ ids: ids.slice(0, kept - 3) });
const afterPurge = await whole();
rmSync(stuffing);
const keptAgain = await keep(kept);
await vault.close();
await vault.open();
const afterRestart = await whole();

await vault.close();
mount("-o", "remount,ro");
const readOnly: unknown[] = [];
await vault.open().catch((error: unknown) => readOnly.push(described(error)));
const unopened = new Vault(folder);
await unopened.open().catch((error: unknown) => readOnly.push(described(error)));
mount("-o", "remount,rw");
await vault.open();
const whenWritable = await whole();
await vault.purge({ all: true });
const atLast = await whole();
await vault.close();

process.stdout.write(
    `${JSON.stringify({
        kept,
        failures,
        whenFull,
        purged: purged.size,
        afterPurge,
        keptAgain,
        afterRestart,
        readOnly,
        whenWritable,
        atLast,
        sounds: readdirSync(join(folder, "sound")),
    })}\n`,
);
