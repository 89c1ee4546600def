/** What the dialogs ask about the devices of the running home: which there are, what they are doing, and a test of one. */
import type { NodeAPI } from "node-red";
import { testDevice } from "../src/hub";
import { answer, jsonBody, word } from "./admin";
import { runningHub } from "./hub-node";

/** Every device of the home of a hub, with its state, how old that is, and whether it can be reached. */
export function serveStates(RED: NodeAPI): void {
    RED.httpAdmin.get("/earshot/states", RED.auth.needsPermission("earshot.read"), (request, response) => {
        answer(response, async () => {
            const { home } = await runningHub(RED, word(request.query.hub));
            const { areas, devices } = home.description();
            return { areas, devices: devices.flatMap(({ id }) => home.status(id) ?? []) };
        });
    });
}

/** Tries out one device; as this may switch it, it needs the permission to write. */
export function serveDeviceTest(RED: NodeAPI): void {
    RED.httpAdmin.post("/earshot/devices/test", RED.auth.needsPermission("earshot.write"), (request, response) => {
        answer(response, async () => {
            const { hub, device } = jsonBody(request);
            return await testDevice(await runningHub(RED, word(hub)), word(device));
        });
    });
}
