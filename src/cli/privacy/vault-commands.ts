/** The subcommands that open the vault. */
import { join } from "node:path";
import { Erasure, exportVault, importExport, type PrivacyEvent, PrivacyLog } from "../../privacy";
import { isVaultFolder, type KeyGuard, RECORDING_PARTS, type RecordingFilter, Vault, VaultError } from "../../vault";
import { type ExitCode, numberOption, parse, type Terminal, UsageError } from "../command";

const FOLDER = { folder: { type: "string" } } as const;
const WHICH = {
    site: { type: "string" },
    speaker: { type: "string" },
    session: { type: "string" },
    intent: { type: "string" },
    words: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
} as const;

const PAGE = 500;

export async function list(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const options = { ...FOLDER, ...WHICH, limit: { type: "string" } } as const;
    const { values } = parse({ args: [...args], options });
    let left = numberOption("limit", values.limit, 1, Number.MAX_SAFE_INTEGER) ?? Number.POSITIVE_INFINITY;
    const filter = filterOf(values);
    return await inHub(values.folder, async ({ vault }) => {
        for (let before: string | undefined; left > 0; ) {
            const limit = Math.min(PAGE, left);
            const page = await vault.list({ ...filter, limit, ...(before !== undefined && { before }) });
            for (const recording of page) await terminal.print(recording);
            before = page.at(-1)?.id;
            left = page.length < limit ? 0 : left - page.length;
        }
    });
}

export async function exportAll(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const { values, positionals } = parse({
        args: [...args],
        options: { ...FOLDER, ...WHICH },
        allowPositionals: true,
    });
    const file = onlyFile(positionals);
    const filter = filterOf(values);
    return await inHub(values.folder, async ({ vault, log, record }) => {
        const { recordings, files } = await exportVault(file, { vault, log: log.path, filter });
        const bytes = Object.values(files).reduce((sum, each) => sum + each.bytes, 0);
        await record({ what: "exported", count: recordings, bytes });
        await terminal.print({ recordings, files: Object.keys(files).length, bytes });
    });
}

export async function importAll(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const { values, positionals } = parse({ args: [...args], options: FOLDER, allowPositionals: true });
    const file = onlyFile(positionals);
    return await inHub(
        values.folder,
        async ({ vault, record }) => {
            const imported = await importExport(file, vault);
            await record({ what: "imported", count: imported.imported });
            await terminal.print(imported);
        },
        { mayBeNew: true },
    );
}

export async function purge(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const options = {
        ...FOLDER,
        ...WHICH,
        id: { type: "string", multiple: true },
        all: { type: "boolean" },
        part: { type: "string" },
    } as const;
    const { values } = parse({ args: [...args], options });
    const { id: ids, all = false } = values;
    const filter = filterOf(values);
    if (!all && !ids && Object.keys(filter).length === 0) throw new UsageError("purge what? --all is everything");
    if (all && (ids || Object.keys(filter).length > 0)) throw new UsageError("--all stands alone");
    const part = RECORDING_PARTS.find((each) => each === values.part);
    if (values.part !== undefined && !part) throw new UsageError(`--part takes sound or words, not "${values.part}"`);
    return await inHub(values.folder, async ({ vault, log }) => {
        const selection = { ...filter, ...(ids && { ids }), ...(all && { all }), ...(part && { part }) };
        const { ids: purged, receipt } = await new Erasure({ vault, log }).purge([selection]);
        await terminal.print({ purged: purged.size, ...(receipt && { receipt }) });
    });
}

export async function rotate(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const { values } = parse({ args: [...args], options: { ...FOLDER, guard: { type: "string" } } });
    const guard = values.guard === undefined ? undefined : newGuard(values.guard);
    return await inHub(values.folder, async ({ vault, record }) => {
        await vault.rotate(guard);
        await record({ what: "key-rotated" });
        await terminal.print({ rotated: true });
    });
}

interface OpenHub {
    readonly vault: Vault;
    readonly log: PrivacyLog;
    record(event: PrivacyEvent): Promise<unknown>;
}

/** @param mayBeNew whether a vault may be made */
async function inHub(
    folder: string | undefined,
    work: (hub: OpenHub) => Promise<void>,
    { mayBeNew = false } = {},
): Promise<ExitCode> {
    if (folder === undefined) throw new UsageError("--folder has to say where the hub keeps things");
    const path = join(folder, "vault");
    if (!mayBeNew && !isVaultFolder(path)) throw new VaultError("not-found", `There is no vault in ${folder}.`);
    const vault = new Vault(path, { guard: guardFrom("EARSHOT_PASSPHRASE", "EARSHOT_SECRET") });
    const log = new PrivacyLog(join(folder, "privacy.log"));
    try {
        await vault.open();
        await work({ vault, log, record: (event) => log.append(event) });
        return 0;
    } finally {
        await vault.close();
        await log.close();
    }
}

/** Never as an argument: every program of the machine sees these. */
function guardFrom(passphraseVariable: string, secretVariable: string): KeyGuard {
    const { [passphraseVariable]: passphrase = "", [secretVariable]: secret = "" } = process.env;
    if (passphrase !== "") return { kind: "passphrase", passphrase };
    return secret === "" ? { kind: "file" } : { kind: "secret", secret };
}

function newGuard(kind: string): KeyGuard {
    if (!["file", "passphrase", "secret"].includes(kind)) {
        throw new UsageError(`--guard takes file, passphrase or secret, not "${kind}"`);
    }
    if (kind === "file") return { kind: "file" };
    const guard = guardFrom("EARSHOT_NEW_PASSPHRASE", "EARSHOT_NEW_SECRET");
    if (guard.kind === kind) return guard;
    throw new UsageError(`EARSHOT_NEW_${kind.toUpperCase()} has to hold the new ${kind}`);
}

type Which = { readonly [Name in keyof typeof WHICH]?: string | undefined };

function filterOf({ site, speaker, session, intent, words, from, to }: Which): RecordingFilter {
    return {
        ...(site !== undefined && { site }),
        ...(speaker !== undefined && { speaker }),
        ...(session !== undefined && { session }),
        ...(intent !== undefined && { intent }),
        ...(words !== undefined && { words }),
        ...(from !== undefined && { from: time("from", from) }),
        ...(to !== undefined && { to: time("to", to) }),
    };
}

function time(name: string, text: string): number {
    const value = Date.parse(text);
    if (Number.isNaN(value)) throw new UsageError(`--${name} takes a time such as 2026-11-22T16:00:00Z, not "${text}"`);
    return value;
}

function onlyFile([file, more]: readonly string[]): string {
    if (file === undefined) throw new UsageError("which file?");
    if (more !== undefined) throw new UsageError("one file only");
    return file;
}
