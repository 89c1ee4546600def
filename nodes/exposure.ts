/** Whether people can look at recordings who never logged in: a thing to be warned of. */
import type { NodeAPI } from "node-red";

/**
 * - `everyone`: there is no login, and Node-RED listens beyond this machine
 * - `readers`: who doesn't log in may look at everything
 */
export type Exposure = "everyone" | "readers";

/** As in Node-RED's settings file; `default` is what somebody who didn't log in may do, or a function that tells. */
interface Login {
    readonly default?: Anonymous | (() => Promise<Anonymous | null | undefined>);
}

interface Anonymous {
    readonly permissions?: string | readonly string[];
}

interface Settings {
    readonly adminAuth?: Login;
    readonly uiHost?: string;
    readonly httpAdminRoot?: string | false;
}

const READING = ["*", "read", "*.read", "earshot.read"];

export async function exposureOf(RED: NodeAPI): Promise<Exposure | undefined> {
    const { adminAuth, uiHost, httpAdminRoot } = RED.settings as Settings;
    if (httpAdminRoot === false || isOfThisMachine(listeningAt(RED) ?? uiHost)) return undefined;
    if (!adminAuth) return "everyone";
    const anonymous = typeof adminAuth.default === "function" ? await adminAuth.default() : adminAuth.default;
    const permissions = [anonymous?.permissions ?? []].flat();
    return permissions.some((permission) => READING.includes(permission)) ? "readers" : undefined;
}

/** Says so in Node-RED's log, once, as soon as Node-RED listens. */
export function warnIfExposed(RED: NodeAPI): void {
    const warn = () => {
        exposureOf(RED).then(
            (exposure) => exposure && RED.log.warn(RED._(`exposed.${exposure}`)),
            (error: unknown) => RED.log.warn(String(error)),
        );
    };
    if (listeningAt(RED) === undefined) RED.server.once("listening", warn);
    else warn();
}

/** A path where it listens on a socket of the file system; undefined when it doesn't listen yet. */
function listeningAt(RED: NodeAPI): string | undefined {
    const address = RED.server.address();
    return typeof address === "string" ? address : address?.address;
}

function isOfThisMachine(host: string | undefined): boolean {
    return host !== undefined && /^(127\.|::1$|::ffff:127\.|localhost$|\/)/.test(host);
}
