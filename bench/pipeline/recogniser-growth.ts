/** Whether the recogniser keeps anything of what it has heard: how much the process grows over many sentences. */
import { compile, loadLanguage } from "../../src/language";
import { BuiltinEngine, type Samples } from "../../src/speech";

const SENTENCES = 100;
/** Until every buffer is as large as these sentences need it. */
const WARM_UP = 20;

/** Resident memory in MB that `SENTENCES` sentences have added. */
export async function recogniserGrowth(sound: Samples): Promise<number> {
    const { recogniser: grammar } = compile(loadLanguage("en"), {
        floors: [],
        areas: [],
        devices: [{ id: "lamp", name: "Desk Lamp", type: "light" }],
    });
    const engine = new BuiltinEngine();
    const hear = async (times: number) => {
        for (let count = 0; count < times; count += 1) {
            const transcription = engine.open({ grammar, maxMs: 60_000, silenceMs: Number.POSITIVE_INFINITY });
            transcription.write(sound);
            transcription.end();
            await transcription.result;
        }
        return process.memoryUsage.rss() / 1e6;
    };
    try {
        const before = await hear(WARM_UP);
        return (await hear(SENTENCES)) - before;
    } finally {
        await engine.stop();
    }
}
