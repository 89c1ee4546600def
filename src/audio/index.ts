export { Endpointer, type EndpointingOptions, type EndpointState, FRAME_MS } from "./endpoint";
export { AudioFormatError, type AudioFormatErrorCode } from "./error";
export { type Level, levelOf, SILENCE_DBFS } from "./level";
export { FRAME_SAMPLES, loadNoiseReduction, type NoiseReduction, type VoicedFrame } from "./noise-reduction";
export { encodePcm, PcmDecoder, type PcmFormat, type SampleEncoding } from "./pcm";
export { Resampler } from "./resample";
export {
    decodeSound,
    SAMPLE_RATE,
    type SoundDecoder,
    type SoundFormat,
    type SoundLimits,
} from "./sound-source";
export { type DecodedWav, decodeWav, encodeWav, WavDecoder, wavHeader } from "./wav";
export type { WavFormat } from "./wav-header";
