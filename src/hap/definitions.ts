/**
 * Apple-defined types that Earshot maps, with the specification's words (HAP R2 chapters 8 and 9). They are short forms of
 * UUIDs: "43" stands for 00000043-0000-1000-8000-0026BB765291.
 */

export const ServiceType = {
    AccessoryInformation: "3E",
    AirQualitySensor: "8D",
    Battery: "96",
    CarbonDioxideSensor: "97",
    CarbonMonoxideSensor: "7F",
    ContactSensor: "80",
    Door: "81",
    Fan: "40",
    Fanv2: "B7",
    GarageDoorOpener: "41",
    HumiditySensor: "82",
    InputSource: "D9",
    LeakSensor: "83",
    LightSensor: "84",
    Lightbulb: "43",
    LockMechanism: "45",
    MotionSensor: "85",
    OccupancySensor: "86",
    Outlet: "47",
    SmokeSensor: "87",
    Switch: "49",
    Television: "D8",
    TelevisionSpeaker: "113",
    TemperatureSensor: "8A",
    Thermostat: "4A",
    Window: "8B",
    WindowCovering: "8C",
} as const;

export const CharacteristicType = {
    /** 0 inactive, 1 active */
    Active: "B0",
    /** `Identifier` of the input source that is shown */
    ActiveIdentifier: "E7",
    /** 0 unknown, 1 excellent, 2 good, 3 fair, 4 inferior, 5 poor */
    AirQuality: "95",
    /** percentage, 0 to 100 */
    BatteryLevel: "68",
    /** percentage, 0 to 100 */
    Brightness: "8",
    CarbonDioxideDetected: "92",
    /** parts per million */
    CarbonDioxideLevel: "93",
    CarbonMonoxideDetected: "69",
    /** reciprocal megakelvin, 50 to 400 unless the accessory says otherwise */
    ColorTemperature: "CE",
    ConfiguredName: "E3",
    /** 0 contact detected (closed), 1 not detected (open) */
    ContactSensorState: "6A",
    /** lux */
    CurrentAmbientLightLevel: "6B",
    /** 0 open, 1 closed, 2 opening, 3 closing, 4 stopped */
    CurrentDoorState: "E",
    /** arcdegrees, -90 to 90 */
    CurrentHorizontalTiltAngle: "6C",
    /** 0 play, 1 pause, 2 stop */
    CurrentMediaState: "E0",
    /** percentage, 0 closed to 100 open */
    CurrentPosition: "6D",
    /** percentage */
    CurrentRelativeHumidity: "10",
    /** celsius */
    CurrentTemperature: "11",
    /** arcdegrees, -90 to 90 */
    CurrentVerticalTiltAngle: "6E",
    FirmwareRevision: "52",
    /** true: stop moving */
    HoldPosition: "6F",
    /** arcdegrees, 0 to 360 */
    Hue: "13",
    /** of an input source */
    Identifier: "E6",
    Identify: "14",
    LeakDetected: "70",
    /** 0 unsecured, 1 secured, 2 jammed, 3 unknown */
    LockCurrentState: "1D",
    /** 0 unsecured, 1 secured */
    LockTargetState: "1E",
    Manufacturer: "20",
    Model: "21",
    MotionDetected: "22",
    Mute: "11A",
    Name: "23",
    ObstructionDetected: "24",
    OccupancyDetected: "71",
    On: "25",
    OutletInUse: "26",
    /** 0 going to the minimum (closing), 1 going to the maximum (opening), 2 stopped */
    PositionState: "72",
    /** a key that is pressed: 2 next track, 3 previous track */
    RemoteKey: "E1",
    /** percentage, 0 to 100 */
    RotationSpeed: "29",
    /** percentage, 0 to 100 */
    Saturation: "2F",
    SerialNumber: "30",
    SmokeDetected: "76",
    /** 0 normal, 1 low */
    StatusLowBattery: "79",
    /** 0 open, 1 closed */
    TargetDoorState: "32",
    /** 0 off, 1 heat, 2 cool, 3 auto */
    TargetHeatingCoolingState: "33",
    /** arcdegrees, -90 to 90 */
    TargetHorizontalTiltAngle: "7B",
    /** 0 play, 1 pause, 2 stop */
    TargetMediaState: "137",
    /** percentage, 0 closed to 100 open */
    TargetPosition: "7C",
    /** percentage */
    TargetRelativeHumidity: "34",
    /** celsius, 10 to 38 unless the accessory says otherwise */
    TargetTemperature: "35",
    /** arcdegrees, -90 to 90 */
    TargetVerticalTiltAngle: "7D",
    /** percentage, 0 to 100 */
    Volume: "119",
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
