/** Appends to the privacy log FILE until it is killed; writes the number of each record once it is on the disk. */
import { createRequire } from "node:module";

const { PrivacyLog } = createRequire(import.meta.url)("../../dist/src/privacy");
const log = new PrivacyLog(process.argv[2]);
for (;;) {
    const records = await Promise.all([1, 2, 3].map((count) => log.append({ what: "transcribed", node: "n1", count })));
    process.stdout.write(`${records[2].seq}\n`);
}
