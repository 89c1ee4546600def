/** Where a run keeps its things: in a folder for the next one if it stays up, and nowhere after it if it doesn't. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Folders {
    readonly userDir: string;
    readonly simulatedHome: string;
    /** The sounds that the flow plays. */
    readonly sounds: string;
    /** Whether the flow, the home and the pairing are there again at the next start. */
    readonly areKept: boolean;
    /** Removes what is not kept. */
    release(): void;
}

/**
 * A second one that stays up while the first still does gets temporary folders, so that they don't disturb each other.
 *
 * @param kept the folder for the next one; undefined if nothing is to be kept
 */
export function takeFolders(kept: string | undefined): Folders {
    const temporary = mkdtempSync(join(tmpdir(), "earshot-start-"));
    const removeTemporary = () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
    const sounds = join(temporary, "sounds");
    mkdirSync(sounds);
    const unlock = kept === undefined ? undefined : lock(kept);
    const userDir = unlock && kept !== undefined ? kept : join(temporary, "user");
    return {
        userDir,
        simulatedHome: join(userDir, "simulated-home"),
        sounds,
        areKept: unlock !== undefined,
        release: () => {
            unlock?.();
            removeTemporary();
        },
    };
}

/** Returns how to unlock the folder; undefined when another process that still runs has locked it. */
function lock(folder: string): (() => void) | undefined {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, "in-use-by.pid");
    if (!create(file)) {
        if (isRunning(Number(readFileSync(file, "utf8")))) return undefined;
        rmSync(file, { force: true });
        if (!create(file)) return undefined;
    }
    return () => rmSync(file, { force: true });
}

function create(file: string): boolean {
    try {
        writeFileSync(file, String(process.pid), { flag: "wx" });
        return true;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
        throw error;
    }
}

function isRunning(pid: number): boolean {
    if (!Number.isInteger(pid) || pid <= 0) return false;
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        // Somebody else's process is one that runs.
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}
