/** The states of entities, kept up to date with the differences that Home Assistant sends. */
import type { Attributes, EntityChange, EntityChanges, EntityState } from "./messages";

export class EntityStates {
    readonly #wanted: ReadonlySet<string>;
    readonly #states = new Map<string, EntityState>();

    /** @param wanted ids of entities; what is said about others is not kept */
    constructor(wanted: Iterable<string> = []) {
        this.#wanted = new Set(wanted);
    }

    get(id: string): EntityState | undefined {
        return this.#states.get(id);
    }

    /** @returns the ids of those that are not as they were */
    apply({ added, changed, removed }: EntityChanges): readonly string[] {
        const news = new Set<string>();
        const set = (id: string, state: EntityState) => {
            if (!this.#wanted.has(id)) return;
            this.#states.set(id, state);
            news.add(id);
        };
        for (const [id, state] of added) set(id, state);
        for (const [id, change] of changed) {
            const before = this.#states.get(id);
            if (before) set(id, afterChange(before, change));
        }
        for (const id of removed) if (this.#states.delete(id)) news.add(id);
        return [...news];
    }
}

function afterChange(before: EntityState, { state = before.state, set, unset }: EntityChange): EntityState {
    const attributes: { -readonly [Name in keyof Attributes]: Attributes[Name] } = { ...before.attributes };
    for (const name of unset) delete attributes[name];
    return { state, attributes: { ...attributes, ...set } };
}
