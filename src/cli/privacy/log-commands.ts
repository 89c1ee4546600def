/** The subcommands that only read: the privacy log, and receipts. They need no hub, and work while one runs. */
import { join } from "node:path";
import {
    PrivacyLogError,
    readAnchor,
    readPublicKeys,
    readReceipt,
    verifyPrivacyLog,
    verifyReceipt,
} from "../../privacy";
import { type ExitCode, parse, type Terminal, UsageError } from "../command";

const LOG = { folder: { type: "string" }, log: { type: "string" } } as const;

export async function verify(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const options = { ...LOG, key: { type: "string" }, anchor: { type: "string", multiple: true } } as const;
    const { values } = parse({ args: [...args], options });
    const verification = await verifyPrivacyLog(logOf(values), {
        ...(values.key !== undefined && { keys: values.key }),
        anchors: values.anchor ?? [],
    });
    await terminal.print(verification);
    const { firstBad, anchors } = verification;
    if (firstBad) terminal.say(`${firstBad.file}, line ${firstBad.line}: ${firstBad.fault}`);
    else if (anchors === 0) terminal.say("there is no anchor: records cut off at the end would not show");
    return verification.ok ? 0 : 1;
}

export async function verifyReceiptFile(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const options = { ...LOG, key: { type: "string" } } as const;
    const { values, positionals } = parse({ args: [...args], options, allowPositionals: true });
    const [file, more] = positionals;
    if (file === undefined || more !== undefined) throw new UsageError("which receipt?");
    const hasLog = values.log !== undefined || values.folder !== undefined;
    if (!hasLog && values.key === undefined)
        throw new UsageError("--folder, --log or --key has to say whose receipt it is");
    const log = hasLog ? logOf(values) : undefined;
    const verification = await verifyReceipt(await readReceipt(file), {
        keys: await readPublicKeys(values.key ?? `${log}.pub`),
        ...(log !== undefined && { log }),
    });
    await terminal.print(verification);
    if (verification.fault) terminal.say(`${file}: ${verification.fault}`);
    return verification.ok ? 0 : 1;
}

export async function anchor(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
    const { values } = parse({ args: [...args], options: LOG });
    const file = `${logOf(values)}.anchor`;
    const found = await readAnchor(file);
    if (found === undefined) throw new PrivacyLogError("not-found", `There is no anchor ${file}.`);
    if (found === "damaged") throw new PrivacyLogError("damaged", `That is no anchor, or it was changed: ${file}.`);
    await terminal.print(found);
    return 0;
}

function logOf({ folder, log }: { readonly folder?: string | undefined; readonly log?: string | undefined }): string {
    if (log !== undefined) return log;
    if (folder !== undefined) return join(folder, "privacy.log");
    throw new UsageError("--folder or --log has to say where the privacy log is");
}
