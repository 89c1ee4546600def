/** Takes personal data out of what was said, before the message goes on. */
import { join } from "node:path";
import type { NodeAPI } from "node-red";
import { pseudonymKey, REDACTION_CLASSES, Redactor, SOUND_COVERS } from "../src/redact";
import { defineNode } from "./define-node";
import { redactMessage } from "./redact-message";
import { choice, flag, texts } from "./settings";

const settings = {
    classes: texts(REDACTION_CLASSES),
    mode: choice("label", "remove", "pseudonym"),
    sound: choice("keep", ...SOUND_COVERS),
    contacts: texts(),
    patterns: texts(),
};

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-redact", settings, ({ id: node, config, hub, status }) => {
        let redactor: Redactor | undefined;
        return {
            async start() {
                const { mode, contacts, patterns } = config;
                const classes = REDACTION_CLASSES.filter((known) => config.classes.includes(known));
                const unknown = config.classes.find((name) => !REDACTION_CLASSES.some((known) => known === name));
                if (unknown !== undefined) throw new Error(RED._("error.unknownClass", { name: unknown }));
                const key = mode === "pseudonym" ? await pseudonymKey(join(hub.folder, "pseudonyms.key")) : undefined;
                const language = hub.language.code;
                redactor = new Redactor({ language, classes, mode, contacts, patterns, ...(key && { key }) });
            },
            async input(msg, send) {
                // A redactor that could not be made must not let anything pass.
                if (!redactor) throw new Error(RED._("error.notReady"));
                const { redacted, counts } = redactMessage(msg, redactor);
                send(redacted);
            },
        };
    });
