/** Homes of any size for measuring speed: floors, areas, and devices of the kinds a home has, each with a name of its own. */
import type { Area, Device, HomeDescription } from "../../src/home";

const ROOMS = [
    "Kitchen",
    "Living Room",
    "Bedroom",
    "Office",
    "Hall",
    "Bathroom",
    "Garage",
    "Garden",
    "Attic",
    "Cellar",
];
const PLACES = ["", "North", "South", "East", "West", "Upper", "Lower", "Old", "New", "Guest"];
const THINGS: readonly (readonly [name: string, type: string])[] = [
    ["Ceiling Light", "light"],
    ["Reading Lamp", "light"],
    ["Wall Spots", "light"],
    ["Light Strip", "light"],
    ["Radio Plug", "switch"],
    ["Fan", "fan"],
    ["Blinds", "cover"],
    ["Thermostat", "climate"],
    ["Speaker", "media_player"],
    ["Window Sensor", "binary_sensor"],
];
const FLOORS = ["Ground Floor", "First Floor", "Second Floor"];

/** At most 1,000 devices; ten in each area. */
export function homeWith(devices: number): HomeDescription {
    const floors = FLOORS.map((name, index) => ({ id: `floor${index}`, name }));
    const areas = Array.from({ length: Math.ceil(devices / THINGS.length) }, (_, index): Area => {
        const place = PLACES[Math.floor(index / ROOMS.length)] ?? "";
        const name = `${place} ${ROOMS[index % ROOMS.length] ?? ""}`.trim();
        return { id: `area${index}`, name, floor: `floor${index % FLOORS.length}` };
    });
    return {
        floors,
        areas,
        devices: Array.from({ length: devices }, (_, index): Device => {
            const area = areas[Math.floor(index / THINGS.length)];
            const [name, type] = THINGS[index % THINGS.length] ?? ["", ""];
            return { id: `device${index}`, name: `${area?.name} ${name}`, type, ...(area && { area: area.id }) };
        }),
    };
}
