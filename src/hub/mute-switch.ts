/** Remembers beyond a restart that the microphones are muted: by a file that is there, or not. */
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

export class MuteSwitch {
    readonly #file: string;
    #lastWrite: Promise<void> = Promise.resolve();

    constructor(file: string) {
        this.#file = file;
    }

    async isOn(): Promise<boolean> {
        return await stat(this.#file).then(
            () => true,
            () => false,
        );
    }

    /** One turn after the other. @throws when the file can't be written */
    turn(isOn: boolean): Promise<void> {
        const turned = this.#lastWrite.then(async () => {
            if (!isOn) return await rm(this.#file, { force: true });
            await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
            await writeFile(this.#file, "");
        });
        this.#lastWrite = turned.catch(() => {});
        return turned;
    }

    /** When nothing is left to be written. */
    written(): Promise<void> {
        return this.#lastWrite;
    }
}
