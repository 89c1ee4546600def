/** Memory of this process, without the garbage. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/** Resident, in MB, after the garbage was collected. */
export function residentMegabytes(): number {
    collectGarbage();
    return process.memoryUsage.rss() / 1024 / 1024;
}

/** What is still held on to, in MB: unlike resident memory without the room that the collector keeps for what comes next. */
export function liveMegabytes(): number {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return (heapUsed + external) / 1024 / 1024;
}

function collectGarbage(): void {
    if (!collect) {
        setFlagsFromString("--expose-gc");
        collect = runInNewContext("gc") as () => void;
    }
    for (let round = 0; round < 3; round++) collect();
}
