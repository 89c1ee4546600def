import { defineConfig } from "vitest/config";

/**
 * Tests run against the build in dist/: what is tested is what ships, and worker threads find their files.
 */
export default defineConfig({
    test: {
        include: ["test/**/*.test.ts"],
        server: { deps: { external: [/\/dist\//] } },
        pool: "forks",
        // Most of the time tests wait for processes and sockets, not for a core.
        maxWorkers: 4,
        testTimeout: 30_000,
        hookTimeout: 60_000,
    },
});
