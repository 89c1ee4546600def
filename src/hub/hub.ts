/** The meeting place of the nodes of one home: live sound, language, devices, recogniser, and what is kept. */
import { EventEmitter } from "node:events";
import { join } from "node:path";
import { HomeKitAccessories, PairingStore } from "../hap";
import {
    type DeviceOverride,
    type DeviceState,
    Dispatcher,
    Home,
    type HomeConfiguration,
    type SimulatedDevice,
    SimulatedDriver,
} from "../home";
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
    respond,
    type SentenceFileError,
    type Spoken,
    type Understanding,
} from "../language";
import { MdnsBrowser } from "../mdns";
import { Erasure, PrivacyLog } from "../privacy";
import { BuiltinEngine, type Transcriber } from "../speech";
import { Vault } from "../vault";
import type { WakeDetector } from "../wake";
import { answerTo, isAboutDevices } from "./own-intents";
import { Sessions } from "./sessions";

/** A place with a microphone. */
export interface Site {
    readonly id: string;
    readonly name: string;
    /** Id of the area it is in: "the light" said there means the light there. */
    readonly area?: string;
}

export interface DeviceSettings extends DeviceOverride {
    readonly driver: "simulated" | "homekit" | "home-assistant";
}

export interface HomeSettings extends Omit<HomeConfiguration, "devices"> {
    readonly devices: readonly DeviceSettings[];
    /** Where Home Assistant is, and its long-lived access token; without it its devices are no part of the home. */
    readonly homeAssistant?: { readonly address: string; readonly token: string };
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
}

/** What travels as `msg.result`. */
export interface DispatchResult {
    readonly devices: readonly {
        readonly id: string;
        readonly name: string;
        readonly ok: boolean;
        /** As read back from the device. */
        readonly state?: DeviceState;
        /** A sentence for people. */
        readonly error?: string;
    }[];
    /** False: understood, but not done here; a flow may do it by the intent's name and slots. */
    readonly handled: boolean;
    /** The reply, in the speaker's language. */
    readonly say: string;
}

export interface HubEvents {
    /** Something a person should look at; the hub works on without it. */
    problem: [error: Error];
}

export class Hub extends EventEmitter<HubEvents> {
    readonly id: string;
    readonly sites: readonly Site[];
    /** Where it keeps what outlives it. */
    readonly folder: string;
    readonly sessions = new Sessions();
    /** What was said a moment ago at each site; in memory only. */
    readonly conversations = new ConversationMemory();
    readonly home: Home;
    readonly accessories: HomeKitAccessories;
    /** Absent when the home has none. */
    readonly homeAssistant: HomeAssistant | undefined;
    readonly log: PrivacyLog;
    readonly vault: Vault;
    /** Deletes from the vault, with a line in the log and a receipt. */
    readonly erasure: Erasure;
    readonly language: Language;
    readonly #engine = new BuiltinEngine();
    readonly #browser = new MdnsBrowser({ types: ["_hap._tcp"] });
    readonly #pairings: PairingStore;
    readonly #dispatcher: Dispatcher;
    #grammar: Grammar | undefined;

    /** @throws UnknownLanguageError; RangeError for a device that can't be simulated */
    constructor(options: HubOptions) {
        super();
        this.id = options.id;
        this.sites = options.sites;
        this.folder = options.folder;
        this.language = loadLanguage(options.language, { sentenceFolders: options.sentenceFolders ?? [] });
        this.log = new PrivacyLog(join(options.folder, "privacy.log"), { sites: options.sites.map(({ id }) => id) });
        this.vault = new Vault(join(options.folder, "vault"));
        this.vault.on("problem", ({ message }) => this.emit("problem", new Error(message)));
        this.erasure = new Erasure({ vault: this.vault, log: this.log });
        this.#pairings = new PairingStore(join(options.folder, "homekit"));
        this.accessories = new HomeKitAccessories({ browser: this.#browser, store: this.#pairings });
        const { homeAssistant } = options.home;
        this.homeAssistant = homeAssistant && new HomeAssistant(homeAssistant);
        this.homeAssistant?.on("status", (status) => {
            if ("error" in status) this.emit("problem", status.error);
        });
        this.home = new Home(options.home, [
            new SimulatedDriver(simulatedDevices(options.home.devices)),
            new HomeKitDriver(this.accessories),
            ...(this.homeAssistant ? [new HomeAssistantDriver(this.homeAssistant)] : []),
        ]);
        this.#dispatcher = new Dispatcher(this.home);
        this.home.on("changed", () => {
            this.#grammar = undefined;
        });
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
     * Opens what is kept and begins to look for devices; devices come in later, in the background.
     * @throws HapError when the pairings can't be read
     */
    async start(): Promise<void> {
        await this.vault.open();
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
            this.vault.close(),
            this.log.close(),
        ]);
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
        if (remember) return this.conversations.understand(this.#compiled(), text, here);
        const before = this.conversations.before(here);
        return this.#compiled().understand(text, { ...(area && { area }), ...(before && { before }) });
    }

    /** What can be said at the moment, for recognisers. */
    recogniserGrammar(): RecogniserGrammar {
        return this.#compiled().recogniser;
    }

    /**
     * Does what an intent asks and says what came of it. An intent that leaves open which device is meant does nothing, and
     * the reply asks back; one that is not about devices is answered where there is an answer, else `handled` is false.
     * @throws IntentError when devices are to do what none can, or a slot has no usable value
     */
    async dispatch(intent: Intent, spoken: Spoken = {}): Promise<DispatchResult> {
        const result = isAboutDevices(intent)
            ? await this.#dispatchToDevices(intent, spoken)
            : answerTo(intent, this.language, this.conversations.lastReply(spoken));
        this.conversations.replied(spoken, result.say);
        return result;
    }

    async #dispatchToDevices(intent: Intent, { site }: Spoken): Promise<DispatchResult> {
        const open = intent.candidates !== undefined && intent.candidates.length > 0;
        const outcomes = open ? [] : await this.#dispatcher.dispatch(intent, site === undefined ? {} : { site });
        return {
            handled: true,
            devices: outcomes.map(({ device, ok, state, error }) => ({
                id: device.id,
                name: device.name,
                ok,
                ...(state && { state }),
                ...(error !== undefined && { error }),
            })),
            say: respond(
                this.language,
                intent,
                outcomes.map(({ code, error: _, ...outcome }) => ({ ...outcome, ...(code && { error: code }) })),
                {},
                (intent.candidates ?? []).flatMap((id) => this.home.device(id) ?? []),
            ),
        };
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

/** @throws RangeError for a simulated device without a name or of a type that can't be simulated */
function simulatedDevices(devices: readonly DeviceSettings[]): SimulatedDevice[] {
    return devices
        .filter(({ driver }) => driver === "simulated")
        .map(({ id, name, type, area }) => {
            if (!name) throw new RangeError(`The simulated device "${id}" has no name.`);
            if (type !== "light" && type !== "climate" && type !== "switch") {
                throw new RangeError(
                    `"${name}" can't be simulated: its type is ${type}, not light, climate or switch.`,
                );
            }
            return area === undefined ? { id, name, type } : { id, name, type, area };
        });
}
