/**
 * RNNoise's WebAssembly, taken out of the npm package's JavaScript, which loads in browsers only and costs twice the memory.
 * The package is pinned to the version whose layout this reads; a test tells when an update moves something.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const PACKAGE = "@shiguredo/rnnoise-wasm";
/** `\0asm`, the first bytes of every WebAssembly module, in base64. */
const WASM_MAGIC = "AGFzbQ";
/** Decoded at a time; whole groups of base64. */
const SLICE = 64 * 1024;
const BYTES_PER_FLOAT = 4;

/** The package is missing, or another than the one this was written for. */
export class RnnoiseError extends Error {
    override readonly name = "RnnoiseError";
}

interface Exports {
    readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
    emscripten_stack_init(): void;
    __wasm_call_ctors(): void;
    malloc(bytes: number): number;
    free(address: number): void;
    rnnoise_get_frame_size(): number;
    rnnoise_create(model: 0): number;
    rnnoise_destroy(state: number): void;
    rnnoise_process_frame(state: number, out: number, input: number): number;
}

/** One instance of the module; each stream has a state in it. */
export class Rnnoise {
    readonly #exports: Exports;
    /** Samples at 48 kHz that are processed at a time. */
    readonly frameSize: number;

    private constructor(exports: Exports) {
        this.#exports = exports;
        this.frameSize = exports.rnnoise_get_frame_size();
    }

    /** @throws RnnoiseError */
    static async load(): Promise<Rnnoise> {
        const bytes = wasmOf(readFileSync(packageFile()));
        let exports: Exports;
        const imports = {
            env: {
                __assert_fail: () => {
                    throw new RnnoiseError("RNNoise failed a check of its own.");
                },
                // The module asks before its memory is full: without more it fails to allocate, and we say so.
                emscripten_resize_heap: (bytesWanted: number) => {
                    const pages = Math.ceil((bytesWanted - exports.memory.buffer.byteLength) / 65_536);
                    exports.memory.grow(pages);
                    return 1;
                },
            },
            wasi_snapshot_preview1: { fd_write: () => 0 },
        };
        const instance = await WebAssembly.instantiate(await WebAssembly.compile(bytes), imports);
        exports = instance.exports as unknown as Exports;
        exports.emscripten_stack_init();
        exports.__wasm_call_ctors();
        return new Rnnoise(exports);
    }

    /** @throws RnnoiseError when there is no memory for it */
    open(): RnnoiseState {
        return new RnnoiseState(this.#exports, this.frameSize);
    }
}

/** What RNNoise remembers of one stream. */
export class RnnoiseState {
    readonly #exports: Exports;
    readonly #frameSize: number;
    readonly #state: number;
    readonly #buffer: number;
    #isOpen = true;

    constructor(exports: Exports, frameSize: number) {
        this.#exports = exports;
        this.#frameSize = frameSize;
        this.#state = exports.rnnoise_create(0);
        this.#buffer = exports.malloc(frameSize * BYTES_PER_FLOAT);
        if (this.#state === 0 || this.#buffer === 0) throw new RnnoiseError("RNNoise has no memory for a stream.");
    }

    /**
     * Reduces the noise in one frame, in place.
     *
     * @param frame `frameSize` samples at 48 kHz in the range of 16-bit integers
     * @returns the probability that the frame holds speech, 0 to 1
     */
    process(frame: Float32Array): number {
        if (!this.#isOpen) throw new RnnoiseError("This stream's state was closed.");
        this.#memory().set(frame);
        const voice = this.#exports.rnnoise_process_frame(this.#state, this.#buffer, this.#buffer);
        frame.set(this.#memory());
        return voice;
    }

    close(): void {
        if (!this.#isOpen) return;
        this.#isOpen = false;
        this.#memory().fill(0);
        this.#exports.free(this.#buffer);
        this.#exports.rnnoise_destroy(this.#state);
    }

    /** A new view each time: when the memory grows, old ones are void. */
    #memory(): Float32Array {
        return new Float32Array(this.#exports.memory.buffer, this.#buffer, this.#frameSize);
    }
}

/** The package exports its module to `import` only, so its file is looked for where `require` would look for the package. */
function packageFile(): string {
    const found = require.resolve
        .paths(PACKAGE)
        ?.map((folder) => join(folder, PACKAGE, "dist", "rnnoise.js"))
        .find((file) => existsSync(file));
    if (!found) throw new RnnoiseError(`The package ${PACKAGE} is not installed.`);
    return found;
}

/** The module stands in a string literal. Decoded in slices: the file is large, and garbage of its size would stay around. */
function wasmOf(file: Buffer): Uint8Array {
    const start = file.indexOf(WASM_MAGIC);
    const end = start < 0 ? -1 : file.indexOf(file[start - 1] as number, start);
    if (end < 0) throw new RnnoiseError(`The package ${PACKAGE} holds no WebAssembly where it is expected.`);
    const bytes = Buffer.allocUnsafeSlow(Math.floor(((end - start) * 3) / 4));
    let length = 0;
    for (let at = start; at < end; at += SLICE) {
        length += bytes.write(file.toString("latin1", at, Math.min(end, at + SLICE)), length, "base64");
    }
    return bytes.subarray(0, length);
}
