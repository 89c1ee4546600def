export type {
    Samples,
    Transcriber,
    Transcript,
    Transcription,
    TranscriptionOptions,
    TranscriptWord,
} from "./transcriber";
