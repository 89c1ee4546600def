/** Programs of the system that record: which there are, how they are asked for our samples, and what devices they know. */
import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** A source of sound, by the name that the recorder takes. */
export interface MicrophoneDevice {
    readonly id: string;
    readonly name: string;
}

/** Writes 16,000 mono samples of 16 bits a second to its standard output. */
export interface Recorder {
    readonly program: RecorderProgram;
    /** Its file. */
    readonly file: string;
    /** @param device empty: the system's default */
    arguments(device: string): readonly string[];
}

export const RECORDER_PROGRAMS = ["pw-record", "parec", "arecord", "rec", "ffmpeg"] as const;
export type RecorderProgram = (typeof RECORDER_PROGRAMS)[number];

const ARGUMENTS: Readonly<Record<RecorderProgram, (device: string) => readonly string[]>> = {
    "pw-record": (device) => [
        ...["--raw", "--rate=16000", "--channels=1", "--format=s16", "--latency=20ms"],
        ...(device === "" ? [] : [`--target=${device}`]),
        "-",
    ],
    parec: (device) => [
        ...["--raw", "--rate=16000", "--channels=1", "--format=s16le", "--latency-msec=20"],
        ...(device === "" ? [] : [`--device=${device}`]),
    ],
    arecord: (device) => [
        ...["-q", "-t", "raw", "-f", "S16_LE", "-r", "16000", "-c", "1"],
        ...(device === "" ? [] : ["-D", device]),
    ],
    rec: () => ["-q", "-t", "raw", "-r", "16000", "-e", "signed-integer", "-b", "16", "-c", "1", "-"],
    ffmpeg: (device) => [
        ...["-nostdin", "-loglevel", "error", "-f", "alsa", "-i", device === "" ? "default" : device],
        ...["-ac", "1", "-ar", "16000", "-f", "s16le", "-"],
    ],
};

const LISTING_MS = 3_000;
const MAX_LISTING_BYTES = 4 * 1024 * 1024;
const run = promisify(execFile);

/**
 * Those that are installed, best first: what knows the desktop's own choice of microphone before what takes the hardware.
 *
 * @param path folders to look in, as in the environment
 */
export async function findRecorders(path = process.env.PATH ?? ""): Promise<readonly Recorder[]> {
    const found: Recorder[] = [];
    for (const program of RECORDER_PROGRAMS) {
        const file = await fileOf(program, path);
        if (file === undefined || (program === "pw-record" && !(await writesRaw(file)))) continue;
        found.push({ program, file, arguments: ARGUMENTS[program] });
    }
    return found;
}

/** Microphones that can be chosen, as far as a program of the system tells; none where none does. */
export async function listMicrophones(path = process.env.PATH ?? ""): Promise<readonly MicrophoneDevice[]> {
    const [first] = await findRecorders(path);
    switch (first?.program) {
        case "pw-record":
            return pipeWireDevices(await outputOf("pw-dump", [], path));
        case "parec":
            return pulseDevices(await outputOf("pactl", ["--format=json", "list", "sources"], path));
        case "arecord":
            return alsaDevices(await outputOf("arecord", ["-L"], path));
        default:
            return [];
    }
}

/** What `pactl` lists; what a loudspeaker plays comes after what a microphone hears. */
export function pulseDevices(json: string): readonly MicrophoneDevice[] {
    const devices = recordsIn(json).flatMap(({ name, description }) =>
        typeof name === "string" ? { id: name, name: typeof description === "string" ? description : name } : [],
    );
    const isMonitor = ({ id }: MicrophoneDevice) => id.endsWith(".monitor");
    return [...devices.filter((device) => !isMonitor(device)), ...devices.filter(isMonitor)];
}

/** What `pw-dump` lists. */
export function pipeWireDevices(json: string): readonly MicrophoneDevice[] {
    return recordsIn(json).flatMap(({ info }) => {
        const { props } = (info ?? {}) as { props?: Readonly<Record<string, unknown>> };
        const { "node.name": id, "node.description": name, "media.class": kind } = props ?? {};
        if (typeof id !== "string" || typeof kind !== "string" || !kind.startsWith("Audio/Source")) return [];
        return { id, name: typeof name === "string" ? name : id };
    });
}

/** What `arecord -L` lists: names at the beginning of a line, what they are below them. */
export function alsaDevices(text: string): readonly MicrophoneDevice[] {
    const devices: MicrophoneDevice[] = [];
    for (const block of text.split(/\n(?=\S)/)) {
        const [id = "", ...about] = block.split("\n").map((line) => line.trim());
        if (id === "" || id === "null") continue;
        devices.push({ id, name: about.find((line) => line !== "") ?? id });
    }
    return devices;
}

function recordsIn(json: string): readonly Readonly<Record<string, unknown>>[] {
    try {
        const value: unknown = JSON.parse(json);
        return Array.isArray(value) ? value.filter((each) => typeof each === "object" && each !== null) : [];
    } catch {
        return [];
    }
}

async function fileOf(program: string, path: string): Promise<string | undefined> {
    for (const folder of path.split(delimiter)) {
        const file = join(folder, program);
        const isThere =
            folder !== "" &&
            (await access(file, constants.X_OK)
                .then(() => true)
                .catch(() => false));
        if (isThere) return file;
    }
    return undefined;
}

/** Older ones put a header before the samples, in the other order of bytes. */
async function writesRaw(file: string): Promise<boolean> {
    return (await outputOf(file, ["--help"], "")).includes("--raw");
}

/** Empty where there is no such program, or it fails. */
async function outputOf(program: string, args: readonly string[], path: string): Promise<string> {
    const file = path === "" ? program : await fileOf(program, path);
    if (file === undefined) return "";
    const options = { timeout: LISTING_MS, maxBuffer: MAX_LISTING_BYTES };
    return await run(file, args, options).then(
        ({ stdout }) => stdout,
        () => "",
    );
}
