/** The meeting place of the nodes of one home: live sound, language, devices, recogniser, and what is kept. */
import { EventEmitter } from "node:events";
import { join } from "node:path";
import { HomeKitAccessories, PairingStore } from "../hap";
import { type DeviceChange, type DeviceOutcome, Dispatcher, Home, Rights, SimulatedDriver } from "../home";
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
    type Consent,
    type Disclosures,
    type Erasure,
    type Mode,
    type PrivacyEvent,
    type PrivacyLog,
    type Retention,
    rightsIn,
} from "../privacy";
import type { RedactionCounts } from "../redact";
import { BuiltinEngine, type Transcriber, type Transcript } from "../speech";
import type { Vault } from "../vault";
import type { WakeDetector } from "../wake";
import { overrides, simulatedDevices } from "./home-settings";
import type { HubEvents, HubOptions, Microphone, Site } from "./hub-options";
import type { Keeping } from "./keeping";
import { MuteSwitch } from "./mute-switch";
import { type DispatchResult, Orders } from "./orders";
import { HubPrivacy } from "./privacy";
import { PrivacyRequests } from "./privacy-requests";
import { SAMPLE_RATE, type Session } from "./session";
import { Sessions } from "./sessions";

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
    readonly #privacy: HubPrivacy;
    #grammar: Grammar | undefined;

    /** @throws UnknownLanguageError; RangeError for a device that can't be simulated */
    constructor(options: HubOptions) {
        super();
        this.id = options.id;
        this.folder = options.folder;
        this.sites = options.sites;
        this.language = loadLanguage(options.language, { sentenceFolders: options.sentenceFolders ?? [] });
        const { folder, sites } = options;
        const { conversations } = this;
        const ids = sites.map(({ id }) => id);
        this.#privacy = new HubPrivacy(options, { folder, language: options.language, sites: ids, conversations });
        this.#privacy.on("problem", (error) => this.emit("problem", error));
        this.#privacy.on("swept", (swept) => this.emit("swept", swept));
        this.log = this.#privacy.log;
        this.disclosures = this.#privacy.disclosures;
        this.vault = this.#privacy.vault;
        this.erasure = this.#privacy.erasure;
        this.retention = this.#privacy.retention;
        this.consent = this.#privacy.consent;
        this.keeping = this.#privacy.keeping;
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
        const requests = new PrivacyRequests(this);
        this.#orders = new Orders(this.#dispatcher, this.home, this.language, conversations, requests);
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
        this.#privacy.note({ what: isMuted ? "microphone-muted" : "microphone-unmuted" });
        this.emit("muted");
        this.emit("microphone");
    }

    /** The mode that is on at a site, or in the whole home. */
    modeAt(site?: string): Mode | undefined {
        return this.#privacy.modes.at(site);
    }

    /** Sets a mode, or ends it, at one site or everywhere; in force at once, and beyond a restart. */
    async setMode(mode: Mode | undefined, site?: string): Promise<void> {
        const written = this.#privacy.modes.set(mode, site);
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
        await this.#privacy.start();
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
            this.#privacy.stop(),
            this.#muteSwitch.written(),
        ]);
    }

    /** What may be told of what was heard: without personal data, where the hub is to redact; then `counts` says of how much. */
    told(
        transcript: Transcript,
        session: Session,
    ): { readonly transcript: Transcript; readonly counts?: RedactionCounts } {
        return this.#privacy.told(transcript, session);
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
        this.#privacy.noteHearing(event);
    }

    /** Does what somebody asks of a device in Apple Home, if it may be done there. */
    async fromHomeKit(deviceId: string, wish: DeviceChange): Promise<DeviceOutcome> {
        return await this.#dispatcher.fromHomeKit(deviceId, wish);
    }

    /** The reply to what was not understood, with the nearest sentence that would have been. */
    notUnderstood(suggestions: readonly string[] = []): string {
        return notUnderstood(this.language, suggestions);
    }

    #compiled(): Grammar {
        this.#grammar ??= compile(this.language, this.home.description());
        return this.#grammar;
    }
}
