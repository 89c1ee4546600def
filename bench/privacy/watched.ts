/**
 * Runs a program and tells whom it tries to reach. Where Linux lets it, the program has a network of its own with the loopback
 * interface only, in which the kernel counts each attempt to reach another host, name look-ups too, and a disk on which it can
 * write to one folder only. Whom it tries to reach is told by strace, or, where that is not installed, by Node itself.
 */
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

export interface WatchedRun {
    readonly stdout: string;
    /** Addresses, with ports, that something was sent to, or was to be, and names that were looked up: each once. */
    readonly destinations: readonly string[];
    /** Attempts to reach another host, as the kernel counts them; undefined without a network of its own. */
    readonly attempts: number | undefined;
}

export interface WatchOptions {
    /** The program's HOME and TMPDIR are in it. */
    readonly folder: string;
    readonly timeoutMs: number;
}

/** An address that nobody has (RFC 5737): name look-ups that don't stay in the machine go there, and are counted. */
const NAME_SERVER = "192.0.2.53";
const CALLS = "connect,sendto,sendmsg,sendmmsg";
const ISOLATE = `set -e
    mount --bind "$FOLDER" "$FOLDER"
    mount --bind "$FOLDER/watched/resolv.conf" /etc/resolv.conf
    mount -o remount,bind,ro /
    ip link set lo up
    if touch "$OUTSIDE" 2>/dev/null; then exit 1; fi
    set +e
    "$@"
    status=$?
    cat /proc/net/snmp /proc/net/snmp6 >"$FOLDER/watched/counted"
    exit $status
`;
const IPV4_DESTINATION = /sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]+)"\)/g;
const IPV6_DESTINATION = /sin6_port=htons\((\d+)\).*?inet_pton\(AF_INET6, "([^"]+)"/g;

/** Whether this system lets a program have a network and a disk of its own. */
function canIsolate(): boolean {
    return spawnSync("unshare", ["-rnm", "sh", "-c", "ip link set lo up && mount -o remount,bind,ro /"]).status === 0;
}

/** @throws what the program printed when it ends with another status than 0 */
export async function watched(
    command: readonly [string, ...string[]],
    { folder, timeoutMs }: WatchOptions,
): Promise<WatchedRun> {
    const at = (name: string) => join(folder, name);
    for (const name of ["home", "tmp", "watched"]) mkdirSync(at(name), { recursive: true });
    writeFileSync(at("watched/resolv.conf"), `nameserver ${NAME_SERVER}\noptions timeout:1 attempts:1\n`);
    const [calls, told, counted] = [at("watched/calls"), at("watched/told"), at("watched/counted")];
    const { NODE_COMPILE_CACHE: _, ...environment } = process.env;
    const hasStrace = spawnSync("strace", ["-V"]).status === 0;
    const traced = hasStrace ? ["strace", "-f", "--seccomp-bpf", "-qq", "-e", `trace=${CALLS}`, "-o", calls] : [];
    const isolated = canIsolate() ? ["unshare", "-rnm", "sh", "-c", ISOLATE, "sh"] : [];
    const [program = "", ...args] = [...isolated, ...traced, ...command];
    const { stdout } = await promisify(execFile)(program, args, {
        env: {
            ...environment,
            ...{ FOLDER: folder, OUTSIDE: join(__dirname, "outside"), HOME: at("home"), TMPDIR: at("tmp") },
            ...(!hasStrace && { NODE_OPTIONS: `--require ${join(__dirname, "tell-destinations.js")}`, TOLD: told }),
        },
        timeout: timeoutMs,
        maxBuffer: 64 * 1024 * 1024,
    });
    const destinations = hasStrace ? destinationsIn(readFileSync(calls, "utf8")) : linesOf(told);
    return {
        stdout,
        destinations: [...new Set(destinations)],
        attempts: isolated.length > 0 ? attemptsIn(readFileSync(counted, "utf8")) : undefined,
    };
}

function linesOf(path: string): readonly string[] {
    return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
}

/** @param counted `/proc/net/snmp`, a line of names and one of numbers for each protocol, and `/proc/net/snmp6` */
function attemptsIn(counted: string): number {
    const [names = [], numbers = []] = [...counted.matchAll(/^Ip: (.*)$/gm)].map(([, line = ""]) => line.split(" "));
    const ipv4 = Number(numbers[names.indexOf("OutNoRoutes")]);
    const ipv6 = Number(/^Ip6OutNoRoutes\s+(\d+)$/m.exec(counted)?.[1] ?? 0);
    if (Number.isNaN(ipv4)) throw new Error("This kernel doesn't count what can't be sent.");
    return ipv4 + ipv6;
}

function destinationsIn(calls: string): readonly string[] {
    const ipv4 = [...calls.matchAll(IPV4_DESTINATION)].map(([, port, address]) => `${address}:${port}`);
    const ipv6 = [...calls.matchAll(IPV6_DESTINATION)].map(([, port, address]) => `[${address}]:${port}`);
    return [...ipv4, ...ipv6];
}
