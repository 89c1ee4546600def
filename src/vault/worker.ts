/** The worker thread of a vault: what blocks (files, encryption, SQLite, the disk's own pace) blocks here. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { vaultError } from "./error";
import { type Answer, type Request, soundIn, type WorkerSettings } from "./protocol";
import { VaultStore } from "./store";

type KeepRequest = Extract<Request, { method: "keep" }>;

/** Recordings that are written together share the waits for the disk; this many at most, and samples. */
const MAX_BATCH = 64;
const MAX_BATCH_SAMPLES = 64 * 16_000 * 10;

async function serve(port: MessagePort, { folder, guard }: WorkerSettings): Promise<void> {
    const send = (answer: Answer) => port.postMessage(answer, "result" in answer ? soundIn([answer.result]) : []);
    let store: VaultStore;
    try {
        store = await VaultStore.open(folder, { guard, onProblem: (problem) => send({ problem }) });
    } catch (error) {
        const { code, message } = vaultError(error, "The vault could not be opened");
        send({ code, message });
        port.close();
        return;
    }
    const waiting: Request[] = [];
    let isWorking = false;

    const answer = async ({ call, method }: Request, work: () => unknown) => {
        try {
            send({ call, result: await work() });
        } catch (error) {
            const { code, message } = vaultError(error, `The vault could not ${method}`);
            send({ call, code, message });
        }
    };
    const workOff = async () => {
        isWorking = true;
        for (let batch = nextBatch(waiting); batch[0]; batch = nextBatch(waiting)) {
            const [first] = batch;
            if (first.method === "keep") {
                const keeps = batch as readonly KeepRequest[];
                const kept = store.keep(
                    keeps.map(({ parameters: [keepsake] }) => keepsake),
                    first.parameters[1],
                );
                await Promise.all(keeps.map((keep, index) => answer(keep, async () => (await kept)[index])));
            } else {
                await answer(first, () => carryOut(store, first));
            }
            if (first.method === "close") port.close();
        }
        isWorking = false;
    };
    port.on("message", (request: Request) => {
        waiting.push(request);
        if (!isWorking) void workOff();
    });
}

/** The next request, and with one to keep something those that follow it directly. */
function nextBatch(waiting: Request[]): readonly Request[] {
    let samples = 0;
    let count = 0;
    for (const request of waiting) {
        if (request.method !== "keep") break;
        samples += request.parameters[0].samples?.length ?? 0;
        if (count > 0 && (count === MAX_BATCH || samples > MAX_BATCH_SAMPLES)) break;
        count++;
    }
    return waiting.splice(0, Math.max(1, count));
}

function carryOut(store: VaultStore, request: Exclude<Request, KeepRequest>): unknown {
    switch (request.method) {
        case "import":
            return store.import(...request.parameters);
        case "read":
            return store.read(...request.parameters);
        case "readSound":
            return store.readSound(...request.parameters);
        case "soundLength":
            return store.soundLength(...request.parameters);
        case "words":
            return store.words(...request.parameters);
        case "list":
            return store.list(...request.parameters);
        case "count":
            return store.count();
        case "status":
            return store.status(...request.parameters);
        case "replace":
            return store.replace(...request.parameters);
        case "attach":
            return store.attach(...request.parameters);
        case "purge":
            return store.purge(...request.parameters);
        case "unforgotten":
            return store.unforgotten();
        case "settle":
            return store.settle();
        case "rotate":
            return store.rotate(...request.parameters);
        case "close":
            return store.close();
    }
}

if (parentPort) void serve(parentPort, workerData as WorkerSettings);
