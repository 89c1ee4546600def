/** How fast commands reach real accessories over the loopback interface. */
import { CharacteristicType, type CharacteristicWrite, type HapClient, ServiceType } from "../../src/hap";
import { percentile, type Report, rounded } from "../report";
import type { Fleet } from "./fleet";
import { residentMegabytes } from "./memory";

const WARM_UP = 200;
const PUTS = 1_000;
const COMMANDS = 10_000;
const ROUNDS = 10;

export async function measureOneBridge(report: Report, fleet: Fleet): Promise<void> {
    const [client] = await fleet.clients();
    if (!client) throw new Error("There is no bridge.");
    client.start();
    try {
        const listed = await timesOf(ROUNDS, () => client.accessories());
        report.add("list149AccessoriesMs", rounded(percentile(listed, 0.5), 1), "ms", "p50");
        report.add("list149AccessoriesMs", rounded(Math.max(...listed), 1), "ms", "max");

        const lamps = await lampsOf(client);
        const turns = switching(client, lamps[0] as Lamp);
        await timesOf(WARM_UP, turns);
        const puts = await timesOf(PUTS, turns);
        report.add("putMs", rounded(percentile(puts, 0.5), 2), "ms", "warm, p50");
        report.add("putMs", rounded(percentile(puts, 0.95), 2), "ms", "warm, p95");

        const scene = switchingAll(client, lamps.slice(0, 50));
        await timesOf(5, scene);
        const scenes = await timesOf(ROUNDS, scene);
        report.add("fiftyBehindOneBridgeMs", rounded(percentile(scenes, 0.5), 1), "ms", "warm");

        await timesOf(COMMANDS / 5, turns);
        const before = residentMegabytes();
        await timesOf(COMMANDS, turns);
        report.add("residentGrowth", rounded(residentMegabytes() - before, 1), "MB", `${COMMANDS} commands`);
    } finally {
        client.stop();
    }
}

/** @param fleets fifty bridges in all */
export async function measureFifty(report: Report, fleets: readonly Fleet[]): Promise<void> {
    const connecting = async () => (await Promise.all(fleets.map((fleet) => fleet.clients()))).flat();
    const lamps = await forEach(await connecting(), async (client) => {
        const [lamp] = await lampsOf(client);
        client.stop();
        return lamp as Lamp;
    });
    const clients = await connecting();
    const scene = (value: boolean) =>
        Promise.all(clients.map((client, index) => client.write([{ ...(lamps[index] as Lamp), value }])));
    try {
        const theirs = async () => (await Promise.all(fleets.map((fleet) => fleet.cpuMs()))).reduce((a, b) => a + b);
        const before = await theirs();
        const cpu = process.cpuUsage();
        const cold = await timeOf(() => scene(true));
        const { user, system } = process.cpuUsage(cpu);
        report.add("fiftyAccessoriesMs", rounded(cold, 1), "ms", "cold");
        report.add("fiftyAccessoriesCpuMs", rounded((user + system) / 1_000, 1), "ms", "cold, the controller's part");
        report.add("fiftyAccessoriesCpuMs", rounded((await theirs()) - before, 1), "ms", "cold, the accessories' part");
        let on = true;
        const next = () => {
            on = !on;
            return scene(on);
        };
        await timesOf(5, next);
        const warm = await timesOf(ROUNDS, next);
        report.add("fiftyAccessoriesMs", rounded(percentile(warm, 0.5), 1), "ms", "warm");
        report.add("fiftyAccessoriesMs", rounded(Math.max(...warm), 1), "ms", "warm, max");
    } finally {
        for (const client of clients) client.stop();
    }
}

type Lamp = Pick<CharacteristicWrite, "aid" | "iid">;

function switching(client: HapClient, lamp: Lamp): () => Promise<void> {
    let on = false;
    return () => {
        on = !on;
        return client.write([{ ...lamp, value: on }]);
    };
}

/** As a scene does it: a command for each. */
function switchingAll(client: HapClient, lamps: readonly Lamp[]): () => Promise<unknown> {
    const each = lamps.map((lamp) => switching(client, lamp));
    return () => Promise.all(each.map((turn) => turn()));
}

async function lampsOf(client: HapClient): Promise<readonly Lamp[]> {
    return (await client.accessories()).flatMap(({ aid, services }) =>
        services
            .filter(({ type }) => type === ServiceType.Lightbulb)
            .flatMap(({ characteristics }) =>
                characteristics.filter(({ type }) => type === CharacteristicType.On).map(({ iid }) => ({ aid, iid })),
            ),
    );
}

/** One after the other: what is prepared is not measured, and need not hurry. */
async function forEach<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
    const results: R[] = [];
    for (const item of items) results.push(await work(item));
    return results;
}

async function timesOf(rounds: number, work: () => Promise<unknown>): Promise<readonly number[]> {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) times.push(await timeOf(work));
    return times;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    await work();
    return performance.now() - start;
}
