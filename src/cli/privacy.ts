/** `earshot privacy`: what a hub keeps, and the proofs of what it doesn't. */
import { type Command, type ExitCode, type Terminal, UsageError } from "./command";
import { anchor, verify, verifyReceiptFile } from "./privacy/log-commands";
import { exportAll, importAll, list, purge, rotate } from "./privacy/vault-commands";

const COMMANDS = new Map<string, (args: readonly string[], terminal: Terminal) => Promise<ExitCode>>([
    ["list", list],
    ["export", exportAll],
    ["import", importAll],
    ["purge", purge],
    ["rotate", rotate],
    ["verify", verify],
    ["verify-receipt", verifyReceiptFile],
    ["anchor", anchor],
]);

export const privacy: Command = {
    summary: "lists, exports and purges what is kept; checks the privacy log",
    help: `Usage: earshot privacy list --folder DIR [which]
       earshot privacy export --folder DIR [which] FILE.tar
       earshot privacy import --folder DIR FILE.tar
       earshot privacy purge --folder DIR (which | --all) [--part sound|words]
       earshot privacy rotate --folder DIR [--guard file|passphrase|secret]
       earshot privacy verify (--folder DIR | --log FILE) [--anchor FILE]… [--key FILE]
       earshot privacy verify-receipt RECEIPT (--folder DIR | --log FILE | --key FILE)
       earshot privacy anchor (--folder DIR | --log FILE)

  --folder DIR      the hub's folder, such as ~/.node-red/earshot; Node-RED must not run for the first five
  --log FILE        the privacy log, if it is elsewhere or has another name than DIR/privacy.log
Which recordings (all that are said have to hold):
  --id ID           may be given several times
  --site ID  --speaker ID  --session ID  --intent NAME
  --words WORDS     the transcript has words that begin so
  --from TIME  --to TIME   when they began, such as 2026-11-22 or 2026-11-22T16:00:00Z
  --limit NUMBER    list that many at most; all if not given

A vault with a passphrase takes it from the environment: EARSHOT_PASSPHRASE, or EARSHOT_SECRET for a hub's secret;
"rotate" takes the new one from EARSHOT_NEW_PASSPHRASE or EARSHOT_NEW_SECRET.

list            one line for each recording, the latest first: {"id", "session", "site", "speaker"?, "startedAt", …}
export          {"recordings", "files", "bytes"}; the archive is not sealed: whoever has it hears what was said
import          {"imported", "alreadyThere"}; a damaged archive changes nothing
purge           {"purged", "receipt"?}; the receipt proves it later
rotate          {"rotated": true}: everything under another store key
verify          {"ok", "records", "firstBad"?: {"file", "line", "fault"}, "anchors"}
verify-receipt  {"ok", "fault"?, "receipt"?}
anchor          a line that shows later, to "verify --anchor FILE", whether anything was cut off: keep it elsewhere

Exit codes: 0 done, or all is as it should be; 1 failed, or something was changed; 2 called with wrong arguments.
`,

    async run([name = "", ...args], terminal) {
        const command = COMMANDS.get(name);
        if (command) return await command(args, terminal);
        throw new UsageError(name === "" ? "privacy: which command?" : `there is no command "privacy ${name}"`);
    },
};
