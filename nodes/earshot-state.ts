/** Tells what devices are doing: each change as it happens, and the state now when a message asks. */
import type { NodeAPI } from "node-red";
import type { DeviceStatus } from "../src/home";
import { type DeviceFilter, DeviceStates } from "../src/hub";
import { defineNode } from "./define-node";
import { flag, text } from "./settings";

const settings = {
    device: text(),
    area: text(),
    deviceType: text(),
    property: text(),
    initially: flag(false),
    ask: flag(false),
};

export = (RED: NodeAPI) =>
    defineNode(RED, "earshot-state", settings, ({ config, hub: { home }, status, send: tell, safely }) => {
        const filter = filterOf(config);
        const states = new DeviceStates(home, filter);
        const show = () => {
            const followed = states.list();
            const some = (availability: string) => followed.some((one) => one.availability === availability);
            if (followed.length === 0) status.waiting("noDevice");
            else if (some("gone")) status.failed("gone");
            else if (some("unreachable")) status.failed("away");
            else status.ok("following");
        };
        const onChanged = safely(show);
        states.on(
            "state",
            safely(({ status: now, before, isFirst }) => {
                if (isFirst) show();
                if (isFirst && !config.initially) return;
                tell([{ ...about(now), payload: valueIn(now, filter), before }, null]);
            }),
        );
        states.on(
            "availability",
            safely(({ status: now, before }) => {
                show();
                tell([null, { ...about(now), payload: now.availability, before }]);
            }),
        );
        return {
            start() {
                home.on("changed", onChanged);
                states.start();
                show();
            },
            stop() {
                states.stop();
                home.off("changed", onChanged);
            },
            async input(msg, send) {
                const wanted = { ...filter, ...filterOf(msg) };
                const found = config.ask ? await states.ask(wanted) : states.list(wanted);
                const [only] = found;
                if (wanted.device !== undefined && only) {
                    Object.assign(msg, about(only), { payload: valueIn(only, wanted) });
                } else {
                    msg.payload = found.map((one) => ({ ...one.device, ...told(one) }));
                }
                show();
                send([msg, null]);
            },
        };
    });

/** From settings or from a message; a device may also be what a message of this node carries. */
function filterOf(from: object): DeviceFilter {
    const { device, area, deviceType, property } = from as Readonly<Record<string, unknown>>;
    const id = typeof device === "object" && device !== null && "id" in device ? device.id : device;
    const given = { device: id, area, type: deviceType, property };
    return Object.fromEntries(Object.entries(given).filter(([, word]) => typeof word === "string" && word !== ""));
}

function about(status: DeviceStatus): object {
    const { id, name, type, area } = status.device;
    return { topic: name, device: { id, name, type, ...(area !== undefined && { area }) }, ...told(status) };
}

function told({ availability, state, asOf }: DeviceStatus): object {
    return { availability, state, asOf: asOf ?? null };
}

/** Null for what is not known: a payload that is left out would look like one that was lost on the way. */
function valueIn({ state }: DeviceStatus, { property }: DeviceFilter): unknown {
    if (property === undefined) return state;
    return Object.entries(state).find(([name]) => name === property)?.[1] ?? null;
}
