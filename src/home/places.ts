/** Floors and areas of a home: those that the user entered, and those that its drivers know of. */
import type { Area, Floor } from "./model";

export interface Places {
    readonly floors: readonly Floor[];
    readonly areas: readonly Area[];
}

export interface MergedPlaces extends Places {
    /** The id under which an area is in `areas`; undefined for one that is not. */
    areaId(id: string): string | undefined;
}

/**
 * What a driver tells is the same place as one of the user's if it has the same id or the same name. It then adds the
 * names that it goes by; what the user said about it stays.
 */
export function mergePlaces(own: Places, told: Iterable<Places>): MergedPlaces {
    const floors = new Merging(own.floors);
    const areas = new Merging(own.areas);
    for (const places of told) {
        for (const floor of places.floors) floors.add(floor);
        for (const { floor, ...area } of places.areas) {
            const on = floor === undefined ? undefined : floors.idOf(floor);
            areas.add(on === undefined ? area : { ...area, floor: on });
        }
    }
    return { floors: floors.places(), areas: areas.places(), areaId: (id) => areas.idOf(id) };
}

class Merging<Place extends Floor> {
    readonly #places: Map<string, Place>;
    /** The id of a place by its name, folded. */
    readonly #named: Map<string, string>;
    /** The ids of places that are there under another. */
    readonly #same = new Map<string, string>();

    constructor(own: readonly Place[]) {
        this.#places = new Map(own.map((place) => [place.id, place]));
        this.#named = new Map(own.map(({ id, name }) => [folded(name), id]));
    }

    add(place: Place): void {
        const id = this.#places.has(place.id) ? place.id : (this.#named.get(folded(place.name)) ?? place.id);
        this.#same.set(place.id, id);
        const known = this.#places.get(id);
        this.#places.set(id, known ? withNamesOf(known, place) : place);
        if (!known) this.#named.set(folded(place.name), id);
    }

    idOf(id: string): string | undefined {
        return this.#same.get(id) ?? (this.#places.has(id) ? id : undefined);
    }

    places(): readonly Place[] {
        return [...this.#places.values()];
    }
}

function withNamesOf<Place extends Floor>(known: Place, other: Place): Place {
    const names = new Map<string, string>();
    for (const name of [...(known.aliases ?? []), other.name, ...(other.aliases ?? [])]) {
        if (folded(name) !== folded(known.name) && !names.has(folded(name))) names.set(folded(name), name);
    }
    return names.size === 0 ? { ...other, ...known } : { ...other, ...known, aliases: [...names.values()] };
}

function folded(name: string): string {
    return name.normalize("NFKC").trim().toLowerCase();
}
