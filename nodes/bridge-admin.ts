/**
 * What the dialog of a bridge asks. How it stands may be read with `earshot.read`; the code that pairs is given out, once
 * a person has opened the bridge, to who has `earshot.write` only.
 */
import type { NodeAPI } from "node-red";
import { type HomeKitBridge, qrCode } from "../src/bridge";
import { answer, jsonBody, word } from "./admin";
import { bridgeOf } from "./bridge-node";

const ACTIONS: Readonly<Record<string, (bridge: HomeKitBridge) => Promise<object>>> = {
    async open(bridge) {
        const { setupCode, setupUri, closesAt } = await bridge.openPairing();
        return { setupCode, closesAt, qr: qrCode(setupUri).map((row) => row.map(Number).join("")) };
    },
    async close(bridge) {
        await bridge.closePairing();
        return {};
    },
    async forget(bridge) {
        await bridge.forgetPairings();
        return {};
    },
};

export function serveBridges(RED: NodeAPI): void {
    RED.httpAdmin.get("/earshot/bridges", RED.auth.needsPermission("earshot.read"), (request, response) => {
        answer(response, async () => {
            const { state, port, closesAt, problem } = (await bridgeOf(RED, word(request.query.bridge))).status;
            return { state, port, closesAt, ...(problem && { problem: problem.code }) };
        });
    });
    for (const [action, run] of Object.entries(ACTIONS)) {
        const path = `/earshot/bridges/${action}`;
        RED.httpAdmin.post(path, RED.auth.needsPermission("earshot.write"), (request, response) => {
            response.setHeader("Cache-Control", "no-store");
            answer(response, async () => await run(await bridgeOf(RED, word(jsonBody(request).bridge))));
        });
    }
}
