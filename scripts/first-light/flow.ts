/** The example flow that `npm start` runs, and what of it this run has to know. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { StartError } from "./waiting";

export interface FlowNode {
    readonly id: string;
    readonly type: string;
    readonly [property: string]: unknown;
}

/** The nodes that play a part from outside. */
export interface FlowParts {
    /** The inject node whose button plays the sentence. */
    readonly say: string;
    /** The file that it plays unless somebody has entered another, relative to the folder of sounds. */
    readonly soundFile: string;
    readonly discover: string;
    readonly hub: string;
    readonly home: string;
    /** Silence that ends a sentence, in milliseconds. */
    readonly silenceMs: number;
}

const EXAMPLE = resolve(__dirname, "../../../examples/01 - First light.json");

export function exampleFlow(): readonly FlowNode[] {
    return JSON.parse(readFileSync(EXAMPLE, "utf8")) as readonly FlowNode[];
}

/** Adds what `flows` lacks of the example; nodes that are there stay as somebody edited them. */
export function withExample(flows: readonly FlowNode[], example: readonly FlowNode[]): readonly FlowNode[] {
    const present = new Set(flows.map(({ id }) => id));
    return [...flows, ...example.filter(({ id }) => !present.has(id))];
}

/** Lets the flow's discover node pair with an accessory on its own. */
export function withPairing(
    flows: readonly FlowNode[],
    discover: string,
    { id: accessory, pin }: { readonly id: string; readonly pin: string },
): readonly FlowNode[] {
    return flows.map((node) => (node.id === discover ? { ...node, accessory, credentials: { pin } } : node));
}

/** @throws StartError when a part is missing: somebody took it out of the example or turned it into another node */
export function partsOf(flows: readonly FlowNode[], example: readonly FlowNode[]): FlowParts {
    const find = (original: FlowNode | undefined): FlowNode => {
        const node = flows.find(({ id, type }) => id === original?.id && type === original.type);
        if (!node)
            throw new StartError(`The flow "First light" lacks its node ${original?.type ?? "that plays a file"}.`);
        return node;
    };
    const ofType = (type: string) => find(example.find((node) => node.type === type));
    const say = example.find((node) => fileNameOf(node) !== undefined);
    return {
        say: find(say).id,
        // The example's own name: what somebody has entered may be a file of theirs, which nobody shall write over.
        soundFile: (say && fileNameOf(say)) ?? "",
        discover: ofType("earshot-discover").id,
        hub: ofType("earshot-hub").id,
        home: ofType("earshot-home").id,
        silenceMs: Number(ofType("earshot-transcribe").silenceMs),
    };
}

/** What an inject node sends as `msg.filename`. */
function fileNameOf({ props }: FlowNode): string | undefined {
    if (!Array.isArray(props)) return undefined;
    const entry = (props as readonly { readonly p: string; readonly v?: unknown }[]).find(({ p }) => p === "filename");
    return typeof entry?.v === "string" ? entry.v : undefined;
}
