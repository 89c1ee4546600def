/**
 * Home Assistant's WebSocket API on loopback, as home-assistant/core serves it: the order of messages, the checks of ids, the
 * compressed states, messages put together for clients that can take them apart. It keeps a house and carries out services.
 */
import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import { WebSocket, WebSocketServer } from "ws";
import { CERTIFICATE, KEY } from "./localhost-certificate";
import { AREAS, DEVICES, ENTITIES, FLOORS } from "./recorded-house";

export const TOKEN = "eyJhbGciOiJIUzI1NiJ9.c2ltdWxhdGVk.dG9rZW4";
const VERSION = "2026.8.1";

type Fields = Readonly<Record<string, unknown>>;
type Request = Fields & { readonly id: number; readonly type: string };

interface Entity {
    state: string;
    attributes: Readonly<Record<string, unknown>>;
    entry: Fields | undefined;
    exposed: boolean | undefined;
    lastChanged: number;
}

export class SimulatedHomeAssistant {
    floors: readonly Fields[] = FLOORS;
    areas: readonly Fields[] = AREAS;
    devices: readonly Fields[] = DEVICES;
    readonly entities = new Map<string, Entity>(
        Object.entries(ENTITIES).map(([id, { state, attributes, exposed, entry }]) => [
            id,
            { state, attributes, exposed, entry: entry && { entity_id: id, ...entry }, lastChanged: 1_754_000_000.5 },
        ]),
    );
    temperatureUnit = "°C";
    isAdmin = true;
    /** Devices take that long to say that they have obeyed, after Home Assistant has answered. */
    obeyAfterMs: number | undefined;
    /** Carries out services and never says that they are through. */
    isEndless = false;
    /** Accepts connections and commands, and says nothing. */
    isMute = false;
    readonly calls: Fields[] = [];
    /** Types of all commands, in the order in which they came. */
    readonly commands: string[] = [];
    tokens: string[] = [];
    readonly happened = new EventEmitter<{ command: [] }>();
    readonly #sockets = new WebSocketServer({ noServer: true });
    readonly clients = new Set<Client>();
    #server: Server | undefined;
    #port = 0;

    constructor(readonly scheme: "http" | "https") {}

    static async start(scheme: "http" | "https" = "http"): Promise<SimulatedHomeAssistant> {
        const simulated = new SimulatedHomeAssistant(scheme);
        await simulated.listen();
        return simulated;
    }

    get address(): string {
        return `${this.scheme}://127.0.0.1:${this.#port}`;
    }

    /** Again on the same port, after `stop`. */
    async listen(): Promise<void> {
        const notFound = (_: IncomingMessage, response: ServerResponse) => response.writeHead(404).end();
        const server =
            this.scheme === "http"
                ? createServer(notFound)
                : createTlsServer({ cert: CERTIFICATE, key: KEY }, notFound);
        server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
            if (request.url === "/api/websocket") {
                this.#sockets.handleUpgrade(request, socket, head, (opened) => {
                    this.clients.add(new Client(this, opened));
                });
            } else socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
        });
        server.listen(this.#port, "127.0.0.1");
        await once(server, "listening");
        this.#port = (server.address() as AddressInfo).port;
        this.#server = server;
    }

    async stop(): Promise<void> {
        this.dropAll();
        this.#server?.close();
        this.#server?.closeAllConnections();
        if (this.#server) await once(this.#server, "close");
        this.#server = undefined;
    }

    dropAll(): void {
        for (const { socket } of this.clients) socket.terminate();
        this.clients.clear();
    }

    /** Waits until a command of this type has come, since now or (`from`) since that many commands had. */
    async command(type: string, from = this.commands.length): Promise<void> {
        const giveUp = AbortSignal.timeout(10_000);
        while (!this.commands.slice(from).includes(type)) await once(this.happened, "command", { signal: giveUp });
    }

    entity(id: string): Entity {
        const entity = this.entities.get(id);
        if (!entity) throw new Error(`no entity ${id}`);
        return entity;
    }

    /** The device says something new. An attribute set to undefined is gone. */
    change(id: string, state: string, attributes: Fields = {}): void {
        const entity = this.entity(id);
        const before = { ...entity };
        entity.lastChanged += 1.25;
        entity.state = state;
        entity.attributes = Object.fromEntries(
            Object.entries({ ...entity.attributes, ...attributes }).filter(([, value]) => value !== undefined),
        );
        for (const client of this.clients) client.tellChange(id, before, entity);
    }

    /** A person edits a registry. */
    edit(registry: "area" | "device" | "entity" | "floor", work: () => void): void {
        work();
        const event_type = `${registry}_registry_updated`;
        for (const client of this.clients) client.tellEvent(event_type, { action: "update" });
    }

    carryOut({ domain, service, service_data, target }: Fields): { code: string; message: string } | undefined {
        const id = String((target as Fields | undefined)?.entity_id);
        const data = (service_data ?? {}) as Fields;
        this.calls.push({ domain, service, ...(service_data !== undefined && { service_data }), target });
        const become = SERVICES[`${domain}.${service}`];
        if (!become) return { code: "not_found", message: `Action ${domain}.${service} not found.` };
        const entity = this.entities.get(id);
        if (!entity || entity.state === "unavailable") return undefined;
        const outcome = become(data, entity);
        if (typeof outcome === "string") return { code: "service_validation_error", message: outcome };
        const [state, attributes] = outcome;
        if (this.obeyAfterMs === undefined) this.change(id, state, attributes);
        else setTimeout(() => this.change(id, state, attributes), this.obeyAfterMs);
        return undefined;
    }
}

