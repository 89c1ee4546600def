import type { Node } from "node-red";

/**
 * What a node is doing, below it in the editor. Words are keys under `status` in the node's catalog:
 * bare keys, because Node-RED translates only those into the language of the person who looks.
 */
export class Status {
    readonly #node: Pick<Node, "status">;

    constructor(node: Pick<Node, "status">) {
        this.#node = node;
    }

    /** At work on a message. */
    busy(word: string): void {
        this.#node.status({ fill: "blue", shape: "dot", text: `status.${word}` });
    }

    ok(word: string): void {
        this.#node.status({ fill: "green", shape: "dot", text: `status.${word}` });
    }

    /** Nothing is wrong, but something else has to happen first. */
    waiting(word: string): void {
        this.#node.status({ fill: "yellow", shape: "ring", text: `status.${word}` });
    }

    failed(word: string): void {
        this.#node.status({ fill: "red", shape: "ring", text: `status.${word}` });
    }

    clear(): void {
        this.#node.status({});
    }
}
