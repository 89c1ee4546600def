import { defineConfig } from "vitest/config";

/**
 * Tests run against the build in dist/: what is tested is what ships, and worker threads find their files.
 */
export default defineConfig({
    test: {
        include: ["test/**/*.test.ts"],
        server: { deps: { external: [/\/dist\//] } },
        pool: "forks",
        // Files share processes, so that Node-RED and the languages are loaded once in each; every test stops what it starts.
        isolate: false,
        // Most of the time tests wait for processes and sockets, not for a core.
        maxWorkers: 4,
        testTimeout: 30_000,
        // What the tests cover is written down where somebody asks for it: `npm run bench -- coverage`.
        setupFiles: process.env.NODE_V8_COVERAGE ? ["test/take-coverage.ts"] : [],
        hookTimeout: 60_000,
    },
});
