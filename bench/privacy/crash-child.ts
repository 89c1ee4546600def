/** Keeps, purges, sweeps, replaces and rotates until it is killed: `node crash-child.js FOLDER SEED`. */
import { writeSync } from "node:fs";
import { VaultStore } from "../../src/vault/store";
import { type Act, numbered } from "./acts";

const [folder = "", seed = "0"] = process.argv.slice(2);

/** Enough to lose, few enough to look at all of them after each kill. */
const MANY = 12;

async function live(): Promise<void> {
    let state = Number(seed);
    const random = () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state / 2 ** 32;
    };
    const say = (act: Act) => writeSync(1, `${JSON.stringify(act)}\n`);
    const now = () => ({ wall: 1_790_000_000_000 + Number(seed) * 1_000, elapsed: performance.now() });
    const store = await VaultStore.open(folder);
    for (let number = Number(seed) * 1_000; ; number++) {
        const there = store.list({ limit: 1_000 });
        const some = there.filter(() => random() < 0.3).map(({ id }) => id);
        const [one] = some;
        const choice = random();
        if (there.length < 4 || (choice < 0.4 && there.length < MANY)) {
            const keepsakes = [number, number + 400].slice(0, random() < 0.5 ? 1 : 2).map(numbered);
            say({ what: "keep", done: false });
            const recordings = await store.keep(keepsakes, now());
            const kept = recordings.map(({ id, session }) => [id, Number(session.slice(1))] as const);
            say({ what: "keep", done: true, kept });
        } else if (choice < 0.7 || !one) {
            say({ what: "purge", done: false, purged: some });
            await store.purge([{ ids: some }], now());
            say({ what: "purge", done: true, purged: some });
        } else if (choice < 0.8) {
            // As retention does: many conditions at once.
            const purged = there.filter(({ site }) => site === "hall").map(({ id }) => id);
            say({ what: "sweep", done: false, purged });
            await store.purge(
                [
                    { site: "hall", keptBefore: now().wall + 60_000 },
                    { site: "cellar", keptBefore: 1 },
                ],
                now(),
            );
            say({ what: "sweep", done: true, purged });
        } else if (choice < 0.9) {
            const original = there.find(({ id }) => id === one);
            const kept = [[one, Number(original?.session.slice(1))]] as const;
            say({ what: "replace", done: false, kept });
            await store.replace(one, numbered(Number(original?.session.slice(1))));
            say({ what: "replace", done: true, kept });
        } else {
            say({ what: "rotate", done: false });
            await store.rotate();
            say({ what: "rotate", done: true });
        }
    }
}

void live();
