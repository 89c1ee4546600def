import { describe, expect, it } from "vitest";
import { Home, type Places } from "../../dist/src/home";
import { ScriptedDriver } from "./scripted-driver";

const OWN: Places = {
    floors: [{ id: "eg", name: "Ground floor" }],
    areas: [
        { id: "room_1", name: "Kitchen", floor: "eg", aliases: ["galley"] },
        { id: "study", name: "Study" },
    ],
};

const TOLD: Places = {
    floors: [
        { id: "ground", name: "ground floor ", aliases: ["downstairs"] },
        { id: "attic", name: "Attic" },
    ],
    areas: [
        { id: "kitchen", name: "kitchen", floor: "attic", aliases: ["cookhouse", "Galley"] },
        { id: "study", name: "Office", floor: "ground" },
        { id: "loft", name: "Loft", floor: "attic" },
        { id: "shed", name: "Shed", floor: "nowhere" },
    ],
};

async function homeWith(area: string) {
    const driver = new ScriptedDriver([{ id: "lamp", name: "Lamp", type: "light", area }]);
    const home = new Home({ ...OWN, devices: [] }, [driver]);
    await home.start();
    driver.listener?.placesChanged(TOLD);
    return { home, driver };
}

describe("floors and areas that a driver knows", () => {
    it("are the user's own where id or name are the same, and add the names that they go by", async () => {
        const { home } = await homeWith("kitchen");
        const { floors, areas } = home.description();
        expect(floors).toEqual([
            { id: "eg", name: "Ground floor", aliases: ["downstairs"] },
            { id: "attic", name: "Attic" },
        ]);
        expect(areas).toEqual([
            { id: "room_1", name: "Kitchen", floor: "eg", aliases: ["galley", "cookhouse"] },
            { id: "study", name: "Study", floor: "eg", aliases: ["Office"] },
            { id: "loft", name: "Loft", floor: "attic" },
            { id: "shed", name: "Shed" },
        ]);
    });

    it("are where its devices are, under the user's id", async () => {
        expect((await homeWith("kitchen")).home.device("lamp")?.area).toBe("room_1");
        expect((await homeWith("room_1")).home.device("lamp")?.area).toBe("room_1");
        const { home, driver } = await homeWith("loft");
        expect(home.device("lamp")?.area).toBe("loft");
        expect(home.problems()).toEqual([]);
        driver.listener?.placesChanged({ floors: [], areas: [] });
        expect(home.device("lamp")?.area).toBeUndefined();
        expect(home.problems()).toMatchObject([{ code: "unknown-area", subject: "lamp" }]);
    });
});
