/** Room on the disk that is given up when it is full: deleting needs some. */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const BYTES = 4 * 1024 * 1024;

export class Reserve {
    readonly #path: string;

    constructor(folder: string) {
        this.#path = join(folder, "reserve");
    }

    /** Takes the room, if there is any. */
    take(): void {
        if (existsSync(this.#path)) return;
        try {
            writeFileSync(this.#path, Buffer.alloc(BYTES), { mode: 0o600 });
        } catch {
            // Not now then; what it was wanted for will say so itself.
            this.give();
        }
    }

    give(): void {
        rmSync(this.#path, { force: true });
    }
}
