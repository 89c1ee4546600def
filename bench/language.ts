/** How well and how fast sentences are understood: other people's sentence files, our own, and how long each takes. */
import { conformance } from "./language/conformance";
import { english } from "./language/english";
import { recogniser } from "./language/recogniser";
import { speed } from "./language/speed";
import type { Report } from "./report";

const PARTS: readonly ((report: Report) => Promise<void>)[] = [conformance, english, speed, recogniser];

export async function run(report: Report): Promise<void> {
    for (const part of PARTS) await part(report);
}
