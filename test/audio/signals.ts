/** Mulberry32: the same numbers from 0 to 1 for the same seed. */
export function randomness(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

export function sine(hertz: number, sampleRate: number, seconds: number, amplitude = 0.5): Float32Array {
    const samples = new Float32Array(Math.round(sampleRate * seconds));
    return samples.map((_, index) => amplitude * Math.sin((2 * Math.PI * hertz * index) / sampleRate));
}

export function noise(length: number, seed: number): Float32Array {
    const random = randomness(seed);
    return new Float32Array(length).map(() => random() * 2 - 1);
}

export function joined(parts: readonly Float32Array[]): Float32Array {
    const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}

/** `items` cut into pieces of random lengths, some of them empty. */
export function cut<T extends Float32Array | Uint8Array>(items: T, seed: number, longest: number): T[] {
    const random = randomness(seed);
    const pieces: T[] = [];
    for (let at = 0; at < items.length; ) {
        const length = Math.floor(random() * (longest + 1));
        pieces.push(items.subarray(at, at + length) as T);
        at += length;
    }
    return pieces;
}
