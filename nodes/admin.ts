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
import { PrivacyLogError } from "../src/privacy";
import { VaultError } from "../src/vault";
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

/** A request that asks for something that can't be: `message` says what. */
export class BadRequest extends Error {
    override readonly name = "BadRequest";
    readonly code = "bad-request";
}

export function answer(response: Response, work: () => Promise<unknown>): void {
    work().then(
        (result) => response.json(result),
        (error: unknown) => answerError(response, error),
    );
}

/** Errors whose `code` says what is wrong. */
const KNOWN = [
    BadRequest,
    BridgeError,
    DeviceError,
    HapError,
    HomeAssistantError,
    HubError,
    PrivacyLogError,
    VaultError,
] as const;

const STATUSES: Readonly<Record<string, number>> = { "bad-request": 400, "no-hub": 404, "not-found": 404 };

export function answerError(response: Response, error: unknown): void {
    const known = KNOWN.find((kind) => error instanceof kind) && (error as InstanceType<(typeof KNOWN)[number]>);
    const code = known?.code ?? "failed";
    const message = error instanceof Error ? error.message : String(error);
    response.status(STATUSES[code] ?? 409).json({ code, message });
}
