/** A real Node-RED in this process, with the built package in its userDir, on a free port of 127.0.0.1. */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import express from "express";
import RED from "node-red";

export const PACKAGE = "@earshot/node-red-earshot";
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface FlowNode {
    readonly id: string;
    readonly type: string;
    readonly [property: string]: unknown;
}

export interface NodeSet {
    readonly id: string;
    readonly types: readonly string[];
    readonly enabled: boolean;
    readonly loaded?: boolean;
    readonly err?: string;
}

export interface RunningNodeRed {
    readonly url: string;
    readonly userDir: string;
    /** Warnings and errors that nodes or the runtime have logged, newest last. */
    readonly complaints: readonly string[];
    get(path: string, headers?: Record<string, string>): Promise<Response>;
    /** Replaces all flows and resolves once they have started. `headers` are for a Node-RED with a login. */
    deploy(
        flow: readonly FlowNode[],
        credentials?: Record<string, object>,
        headers?: Record<string, string>,
    ): Promise<void>;
    /** Presses the button of an inject node. */
    inject(id: string): Promise<void>;
    /** The next message that reaches a node. */
    messageAt(id: string): Promise<Record<string, unknown>>;
    stop(): Promise<void>;
}

interface Received {
    readonly msg: Record<string, unknown>;
    readonly destination: { readonly id: string };
}

export async function startNodeRed(settings: object = {}): Promise<RunningNodeRed> {
    const userDir = mkdtempSync(join(tmpdir(), "earshot-runtime-"));
    const installed = join(userDir, "node_modules", PACKAGE);
    mkdirSync(dirname(installed), { recursive: true });
    symlinkSync(ROOT, installed, "dir");

    const complaints: string[] = [];
    const app = express();
    const server = createServer(app);
    RED.init(server, {
        userDir,
        flowFile: "flows.json",
        httpAdminRoot: "/",
        httpNodeRoot: "/http",
        credentialSecret: false,
        functionGlobalContext: {},
        telemetry: { enabled: false },
        // No dialog of ours has a code editor; Node-RED's own takes a third of the time in which the page loads.
        editorTheme: { tours: false, palette: { catalogues: [] }, codeEditor: { lib: "ace" } },
        logging: {
            memory: { level: "warn", handler: () => (entry: { msg: unknown }) => complaints.push(String(entry.msg)) },
        },
        ...settings,
    } as unknown as Parameters<typeof RED.init>[1]);
    app.use("/http", RED.httpNode);
    app.use("/", RED.httpAdmin);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    // The first start of (no) flows comes after that of the runtime, and is no answer to a deploy.
    const startedEmpty = once(RED.events, "flows:started", { signal: AbortSignal.timeout(15_000) });
    await RED.start();
    await startedEmpty;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    return {
        url,
        userDir,
        complaints,
        get: (path, headers = {}) => fetch(`${url}/${path}`, { headers }),
        async deploy(flow, credentials = {}, headers = {}) {
            const started = once(RED.events, "flows:started", { signal: AbortSignal.timeout(15_000) });
            const flows = flow.map((node) => ({
                ...node,
                ...(credentials[node.id] && { credentials: credentials[node.id] }),
            }));
            const answer = await fetch(`${url}/flows`, {
                method: "POST",
                headers: { "Content-Type": "application/json", "Node-RED-API-Version": "v2", ...headers },
                body: JSON.stringify({ flows }),
            });
            if (!answer.ok) throw new Error(`Deploy: ${answer.status} ${await answer.text()}`);
            await started;
        },
        async inject(id) {
            const answer = await fetch(`${url}/inject/${id}`, { method: "POST" });
            if (!answer.ok) throw new Error(`Inject: ${answer.status}`);
        },
        messageAt: (id) =>
            new Promise((resolve, reject) => {
                const label = `onReceive.test-${id}`;
                const timer = setTimeout(() => {
                    RED.hooks.remove(label);
                    reject(new Error(`No message reached ${id}.`));
                }, 10_000);
                RED.hooks.add(label, ({ msg, destination }: Received) => {
                    if (destination.id !== id) return;
                    clearTimeout(timer);
                    RED.hooks.remove(label);
                    resolve(msg);
                });
            }),
        async stop() {
            await RED.stop();
            server.closeAllConnections();
            server.close();
            await once(server, "close");
            rmSync(userDir, { recursive: true, force: true });
        },
    };
}