type Outcome = readonly [state: string, attributes?: Fields] | string;

const SERVICES: Readonly<Record<string, (data: Fields, entity: Entity) => Outcome>> = {
    "light.turn_on": (data, { attributes }) => [
        "on",
        {
            brightness:
                data.brightness_pct === undefined
                    ? (attributes.brightness ?? 255)
                    : Math.round(Number(data.brightness_pct) * 2.55),
            ...(data.hs_color !== undefined && { hs_color: data.hs_color, color_mode: "xy", color_temp_kelvin: null }),
            ...(data.color_temp_kelvin !== undefined && {
                color_temp_kelvin: data.color_temp_kelvin,
                color_mode: "color_temp",
            }),
        },
    ],
    "light.turn_off": () => ["off", { brightness: null, color_mode: null, hs_color: null, color_temp_kelvin: null }],
    "switch.turn_on": () => ["on"],
    "switch.turn_off": () => ["off"],
    "climate.set_temperature": ({ temperature }, { state }) =>
        Number(temperature) > 35 ? "Provided temperature is not valid." : [state, { temperature }],
    "climate.set_hvac_mode": ({ hvac_mode }) => [String(hvac_mode)],
    "cover.set_cover_position": ({ position }) => ["opening", { current_position: position }],
    "cover.set_cover_tilt_position": ({ tilt_position }, { state }) => [
        state,
        { current_tilt_position: tilt_position },
    ],
    "lock.lock": () => ["locked"],
    "lock.unlock": () => ["unlocked"],
    "media_player.volume_set": ({ volume_level }, { state }) => [state, { volume_level }],
    "media_player.select_source": ({ source }, { state }) => [state, { source }],
    "scene.turn_on": () => ["2026-08-02T20:00:00+00:00"],
};

/** One connected client, as `homeassistant/components/websocket_api` deals with it. */
class Client {
    #isKnown = false;
    #lastId = 0;
    #coalesces = false;
    #waiting: object[] = [];
    /** Event type by subscription. */
    readonly #events = new Map<number, string>();
    readonly #entities = new Map<number, ReadonlySet<string> | undefined>();

    constructor(
        readonly home: SimulatedHomeAssistant,
        readonly socket: WebSocket,
    ) {
        socket.on("message", (data) => {
            if (!home.isMute) this.#receive(JSON.parse(data.toString()) as Fields);
        });
        socket.on("close", () => home.clients.delete(this));
        if (!home.isMute) this.send({ type: "auth_required", ha_version: VERSION });
    }

    /** Home Assistant sends what comes up in one turn of its loop together. */
    send(message: object): void {
        if (!this.#coalesces) {
            this.sendRaw(JSON.stringify(message));
            return;
        }
        if (this.#waiting.length === 0) setImmediate(() => this.#flush());
        this.#waiting.push(message);
    }

    sendRaw(text: string): void {
        if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text);
    }

    tellEvent(event_type: string, data: object): void {
        for (const [id, type] of this.#events) {
            if (type !== event_type) continue;
            const context = { id: "01K1CONTEXT", parent_id: null, user_id: null };
            const time_fired = "2026-08-02T19:00:00.000000+00:00";
            this.send({ id, type: "event", event: { event_type, data, origin: "LOCAL", time_fired, context } });
        }
    }

