/** What a hub keeps of what it hears, for how long, who gets it, and what is written down about that. */
import { EventEmitter } from "node:events";
import { join } from "node:path";
import type { ConversationMemory } from "../language";
import {
    Consent,
    Disclosures,
    Erasure,
    Modes,
    type PrivacyEvent,
    PrivacyLog,
    Retention,
    type RetentionRule,
    type Swept,
} from "../privacy";
import type { RedactionCounts } from "../redact";
import type { Transcript } from "../speech";
import { type KeyGuard, Vault } from "../vault";
import { Keeping } from "./keeping";
import { type RedactionSettings, TranscriptRedaction } from "./redaction";
import type { Session } from "./session";

export interface PrivacySettings {
    /** What guards the key of the vault; its file alone when not given. */
    readonly keyGuard?: KeyGuard;
    /** What is taken out of all that is heard; without it nothing is. */
    readonly redaction?: RedactionSettings;
    /** Recordings may be used to improve recognition. */
    readonly consentsToUse?: boolean;
    /** The privacy log tells when microphones are open, when a wake word was heard, and when somebody spoke. */
    readonly logsHearing?: boolean;
    /** How long what is said is kept: asked for at each sweep. Without rules nothing outlasts the next one. */
    readonly retention?: () => readonly RetentionRule[];
}

export interface PrivacyHome {
    /** Absolute path; made when there is something to put there. */
    readonly folder: string;
    /** Of what is said, such as "en". */
    readonly language: string;
    /** Ids. */
    readonly sites: readonly string[];
    readonly conversations: ConversationMemory;
}

export interface HubPrivacyEvents {
    problem: [error: Error];
    /** What was over was deleted. */
    swept: [swept: Swept];
}

export class HubPrivacy extends EventEmitter<HubPrivacyEvents> {
    readonly log: PrivacyLog;
    readonly disclosures: Disclosures;
    readonly vault: Vault;
    readonly erasure: Erasure;
    readonly retention: Retention;
    readonly consent: Consent;
    readonly keeping: Keeping;
    readonly modes: Modes;
    readonly #settings: PrivacySettings;
    readonly #home: PrivacyHome;
    #redaction: TranscriptRedaction | undefined;

    constructor(settings: PrivacySettings, home: PrivacyHome) {
        super();
        this.#settings = settings;
        this.#home = home;
        const { keyGuard, retention: rules = () => [] } = settings;
        const { folder, sites, conversations } = home;
        const log = new PrivacyLog(join(folder, "privacy.log"), { sites });
        const vault = new Vault(join(folder, "vault"), { ...(keyGuard && { guard: keyGuard }) });
        vault.on("problem", ({ message }) => this.emit("problem", new Error(message)));
        vault.addDerivedStore({
            name: "conversations",
            forget: (purged) => conversations.forgetUtterances((utterance) => purged.has(utterance)),
        });
        const erasure = new Erasure({ vault, log });
        this.log = log;
        this.vault = vault;
        this.erasure = erasure;
        this.disclosures = new Disclosures(log);
        this.consent = new Consent({ file: join(folder, "consent.json"), erasure, log });
        this.modes = new Modes(join(folder, "modes.json"));
        this.retention = new Retention({
            vault,
            erasure,
            log,
            rules,
            onSwept: (swept) => this.emit("swept", swept),
            onProblem: (error) => this.emit("problem", error),
        });
        this.keeping = new Keeping({
            vault,
            erasure,
            log,
            isAllowed: (spoken) => this.modes.at(spoken.site) === undefined && !conversations.isOffRecord(spoken),
        });
    }

    /**
     * Opens what is kept, and deletes of it what is over.
     * @throws VaultError when the vault can't be opened; RangeError for rules of retention that can't be kept
     */
    async start(): Promise<void> {
        const { redaction, consentsToUse = false } = this.#settings;
        const { folder, language } = this.#home;
        const report = (error: Error) => void this.emit("problem", error);
        await this.modes.open().catch(report);
        const keyFile = join(folder, "pseudonyms.key");
        if (redaction) this.#redaction = await TranscriptRedaction.open(redaction, language, keyFile);
        await this.vault.open();
        await this.retention.start();
        await this.consent.choose(consentsToUse).catch(report);
    }

    /** Waits for what is under way. */
    async stop(): Promise<void> {
        await this.retention.stop();
        await this.vault.close();
        await this.log.close();
        await this.modes.written();
    }

    /** What may be told of what was heard: without personal data, where the hub is to redact; then `counts` says of how much. */
    told(
        transcript: Transcript,
        session: Session,
    ): { readonly transcript: Transcript; readonly counts?: RedactionCounts } {
        return this.#redaction?.redact(transcript, session) ?? { transcript };
    }

    /** Writes something down; nobody has to wait for it. */
    note(event: PrivacyEvent): void {
        this.log.append(event).catch((error: Error) => this.emit("problem", error));
    }

    /** Writes down that something was heard, where the hub is to. */
    noteHearing(event: PrivacyEvent): void {
        if (this.#settings.logsHearing) this.note(event);
    }
}
