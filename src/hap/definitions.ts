/**
 * Apple-defined types that Earshot maps, with the specification's words (HAP R2 chapters 8 and 9). They are short forms of
 * UUIDs: "43" stands for 00000043-0000-1000-8000-0026BB765291.
 */

export const ServiceType = {
    AccessoryInformation: "3E",
    Lightbulb: "43",
    Outlet: "47",
    Switch: "49",
    Thermostat: "4A",
} as const;

export const CharacteristicType = {
    /** percentage, 0 to 100 */
    Brightness: "8",
    /** reciprocal megakelvin, 50 to 400 unless the accessory says otherwise */
    ColorTemperature: "CE",
    ConfiguredName: "E3",
    /** 0 off, 1 heating, 2 cooling */
    CurrentHeatingCoolingState: "F",
    /** celsius */
    CurrentTemperature: "11",
    /** arcdegrees, 0 to 360 */
    Hue: "13",
    Identify: "14",
    Manufacturer: "20",
    Model: "21",
    Name: "23",
    On: "25",
    OutletInUse: "26",
    /** percentage, 0 to 100 */
    Saturation: "2F",
    SerialNumber: "30",
    /** 0 off, 1 heat, 2 cool, 3 auto */
    TargetHeatingCoolingState: "33",
    /** celsius, 10 to 38 unless the accessory says otherwise */
    TargetTemperature: "35",
    FirmwareRevision: "52",
} as const;

/** Accessory category identifiers of HAP R2, by the number in an announcement's `ci`. */
export const CATEGORIES: Readonly<Record<number, string>> = {
    1: "Other",
    2: "Bridge",
    3: "Fan",
    4: "Garage Door Opener",
    5: "Lightbulb",
    6: "Door Lock",
    7: "Outlet",
    8: "Switch",
    9: "Thermostat",
    10: "Sensor",
    11: "Security System",
    12: "Door",
    13: "Window",
    14: "Window Covering",
    15: "Programmable Switch",
    16: "Range Extender",
    17: "IP Camera",
    18: "Video Doorbell",
    19: "Air Purifier",
    20: "Heater",
    21: "Air Conditioner",
    22: "Humidifier",
    23: "Dehumidifier",
    28: "Sprinkler",
    29: "Faucet",
    30: "Shower System",
    31: "Television",
    32: "Remote Control",
    33: "Router",
};

const BASE_UUID = "-0000-1000-8000-0026BB765291";

/** "00000043-0000-1000-8000-0026BB765291" and "43" → "43"; a maker's own UUID stays as it is, in upper case. */
export function shortType(type: string): string {
    const upper = type.toUpperCase();
    const short = upper.endsWith(BASE_UUID) ? upper.slice(0, -BASE_UUID.length) : upper;
    return short.replace(/^0+(?=[0-9A-F])/, "");
}
