import type { TranscriptionErrorCode } from "../transcriber";
import { LanguageNotSupported, NothingToSay } from "./recogniser";

/** How an error crosses from the recogniser's thread: the classes themselves do not. */
export function failure(error: unknown): { code: TranscriptionErrorCode; message: string } {
    const isAboutTheAsk = error instanceof LanguageNotSupported || error instanceof NothingToSay;
    const code = isAboutTheAsk ? "not-supported" : "engine";
    return { code, message: error instanceof Error ? error.message : String(error) };
}
