/** A real Node-RED as a child process, spoken to through its own admin API as the editor does. */
import { fork } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { FlowNode } from "./flow";
import { OwnedProcess } from "./owned-process";
import { freePort, isFree } from "./port";
import type { NodeRedReport, StageReport } from "./reports";
import { StartError, within } from "./waiting";

const DEFAULT_PORT = 1880;
const LISTENING_MS = 30_000;
const FLOWS_MS = 15_000;
const REQUEST_MS = 10_000;

const ROOT = resolve(__dirname, "../../..");
const PACKAGE = "@earshot/node-red-earshot";

export interface NodeRedOptions {
    readonly userDir: string;
    /** Where file names in flows begin. */
    readonly soundFolder: string;
    /** That port or none; undefined: 1880, or a free one. */
    readonly port: number | undefined;
    readonly onStage: (report: StageReport) => void;
    /** A node, or Node-RED itself, has logged an error. */
    readonly onError: (from: string, message: string) => void;
    /** Takes over each process that is started, to end it when all is over. */
    readonly onProcess: (process: OwnedProcess) => void;
    readonly signal: AbortSignal;
}

/** An accessory in the answer of Earshot's admin API. */
export interface SeenAccessory {
    readonly id: string;
    readonly name: string;
    readonly paired: boolean;
    readonly pairedWithUs: boolean;
    readonly reachable: boolean;
}

export class NodeRed {
    readonly process: OwnedProcess;
    readonly #signal: AbortSignal;
    readonly #listening = Promise.withResolvers<number>();
    #flowsStarted = Promise.withResolvers<void>();
    #port = 0;

    /** @throws StartError when it doesn't come up, or the port that was asked for is taken */
    static async start(options: NodeRedOptions): Promise<NodeRed> {
        install(options.userDir);
        const { port = DEFAULT_PORT, signal } = options;
        if (await isFree(port)) {
            const nodeRed = new NodeRed(options, port);
            try {
                return await nodeRed.#ready();
            } catch (error) {
                // Somebody else may have taken the port since it was looked at.
                if (signal.aborted || !nodeRed.process.isGone || (await isFree(port))) throw error;
            }
        }
        if (options.port !== undefined) {
            throw new StartError(`Port ${port}, which PORT asks for, is taken by another program.`);
        }
        return await new NodeRed(options, await freePort()).#ready();
    }

    private constructor({ userDir, soundFolder, onStage, onError, onProcess, signal }: NodeRedOptions, port: number) {
        this.#signal = signal;
        const args = [
            "--userDir",
            userDir,
            "--settings",
            join(__dirname, "..", "node-red-settings.js"),
            "--port",
            `${port}`,
        ];
        const child = fork(nodeRedProgram(), [...args, "--define", `fileWorkingDirectory=${soundFolder}`], {
            stdio: ["ignore", "pipe", "pipe", "ipc"],
            env: withoutNodeRedSettings(process.env),
            execArgv: [],
        });
        this.process = new OwnedProcess("Node-RED", child);
        onProcess(this.process);
        child.on("message", (report: NodeRedReport) => {
            if (report.stage === "listening") this.#listening.resolve(report.port);
            else if (report.stage === "flows-started") this.#flowsStarted.resolve();
            else if (report.stage === "error" && this.#port !== 0) onError(report.from, report.message);
            else if (report.stage === "error") this.process.note(report.message);
            else onStage(report);
        });
    }

    /** Where its editor is. */
    get url(): string {
        return `http://127.0.0.1:${this.#port}/`;
    }

    /** Replaces all flows, and resolves once they run. Nodes may bring `credentials`; those of others stay. @throws StartError */
    async deploy(flows: readonly FlowNode[]): Promise<void> {
        this.#flowsStarted = Promise.withResolvers();
        await this.#request("flows", { flows });
        await this.#wait(FLOWS_MS, this.#flowsStarted.promise, "Node-RED did not start the flow");
    }

    /** @throws StartError */
    async flows(): Promise<readonly FlowNode[]> {
        const { flows } = (await this.#request("flows")) as { readonly flows: readonly FlowNode[] };
        return flows;
    }

    /** Presses the button of an inject node. @throws StartError */
    async inject(id: string): Promise<void> {
        await this.#request(`inject/${encodeURIComponent(id)}`, {});
    }

    /** The HomeKit accessories that a hub sees. @throws StartError */
    async accessories(hub: string): Promise<readonly SeenAccessory[]> {
        return (await this.#request(`earshot/accessories?hub=${encodeURIComponent(hub)}`)) as readonly SeenAccessory[];
    }

    /** Names of the devices that a home has found, beside those with an entry of their own. @throws StartError */
    async foundDevices(home: string): Promise<readonly string[]> {
        const devices = await this.#request(`earshot/devices?home=${encodeURIComponent(home)}`);
        return (devices as readonly { readonly name: string }[]).map(({ name }) => name);
    }

    async #ready(): Promise<this> {
        this.#port = await this.#wait(LISTENING_MS, this.#listening.promise, "Node-RED did not start");
        await this.#wait(FLOWS_MS, this.#flowsStarted.promise, "Node-RED did not load its flows");
        return this;
    }

    #wait<T>(limitMs: number, work: Promise<T>, otherwise: string): Promise<T> {
        return within(
            limitMs,
            this.process.whileAlive(work),
            `${otherwise} within ${limitMs / 1000} seconds.`,
            this.#signal,
        );
    }

    /** POST with a body, else GET; resolves with the answer's JSON, if it has any. */
    async #request(path: string, body?: object): Promise<unknown> {
        const [route] = path.split("?");
        const answer = await fetch(`${this.url}${path}`, {
            headers: { "Node-RED-API-Version": "v2", "Content-Type": "application/json" },
            signal: AbortSignal.any([AbortSignal.timeout(REQUEST_MS), this.#signal]),
            ...(body && { method: "POST", body: JSON.stringify(body) }),
        }).catch((error: unknown) => {
            this.#signal.throwIfAborted();
            throw new StartError(`Node-RED did not answer at /${route}: ${reason(error)}.`);
        });
        const text = await answer.text();
        if (!answer.ok) throw new StartError(`Node-RED refused /${route}: ${answer.status} ${text.slice(0, 500)}`);
        return answer.headers.get("Content-Type")?.includes("json") ? JSON.parse(text) : undefined;
    }
}

/** Puts this package where Node-RED looks for nodes, as a link. */
function install(userDir: string): void {
    const link = join(userDir, "node_modules", PACKAGE);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(ROOT, link, "junction");
}

function nodeRedProgram(): string {
    return join(dirname(require.resolve("node-red/package.json")), "red.js");
}

/** Those would override what this start relies on, such as a mode in which no flow runs. */
function withoutNodeRedSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("NODE_RED_")));
}

function reason(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
