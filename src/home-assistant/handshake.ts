/** Opens a socket to Home Assistant's WebSocket API and proves that it may. */
import { type RawData, WebSocket } from "ws";
import { HomeAssistantError } from "./error";
import { readServerMessage } from "./messages";

/** Twenty thousand states with their attributes fit; nothing longer is read. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

export interface Access {
    /** As `webSocketAddress` returns it. */
    readonly address: string;
    /** A long-lived access token of Home Assistant. */
    readonly token: string;
}

export interface OpenSocket {
    readonly socket: WebSocket;
    /** Of Home Assistant, such as "2026.9.1"; empty when it didn't say. */
    readonly version: string;
}

/**
 * @returns a socket that Home Assistant has accepted the token on; whoever gets it owns it
 * @throws HomeAssistantError
 */
export async function openSocket(
    { address, token }: Access,
    withinMs: number,
    signal?: AbortSignal,
): Promise<OpenSocket> {
    if (token === "") {
        const message =
            "There is no access token for Home Assistant. Make one there: your profile, Security, Long-lived access tokens.";
        throw new HomeAssistantError("no-token", message);
    }
    const { promise, resolve, reject } = Promise.withResolvers<OpenSocket>();
    const socket = new WebSocket(address, {
        maxPayload: MAX_MESSAGE_BYTES,
        perMessageDeflate: false,
        followRedirects: false,
    });
    const { host } = new URL(address);
    const late = () =>
        reject(
            new HomeAssistantError("timeout", `Home Assistant at ${host} did not answer within ${withinMs / 1_000} s.`),
        );
    const timer = setTimeout(late, withinMs);
    const onAbort = () =>
        reject(new HomeAssistantError("disconnected", "The connection to Home Assistant was given up."));
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();
    let isAsked = false;
    const onMessage = (data: RawData) => {
        const message = readServerMessage(parsed(data));
        if (message?.type === "auth_required" && !isAsked) {
            isAsked = true;
            socket.send(JSON.stringify({ type: "auth", access_token: token }));
        } else if (message?.type === "auth_ok") resolve({ socket, version: message.version });
        else reject(message?.type === "auth_invalid" ? invalid(host) : stranger(host));
    };
    socket.on("message", onMessage);
    socket.on("error", (error) => reject(unreachable(host, error)));
    socket.on("close", () =>
        reject(new HomeAssistantError("disconnected", `${host} ended the connection before it began.`)),
    );
    try {
        return await promise;
    } catch (error) {
        socket.terminate();
        throw error;
    } finally {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        socket.off("message", onMessage);
    }
}

/** Undefined for what is no JSON. */
export function parsed(data: RawData): unknown {
    try {
        return JSON.parse(data.toString());
    } catch {
        return undefined;
    }
}

function invalid(host: string): HomeAssistantError {
    const message =
        `Home Assistant at ${host} does not accept the access token. Make a new one there (your profile, Security, ` +
        "Long-lived access tokens) and enter it in the home's dialog. It is not tried again, as Home Assistant may ban who does.";
    return new HomeAssistantError("auth-invalid", message);
}

function stranger(host: string): HomeAssistantError {
    return new HomeAssistantError(
        "not-home-assistant",
        `What answers at ${host} does not speak as Home Assistant does.`,
    );
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ISSUER/;

/** Reasons by the system's codes (errno(3), getaddrinfo(3)). */
const REASONS: Readonly<Record<string, string>> = {
    ECONNREFUSED: "nothing listens there. Is Home Assistant running, and is the port right?",
    ECONNRESET: "the connection was cut.",
    EHOSTUNREACH: "there is no way to it in the network.",
    ENETUNREACH: "there is no way to it in the network.",
    ENOTFOUND: "the name is not known in the network.",
    EAI_AGAIN: "the name could not be looked up.",
    EPROTO: "it does not speak TLS there. Try http:// in the address.",
    ETIMEDOUT: "it does not answer.",
};

function unreachable(host: string, cause: Error): HomeAssistantError {
    const code = "code" in cause ? String(cause.code) : "";
    if (CERTIFICATE.test(code)) {
        const advice =
            "Give Node-RED the certificate's authority in NODE_EXTRA_CA_CERTS, or use the name that it was made for.";
        return new HomeAssistantError("certificate", `The certificate of ${host} is not trusted (${code}). ${advice}`, {
            cause,
        });
    }
    if (/^Unexpected server response|^Invalid/.test(cause.message)) {
        const advice = "Is the address that of Home Assistant itself?";
        return new HomeAssistantError("not-home-assistant", `${host} offers no WebSocket at that address. ${advice}`, {
            cause,
        });
    }
    const reason = REASONS[code] ?? `the connection failed${code && ` (${code})`}.`;
    return new HomeAssistantError("unreachable", `Home Assistant at ${host} can't be reached: ${reason}`, { cause });
}
