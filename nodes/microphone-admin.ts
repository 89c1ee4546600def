/** What the dialog of a microphone asks: which there are, and how loud it is at the one that is being edited. */
import type { NodeAPI } from "node-red";
import { listMicrophones } from "../src/audio/capture";
import { answer, word } from "./admin";

/** By the id of their node, how to ask running microphones for their peak since the last question, 0 to 1. */
export type Levels = ReadonlyMap<string, () => number>;

export function serveMicrophones(RED: NodeAPI, levels: Levels): void {
    const mayRead = RED.auth.needsPermission("earshot.read");
    RED.httpAdmin.get("/earshot/microphones", mayRead, (_request, response) => {
        answer(response, async () => ({ devices: await listMicrophones() }));
    });
    RED.httpAdmin.get("/earshot/microphones/level", mayRead, (request, response) => {
        answer(response, async () => ({ peak: levels.get(word(request.query.node))?.() ?? null }));
    });
}
