/** Attributes of an entity's state by kind; those of another kind than expected are as good as absent. */
import type { Attributes } from "../../../home-assistant";

type Name = keyof Attributes;

export class AttributeReader {
    readonly #attributes: Attributes;

    constructor(attributes: Attributes) {
        this.#attributes = attributes;
    }

    number(name: Name): number | undefined {
        const value = this.#attributes[name];
        return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    }

    text(name: Name): string | undefined {
        const value = this.#attributes[name];
        return typeof value === "string" ? value : undefined;
    }

    flag(name: Name): boolean | undefined {
        const value = this.#attributes[name];
        return typeof value === "boolean" ? value : undefined;
    }

    texts(name: Name): readonly string[] {
        const value = this.#attributes[name];
        return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
    }

    numbers(name: Name): readonly number[] {
        const value = this.#attributes[name];
        return Array.isArray(value) ? value.filter((one) => typeof one === "number" && Number.isFinite(one)) : [];
    }

    /** A bit of `supported_features`, which every domain numbers for itself. */
    has(feature: number): boolean {
        return ((this.number("supported_features") ?? 0) & feature) !== 0;
    }
}
