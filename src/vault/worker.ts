/** The worker thread of a vault: what blocks (files, encryption, SQLite, the disk's own pace) blocks here. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { vaultError } from "./error";
import { type Answer, type Request, soundIn } from "./protocol";
import { VaultStore } from "./store";

function serve(port: MessagePort, folder: string): void {
    const answer = (message: Answer) => port.postMessage(message, "result" in message ? soundIn(message.result) : []);
    let store: VaultStore;
    try {
        store = VaultStore.open(folder);
    } catch (error) {
        const { code, message } = vaultError(error, "The vault could not be opened");
        answer({ code, message });
        port.close();
        return;
    }
    port.on("message", (request: Request) => {
        const { call, method } = request;
        try {
            answer({ call, result: carryOut(store, request) });
        } catch (error) {
            const { code, message } = vaultError(error, `The vault could not ${method}`);
            answer({ call, code, message });
        }
        if (method === "close") port.close();
    });
}

function carryOut(store: VaultStore, request: Request): unknown {
    switch (request.method) {
        case "keep":
            return store.keep(...request.parameters);
        case "read":
            return store.read(...request.parameters);
        case "list":
            return store.list(...request.parameters);
        case "purge":
            return store.purge(...request.parameters);
        case "close":
            return store.close();
    }
}

if (parentPort) serve(parentPort, workerData.folder);
