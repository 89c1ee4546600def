/** `earshot discover`: the HomeKit accessories on the network. */
import { isIPv4 } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { accessoryIdOf, describeAccessory, HAP_SERVICE } from "../hap";
import { MdnsBrowser } from "../mdns";
import { type Command, numberOption, parse, UsageError } from "./command";

const DEFAULT_SECONDS = 5;

export const discover: Command = {
    summary: "lists the HomeKit accessories on the network",
    help: `Usage: earshot discover [--seconds NUMBER] [--explain] [--host ADDRESS]

  --seconds NUMBER   how long to listen, 1 to 60; ${DEFAULT_SECONDS} if not given
  --explain          says why nothing is found, as far as this machine can tell
  --host ADDRESS     the IPv4 address of a device that is missed, for --explain

Prints one line for each accessory or bridge:
  {"id", "name", "model", "category", "host", "port", "paired"}
"paired" is true for what is paired with any controller, be it this one or another.
With --explain, one line follows for each thing there is to say:
  {"finding", "subject", "message"}
`,

    async run(args, terminal) {
        const { values } = parse({
            args: [...args],
            options: { seconds: { type: "string" }, explain: { type: "boolean" }, host: { type: "string" } },
        });
        const { explain = false, host } = values;
        if (host !== undefined && !isIPv4(host)) throw new UsageError(`--host takes an IPv4 address, not "${host}"`);
        const seconds = numberOption("seconds", values.seconds, 1, 60) ?? DEFAULT_SECONDS;
        const browser = new MdnsBrowser({ types: [HAP_SERVICE] });
        browser.start();
        try {
            await wait(seconds * 1_000);
            const services = browser.services(HAP_SERVICE);
            for (const service of services) {
                const announced = accessoryIdOf(service);
                if (announced === "") continue;
                const accessory = describeAccessory(announced, service, undefined, undefined);
                const { id, name, model, category, host, port, paired } = accessory;
                await terminal.print({ id, name, model, category, host, port, paired });
            }
            const findings = explain ? browser.explain(host === undefined ? [] : [host]) : [];
            for (const { code: finding, subject, message } of findings) {
                await terminal.print({ finding, subject, message });
            }
            if (services.length === 0 && !explain) terminal.say("Nothing was found; --explain says why.");
            return 0;
        } finally {
            browser.stop();
        }
    },
};
