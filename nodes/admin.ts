/**
 * What the dialogs of the editor ask the running flow, and how they are answered: what is no success carries
 * `{ code, message }`.
 */
import type { Request, Response } from "express";
import type { NodeAPI } from "node-red";
import { BridgeError } from "../src/bridge";
import { HapError } from "../src/hap";
import { DeviceError } from "../src/home";
import { HomeAssistantError } from "../src/home-assistant";
import { HubError, homeNodeOf, hubOfHome, runningHub } from "./hub-node";

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

/** The body of a request, if it is JSON: forms on other people's pages cannot send that. */
export function jsonBody(request: Request): Readonly<Record<string, unknown>> {
    return request.is("application/json") ? { ...request.body } : {};
}

/** Longer than any id, PIN or token. */
const MAX_WORD = 500;

export function word(value: unknown): string {
    return text(value, MAX_WORD);
}

/** What is longer is cut off. */
export function text(value: unknown, maxLength: number): string {
    return typeof value === "string" ? value.slice(0, maxLength) : "";
}

export function answer(response: Response, work: () => Promise<unknown>): void {
    work().then(
        (result) => response.json(result),
        (error: unknown) => {
            const isOfDevices =
                error instanceof HapError || error instanceof DeviceError || error instanceof HomeAssistantError;
            const isKnown = isOfDevices || error instanceof BridgeError || error instanceof HubError;
            const code = isKnown ? error.code : "failed";
            const status = code === "no-hub" ? 404 : 409;
            response.status(status).json({ code, message: error instanceof Error ? error.message : String(error) });
        },
    );
}
