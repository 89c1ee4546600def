/** An accessory's attribute database: accessories, their services, their characteristics (HAP R2 §2.6, §6.6). */
import { shortType } from "./definitions";
import { HapError } from "./error";
import { isJsonObject, type JsonValue } from "./json";

/** Which characteristic: accessory instance id and instance id, up to 64 bits each. */
export interface CharacteristicId {
    readonly aid: bigint;
    readonly iid: bigint;
}

export type CharacteristicValue = null | boolean | number | bigint | string;

export interface CharacteristicReading extends CharacteristicId {
    readonly value: CharacteristicValue;
}

export interface Characteristic {
    readonly iid: bigint;
    /** Short form, see `CharacteristicType`. */
    readonly type: string;
    /** "pr" paired read, "pw" paired write, "ev" events, "tw" timed write, … */
    readonly perms: readonly string[];
    /** "bool", "uint8", …, "float", "string", "tlv8", "data" */
    readonly format: string;
    readonly value?: CharacteristicValue;
    readonly unit?: string;
    readonly minValue?: number;
    readonly maxValue?: number;
    readonly minStep?: number;
    readonly validValues?: readonly number[];
}

export interface Service {
    readonly iid: bigint;
    /** Short form, see `ServiceType`. */
    readonly type: string;
    readonly isPrimary: boolean;
    readonly isHidden: boolean;
    readonly characteristics: readonly Characteristic[];
}

export interface Accessory {
    readonly aid: bigint;
    readonly services: readonly Service[];
}

export function characteristicKey({ aid, iid }: CharacteristicId): string {
    return `${aid}.${iid}`;
}

/** @throws {HapError} `protocol` when the answer to GET /accessories hasn't the form it must have. */
export function parseDatabase(json: JsonValue): readonly Accessory[] {
    return objects(json, "accessories").map((accessory) => ({
        aid: id(accessory.aid),
        services: objects(accessory, "services").map((service) => ({
            iid: id(service.iid),
            type: typeName(service.type),
            isPrimary: service.primary === true,
            isHidden: service.hidden === true,
            characteristics: objects(service, "characteristics").map(parseCharacteristic),
        })),
    }));
}

/** The entries of an answer or an event. @throws {HapError} `protocol` */
export function parseEntries(
    json: JsonValue,
): readonly (CharacteristicId & { value?: CharacteristicValue; status: number })[] {
    return objects(json, "characteristics").map((entry) => {
        const { value, status } = entry;
        return {
            aid: id(entry.aid),
            iid: id(entry.iid),
            ...(isValue(value) ? { value } : {}),
            status: typeof status === "number" ? status : 0,
        };
    });
}

function parseCharacteristic(json: JsonObject): Characteristic {
    const { value, unit, perms, format } = json;
    const validValues = json["valid-values"];
    return {
        iid: id(json.iid),
        type: typeName(json.type),
        perms: Array.isArray(perms) ? perms.filter((perm) => typeof perm === "string") : [],
        format: typeof format === "string" ? format : "",
        ...(isValue(value) ? { value } : {}),
        ...(typeof unit === "string" ? { unit } : {}),
        ...numberNamed(json, "minValue"),
        ...numberNamed(json, "maxValue"),
        ...numberNamed(json, "minStep"),
        ...(Array.isArray(validValues) ? { validValues: validValues.filter((item) => typeof item === "number") } : {}),
    };
}

type JsonObject = { readonly [key: string]: JsonValue };

function objects(json: JsonValue, name: string): readonly JsonObject[] {
    const list = isJsonObject(json) ? json[name] : undefined;
    if (!Array.isArray(list) || !list.every(isJsonObject)) {
        throw new HapError("protocol", `The accessory's answer has no list of ${name}.`);
    }
    return list;
}

function id(value: JsonValue | undefined): bigint {
    if (typeof value === "bigint" && value > 0n) return value;
    if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return BigInt(value);
    throw new HapError("protocol", "The accessory's answer has an instance id that is no positive integer.");
}

function typeName(value: JsonValue | undefined): string {
    if (typeof value === "string" && value.length <= 64) return shortType(value);
    throw new HapError("protocol", "The accessory's answer has a type that is no UUID.");
}

function isValue(value: JsonValue | undefined): value is CharacteristicValue {
    return value !== undefined && (value === null || typeof value !== "object");
}

function numberNamed<K extends string>(json: JsonObject, name: K): Partial<Record<K, number>> {
    const value = json[name];
    return typeof value === "number" ? ({ [name]: value } as Partial<Record<K, number>>) : {};
}
