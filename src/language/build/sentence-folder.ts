/** Reads the sentence files of a folder. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SentenceFile } from "../file/model";
import { SentenceFileError } from "../sentence-file-error";

/** What reads YAML takes 9 MB, and only homes with sentences of their own need it. */
const reading = (): typeof import("../file/sentence-file") => require("../file/sentence-file");

/** In the order of their names. What can't be read is told in `problems`. */
export function readSentenceFolder(folder: string, code: string, problems: SentenceFileError[]): SentenceFile[] {
    const { MAX_FILE_LENGTH, readSentenceFile } = reading();
    let names: string[];
    try {
        names = sentenceFileNames(folder);
    } catch (error) {
        problems.push(unreadable(folder, error));
        return [];
    }
    return names.flatMap((name) => {
        const path = join(folder, name);
        try {
            if (statSync(path).size > 4 * MAX_FILE_LENGTH) {
                problems.push(
                    new SentenceFileError(
                        "too-large",
                        path,
                        1,
                        1,
                        "the file is too large",
                        `at most ${MAX_FILE_LENGTH} characters`,
                    ),
                );
                return [];
            }
            return readSentenceFile(path, readFileSync(path, "utf8"), code);
        } catch (error) {
            problems.push(unreadable(path, error));
            return [];
        }
    });
}

export function sentenceFileNames(folder: string): string[] {
    return readdirSync(folder)
        .filter((name) => /\.ya?ml$/.test(name))
        .sort();
}

function unreadable(path: string, error: unknown): SentenceFileError {
    const why = error instanceof Error ? error.message : String(error);
    return new SentenceFileError("unreadable", path, 1, 1, `can't be read (${why})`, "files that can be read");
}
