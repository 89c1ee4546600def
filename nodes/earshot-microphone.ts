/** A microphone of this machine as a stream of live sound; closed while the hub is muted. */
import type { NodeAPI } from "node-red";
import type { SoundFormat } from "../src/audio";
import { Capture, type CaptureState } from "../src/audio/capture";
import { type Session, SoundFeed } from "../src/hub";
import { defineNode } from "./define-node";
import { serveMicrophones } from "./microphone-admin";
import { text } from "./settings";

const settings = { site: text(), device: text() };

const FORMAT: SoundFormat = { format: "raw", sampleRate: 16_000, encoding: "s16", channels: 1 };

export = (RED: NodeAPI) => {
    const levels = new Map<string, () => number>();
    serveMicrophones(RED, levels);
    return defineNode(
        RED,
        "earshot-microphone",
        settings,
        ({ id: node, config, hub, status, closing, send, report }) => {
            const { site, device } = config;
            const place = hub.sites.find(({ id }) => site === "" || id === site);
            if (!place) throw new Error(RED._("error.unknownSite", { site }));
            let peak = 0;
            let feed: SoundFeed | undefined;
            const onOpened = ({ handle }: Session) => {
                const opened = { topic: place.id, voice: handle };
                send(opened);
            };
            const hear = async (bytes: Uint8Array) => {
                try {
                    peak = Math.max(peak, peakOf(bytes));
                    feed ??= new SoundFeed({
                        ...{ sessions: hub.sessions, site: place.id, format: FORMAT },
                        ...{ paced: false, continues: true, signal: closing },
                    });
                    await feed.write(bytes, onOpened);
                } catch (error) {
                    endFeed();
                    if (!closing.aborted) report(error);
                }
            };
            const endFeed = () => {
                feed?.close();
                feed = undefined;
                peak = 0;
            };
            const capture = new Capture({ device, onSound: hear });
            let told = "";
            /** What a person should look at is said once, not at each try. */
            const tellOnce = (message: string) => {
                if (message !== told) report(new Error(message));
                told = message;
            };
            const show = (state: CaptureState) => {
                switch (state.state) {
                    case "closed":
                        endFeed();
                        return status.waiting("muted");
                    case "starting":
                        return status.waiting("opening");
                    case "recording":
                        told = "";
                        return status.busy("listening");
                    case "silent":
                        tellOnce(RED._(state.comes === "zeros" ? "error.zeros" : "error.nothing"));
                        return state.comes === "zeros" ? status.waiting("zeros") : status.waiting("nothing");
                    case "failed":
                        endFeed();
                        tellOnce(RED._("error.ended", { program: state.program, reason: state.reason }));
                        return status.failed("ended");
                    case "missing":
                        tellOnce(RED._("error.noProgram"));
                        return status.failed("noProgram");
                }
            };
            capture.on("state", show);
            const follow = () => {
                if (!hub.isMuted) capture.open();
                else capture.close().catch(report);
            };
            return {
                start() {
                    levels.set(node, () => {
                        const loudest = peak;
                        peak = 0;
                        return loudest;
                    });
                    hub.on("muted", follow);
                    if (hub.isMuted) status.waiting("muted");
                    else capture.open();
                },
                async stop() {
                    hub.off("muted", follow);
                    levels.delete(node);
                    await capture.close();
                },
            };
        },
    );
};

/** Of samples of 16 bits, 0 to 1. */
function peakOf(bytes: Uint8Array): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let peak = 0;
    for (let at = 0; at + 1 < bytes.length; at += 2) peak = Math.max(peak, Math.abs(view.getInt16(at, true)));
    return peak / 0x8000;
}
