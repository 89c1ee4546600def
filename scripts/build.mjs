/**
 * Builds dist/: TypeScript to CommonJS, and beside the built nodes what Node-RED looks for there: editor templates, icons,
 * and catalogs with help (`dist/nodes/locales/<language>/<type>.{json,html}`) made from `locales/`; and the sentences of
 * every language, built so that they needn't be when a home starts. And resources/: what the editor loads besides, as modules.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
for (const output of ["dist", "resources"]) rmSync(output, { recursive: true, force: true });

for (const project of [".", "editor"]) {
    const { status } = spawnSync("tsc", ["-p", project], { stdio: "inherit", shell: process.platform === "win32" });
    if (status !== 0) process.exit(status ?? 1);
}
cpSync(join("editor", "privacy", "sidebar.css"), join("resources", "privacy", "sidebar.css"));

const { storeLanguages } = createRequire(import.meta.url)("../dist/src/language/build/prebuilt.js");
storeLanguages();

for (const file of readdirSync("nodes").filter((name) => name.endsWith(".html"))) {
    cpSync(join("nodes", file), join("dist", "nodes", file));
}
cpSync(join("nodes", "icons"), join("dist", "nodes", "icons"), { recursive: true });

for (const language of readdirSync("locales")) {
    const from = join("locales", language);
    const shared = join(from, "every-node.json");
    if (!existsSync(shared)) continue;
    const to = join("dist", "nodes", "locales", language);
    mkdirSync(to, { recursive: true });
    for (const file of readdirSync(from)) {
        if (file.endsWith(".json") && file !== basename(shared)) {
            writeFileSync(join(to, file), JSON.stringify(merged(read(shared), read(join(from, file)))));
        }
        if (file.endsWith(".md")) writeFileSync(join(to, `${basename(file, ".md")}.html`), help(join(from, file)));
    }
}

function read(file) {
    return JSON.parse(readFileSync(file, "utf8"));
}

/** Node-RED gives each node a catalog of its own: what every node says is written once and goes into each. */
function merged(first, second) {
    const result = { ...first };
    for (const [key, value] of Object.entries(second)) {
        result[key] = typeof value === "object" && key in result ? merged(result[key], value) : value;
    }
    return result;
}

/** Node-RED takes help as a script element; Markdown inside it is rendered by the editor. */
function help(file) {
    const type = basename(file, ".md");
    return `<script type="text/markdown" data-help-name="${type}">\n${readFileSync(file, "utf8")}</script>\n`;
}
