/** Takes personal data out of what was said, before the message goes on. */
import { join } from "node:path";
import type { NodeAPI } from "node-red";
import { pseudonymKey, REDACTION_CLASSES, Redactor, SOUND_COVERS } from "../src/redact";
import { defineNode } from "./define-node";
import { recordingOf } from "./message";
import { redactMessage, redactRecording } from "./redact-message";
import { choice, rows, text, texts } from "./settings";

const settings = {
    classes: texts(REDACTION_CLASSES),
    mode: choice("label", "remove", "pseudonym"),
    sound: choice("keep", ...SOUND_COVERS),
    contacts: rows({ name: text() }),
    patterns: rows({ pattern: text() }),
};

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-redact", settings, ({ id: node, config, hub, status }) => {
        const cover = config.sound === "keep" ? undefined : config.sound;
        let redactor: Redactor;
        return {
            async start() {
                const classes = config.classes.map((name) => {
                    const known = REDACTION_CLASSES.find((kind) => kind === name);
                    if (!known) throw new Error(RED._("error.unknownKind", { name }));
                    return known;
                });
                const { mode } = config;
                const key = mode === "pseudonym" ? await pseudonymKey(join(hub.folder, "pseudonyms.key")) : undefined;
                const contacts = config.contacts.map(({ name }) => name);
                const patterns = config.patterns.map(({ pattern }) => pattern).filter((pattern) => pattern !== "");
                const language = hub.language.code;
                redactor = new Redactor({ language, classes, mode, contacts, patterns, ...(key && { key }) });
            },
            async input(msg, send) {
                const { message, counts } = redactMessage(msg, redactor, cover);
                const recording = recordingOf(msg);
                if (cover && recording !== undefined) {
                    const replacement = redactRecording(await hub.vault.read(recording), msg, redactor, cover);
                    if (replacement) {
                        const { site, durationMs } = await hub.vault.replace(recording, replacement);
                        await hub.log.append({ what: "recording-redacted", node, site, durationMs, count: 1 });
                    }
                }
                message.redaction = counts;
                if (Object.keys(counts).length > 0) status.ok("redacted");
                else status.ok("nothing");
                send(message);
            },
        };
    });
