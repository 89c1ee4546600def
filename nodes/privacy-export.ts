/** Everything that is kept, as one archive. It is made while it is sent: no copy in clear is left here. It needs `earshot.write`. */
import type { NodeAPI } from "node-red";
import { exported } from "../src/privacy";
import { answerError, jsonBody, word } from "./admin";
import { runningHub } from "./hub-node";
import { sendPieces, setPrivate } from "./privacy-request";

export function serveExport(RED: NodeAPI): void {
    RED.httpAdmin.post("/earshot/privacy/export", RED.auth.needsPermission("earshot.write"), (request, response) => {
        setPrivate(response);
        const send = async () => {
            const { vault, log } = await runningHub(RED, word(jsonBody(request).hub));
            // First the log: sound that got out without a line about it would be the worse of the two.
            await log.append({ what: "exported", count: await vault.count() });
            response.set({
                "Content-Type": "application/x-tar",
                "Content-Disposition": 'attachment; filename="earshot.tar"',
            });
            await sendPieces(response, exported({ vault, log: log.path }));
        };
        send().catch((error: unknown) => {
            if (response.headersSent) response.destroy();
            else answerError(response, error);
        });
    });
}
