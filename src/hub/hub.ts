/** The meeting place of the nodes of one home: live sound, language, devices, recogniser, and what is kept. */
import { EventEmitter } from "node:events";
import { join } from "node:path";
import { HomeKitAccessories, PairingStore } from "../hap";
import {
    type DeviceChange,
    type DeviceOutcome,
    Dispatcher,
    Home,
    Rights,
    type RightsSettings,
    SimulatedDriver,
} from "../home";
import { FlowDriver } from "../home/drivers/flow";
import { HomeAssistantDriver } from "../home/drivers/home-assistant";
import { HomeKitDriver } from "../home/drivers/homekit";
import { HomeAssistant } from "../home-assistant";
import {
    ConversationMemory,
    compile,
    type Grammar,
    type Intent,
    type Language,
    loadLanguage,
    notUnderstood,
    type RecogniserGrammar,
    type SentenceFileError,
    type Spoken,
    type Understanding,
} from "../language";
import { MdnsBrowser } from "../mdns";
import {
    Consent,
    Disclosures,
    Erasure,
    type Mode,
    Modes,
    type PrivacyEvent,
    PrivacyLog,
    Retention,
    type RetentionRule,
    rightsIn,
    type Swept,
} from "../privacy";
import type { RedactionCounts } from "../redact";
import { BuiltinEngine, type Transcriber, type Transcript } from "../speech";
import { type KeyGuard, Vault } from "../vault";
import type { WakeDetector } from "../wake";
import { type HomeSettings, overrides, simulatedDevices } from "./home-settings";
import { Keeping } from "./keeping";
import { MuteSwitch } from "./mute-switch";
import { type DispatchResult, Orders } from "./orders";
import { PrivacyRequests } from "./privacy-requests";
import { type RedactionSettings, TranscriptRedaction } from "./redaction";
import { SAMPLE_RATE, type Session } from "./session";
import { Sessions } from "./sessions";

/** A place with a microphone. */
export interface Site {
    readonly id: string;
    readonly name: string;
    /** Id of the area it is in: "the light" said there means the light there. */
    readonly area?: string;
}

export interface HubOptions {
    readonly id: string;
    /** A folder below `locales/` with sentences, such as "en". */
    readonly language: string;
    readonly sites: readonly Site[];
    /** Absolute path of the folder for pairings, log and vault; made when there is something to put there. */
    readonly folder: string;
    readonly home: HomeSettings;
    /** Folders with sentences of the user's own, in Home Assistant's format. */
    readonly sentenceFolders?: readonly string[];
    /** Without them what is critical is asked about, and everybody may do the rest. */
    readonly rights?: RightsSettings;
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

/** What the microphones of a home do at this moment, and at which sites. */
export interface Microphone {
    /**
     * - `muted`: all that is heard is taken for silence
     * - `listening`: an utterance is being listened to
     * - `open`: sound comes in, is held in memory for a moment, and nobody listens to it but a wake word or a button
     * - `closed`: there is no sound
     */
    readonly state: "muted" | "listening" | "open" | "closed";
    /** Ids of the sites that are listened to, or else those that are open. */
    readonly sites: readonly string[];
}

export interface HubEvents {
    /** Something a person should look at; the hub works on without it. */
    problem: [error: Error];
    /** It listens to somebody now, or no longer. */
    listening: [];
    /** What `microphone` says is another now. */
    microphone: [];
    /** The microphones were muted or unmuted. */
    muted: [];
    /** A mode was set or ended. */
    mode: [];
    /** What was over was deleted. */
    swept: [swept: Swept];
    /** An intent was dispatched: whether all of it was done. */
    dispatched: [ok: boolean];
}

export class Hub extends EventEmitter<HubEvents> {
    readonly id: string;
    /** Where what is kept lies. */
    readonly folder: string;
    readonly sites: readonly Site[];
    readonly sessions = new Sessions();
    /** What was said a moment ago at each site; in memory only. */
    readonly conversations = new ConversationMemory();
    readonly home: Home;
    /** Devices that flows are. */
    readonly flowDevices = new FlowDriver();
    readonly accessories: HomeKitAccessories;
    /** Absent when the home has none. */
    readonly homeAssistant: HomeAssistant | undefined;
    readonly log: PrivacyLog;
    /** Who got what. */
    readonly disclosures: Disclosures;
    readonly vault: Vault;
    /** Deletes from the vault, with a line in the log and a receipt. */
    readonly erasure: Erasure;
    readonly retention: Retention;
    /** To use recordings for better recognition. */
    readonly consent: Consent;
    /** The way into the vault for what is said. */
    readonly keeping: Keeping;
    readonly language: Language;
    readonly #engine = new BuiltinEngine();
    readonly #browser = new MdnsBrowser({ types: ["_hap._tcp"] });
    readonly #pairings: PairingStore;
    readonly #dispatcher: Dispatcher;
    readonly #orders: Orders;
    readonly #muteSwitch: MuteSwitch;
    readonly #modes: Modes;
    readonly #options: HubOptions;
    #redaction: TranscriptRedaction | undefined;
    #grammar: Grammar | undefined;

