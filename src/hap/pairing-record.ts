/** A pairing as it stands in the file of pairings: keys in hexadecimal. */
import type { Endpoint } from "./connection";
import { KEY_BYTES } from "./crypto";
import type { Pairing } from "./pair-setup";

export interface StoredPairing extends Pairing {
    /** As it was announced when it was paired. */
    readonly name: string;
    /** Where it was reached last. */
    readonly lastEndpoint?: Endpoint;
    /** Where its owner says it is: for networks over which announcements don't come. */
    readonly fixedEndpoint?: Endpoint;
}

export interface PairingRecord {
    readonly accessoryId: string;
    readonly name: string;
    readonly accessoryLtpk: string;
    readonly controllerId: string;
    readonly controllerLtsk: string;
    readonly controllerLtpk: string;
    readonly lastEndpoint?: Endpoint;
    readonly fixedEndpoint?: Endpoint;
}

export function toRecord(pairing: StoredPairing): PairingRecord {
    const { accessoryId, name, accessoryLtpk, controllerId, controllerLtsk, controllerLtpk } = pairing;
    const { lastEndpoint, fixedEndpoint } = pairing;
    return {
        accessoryId,
        name,
        accessoryLtpk: accessoryLtpk.toString("hex"),
        controllerId,
        controllerLtsk: controllerLtsk.toString("hex"),
        controllerLtpk: controllerLtpk.toString("hex"),
        ...(lastEndpoint ? { lastEndpoint } : {}),
        ...(fixedEndpoint ? { fixedEndpoint } : {}),
    };
}

/** @param where which record it is, for the message. @throws Error that names what is missing */
export function fromRecord(record: Partial<PairingRecord>, where: string): StoredPairing {
    const text = (name: "accessoryId" | "name" | "controllerId") => {
        const value = record[name];
        if (typeof value !== "string" || value === "") throw new Error(`${where} has no ${name}`);
        return value;
    };
    const key = (name: "accessoryLtpk" | "controllerLtsk" | "controllerLtpk") => {
        const value = record[name];
        const isKey = typeof value === "string" && value.length === KEY_BYTES * 2 && /^[0-9a-f]+$/i.test(value);
        if (!isKey) throw new Error(`${where} has no ${name} of ${KEY_BYTES} bytes`);
        return Buffer.from(value, "hex");
    };
    const lastEndpoint = endpoint(record.lastEndpoint);
    const fixedEndpoint = endpoint(record.fixedEndpoint);
    return {
        accessoryId: text("accessoryId"),
        name: text("name"),
        accessoryLtpk: key("accessoryLtpk"),
        controllerId: text("controllerId"),
        controllerLtsk: key("controllerLtsk"),
        controllerLtpk: key("controllerLtpk"),
        ...(lastEndpoint ? { lastEndpoint } : {}),
        ...(fixedEndpoint ? { fixedEndpoint } : {}),
    };
}

function endpoint(value: Partial<Endpoint> | undefined): Endpoint | undefined {
    return isEndpoint(value) ? { host: value.host, port: value.port } : undefined;
}

/** An address or a name of a host, and a port number. */
export function isEndpoint(value: Partial<Endpoint> | undefined): value is Endpoint {
    const { host, port } = value ?? {};
    return (
        typeof host === "string" &&
        /^[0-9a-z._:%-]{1,253}$/i.test(host) &&
        Number.isInteger(port) &&
        Number(port) > 0 &&
        Number(port) < 65_536
    );
}
