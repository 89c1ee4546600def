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
    /** What it can be commanded to; absent where its driver doesn't say. */
    readonly abilities?: DeviceAbilities;
    /** What a scene sets, or a group stands for; absent where its driver doesn't say, or not all of it. */
    readonly members?: readonly { readonly id: string; readonly type: DeviceType }[];
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

export type CoverState = "open" | "opening" | "closed" | "closing" | "stopped";
export type LockState = "locked" | "unlocked" | "jammed" | "unknown";
export type Playback = "playing" | "paused" | "stopped";
/** What a robot that cleans or mows is at. */
export type Activity = "cleaning" | "mowing" | "returning" | "docked" | "paused" | "idle" | "error";
export type AirQuality = "excellent" | "good" | "fair" | "inferior" | "poor";

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
    readonly targetHumidityPercent?: number;
    /** 0 to 100. */
    readonly fanSpeedPercent?: number;
    /** 0 closed to 100 open; a garage door has nothing between. */
    readonly positionPercent?: number;
    readonly coverState?: CoverState;
    /** -90 to 90; 0 lets most light in. */
    readonly tiltDegrees?: number;
    /** Something is in the door's way. */
    readonly obstructed?: boolean;
    /** Absent while a lock is jammed or doesn't know. */
    readonly locked?: boolean;
    readonly lockState?: LockState;
    readonly humidityPercent?: number;
    readonly illuminanceLux?: number;
    readonly motion?: boolean;
    readonly occupied?: boolean;
    /** A door or window with a contact stands open. */
    readonly contactOpen?: boolean;
    readonly leak?: boolean;
    readonly smoke?: boolean;
    /** More carbon monoxide, or dioxide, than is healthy. */
    readonly carbonMonoxide?: boolean;
    readonly carbonDioxide?: boolean;
    readonly carbonDioxidePpm?: number;
    readonly airQuality?: AirQuality;
    readonly batteryPercent?: number;
    readonly batteryLow?: boolean;
    /** 0 to 100. */
    readonly volumePercent?: number;
    readonly muted?: boolean;
    readonly playback?: Playback;
    /** The name of the input that is shown: "HDMI 1". */
    readonly source?: string;
    readonly activity?: Activity;
}

/** What a device is asked to become: only the properties that can be commanded. */
export type DeviceChange = Pick<
    DeviceState,
    | "on"
    | "brightnessPercent"
    | "color"
    | "colorTemperatureKelvin"
    | "targetTemperatureCelsius"
    | "climateMode"
    | "targetHumidityPercent"
    | "fanSpeedPercent"
    | "positionPercent"
    | "tiltDegrees"
    | "locked"
    | "volumePercent"
    | "muted"
    | "playback"
    | "source"
> & {
    /** A cover stops where it is. */
    readonly stop?: true;
    /** To another title of what is played. */
    readonly skip?: "next" | "previous";
    /** A robot sets out, or goes home. */
    readonly activity?: "cleaning" | "mowing" | "docked";
    /** Id of the area that a robot is to clean. */
    readonly cleanArea?: string;
};

/** The values that a quantity can take, in the unit that its property's name says. */
export interface Range {
    readonly from: number;
    readonly to: number;
    /** 0 where there are no steps. */
    readonly step: number;
}

/** By property: the range of a quantity, the words of a choice, true for the rest. */
export type DeviceAbilities = { readonly [Property in keyof DeviceChange]?: Range | readonly string[] | true };
