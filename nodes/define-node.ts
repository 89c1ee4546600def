/**
 * The rules of Node-RED, in one place, so that a node's own file tells its job and nothing else:
 * - Node-RED reads how many parameters a handler declares; `input` has exactly three, `close` exactly two.
 * - A rejected promise in a handler ends the Node-RED process: every one ends in `done` here.
 * - A node can be closed before it has come up, and messages come before the hub has.
 */
import type { Node, NodeAPI, NodeDef, NodeMessage, NodeMessageInFlow } from "node-red";
import type { Hub } from "../src/hub";
import { HubError, runningHub } from "./hub-node";
import { currentVersion, type Migration, migrate } from "./migrations";
import { type Config, readSettings, type Settings, text } from "./settings";
import { Status } from "./status";

export type Message = NodeMessageInFlow;
export type Send = (message: NodeMessage | (NodeMessage | NodeMessage[] | null)[]) => void;
export type Credentials = Readonly<Record<string, string | undefined>>;

/** What a node's work gets to work with. */
export interface Desk<S extends Settings> {
    readonly id: string;
    readonly config: Config<S>;
    /** Only what was typed in: a credential nobody entered is absent. */
    readonly credentials: Credentials;
    /** Up and running. */
    readonly hub: Hub;
    readonly status: Status;
    /** Aborted when the node closes; work that is cut short by it may reject, nobody will be told. */
    readonly closing: AbortSignal;
    /** For messages that answer none. */
    readonly send: Send;
    /** For what goes wrong outside of a message's handling. */
    report(error: unknown): void;
    /** The callback, safe to hand to others: what it throws is reported. */
    safely<Args extends unknown[]>(callback: (...args: Args) => void): (...args: Args) => void;
}

export interface Work {
    start?(): Promise<void> | void;
    stop?(): Promise<void> | void;
    /** The message is done when this returns or settles; what it throws is the message's error. */
    input?(msg: Message, send: Send): Promise<void> | void;
}

export interface Extras {
    readonly migrations?: readonly Migration[];
    readonly credentials?: Readonly<Record<string, { type: "text" | "password" }>>;
    /** What the editor reads as `RED.settings.<name>`; Node-RED wants names that start with the type's, in camel case. */
    readonly shown?: Readonly<Record<string, { readonly value: unknown; readonly exportable: true }>>;
}

/** What a node's file defined: Node-RED ignores it, tests compare it with the editor's side. */
export interface Definition {
    readonly type: string;
    readonly settings: Settings;
    readonly version: number;
}

/** Defines a node that does its work in a hub. */
export function defineNode<S extends Settings>(
    RED: NodeAPI,
    type: string,
    settings: S,
    work: (desk: Desk<S>) => Work,
    extras: Extras = {},
): Definition {
    const ofEvery = { hub: text() };
    return define(RED, type, { ...ofEvery, ...settings }, extras, (node, def) => {
        const status = new Status(node);
        const closing = new AbortController();
        const closed = new Promise<undefined>((resolve) => {
            closing.signal.addEventListener("abort", () => resolve(undefined));
        });
        const report = (error: unknown) => {
            status.failed(statusWord(error));
            // The hub tells its own trouble once; nine nodes need not repeat it.
            if (!(error instanceof HubError && error.code === "hub-down")) node.error(asError(error));
        };
        const safely =
            <Args extends unknown[]>(callback: (...args: Args) => void) =>
            (...args: Args) => {
                try {
                    callback(...args);
                } catch (error) {
                    report(error);
                }
            };
        const working = (async () => {
            const saved = migrate(def, extras.migrations ?? []);
            const config = readSettings(settings, saved);
            status.waiting("starting");
            const hub = await Promise.race([runningHub(RED, readSettings(ofEvery, saved).hub), closed]);
            if (!hub) return {};
            status.clear();
            const credentials = node.credentials ?? {};
            const send: Send = (message) => node.send(message);
            const desk = {
                id: node.id,
                config,
                credentials,
                hub,
                status,
                closing: closing.signal,
                send,
                report,
                safely,
            };
            const begun = work(desk);
            await Promise.race([begun.start?.(), closed]);
            return begun;
        })();
        working.catch((error: unknown) => {
            if (!closing.signal.aborted) report(error);
        });

        node.on("input", (msg, send, done) => {
            working
                .then((begun) => begun.input?.(msg, send as Send))
                .then(
                    () => done(),
                    (error: unknown) => {
                        if (closing.signal.aborted) return done();
                        status.failed(statusWord(error));
                        done(asError(error));
                    },
                );
        });
        node.on("close", (_removed: boolean, done: () => void) => {
            closing.abort();
            working
                .then(
                    (begun) => begun.stop?.(),
                    () => undefined,
                )
                .catch((error: unknown) => node.error(asError(error)))
                .finally(done);
        });
    });
}

/** Defines a node that others refer to: it has no wires, and `open` puts on it what the others use and returns how to close it. */
export function defineConfigNode<S extends Settings, N extends Node>(
    RED: NodeAPI,
    type: string,
    settings: S,
    open: (node: N, config: Config<S>) => (() => Promise<void>) | undefined,
    extras: Extras = {},
): Definition {
    return define(RED, type, settings, extras, (node, def) => {
        let close: (() => Promise<void>) | undefined;
        try {
            close = open(node as N, readSettings(settings, migrate(def, extras.migrations ?? [])));
        } catch (error) {
            node.error(asError(error));
        }
        node.on("close", (_removed: boolean, done: () => void) => {
            Promise.resolve(close?.())
                .catch((error: unknown) => node.error(asError(error)))
                .finally(done);
        });
    });
}

function define(
    RED: NodeAPI,
    type: string,
    settings: Settings,
    extras: Extras,
    construct: (node: Node<Credentials>, def: Record<string, unknown>) => void,
): Definition {
    RED.nodes.registerType(
        type,
        function (this: Node<Credentials>, def: NodeDef) {
            RED.nodes.createNode(this, def);
            construct(this, { ...def });
        },
        {
            ...(extras.credentials && { credentials: extras.credentials }),
            ...(extras.shown && { settings: extras.shown }),
        },
    );
    return { type, settings, version: currentVersion(extras.migrations ?? []) };
}

function statusWord(error: unknown): string {
    if (!(error instanceof HubError)) return "failed";
    return error.code === "no-hub" ? "noHub" : "hubDown";
}

function asError(thrown: unknown): Error {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
}
