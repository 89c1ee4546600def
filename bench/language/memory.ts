/** What a language with a home takes in memory, in a process of its own: what is loaded once is kept for the next. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { compile, loadLanguage } from "../../src/language";
import { homeWith } from "./homes";

interface Task {
    readonly devices: number;
    readonly texts: readonly string[];
}

/** Bytes in use after the texts were understood, so that whatever is made when first needed is there. */
export async function memoryWithHome(task: Task): Promise<number> {
    const child = fork(__filename);
    const ended = once(child, "exit");
    child.send(task);
    const [bytes] = (await once(child, "message")) as [number];
    await ended;
    return bytes;
}

function measured({ devices, texts }: Task): number {
    const home = homeWith(devices);
    const before = memoryInUse();
    const grammar = compile(loadLanguage("en"), home);
    for (const text of texts) grammar.understand(text);
    const after = memoryInUse();
    grammar.understand("");
    return after - before;
}

function memoryInUse(): number {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
}

if (require.main === module) {
    process.once("message", (task: Task) => process.send?.(measured(task), () => process.disconnect()));
}
