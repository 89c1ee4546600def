import { describe, expect, it } from "vitest";
import { colorNames, namedColor } from "../../dist/src/home";

describe("a colour's name", () => {
    it("stands for hue and saturation", () => {
        expect(namedColor("red")).toEqual({ color: { hueDegrees: 0, saturationPercent: 100 } });
        expect(namedColor("rebeccapurple")).toEqual({ color: { hueDegrees: 270, saturationPercent: 67 } });
        expect(namedColor("hot pink")).toEqual({ color: { hueDegrees: 330, saturationPercent: 59 } });
        expect(namedColor("Light Slate Grey")).toEqual(namedColor("lightslategray"));
    });

    it("stands for a colour temperature where it means a white", () => {
        expect(namedColor("warm white")?.kelvin).toBe(2_700);
        expect(namedColor("daylight")?.kelvin).toBe(6_500);
        expect(namedColor("green")?.kelvin).toBeUndefined();
    });

    it("is known for every colour of CSS, and for what people say", () => {
        expect(colorNames().length).toBeGreaterThan(180);
        for (const name of colorNames()) {
            const color = namedColor(name)?.color;
            expect(color?.hueDegrees, name).toBeGreaterThanOrEqual(0);
            expect(color?.hueDegrees, name).toBeLessThan(360);
        }
        expect(namedColor("constructor")).toBeUndefined();
        expect(namedColor("")).toBeUndefined();
        expect(namedColor("r".repeat(10_000))).toBeUndefined();
    });
});