    tellChange(entityId: string, before: Entity, after: Entity): void {
        const plus: Record<string, unknown> = { lc: after.lastChanged, c: "01K1CHANGE" };
        if (before.state !== after.state) plus.s = after.state;
        const set = Object.entries(after.attributes).filter(
            ([name, value]) => !isDeepStrictEqual(before.attributes[name], value),
        );
        if (set.length > 0) plus.a = Object.fromEntries(set);
        const gone = Object.keys(before.attributes).filter((name) => !(name in after.attributes));
        const difference = { "+": plus, ...(gone.length > 0 && { "-": { a: gone } }) };
        for (const [id, wanted] of this.#entities) {
            if (!wanted || wanted.has(entityId))
                this.send({ id, type: "event", event: { c: { [entityId]: difference } } });
        }
    }

    #flush(): void {
        const messages = this.#waiting;
        this.#waiting = [];
        this.sendRaw(JSON.stringify(messages.length === 1 ? messages[0] : messages));
    }

    #receive(message: Fields): void {
        if (!this.#isKnown) {
            this.#authenticate(message);
            return;
        }
        const { id, type } = message as Request;
        this.home.commands.push(type);
        this.home.happened.emit("command");
        const isNext = Number.isInteger(id) && id > this.#lastId;
        const answers = isNext
            ? this.#answersTo(message as Request)
            : [refusal(id, "id_reuse", "Identifier values have to increase.")];
        if (isNext) this.#lastId = id;
        for (const answer of answers) this.send(answer);
    }

    #authenticate({ type, access_token }: Fields): void {
        this.home.tokens.push(String(access_token));
        if (type === "auth" && access_token === TOKEN) {
            this.#isKnown = true;
            this.send({ type: "auth_ok", ha_version: VERSION });
            return;
        }
        this.send({ type: "auth_invalid", message: "Invalid access token or password" });
        this.socket.close();
    }

    #answersTo(request: Request): readonly object[] {
        const { home } = this;
        const { id } = request;
        switch (request.type) {
            case "supported_features":
                this.#coalesces = (request.features as Fields).coalesce_messages === 1;
                return [result(id, null)];
            case "ping":
                return [{ id, type: "pong" }];
            case "get_config":
                return [
                    result(id, {
                        location_name: "Home",
                        version: VERSION,
                        state: "RUNNING",
                        unit_system: { length: "km", temperature: home.temperatureUnit, volume: "L" },
                    }),
                ];
            case "config/floor_registry/list":
                return [result(id, home.floors)];
            case "config/area_registry/list":
                return [result(id, home.areas)];
            case "config/device_registry/list":
                return [result(id, home.devices)];
            case "config/entity_registry/get_entries":
                return [
                    result(
                        id,
                        Object.fromEntries(
                            (request.entity_ids as string[]).map((entityId) => [
                                entityId,
                                home.entities.get(entityId)?.entry ?? null,
                            ]),
                        ),
                    ),
                ];
            case "homeassistant/expose_entity/list":
                if (!home.isAdmin) return [refusal(id, "unauthorized", "Unauthorized")];
                return [
                    result(id, {
                        exposed_entities: Object.fromEntries(
                            [...home.entities].map(([entityId, { exposed }]) => [
                                entityId,
                                { "cloud.alexa": false, ...(exposed !== undefined && { conversation: exposed }) },
                            ]),
                        ),
                    }),
                ];
            case "subscribe_events":
                this.#events.set(id, String(request.event_type));
                return [result(id, null)];
            case "subscribe_entities":
                return this.#subscribeEntities(request);
            case "unsubscribe_events":
                this.#events.delete(Number(request.subscription));
                this.#entities.delete(Number(request.subscription));
                return [result(id, null)];
            case "call_service": {
                const error = home.carryOut(request);
                if (error) return [refusal(id, error.code, error.message)];
                if (home.isEndless) return [];
                return [result(id, { context: { id: "01K1CALL", parent_id: null, user_id: "u" }, response: null })];
            }
            default:
                return [refusal(id, "unknown_command", "Unknown command.")];
        }
    }

    #subscribeEntities({ id, entity_ids = [] }: Request): readonly object[] {
        const ids = entity_ids as readonly string[];
        const wanted = ids.length > 0 ? new Set(ids) : undefined;
        this.#entities.set(id, wanted);
        const added = [...this.home.entities]
            .filter(([entityId]) => wanted?.has(entityId) ?? true)
            .map(([entityId, { state, attributes, lastChanged }]) => [
                entityId,
                { s: state, a: attributes, c: "01K1STATE", lc: lastChanged },
            ]);
        return [result(id, null), { id, type: "event", event: { a: Object.fromEntries(added) } }];
    }
}

function result(id: number, value: unknown): object {
    return { id, type: "result", success: true, result: value };
}

function refusal(id: number, code: string, message: string): object {
    return { id, type: "result", success: false, error: { code, message } };
}
