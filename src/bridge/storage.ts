/**
 * Where hap-nodejs keeps its keys. It has one folder for all of a process, and whoever comes first decides which: here each
 * bridge has its own, and bridges of other packages that share the library keep theirs.
 */
import { chmodSync, mkdirSync } from "node:fs";
import type { HAPFileStorage } from "@homebridge/hap-nodejs";
import type { HapNodejs } from "./hap-nodejs";

/** By the id of the bridge, as keys have it: without colons. */
const storages = new Map<string, HAPFileStorage>();
const routed = new WeakSet<HapNodejs>();

/** Makes `folder`, closed to others, and lets the library keep there what it has to about the bridge `username`. */
export function keepIn(hap: HapNodejs, username: string, folder: string): void {
    route(hap);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // It may have been there before.
    chmodSync(folder, 0o700);
    const storage = new hap.HAPFileStorage();
    storage.initSync({ dir: folder });
    storages.set(idIn(username), storage);
}

export function keepNoLonger(username: string): void {
    storages.delete(idIn(username));
}

function route(hap: HapNodejs): void {
    if (routed.has(hap)) return;
    routed.add(hap);
    const ofOthers = hap.HAPStorage.storage.bind(hap.HAPStorage);
    const storageOf = (key: string) => storages.get(key.split(".")[1] ?? "") ?? ofOthers();
    const router = new (class extends hap.HAPFileStorage {
        override getItem(key: string): unknown {
            return storageOf(key).getItem(key);
        }
        override setItemSync(key: string, value: unknown): void {
            storageOf(key).setItemSync(key, withoutCode(key, value));
        }
        override removeItemSync(key: string): void {
            storageOf(key).removeItemSync(key);
        }
    })();
    hap.HAPStorage.storage = () => router;

    /** The setup code of our bridges is for one pairing window only; no file has to know it. */
    function withoutCode(key: string, value: unknown): unknown {
        const isOurs = storages.has(key.split(".")[1] ?? "") && key.startsWith("AccessoryInfo.");
        return isOurs ? { ...(value as object), pincode: "" } : value;
    }
}

function idIn(username: string): string {
    return username.replaceAll(":", "");
}
