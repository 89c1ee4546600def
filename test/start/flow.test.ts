import { describe, expect, it } from "vitest";
import { exampleFlow, partsOf, withExample, withPairing } from "../../dist/scripts/first-light/flow";
import { StartError } from "../../dist/scripts/first-light/waiting";

const example = exampleFlow();

describe("the flow that is deployed", () => {
    it("is the example when there was none", () => {
        expect(withExample([], example)).toEqual(example);
    });

    it("keeps what somebody has edited and added, and brings back what is missing", () => {
        const [tab, about, ...others] = example;
        if (!tab || !about) throw new Error("The example is empty.");
        const edited = { ...about, name: "Mine" };
        const own = { id: "own", type: "tab", label: "My own" };
        expect(withExample([own, edited, ...others], example)).toEqual([own, edited, ...others, tab]);
    });

    it("gives accessory and PIN to the discover node alone, the PIN as a credential", () => {
        const { discover } = partsOf(example, example);
        const flows = withPairing(example, discover, { id: "AA:BB:CC:DD:EE:FF", pin: "123-45-679" });
        const [changed, ...more] = flows.filter((node, index) => node !== example[index]);
        expect(changed).toMatchObject({ type: "earshot-discover", accessory: "AA:BB:CC:DD:EE:FF" });
        expect(changed?.credentials).toEqual({ pin: "123-45-679" });
        expect(more).toEqual([]);
    });

    it("plays the example's own file, whatever file somebody has entered", () => {
        const edited = example.map((node) =>
            node.type === "inject" ? { ...node, props: [{ p: "filename", v: "/home/me/precious.wav" }] } : node,
        );
        expect(partsOf(edited, example).soundFile).toBe("first-light.wav");
    });

    it("is refused, with what it lacks, when somebody turned one of its nodes into another", () => {
        const spoilt = example.map((node) => (node.type === "earshot-hub" ? { ...node, type: "mqtt-broker" } : node));
        expect(() => partsOf(spoilt, example)).toThrow(StartError);
        expect(() => partsOf(spoilt, example)).toThrow("lacks its node earshot-hub");
    });
});
