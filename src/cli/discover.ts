/** `earshot discover`: the HomeKit accessories on the network. */
import { setTimeout as wait } from "node:timers/promises";
import { accessoryIdOf, describeAccessory, HAP_SERVICE } from "../hap";
import { MdnsBrowser } from "../mdns";
import { type Command, numberOption, parse } from "./command";

const DEFAULT_SECONDS = 5;

export const discover: Command = {
    summary: "lists the HomeKit accessories on the network",
    help: `Usage: earshot discover [--seconds NUMBER]

  --seconds NUMBER   how long to listen, 1 to 60; ${DEFAULT_SECONDS} if not given

Prints one line for each accessory or bridge:
  {"id", "name", "model", "category", "host", "port", "paired"}
"paired" is true for what is paired with any controller, be it this one or another.
`,

    async run(args, terminal) {
        const { values } = parse({ args: [...args], options: { seconds: { type: "string" } } });
        const seconds = numberOption("seconds", values.seconds, 1, 60) ?? DEFAULT_SECONDS;
        const browser = new MdnsBrowser({ types: [HAP_SERVICE] });
        browser.start();
        try {
            await wait(seconds * 1_000);
            for (const service of browser.services(HAP_SERVICE)) {
                const announced = accessoryIdOf(service);
                if (announced === "") continue;
                const accessory = describeAccessory(announced, service, undefined, undefined);
                const { id, name, model, category, host, port, paired } = accessory;
                await terminal.print({ id, name, model, category, host, port, paired });
            }
            return 0;
        } finally {
            browser.stop();
        }
    },
};
