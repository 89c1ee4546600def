/** `npm run bench -- <name>…`: figures as JSON lines on stdout, a table on stderr. */
import { run as commands } from "./commands";
import { CorpusMissing } from "./corpora";
import { run as coverage } from "./coverage";
import { run as home } from "./home";
import { run as language } from "./language";
import { run as pipeline } from "./pipeline";
import { run as privacy } from "./privacy";
import { Report } from "./report";
import { run as wake } from "./wake";

const BENCHMARKS: Readonly<Record<string, (report: Report) => Promise<void>>> = {
    commands,
    coverage,
    home,
    language,
    pipeline,
    privacy,
    wake,
};

async function main(names: readonly string[]): Promise<number> {
    const known = Object.keys(BENCHMARKS).join("|");
    if (names.length === 0) {
        process.stderr.write(`Usage: npm run bench -- ${known}\n`);
        return 2;
    }
    for (const name of names) {
        const run = BENCHMARKS[name];
        if (!run) {
            process.stderr.write(`There is no benchmark "${name}"; there is ${known}.\n`);
            return 2;
        }
        const report = new Report(name);
        try {
            await run(report);
        } catch (error) {
            if (!(error instanceof CorpusMissing)) throw error;
            process.stderr.write(`${error.message}\n`);
            return 1;
        }
        report.printTable();
    }
    return 0;
}

void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
});
