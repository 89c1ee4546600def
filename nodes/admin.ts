/**
 * What the dialogs of the editor ask the running flow. Reading needs the permission `earshot.read`, pairing `earshot.write`;
 * answers that are no success carry `{ code, message }`.
 */
import type { Request, Response } from "express";
import type { NodeAPI } from "node-red";
import { HapError } from "../src/hap";
import { HomeAssistantError } from "../src/home-assistant";
import { HubError, homeNodeOf, hubOfHome, runningHub } from "./hub-node";

/** The accessories a hub sees, and pairing them. */
export function serveAccessories(RED: NodeAPI): void {
    const mayRead = RED.auth.needsPermission("earshot.read");
    const mayWrite = RED.auth.needsPermission("earshot.write");

    RED.httpAdmin.get("/earshot/accessories", mayRead, (request, response) => {
        answer(response, async () => (await runningHub(RED, word(request.query.hub))).accessories.list());
    });
    RED.httpAdmin.post("/earshot/accessories/pair", mayWrite, (request, response) => {
        answer(response, async () => {
            const { hub, accessory, pin, node } = wordsOf(request);
            const { accessories } = await runningHub(RED, hub);
            return await accessories.pair(accessory, pin === UNCHANGED ? storedPin(RED, node) : pin);
        });
    });
    RED.httpAdmin.post("/earshot/accessories/unpair", mayWrite, (request, response) => {
        answer(response, async () => {
            const { hub, accessory } = wordsOf(request);
            await (await runningHub(RED, hub)).accessories.unpair(accessory);
            return {};
        });
    });
}

/** The devices that were found by the hub whose home this is, and that have no entry in it yet. */
export function serveDevices(RED: NodeAPI): void {
    RED.httpAdmin.get("/earshot/devices", RED.auth.needsPermission("earshot.read"), (request, response) => {
        answer(response, async () => {
            const id = word(request.query.home);
            const { home } = await runningHub(RED, hubOfHome(RED, id));
            const entries = new Set(homeNodeOf(RED, id)?.home?.devices.map((device) => device.id));
            return home.description().devices.filter((device) => !entries.has(device.id));
        });
    });
}

/** What a password field of the editor holds as long as nobody typed another one. */
export const UNCHANGED = "__PWRD__";

function storedPin(RED: NodeAPI, node: string): string {
    const credentials: unknown = RED.nodes.getCredentials(node);
    const { pin } = { pin: "", ...(credentials as { pin?: string } | null) };
    return pin;
}

function wordsOf(request: Request): { hub: string; accessory: string; pin: string; node: string } {
    const body = jsonBody(request);
    return { hub: word(body.hub), accessory: word(body.accessory), pin: word(body.pin), node: word(body.node) };
}

/** The body of a request, if it is JSON: forms on other people's pages cannot send that. */
export function jsonBody(request: Request): Readonly<Record<string, unknown>> {
    return request.is("application/json") ? { ...request.body } : {};
}

/** Longer than any id, PIN or token. */
const MAX_WORD = 500;

export function word(value: unknown): string {
    return typeof value === "string" ? value.slice(0, MAX_WORD) : "";
}

export function answer(response: Response, work: () => Promise<unknown>): void {
    work().then(
        (result) => response.json(result),
        (error: unknown) => {
            const isKnown =
                error instanceof HapError || error instanceof HubError || error instanceof HomeAssistantError;
            const code = isKnown ? error.code : "failed";
            const status = code === "no-hub" ? 404 : 409;
            response.status(status).json({ code, message: error instanceof Error ? error.message : String(error) });
        },
    );
}
