/** The package has no types of its own: those of what the tests here use. */
declare module "node-red-node-test-helper" {
    import type { Node, NodeAPI } from "node-red";

    interface NodeTestHelper {
        startServer(): Promise<void>;
        stopServer(): Promise<void>;
        settings(settings: object): object;
        load(
            nodes: readonly ((RED: NodeAPI) => unknown)[],
            flow: readonly object[],
            credentials?: Readonly<Record<string, object>>,
        ): Promise<void>;
        unload(): Promise<void>;
        getNode(id: string): Node;
    }

    const helper: NodeTestHelper;
    export default helper;
}
