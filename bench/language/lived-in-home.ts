/**
 * Homes as people name them: rooms of all kinds, names after owners, makers, places and numbers, and hardly two that follow one
 * pattern. Names that all follow one pattern would fold into a few states of the recogniser's, however many there are.
 */
import type { Device, HomeDescription } from "../../src/home";
import { randomNumbers } from "../commands/noise";

const ROOMS = (
    "Kitchen,Living Room,Bedroom,Office,Hall,Bathroom,Garage,Garden,Attic,Cellar,Dining Room,Nursery,Playroom,Laundry," +
    "Pantry,Porch,Balcony,Terrace,Library,Music Room,Guest Room,Gym,Workshop,Studio,Den,Corridor,Staircase,Utility Room," +
    "Conservatory,Greenhouse,Shed,Driveway,Pool House,Sauna,Wardrobe,Toilet,Front Yard,Back Yard,Lounge,Landing"
).split(",");
const OWNERS = (
    "Anna's,Ben's,Clara's,David's,Emma's,Frank's,Grandma's,Hannah's,Isaac's,Julia's,Kevin's,Laura's,Martin's,Nora's," +
    "Oliver's,Paula's,Robert's,Sarah's,Tom's,Victor's"
).split(",");
const QUALITIES = (
    "Old,New,Big,Small,Left,Right,Upper,Lower,Front,Back,North,South,East,West,Round,Square,Glass,Paper,Copper,Wooden,Long," +
    "Short,Spare,Second,Third,Corner,Window,Door,Wall,Ceiling,Bedside,Outdoor"
).split(",");
const THINGS: readonly (readonly [type: string, share: number, names: string])[] = [
    [
        "light",
        0.4,
        "Lamp,Light,Spots,Light Strip,Lantern,Chandelier,Candle,Globe,Reading Lamp,Desk Lamp,Night Light,Nanoleaf",
    ],
    [
        "switch",
        0.2,
        "Plug,Outlet,Coffee Machine,Kettle,Toaster,Printer,Charger,Router,Fountain,Aquarium,Heater Plug,Pump",
    ],
    ["cover", 0.1, "Blinds,Curtains,Shutter,Awning,Roller"],
    ["climate", 0.08, "Thermostat,Radiator,Floor Heating,Air Conditioner"],
    ["media_player", 0.1, "Speaker,Television,Radio,Stereo,Projector,Soundbar"],
    ["fan", 0.06, "Fan,Ventilator,Extractor"],
    ["lock", 0.06, "Lock,Door Lock,Gate"],
];
const NUMBERS = ["2", "3", "4"];
const SEED = 20;

/** The same for the same number; a larger home holds the smaller ones. Ten rooms for ten devices or a hundred, 40 for more. */
export function livedInHome(count: number): HomeDescription {
    const random = randomNumbers(SEED);
    const one = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const areas = ROOMS.map((name, index) => ({ id: `area${index}`, name, floor: index % 2 === 0 ? "down" : "up" }));
    const devices = new Map<string, Device>();
    while (devices.size < count) {
        const rooms = devices.size < 100 ? 10 : ROOMS.length;
        const area = areas[Math.floor(random() * rooms)];
        const [type, names] = kindAt(random());
        const before = one([area?.name ?? "", area?.name ?? "", one(OWNERS), ""]);
        const quality = before === "" || random() < 0.5 ? one(QUALITIES) : "";
        const number = random() < 0.15 ? one(NUMBERS) : "";
        const name = [before, quality, one(names.split(",")), number].filter((part) => part !== "").join(" ");
        if (devices.has(name)) continue;
        devices.set(name, { id: `device${devices.size}`, name, type, ...(area && { area: area.id }) });
    }
    return {
        floors: [
            { id: "down", name: "Ground Floor", aliases: ["downstairs"] },
            { id: "up", name: "First Floor", aliases: ["upstairs"] },
        ],
        areas: count > 100 ? areas : areas.slice(0, 10),
        devices: [...devices.values()],
    };
}

/** The kind of thing that a number from 0 to 1 falls to, by the kinds' shares. */
function kindAt(position: number): readonly [type: string, names: string] {
    let before = 0;
    for (const [type, share, names] of THINGS) {
        before += share;
        if (position < before) return [type, names];
    }
    return ["light", "Lamp"];
}
