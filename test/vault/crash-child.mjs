/**
 * A program that is killed while it uses a vault.
 *
 *     node crash-child.mjs steps FOLDER STEP keep          kills itself right after STEP while it keeps recording 99
 *     node crash-child.mjs steps FOLDER STEP purge ID…     … while it purges
 *     node crash-child.mjs endless FOLDER FIRST SEED       keeps recordings from number FIRST on and purges some, until killed
 *
 * `endless` writes a JSON line before and after everything it does.
 */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { Vault } = require("../../dist/src/vault");
const { VaultStore } = require("../../dist/src/vault/store");

const [mode, folder, ...rest] = process.argv.slice(2);

function utterance(number) {
    const samples = new Float32Array(20_000).map((_, index) => (((number * 97 + index) % 2_000) - 1_000) / 1_000);
    const transcript = { text: `recording ${number}`, words: [], confidence: 1, engine: "test", durationMs: 1_250 };
    return { session: `s${number}`, site: "kitchen", startedAt: 1_790_000_000_000 + number, samples, transcript };
}

async function dieAt(step, operation, ids) {
    const onStep = (done) => {
        if (done === step) process.kill(process.pid, "SIGKILL");
    };
    const store = await VaultStore.open(folder, { onStep });
    const moment = { wall: 1_790_000_100_000, elapsed: performance.now() };
    if (operation === "keep") await store.keep([utterance(99)], moment);
    else if (operation === "purge") await store.purge([{ ids }], moment);
    else if (operation === "replace")
        await store.replace(ids[0], { ...utterance(98), transcript: utterance(98).transcript });
    else await store.rotate({ kind: "secret", secret: "s".repeat(32) });
}

async function endless(first, seed) {
    let state = seed;
    const random = () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state / 2 ** 32;
    };
    const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
    const vault = new Vault(folder);
    await vault.open();
    for (let number = first; ; number++) {
        say({ keeping: number });
        const { id } = await vault.keep(utterance(number));
        say({ kept: number, id });
        if (random() < 0.5) continue;
        const list = await vault.list({ limit: 1_000 });
        const ids = list.filter(() => random() < 0.2).map((recording) => recording.id);
        say({ purging: ids });
        await vault.purge({ ids });
        say({ purged: ids });
    }
}

if (mode === "steps") await dieAt(rest[0], rest[1], rest.slice(2));
else await endless(Number(rest[0]), Number(rest[1]));
