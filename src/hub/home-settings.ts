/** What a home is set up with, and which of it goes to whom. */
import { type DeviceOverride, type HomeConfiguration, isSimulated, type SimulatedDevice } from "../home";

export interface DeviceSettings extends DeviceOverride {
    readonly driver: "simulated" | "homekit" | "home-assistant";
}

export interface HomeSettings extends Omit<HomeConfiguration, "devices"> {
    readonly devices: readonly DeviceSettings[];
    /** Where Home Assistant is, and its long-lived access token; without it its devices are no part of the home. */
    readonly homeAssistant?: { readonly address: string; readonly token: string };
}

/** The type of a simulated device is what it simulates; what it is for the home, its driver says. */
export function overrides(devices: readonly DeviceSettings[]): DeviceOverride[] {
    return devices.map(({ driver, type, ...device }) =>
        driver === "simulated" || type === undefined ? device : { ...device, type },
    );
}

/** @throws RangeError for a simulated device without a name or of a type that can't be simulated */
export function simulatedDevices(devices: readonly DeviceSettings[]): SimulatedDevice[] {
    return devices
        .filter(({ driver }) => driver === "simulated")
        .map(({ id, name, type, area }) => {
            if (!name) throw new RangeError(`The simulated device "${id}" has no name.`);
            if (!isSimulated(type)) {
                throw new RangeError(`"${name}" can't be simulated: there is no simulated ${type ?? "device"}.`);
            }
            return area === undefined ? { id, name, type } : { id, name, type, area };
        });
}
