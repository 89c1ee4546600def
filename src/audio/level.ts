import type { Samples } from "../speech";

export interface Level {
    /** Root mean square in dB relative to a square wave at full scale: a full-scale sine is at -3. At least -120. */
    readonly rmsDbfs: number;
    /** Greatest magnitude, 0 to 1. */
    readonly peak: number;
}

/** What counts as silence: well under the last bit of 16. Keeps "no sound at all" a number. */
export const SILENCE_DBFS = -120;

/** How loud `samples` are; nothing is silence. */
export function levelOf(samples: Samples): Level {
    let energy = 0;
    let peak = 0;
    for (const sample of samples) {
        energy += sample * sample;
        const magnitude = Math.abs(sample);
        if (magnitude > peak) peak = magnitude;
    }
    const meanSquare = samples.length > 0 ? energy / samples.length : 0;
    return { rmsDbfs: Math.max(SILENCE_DBFS, 10 * Math.log10(meanSquare)), peak };
}