    /** @throws UnknownLanguageError; RangeError for a device that can't be simulated */
    constructor(options: HubOptions) {
        super();
        this.#options = options;
        this.id = options.id;
        this.folder = options.folder;
        this.sites = options.sites;
        this.language = loadLanguage(options.language, { sentenceFolders: options.sentenceFolders ?? [] });
        this.log = new PrivacyLog(join(options.folder, "privacy.log"), { sites: options.sites.map(({ id }) => id) });
        this.disclosures = new Disclosures(this.log);
        const { keyGuard, retention = () => [] } = options;
        this.vault = new Vault(join(options.folder, "vault"), { ...(keyGuard && { guard: keyGuard }) });
        this.vault.on("problem", ({ message }) => this.emit("problem", new Error(message)));
        this.vault.addDerivedStore({
            name: "conversations",
            forget: (purged) => this.conversations.forgetUtterances((utterance) => purged.has(utterance)),
        });
        this.erasure = new Erasure({ vault: this.vault, log: this.log });
        this.consent = new Consent({
            file: join(options.folder, "consent.json"),
            erasure: this.erasure,
            log: this.log,
        });
        this.retention = new Retention({
            vault: this.vault,
            erasure: this.erasure,
            log: this.log,
            rules: retention,
            onSwept: (swept) => this.emit("swept", swept),
            onProblem: (error) => this.emit("problem", error),
        });
        this.#modes = new Modes(join(options.folder, "modes.json"));
        this.keeping = new Keeping({
            vault: this.vault,
            erasure: this.erasure,
            log: this.log,
            isAllowed: (spoken) => this.modeAt(spoken.site) === undefined && !this.conversations.isOffRecord(spoken),
        });
        this.#pairings = new PairingStore(join(options.folder, "homekit"));
        this.accessories = new HomeKitAccessories({ browser: this.#browser, store: this.#pairings });
        const { homeAssistant } = options.home;
        this.homeAssistant = homeAssistant && new HomeAssistant(homeAssistant);
        this.homeAssistant?.on("status", (status) => {
            if ("error" in status) this.emit("problem", status.error);
        });
        this.home = new Home({ ...options.home, devices: overrides(options.home.devices) }, [
            new SimulatedDriver(simulatedDevices(options.home.devices)),
            new HomeKitDriver(this.accessories),
            this.flowDevices,
            ...(this.homeAssistant ? [new HomeAssistantDriver(this.homeAssistant)] : []),
        ]);
        const rights = new Rights(options.rights, { reduced: ({ site }) => rightsIn(this.modeAt(site)) });
        this.#dispatcher = new Dispatcher(this.home, { rights });
        const privacy = new PrivacyRequests(this);
        this.#orders = new Orders(this.#dispatcher, this.home, this.language, this.conversations, privacy);
        this.#muteSwitch = new MuteSwitch(join(options.folder, "muted"));
        this.sessions.on("listening", () => this.emit("listening"));
        this.sessions.on("sites", () => this.emit("microphone"));
        this.sessions.on("opened", ({ site }) => this.noteHearing({ what: "microphone-opened", site }));
        this.sessions.on("closed", ({ site, length }) => {
            this.noteHearing({ what: "microphone-closed", site, durationMs: (length / SAMPLE_RATE) * 1_000 });
        });
        this.home.on("changed", () => {
            this.#grammar = undefined;
        });
        this.vault.addDerivedStore({ name: "words that were heard", forget: () => this.#compiled().forget() });
    }

    /** All that is heard is taken for silence, until it is unmuted. */
    get isMuted(): boolean {
        return this.sessions.isMuted;
    }

    /** An utterance is being listened to. */
    get isListening(): boolean {
        return this.sessions.isListening;
    }

    get microphone(): Microphone {
        const { isMuted, listeningSites, openSites } = this.sessions;
        if (isMuted) return { state: "muted", sites: openSites };
        if (listeningSites.length > 0) return { state: "listening", sites: listeningSites };
        return { state: openSites.length > 0 ? "open" : "closed", sites: openSites };
    }

    /** Mutes or unmutes all microphones, beyond a restart. What is in memory of the sound before is overwritten. */
    mute(isMuted: boolean): void {
        if (isMuted === this.isMuted) return;
        this.sessions.mute(isMuted);
        this.#muteSwitch.turn(isMuted).catch((error: Error) => this.emit("problem", error));
        this.#note({ what: isMuted ? "microphone-muted" : "microphone-unmuted" });
        this.emit("muted");
        this.emit("microphone");
    }

    /** The mode that is on at a site, or in the whole home. */
    modeAt(site?: string): Mode | undefined {
        return this.#modes.at(site);
    }

    /** Sets a mode, or ends it, at one site or everywhere; in force at once, and beyond a restart. */
    async setMode(mode: Mode | undefined, site?: string): Promise<void> {
        const written = this.#modes.set(mode, site);
        this.emit("mode");
        await written;
        await this.log.append({ what: "settings-changed", ...(site !== undefined && { site }) });
    }

    get transcriber(): Transcriber {
        return this.#engine;
    }

    get wakeDetector(): WakeDetector {
        return this.#engine;
    }

    /** Faults in sentence files; the sentences of the other files are understood. */
    get languageProblems(): readonly SentenceFileError[] {
        return this.language.problems;
    }

    /**
     * Opens what is kept, deletes of it what is over, and begins to look for devices; devices come in later, in the background.
     * @throws HapError when the pairings can't be read; VaultError when the vault can't be opened; RangeError for rules of
     *     retention that can't be kept
     */
    async start(): Promise<void> {
        this.sessions.mute(await this.#muteSwitch.isOn());
        await this.#modes.open().catch((error: Error) => this.emit("problem", error));
        const keyFile = join(this.folder, "pseudonyms.key");
        const { redaction, consentsToUse = false } = this.#options;
        if (redaction) this.#redaction = await TranscriptRedaction.open(redaction, this.language.code, keyFile);
        await this.vault.open();
        await this.retention.start();
        await this.consent.choose(consentsToUse).catch((error: Error) => this.emit("problem", error));
        await this.#pairings.open();
        if (this.#pairings.warning) this.emit("problem", this.#pairings.warning);
        this.#browser.start();
        this.accessories.start();
        await this.home.start();
    }

    async stop(): Promise<void> {
        this.sessions.closeAll();
        this.conversations.stop();
        await Promise.all([
            this.#engine.stop(),
            this.home
                .stop()
                .then(() => this.accessories.stop())
                .then(() => this.#browser.stop()),
            this.retention
                .stop()
                .then(() => this.vault.close())
                .then(() => this.log.close()),
            this.#muteSwitch.written(),
            this.#modes.written(),
        ]);
    }

    /** What may be told of what was heard: without personal data, where the hub is to redact; then `counts` says of how much. */
    told(
        transcript: Transcript,
        session: Session,
    ): { readonly transcript: Transcript; readonly counts?: RedactionCounts } {
        return this.#redaction?.redact(transcript, session) ?? { transcript };
    }

    /** Loads the recogniser, so that the first sentence need not wait for it. @throws TranscriptionError */
    prepareRecogniser(): Promise<void> {
        return this.#engine.prepare(this.recogniserGrammar());
    }

    /**
     * What `text` asks for, said at a site, given what was said there before.
     * @param remember false for what will not be acted on: nothing may lean on it
     */
    understand(text: string, spoken: Spoken = {}, { remember = true } = {}): Understanding {
        const area = spoken.area ?? this.sites.find(({ id }) => id === spoken.site)?.area;
        const here = area === undefined ? spoken : { ...spoken, area };
        // Said to nobody but the question: it is no sentence that anything may lean on.
        const pin = this.#orders.pinIn(text, spoken);
        if (pin) return { intents: [pin], suggestions: [] };
        if (remember) return this.conversations.understand(this.#compiled(), text, here);
        const before = this.conversations.before(here);
        return this.#compiled().understand(text, { ...(area && { area }), ...(before && { before }) });
    }

    /** What can be said at the moment, for recognisers; answers only where something was asked. */
    recogniserGrammar(spoken: Spoken = {}): RecogniserGrammar {
        const asked = this.#orders.awaits(spoken);
        return asked === undefined ? this.#compiled().recogniser : this.#compiled().recogniserOfAnswers(asked);
    }

    /**
     * Does what an intent asks and says what came of it. An intent that leaves open which device is meant does nothing, and
     * the reply asks back; one that is not about devices is answered where there is an answer, else `handled` is false.
     * @throws IntentError when devices are to do what none can, or a slot has no usable value
     */
    async dispatch(intent: Intent, spoken: Spoken = {}): Promise<DispatchResult> {
        const result = await this.#orders.dispatch(intent, spoken);
        this.emit("dispatched", result.handled && result.devices.every(({ ok }) => ok));
        return result;
    }

    /**
     * Answers by hand, from a flow, what was asked at a site. A button takes the place of a spoken PIN.
     * @param to id of the question; without it what was asked last of that site and speaker
     */
    async confirm(yes: boolean, spoken: Spoken = {}, to?: string): Promise<DispatchResult> {
        return await this.#orders.confirm(yes, spoken, to);
    }

    /** Writes down that something was heard, where the hub is to; nobody has to wait for it. */
    noteHearing(event: PrivacyEvent): void {
        if (this.#options.logsHearing) this.#note(event);
    }

    /** Does what somebody asks of a device in Apple Home, if it may be done there. */
    async fromHomeKit(deviceId: string, wish: DeviceChange): Promise<DeviceOutcome> {
        return await this.#dispatcher.fromHomeKit(deviceId, wish);
    }

    /** The reply to what was not understood, with the nearest sentence that would have been. */
    notUnderstood(suggestions: readonly string[] = []): string {
        return notUnderstood(this.language, suggestions);
    }

    #note(event: PrivacyEvent): void {
        this.log.append(event).catch((error: Error) => this.emit("problem", error));
    }

    #compiled(): Grammar {
        this.#grammar ??= compile(this.language, this.home.description());
        return this.#grammar;
    }
}
