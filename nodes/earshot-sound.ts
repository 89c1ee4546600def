/** Brings sound into the hub: recordings and files whole, live sound piece by piece. One message goes out for a session. */
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import type { NodeAPI } from "node-red";
import type { SoundFormat } from "../src/audio";
import { type Session, SoundFeed } from "../src/hub";
import { defineNode, type Message, type Send } from "./define-node";
import { LiveSound } from "./live-sound";
import { choice, flag, number, text } from "./settings";
import { isLastPiece, isWholeSound, soundIn } from "./sound-message";
import { Turns } from "./turns";

const settings = {
    site: text(),
    source: choice("message", "file"),
    file: text(),
    format: choice("wav", "raw"),
    sampleRate: number(16_000, { from: 8_000, to: 192_000 }),
    encoding: choice("s16", "u8", "s8", "s24", "s32", "f32"),
    channels: number(1, { from: 1, to: 8 }),
    paced: flag(false),
};

/** Messages waiting to be heard: five seconds of a microphone that sends every 20 ms. */
const MAX_WAITING = 256;
/** Live sound from which nothing came for so long has ended. */
const IDLE_MS = 2_000;

type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-sound", settings, ({ config, hub, status, closing, report }) => {
        const { source, site, sampleRate, encoding, channels, paced } = config;
        const format: SoundFormat =
            config.format === "wav" ? { format: "wav" } : { format: "raw", sampleRate, encoding, channels };
        const place = hub.sites.find(({ id }) => site === "" || id === site);
        if (!place) throw new Error(RED._("error.unknownSite", { site }));
        const turns = new Turns(MAX_WAITING);
        const live = new LiveSound(IDLE_MS, () => void turns.take(endLive).catch(report));

        const feed = (continues: boolean) =>
            new SoundFeed({
                sessions: hub.sessions,
                site: place.id,
                format,
                paced,
                continues,
                signal: closing,
            });
        const hearWhole = async (pieces: Pieces, onOpened: (session: Session) => void) => {
            const whole = feed(false);
            try {
                for await (const piece of pieces) await whole.write(piece, onOpened);
                await whole.end();
                status.ok("heard");
            } finally {
                whole.close();
            }
        };
        const endLive = async () => {
            await live.end();
            status.ok("heard");
        };
        const hear = async (msg: Message, send: Send) => {
            // Sound stays in the hub: what goes on carries the handle, whatever the message brought.
            const { payload: _payload, parts: _parts, complete: _complete, ...rest } = msg;
            const onOpened = ({ handle }: Session) => {
                status.busy("hearing");
                send({ ...rest, voice: handle });
            };
            const sound = source === "message" ? soundIn(msg) : undefined;
            const name = typeof msg.filename === "string" && msg.filename !== "" ? msg.filename : config.file;
            if (sound && !live.isOpen && isWholeSound(msg, sound)) await hearWhole([sound], onOpened);
            else if (sound) await live.hear(sound, () => feed(true), onOpened);
            else if (name !== "") await hearWhole(createReadStream(inWorkingFolder(RED, name)), onOpened);
            else if (!live.isOpen) throw new Error(RED._(source === "file" ? "error.noFile" : "error.noSound"));
            if (live.isOpen && isLastPiece(msg)) await endLive();
        };
        return {
            input: (msg, send) => turns.take(() => hear(msg, send)),
            stop: () => live.stop(),
        };
    });

/** As Node-RED's own file nodes take names: from the folder that its settings name, or the one it was started in. */
function inWorkingFolder({ settings }: NodeAPI, file: string): string {
    const { fileWorkingDirectory = "" } = settings as { fileWorkingDirectory?: string };
    return resolve(fileWorkingDirectory, file);
}
