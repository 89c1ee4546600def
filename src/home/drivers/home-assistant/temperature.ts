/** Home Assistant tells and takes temperatures in the unit that people chose there; ours are in Celsius. */
export type TemperatureUnit = "celsius" | "fahrenheit";

export function celsiusFrom(value: number, unit: TemperatureUnit): number {
    return unit === "celsius" ? value : rounded((value - 32) / 1.8);
}

export function temperatureIn(unit: TemperatureUnit, celsius: number): number {
    return unit === "celsius" ? celsius : rounded(celsius * 1.8 + 32);
}

/** To a hundredth: what arithmetic adds to a measured value is no part of it. */
function rounded(value: number): number {
    return Math.round(value * 100) / 100;
}
