/** Modes of a home or of one place: guests and children leave no trace, and may do less. Remembered beyond a restart. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { ReducedRights } from "../home";

export const MODES = ["guest", "child"] as const;

/** In each of them nothing that is said is kept. */
export type Mode = (typeof MODES)[number];

/** What a mode takes away, at least. */
const RIGHTS: Readonly<Record<Mode, ReducedRights>> = {
    guest: { critical: "never", everything: "confirm" },
    child: { critical: "never", everything: "never" },
};

export function rightsIn(mode: Mode | undefined): ReducedRights | undefined {
    return mode && RIGHTS[mode];
}

/** Stands for all places. */
const HOME = "";

export class Modes {
    readonly #file: string;
    #modes: ReadonlyMap<string, Mode> = new Map();
    #lastWrite: Promise<void> = Promise.resolve();

    constructor(file: string) {
        this.#file = file;
    }

    /** @throws when the file is there and can't be read: until a mode is set, everybody is a guest then */
    async open(): Promise<void> {
        try {
            this.#modes = modesIn(await readFile(this.#file, "utf8"));
        } catch (error) {
            if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
            this.#modes = new Map([[HOME, "guest"]]);
            throw error;
        }
    }

    /** The mode of a place, or of the home where the place has none of its own. */
    at(site: string | undefined): Mode | undefined {
        return this.#modes.get(site ?? HOME) ?? this.#modes.get(HOME);
    }

    /**
     * In force at once; resolves when it would outlast a restart.
     * @param mode undefined ends it
     * @param site every place when not given, also those that have a mode of their own
     */
    async set(mode: Mode | undefined, site: string = HOME): Promise<void> {
        const modes = site === HOME ? new Map<string, Mode>() : new Map(this.#modes);
        if (mode) modes.set(site, mode);
        else modes.delete(site);
        this.#modes = modes;
        const written = this.#lastWrite.then(() => this.#write(modes));
        this.#lastWrite = written.catch(() => undefined);
        await written;
    }

    /** When nothing is left to be written. */
    written(): Promise<void> {
        return this.#lastWrite;
    }

    async #write(modes: ReadonlyMap<string, Mode>): Promise<void> {
        if (modes.size === 0) return await rm(this.#file, { force: true });
        await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
        await writeFile(`${this.#file}.new`, `${JSON.stringify(Object.fromEntries(modes))}\n`, { mode: 0o600 });
        await rename(`${this.#file}.new`, this.#file);
    }
}

function modesIn(json: string): ReadonlyMap<string, Mode> {
    const modes = Object.entries(JSON.parse(json) as object).map(([site, value]): [string, Mode] => {
        const mode = MODES.find((each) => each === value);
        if (!mode) throw new Error("The file of modes is damaged: everybody is a guest until a mode is set.");
        return [site, mode];
    });
    return new Map(modes);
}
