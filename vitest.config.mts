import { defineConfig } from "vitest/config";

/**
 * Tests run against the build in dist/: what is tested is what ships, and worker threads find their files.
 */
export default defineConfig({
    test: {
        include: ["test/**/*.test.ts"],
        server: { deps: { external: [/\/dist\//] } },
        pool: "forks",
        testTimeout: 30_000,
        hookTimeout: 60_000,
    },
});
