export { BuiltinEngine } from "./builtin/engine";
export { corrected } from "./correction";
export {
    type Samples,
    type Transcriber,
    type Transcript,
    type Transcription,
    TranscriptionError,
    type TranscriptionErrorCode,
    type TranscriptionOptions,
    type TranscriptWord,
} from "./transcriber";
