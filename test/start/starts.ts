/** Starts of `npm start` for one test file, each with folders of its own and ended after the test. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { type RunningStart, start } from "./start-process";

export interface Starts {
    /** What a start keeps, for itself or for the next one, goes there. */
    readonly folder: string;
    begin(args: readonly string[], environment?: NodeJS.ProcessEnv): RunningStart;
}

export function useStarts(): Starts {
    let folder = "";
    let running: RunningStart[] = [];
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "earshot-test-start-"));
        running = [];
    });
    afterEach(() => {
        for (const one of running) one.kill();
        rmSync(folder, { recursive: true, force: true });
    });
    return {
        get folder() {
            return folder;
        },
        begin(args, environment = {}) {
            const temporary = { TMPDIR: folder, TMP: folder, TEMP: folder };
            const one = start(args, { ...temporary, EARSHOT_FOLDER: join(folder, "kept"), PORT: "", ...environment });
            running.push(one);
            return one;
        },
    };
}
