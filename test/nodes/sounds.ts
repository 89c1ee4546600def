/** Sound made for tests: nothing anybody said. */
import { encodeWav } from "../../dist/src/audio";

/** A tone of 440 Hz at a quarter of full scale. */
export function tone(seconds: number, sampleRate = 16_000): Float32Array {
    return Float32Array.from(
        { length: seconds * sampleRate },
        (_, n) => 0.25 * Math.sin((2 * Math.PI * 440 * n) / sampleRate),
    );
}

export function wavOf(seconds: number, sampleRate = 16_000): Buffer {
    return encodeWav(tone(seconds, sampleRate), sampleRate);
}

/** The same as raw samples: 16 bit, little-endian, mono. */
export function rawOf(seconds: number, sampleRate = 16_000): Buffer {
    const samples = tone(seconds, sampleRate);
    const bytes = Buffer.alloc(samples.length * 2);
    for (const [index, sample] of samples.entries()) bytes.writeInt16LE(Math.round(sample * 32_767), index * 2);
    return bytes;
}
