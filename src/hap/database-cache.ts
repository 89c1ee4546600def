/**
 * The databases of paired accessories as they were read last, so that a hub that starts while a lamp is unplugged still
 * knows the lamp, its name and what it can do. States are not kept: nobody would know how old they are.
 */
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Accessory, type Characteristic, parseDatabase } from "./database";
import { CharacteristicType } from "./definitions";
import { parseJson, writeJson } from "./json";

const MAX_FILE_BYTES = 8 * 1024 * 1024;
/** Values that say what a device is, not how it is. */
const KEPT_VALUES: ReadonlySet<string> = new Set([CharacteristicType.Name, CharacteristicType.ConfiguredName]);

export class DatabaseCache {
    readonly #folder: string;
    #lastWrite: Promise<unknown> = Promise.resolve();

    constructor(folder: string) {
        this.#folder = folder;
    }

    /** Undefined when there is none or it can't be read: it is only a copy. */
    async load(accessoryId: string): Promise<readonly Accessory[] | undefined> {
        try {
            const handle = await open(this.#file(accessoryId), "r");
            const { size } = await handle.stat().finally(() => handle.close());
            if (size > MAX_FILE_BYTES) return undefined;
            return parseDatabase(parseJson(await readFile(this.#file(accessoryId))));
        } catch {
            return undefined;
        }
    }

    save(accessoryId: string, database: readonly Accessory[]): Promise<void> {
        return this.#inTurn(async () => {
            const file = this.#file(accessoryId);
            await mkdir(this.#folder, { recursive: true, mode: 0o700 });
            const handle = await open(`${file}.new`, "w", 0o600);
            await handle.writeFile(writeJson({ accessories: database.map(toJson) })).finally(() => handle.close());
            await rename(`${file}.new`, file);
        });
    }

    remove(accessoryId: string): Promise<void> {
        return this.#inTurn(() => rm(this.#file(accessoryId), { force: true }));
    }

    /** Resolves when all changes so far have been written, or have failed. */
    async written(): Promise<void> {
        await this.#lastWrite;
    }

    #inTurn(work: () => Promise<void>): Promise<void> {
        const done = this.#lastWrite.then(work);
        this.#lastWrite = done.catch(() => {});
        return done;
    }

    #file(accessoryId: string): string {
        return join(this.#folder, `accessories-${accessoryId.replaceAll(":", "")}.json`);
    }
}

/** The form in which the accessory itself sends it (HAP R2 §6.6), so that there is one reader for both. */
function toJson({ aid, services }: Accessory) {
    return {
        aid,
        services: services.map(({ iid, type, isPrimary, isHidden, characteristics }) => ({
            iid,
            type,
            primary: isPrimary,
            hidden: isHidden,
            characteristics: characteristics.map(characteristicToJson),
        })),
    };
}

function characteristicToJson({ value, validValues, ...rest }: Characteristic) {
    return {
        ...rest,
        ...(validValues ? { "valid-values": validValues } : {}),
        ...(value !== undefined && KEPT_VALUES.has(rest.type) ? { value } : {}),
    };
}
