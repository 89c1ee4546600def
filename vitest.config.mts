import { defineConfig } from "vitest/config";

/** Node-RED keeps its runtime in modules: one to a process. What only tests nodes unloads them again (`test/nodes/flow.ts`). */
const NODE_RED = ["test/{editor,package,runtime}/**/*.test.ts"];

/**
 * Tests run against the build in dist/: what is tested is what ships, and worker threads find their files.
 */
export default defineConfig({
    test: {
        server: { deps: { external: [/\/dist\//] } },
        pool: "forks",
        // Most of the time tests wait for processes and sockets, not for a core.
        maxWorkers: 5,
        testTimeout: 30_000,
        // What the tests cover is written down where somebody asks for it: `npm run bench -- coverage`.
        setupFiles: process.env.NODE_V8_COVERAGE ? ["test/take-coverage.ts"] : [],
        hookTimeout: 60_000,
        projects: [
            { extends: true, test: { name: "node-red", include: NODE_RED } },
            {
                extends: true,
                test: { name: "earshot", include: ["test/**/*.test.ts"], exclude: NODE_RED, isolate: false },
            },
        ],
    },
});
