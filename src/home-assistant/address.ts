/** Where Home Assistant's WebSocket API is, from what people type. */
import { HomeAssistantError } from "./error";

const PATH = "/api/websocket";
/** Home Assistant's own port, for addresses that name neither a port nor how to get there. */
const USUAL_PORT = "8123";

/**
 * "homeassistant.local", "http://192.168.1.5:8123", "https://ha.example.org/", "wss://…/api/websocket".
 * @returns a `ws:` or `wss:` URL
 * @throws {HomeAssistantError} `bad-address`
 */
export function webSocketAddress(typed: string): string {
    const text = typed.trim();
    const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
    const url = URL.parse(hasScheme ? text : `http://${text}`);
    if (text === "" || !url || url.hostname === "") throw bad("is no address, such as http://homeassistant.local:8123");
    const secure = url.protocol === "https:" || url.protocol === "wss:";
    if (!secure && url.protocol !== "http:" && url.protocol !== "ws:") {
        throw bad("has to start with http://, https://, ws:// or wss://");
    }
    if (url.username !== "" || url.password !== "")
        throw bad("must not hold a name or password; there is a field for the token");
    if (url.search !== "" || url.hash !== "") throw bad("must not have anything after ? or #");
    const port = !hasScheme && url.port === "" ? USUAL_PORT : url.port;
    const path = url.pathname.replace(/\/+$/, "");
    return `${secure ? "wss" : "ws"}://${url.hostname}${port && `:${port}`}${path.endsWith(PATH) ? path : path + PATH}`;
}

function bad(what: string): HomeAssistantError {
    return new HomeAssistantError("bad-address", `The address of Home Assistant ${what}.`);
}
