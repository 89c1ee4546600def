import { describe, expect, it } from "vitest";
import { currentVersion, type Migration, migrate } from "../../dist/nodes/migrations";

/** A node that had seconds, then milliseconds, and then got a second limit. */
const steps: readonly Migration[] = [
    ({ seconds, ...others }) => ({ ...others, milliseconds: Number(seconds) * 1000 }),
    (saved) => ({ ...saved, silenceMs: 700 }),
];

describe("migrations", () => {
    it("bring settings of the first version through every step, once", () => {
        const saved = { name: "ears", version: 1, seconds: 3 };
        expect(migrate(saved, steps)).toEqual({ name: "ears", version: 3, milliseconds: 3000, silenceMs: 700 });
        expect(saved).toEqual({ name: "ears", version: 1, seconds: 3 });
    });

    it("take settings without a version for the first", () => {
        expect(migrate({ seconds: 1 }, steps)).toMatchObject({ version: 3, milliseconds: 1000 });
    });

    it("leave out steps that were taken before", () => {
        expect(migrate({ version: 2, milliseconds: 5 }, steps)).toEqual({
            version: 3,
            milliseconds: 5,
            silenceMs: 700,
        });
        const current = { version: 3, milliseconds: 5, silenceMs: 100 };
        expect(migrate(current, steps)).toEqual(current);
    });

    it("refuse settings of a version that is not known yet, and say what to do", () => {
        expect(() => migrate({ version: 4 }, steps)).toThrow(/newer version of Earshot.*version 4.*knows 3.*Update/);
    });

    it.each([0, 1.5, "2", -1])("refuse %j for a version", (version) => {
        expect(() => migrate({ version }, steps)).toThrow('The setting "version" must be a whole number');
    });

    it("are none for a node that is at its first version", () => {
        expect(currentVersion([])).toBe(1);
        expect(migrate({ name: "new" }, [])).toEqual({ name: "new", version: 1 });
    });
});
