/** The library that speaks HomeKit's accessory side, loaded when the first bridge is published: it costs 30 MB. */
export type HapNodejs = typeof import("@homebridge/hap-nodejs");

let loaded: Promise<HapNodejs> | undefined;

export function loadHapNodejs(): Promise<HapNodejs> {
    loaded ??= import("@homebridge/hap-nodejs");
    return loaded;
}
