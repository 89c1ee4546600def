/** What Home Assistant and the home's dialog ask of a home: to be looked up, and to be talked to. */
import type { NodeAPI } from "node-red";
import { describeHouse } from "../src/home/drivers/home-assistant";
import { findHomeAssistants, HomeAssistantError, lookAt } from "../src/home-assistant";
import { answer, jsonBody, UNCHANGED, word } from "./admin";
import { type HomeNode, homeNodeOf, hubOfHome, runningHub } from "./hub-node";

const CONVERSATION = "/earshot/conversation/";

/** For the dialog. Reading needs the permission `earshot.read`; a look with a token, `earshot.write`. */
export function serveHomeAssistant(RED: NodeAPI): void {
    const mayRead = RED.auth.needsPermission("earshot.read");
    const mayWrite = RED.auth.needsPermission("earshot.write");

    RED.httpAdmin.get("/earshot/home-assistant", mayRead, (request, response) => {
        answer(response, async () => {
            const { homeAssistant } = await runningHub(RED, hubOfHome(RED, word(request.query.home)));
            if (!homeAssistant) return { state: "none" };
            const { status, house } = homeAssistant;
            return {
                state: status.state,
                ...("version" in status && { version: status.version }),
                ...("error" in status && { code: status.error.code, message: status.error.message }),
                devices: house?.entities.length ?? 0,
            };
        });
    });
    RED.httpAdmin.get("/earshot/home-assistant/found", mayRead, (_, response) => {
        answer(response, findAtOnce);
    });
    RED.httpAdmin.get("/earshot/home-assistant/conversation", mayRead, (_, response) => {
        const { httpNodeRoot } = RED.settings as { httpNodeRoot?: string | false };
        const root = typeof httpNodeRoot === "string" ? httpNodeRoot.replace(/\/$/, "") : "";
        response.json({ path: root + CONVERSATION });
    });
    RED.httpAdmin.post("/earshot/home-assistant/look", mayWrite, (request, response) => {
        answer(response, async () => {
            const body = jsonBody(request);
            const address = word(body.address);
            const typed = word(body.token);
            const token = typed === UNCHANGED ? storedToken(homeNodeOf(RED, word(body.home)), address) : typed;
            const { house, state } = await lookAt(address, token);
            const { locationName, version } = house.config;
            return { name: locationName, version, home: describeHouse(house, state) };
        });
    });
}

/** One search serves all who ask while it lasts. */
let searching: ReturnType<typeof findHomeAssistants> | undefined;

function findAtOnce(): ReturnType<typeof findHomeAssistants> {
    searching ??= findHomeAssistants().finally(() => {
        searching = undefined;
    });
    return searching;
}

/** Where a home hears what it is told from outside; every home decides for itself who may. */
export function serveConversation(RED: NodeAPI): void {
    RED.httpNode.all(`${CONVERSATION}:home`, (request, response) => {
        const { conversation } = homeNodeOf(RED, word(request.params.home)) ?? {};
        if (conversation) void conversation.answer(request, response);
        else response.status(404).json({ code: "no-home", message: "There is no such home, or it is not deployed." });
    });
}

/** The token goes only where it went before: who types another address has to know the token for it. */
function storedToken(node: HomeNode | undefined, address: string): string {
    const known = node?.home?.homeAssistant;
    if (known?.address === address) return known.token;
    const message = "The access token was entered for another address. Enter it again for this one.";
    throw new HomeAssistantError("no-token", message);
}
