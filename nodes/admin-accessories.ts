/**
 * What the dialog of `earshot-discover` asks about HomeKit accessories. Looking needs the permission `earshot.read`;
 * everything that changes something, lets a device blink, or shows a key, `earshot.write`.
 */
import type { NodeAPI } from "node-red";
import type { Endpoint, HomeKitAccessories } from "../src/hap";
import { answer, jsonBody, text, UNCHANGED, word } from "./admin";
import { runningHub } from "./hub-node";

type Words = Readonly<Record<string, unknown>>;

/** Longer than a pairing as text. */
const MAX_PAIRING = 20_000;

export function serveAccessories(RED: NodeAPI): void {
    const mayRead = RED.auth.needsPermission("earshot.read");
    const mayWrite = RED.auth.needsPermission("earshot.write");

    const look = (path: string, see: (accessories: HomeKitAccessories) => unknown) => {
        RED.httpAdmin.get(path, mayRead, (request, response) => {
            answer(response, async () => see((await runningHub(RED, word(request.query.hub))).accessories));
        });
    };
    look("/earshot/accessories", (accessories) => accessories.list());
    look("/earshot/accessories/explain", (accessories) => accessories.explain());

    const act = (action: string, work: (accessories: HomeKitAccessories, words: Words) => Promise<unknown>) => {
        RED.httpAdmin.post(`/earshot/accessories/${action}`, mayWrite, (request, response) => {
            // A pairing is as good as a key: no cache on the way may keep it.
            response.set("Cache-Control", "no-store");
            answer(response, async () => {
                const words = jsonBody(request);
                const { accessories } = await runningHub(RED, word(words.hub));
                return (await work(accessories, words)) ?? {};
            });
        });
    };
    const pinOf = ({ pin, node }: Words) => (pin === UNCHANGED ? storedPin(RED, word(node)) : word(pin));
    act("pair", (accessories, words) => accessories.pair(word(words.accessory), pinOf(words)));
    act("pair-at", (accessories, words) => accessories.pairAt(endpointOf(words), pinOf(words)));
    act("move", (accessories, words) =>
        accessories.moveTo(word(words.accessory), words.host === "" ? undefined : endpointOf(words)),
    );
    act("identify", (accessories, { accessory }) => accessories.identify(word(accessory)));
    act("unpair", (accessories, { accessory, force }) =>
        accessories.unpair(word(accessory), { force: force === true }),
    );
    act("export", async (accessories, { accessory }) => ({ pairing: accessories.exportPairing(word(accessory)) }));
    act("import", (accessories, { pairing }) => accessories.importPairing(text(pairing, MAX_PAIRING)));
}

function storedPin(RED: NodeAPI, node: string): string {
    const credentials: unknown = RED.nodes.getCredentials(node);
    const { pin } = { pin: "", ...(credentials as { pin?: string } | null) };
    return pin;
}

function endpointOf({ host, port }: Words): Endpoint {
    return { host: word(host).trim(), port: Number(port) };
}
