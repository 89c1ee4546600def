/** One look at Home Assistant, for a person who wants to know whether the settings are right. */
import { webSocketAddress } from "./address";
import { Connection } from "./connection";
import { HomeAssistantError } from "./error";
import type { House } from "./house";
import { HouseWatch } from "./house-watch";
import type { EntityState } from "./messages";
import { DEFAULT_TIMINGS } from "./timings";

export interface Look {
    readonly house: House;
    state(entityId: string): EntityState | undefined;
}

/**
 * @param address as people type it
 * @throws HomeAssistantError
 */
export async function lookAt(address: string, token: string): Promise<Look> {
    const connection = await Connection.open({ address: webSocketAddress(address), token }, DEFAULT_TIMINGS);
    let house: House | undefined;
    const watch = new HouseWatch(connection, DEFAULT_TIMINGS, {
        houseChanged: (seen) => {
            house = seen;
        },
        statesChanged: () => undefined,
        failed: () => undefined,
    });
    try {
        await watch.start();
    } finally {
        watch.stop();
        connection.close();
    }
    if (!house) throw new HomeAssistantError("protocol", "Home Assistant did not say what it knows of the home.");
    return { house, state: (entityId) => watch.state(entityId) };
}
