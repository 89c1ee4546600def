/** What the streams of the recogniser's thread share. */
import type { NoiseReduction } from "../../audio";
import type { FromEngine, ToEngine } from "./protocol";
import type { RecogniserPool } from "./recogniser-pool";

export type Ask<T extends ToEngine["type"]> = Extract<ToEngine, { type: T }>;

export interface Workshop {
    readonly tell: (message: FromEngine) => void;
    /** Opens noise reduction for one stream, once the module is loaded. */
    readonly reduction: Promise<() => NoiseReduction>;
    readonly recognisers: RecogniserPool;
}
