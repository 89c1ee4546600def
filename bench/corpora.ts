/** Recordings and sentences that the benchmarks run on. They are no part of the package. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** From dist/bench/ to beside the checkout. */
const BESIDE_CHECKOUT = join(__dirname, "..", "..", "..", "shared", "corpora");

export class CorpusMissing extends Error {
    override readonly name = "CorpusMissing";

    constructor(readonly path: string) {
        super(
            `There is no test data in ${path}. Set EARSHOT_CORPORA to the folder that holds speech/commands, speech/wake-words, …`,
        );
    }
}

/** @throws CorpusMissing */
export function corpus(...path: readonly string[]): string {
    const folder = join(process.env.EARSHOT_CORPORA ?? BESIDE_CHECKOUT, ...path);
    if (!existsSync(folder)) throw new CorpusMissing(folder);
    return folder;
}

/** A folder of this repository's bench/, whose data the build does not copy. */
export function benchData(...path: readonly string[]): string {
    return join(__dirname, "..", "..", "bench", ...path);
}
