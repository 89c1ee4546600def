/** Which services of an accessory are devices of the home, what they are called, and what they can be commanded to. */
import {
    type Accessory,
    type Characteristic,
    type CharacteristicId,
    CharacteristicType,
    type Service,
    ServiceType,
} from "../../../hap";
import type { Device, DeviceType } from "../../model";
import { abilitiesOf } from "./abilities";
import { STATE_TYPES } from "./state";

/** A service of a paired accessory that is a device. */
export interface MappedDevice {
    readonly device: Device;
    readonly accessoryId: string;
    readonly aid: bigint;
    /** By type: of each the first, those of the device's own service before those of its companions. */
    readonly characteristics: ReadonlyMap<string, Characteristic>;
    /** The names of a television's inputs, by their identifier. */
    readonly sources: ReadonlyMap<number, string>;
}

/** Home Assistant's domain for each service that is a device, and its device class where the domain has several. */
const DEVICES: Readonly<Record<string, readonly [type: DeviceType, deviceClass?: string]>> = {
    [ServiceType.Lightbulb]: ["light"],
    [ServiceType.Outlet]: ["switch"],
    [ServiceType.Switch]: ["switch"],
    [ServiceType.Thermostat]: ["climate"],
    [ServiceType.Fan]: ["fan"],
    [ServiceType.Fanv2]: ["fan"],
    [ServiceType.WindowCovering]: ["cover", "blind"],
    [ServiceType.Window]: ["cover", "window"],
    [ServiceType.Door]: ["cover", "door"],
    [ServiceType.GarageDoorOpener]: ["cover", "garage"],
    [ServiceType.LockMechanism]: ["lock"],
    [ServiceType.Television]: ["media_player", "tv"],
    [ServiceType.TemperatureSensor]: ["sensor", "temperature"],
    [ServiceType.HumiditySensor]: ["sensor", "humidity"],
    [ServiceType.LightSensor]: ["sensor", "illuminance"],
    [ServiceType.AirQualitySensor]: ["sensor", "aqi"],
    [ServiceType.CarbonDioxideSensor]: ["sensor", "carbon_dioxide"],
    [ServiceType.CarbonMonoxideSensor]: ["binary_sensor", "carbon_monoxide"],
    [ServiceType.ContactSensor]: ["binary_sensor", "opening"],
    [ServiceType.LeakSensor]: ["binary_sensor", "moisture"],
    [ServiceType.MotionSensor]: ["binary_sensor", "motion"],
    [ServiceType.OccupancySensor]: ["binary_sensor", "occupancy"],
    [ServiceType.SmokeSensor]: ["binary_sensor", "smoke"],
};

/** Services that say more about the one device of their accessory. */
const COMPANIONS: ReadonlySet<string> = new Set([ServiceType.Battery, ServiceType.TelevisionSpeaker]);

/** An accessory with one device has its name; with several, each has its service's own. */
export function mapAccessory(accessoryId: string, { aid, services }: Accessory): readonly MappedDevice[] {
    const information = services.find(({ type }) => type === ServiceType.AccessoryInformation);
    const accessoryName = (information && textOf(information, CharacteristicType.Name)) || accessoryId;
    const found = services.filter(({ type, isHidden }) => DEVICES[type] !== undefined && !isHidden);
    const companions = services.filter(({ type }) => COMPANIONS.has(type));
    const isOnly = found.length === 1;
    return found.map((service, index) => {
        const ownName =
            textOf(service, CharacteristicType.ConfiguredName) ||
            (isOnly ? accessoryName : textOf(service, CharacteristicType.Name));
        const id = `homekit:${accessoryId}:${aid}`;
        const characteristics = firstOfEach(isOnly ? [service, ...companions] : [service]);
        const isTelevision = service.type === ServiceType.Television;
        const sources = isTelevision ? sourcesOf(services) : new Map<number, string>();
        const [type, deviceClass] = DEVICES[service.type] ?? ["switch"];
        const abilities = abilitiesOf(characteristics, [...sources.values()]);
        const device: Device = {
            id: isOnly ? id : `${id}:${service.iid}`,
            name: ownName || `${accessoryName} ${index + 1}`,
            type,
            ...(Object.keys(abilities).length > 0 && { abilities }),
            ...(deviceClass !== undefined && { attributes: { device_class: deviceClass } }),
        };
        return { device, accessoryId, aid, characteristics, sources };
    });
}

/** The characteristics that make up a device's state and have the permission "pr" (read) or "ev" (events). */
export function stateCharacteristics(
    { aid, characteristics }: MappedDevice,
    permission: "pr" | "ev",
): readonly CharacteristicId[] {
    return [...characteristics.values()].flatMap(({ type, iid, perms }) =>
        STATE_TYPES.has(type) && perms.includes(permission) ? [{ aid, iid }] : [],
    );
}

function firstOfEach(services: readonly Service[]): ReadonlyMap<string, Characteristic> {
    const first = new Map<string, Characteristic>();
    for (const characteristic of services.flatMap(({ characteristics }) => characteristics)) {
        if (!first.has(characteristic.type)) first.set(characteristic.type, characteristic);
    }
    return first;
}

function sourcesOf(services: readonly Service[]): ReadonlyMap<number, string> {
    const inputs = services.filter(({ type }) => type === ServiceType.InputSource);
    return new Map(
        inputs.flatMap((input) => {
            const identifier = input.characteristics.find(({ type }) => type === CharacteristicType.Identifier)?.value;
            const name = textOf(input, CharacteristicType.ConfiguredName) || textOf(input, CharacteristicType.Name);
            return typeof identifier === "number" && name ? [[identifier, name] as const] : [];
        }),
    );
}

function textOf(service: Service, type: string): string | undefined {
    const value = service.characteristics.find((characteristic) => characteristic.type === type)?.value;
    return typeof value === "string" ? value.trim() : undefined;
}
