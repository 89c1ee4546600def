/** The Privacy sidebar: what it asks Node-RED. What it looks like is in `editor/privacy`. */
import type { NodeAPI } from "node-red";
import { warnIfExposed } from "./exposure";
import { serveDeletion } from "./privacy-deletion";
import { serveExport } from "./privacy-export";
import { serveLogReport } from "./privacy-log-report";
import { serveHubs } from "./privacy-microphones";
import { serveRecordings } from "./privacy-recordings";

export = (RED: NodeAPI): void => {
    serveHubs(RED);
    serveRecordings(RED);
    serveDeletion(RED);
    serveExport(RED);
    serveLogReport(RED);
    warnIfExposed(RED);
};
