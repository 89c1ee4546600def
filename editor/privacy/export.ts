/** Saves everything that is kept as one archive, after saying that it is not sealed. */
import { confirm } from "./dialog.js";
import { element } from "./element.js";
import { act } from "./node-red.js";
import { say } from "./words.js";

/** Resolves to whether the person wanted it. */
export async function exportAll(hub: string): Promise<boolean> {
    const question = {
        title: say("ask.export"),
        text: say("ask.exportTip"),
        action: say("action.export"),
        icon: "download",
    };
    if (!(await confirm(question))) return false;
    const answer = await act("export", { hub });
    const url = URL.createObjectURL(await answer.blob());
    const day = new Date().toISOString().slice(0, 10);
    element("a", { href: url, download: `earshot-${day}.tar` }).click();
    // The browser has it by the next turn.
    setTimeout(() => URL.revokeObjectURL(url));
    return true;
}
