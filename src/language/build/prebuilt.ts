/** The package's languages as they were built with it. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { SentenceFileError } from "../sentence-file-error";
import { type BuiltLanguage, buildLanguage } from "./build";
import { readSentenceFolder, sentenceFileNames } from "./sentence-folder";

/** Beside dist/ in a package as in a checkout. */
const LOCALES = join(__dirname, "..", "..", "..", "..", "locales");
const PREBUILT = join(__dirname, "prebuilt");

const read = new Map<string, BuiltLanguage>();

interface Stored {
    /** Of the sentence files it was built from. */
    readonly digest: string;
    readonly language: BuiltLanguage;
}

/** Languages that the package has sentences of; of some it has only their numbers, for people's own sentence files. */
export function availableLanguages(): readonly string[] {
    return codes().filter((code) => existsSync(join(folderOf(code), "_words.yaml")));
}

export function folderOf(code: string): string {
    return join(LOCALES, code, "sentences");
}

/** Undefined where the package has nothing of the language. Throws `SentenceFileError`. */
export function packagedLanguage(code: string): BuiltLanguage | undefined {
    const known = read.get(code);
    if (known !== undefined || !codes().includes(code)) return known;
    const language = stored(code) ?? built(code);
    read.set(code, language);
    return language;
}

/** Builds every language anew and stores them. */
export function storeLanguages(): void {
    mkdirSync(PREBUILT, { recursive: true });
    for (const code of codes()) {
        const language: Stored = { digest: digestOf(code), language: built(code) };
        writeFileSync(join(PREBUILT, code), serialize(language));
    }
}

function codes(): string[] {
    return readdirSync(LOCALES)
        .filter((code) => existsSync(folderOf(code)))
        .sort();
}

/** Undefined where it was built from other files, or by a Node.js that stores things differently. */
function stored(code: string): BuiltLanguage | undefined {
    try {
        const { digest, language } = deserialize(readFileSync(join(PREBUILT, code))) as Stored;
        return digest === digestOf(code) ? language : undefined;
    } catch {
        return undefined;
    }
}

function built(code: string): BuiltLanguage {
    const problems: SentenceFileError[] = [];
    const files = readSentenceFolder(folderOf(code), code, problems);
    const language = buildLanguage(files, new Set(), problems);
    const [problem] = [...files.flatMap((file) => file.problems), ...problems];
    if (problem !== undefined) throw problem;
    return language;
}

function digestOf(code: string): string {
    const hash = createHash("sha256");
    for (const name of sentenceFileNames(folderOf(code))) {
        hash.update(name)
            .update("\0")
            .update(readFileSync(join(folderOf(code), name)))
            .update("\0");
    }
    return hash.digest("base64url");
}
