/**
 * What a home is made of, the same whatever the devices speak. The shapes are those of `home.json`.
 * Names of types follow Home Assistant's domains; units stand in the names of the properties.
 */

export interface Floor {
    readonly id: string;
    readonly name: string;
    readonly aliases?: readonly string[];
}

export interface Area {
    readonly id: string;
    readonly name: string;
    /** Id of the floor it is on. */
    readonly floor?: string;
    readonly aliases?: readonly string[];
}

/** Home Assistant's domain names: "light", "climate", "switch" (outlets too), "fan", "cover", "lock", "sensor", … */
export type DeviceType = string;

export interface Device {
    readonly id: string;
    readonly name: string;
    readonly type: DeviceType;
    /** Id of the area it is in. */
    readonly area?: string;
    readonly aliases?: readonly string[];
    /** Home Assistant's state word and attributes, where the device comes from a file or from there. */
    readonly state?: string;
    readonly attributes?: Readonly<Record<string, unknown>>;
}

export interface HomeDescription {
    readonly floors: readonly Floor[];
    readonly areas: readonly Area[];
    readonly devices: readonly Device[];
    /** In which the people of the home say temperatures; celsius where it isn't told. */
    readonly temperatureUnit?: "celsius" | "fahrenheit";
}

export type ClimateMode = "off" | "heat" | "cool" | "auto";

export interface Color {
    /** 0 to 360. */
    readonly hueDegrees: number;
    /** 0 to 100. */
    readonly saturationPercent: number;
}

/** What a device is doing. A property that is absent is one the device does not have, or has not told. */
export interface DeviceState {
    readonly on?: boolean;
    /** 0 to 100. */
    readonly brightnessPercent?: number;
    readonly color?: Color;
    /** 1,000 to 10,000. */
    readonly colorTemperatureKelvin?: number;
    readonly currentTemperatureCelsius?: number;
    readonly targetTemperatureCelsius?: number;
    readonly climateMode?: ClimateMode;
    /** An outlet with something drawing power. */
    readonly inUse?: boolean;
}

/** What a device is asked to become: only the properties that can be commanded. */
export type DeviceChange = Pick<
    DeviceState,
    "on" | "brightnessPercent" | "color" | "colorTemperatureKelvin" | "targetTemperatureCelsius" | "climateMode"
>;
