/** What the vault refuses before it does anything. All throw VaultError. */
import { hasWords } from "./catalogue";
import { VaultError } from "./error";
import {
    type Derived,
    type ImportedKeepsake,
    isRecordingId,
    type Keepsake,
    RECORDING_LIMITS,
    RECORDING_PARTS,
    type RecordingFilter,
    type RecordingPage,
    type RecordingSelection,
    type Replacement,
} from "./recording";
import { type KeyGuard, MIN_SECRET_CHARACTERS } from "./store-key";

export function checkId(id: string): void {
    if (!isRecordingId(id)) throw badRequest("That is not the id of a recording.");
}

export function checkKeepsake({ session, site, speaker, startedAt, durationMs, ...content }: Keepsake): void {
    checkName("session", session);
    checkName("site", site);
    checkName("speaker", speaker);
    if (!isTime(startedAt)) throw badRequest(`${startedAt} is no time in milliseconds since 1970.`);
    if (durationMs !== undefined && !(durationMs >= 0 && durationMs <= 86_400_000)) {
        throw badRequest(`${durationMs} is no length of an utterance in milliseconds.`);
    }
    checkContent(content);
}

export function checkImported(keepsake: ImportedKeepsake): void {
    checkId(keepsake.id);
    if (!isTime(keepsake.keptAt)) throw badRequest(`${keepsake.keptAt} is no time in milliseconds since 1970.`);
    checkKeepsake(keepsake);
}

export function checkReplacement(replacement: Replacement): void {
    const { samples, transcript, derived } = replacement;
    if (!samples && !transcript && !derived)
        throw badRequest("Replacing needs sound, a transcript, or what came of it.");
    checkContent(replacement);
}

export function checkDerived(derived: readonly Derived[]): void {
    if (!derived.every(({ kind }) => /^[\w-]{1,64}$/.test(kind))) {
        throw badRequest("What came of an utterance has a kind of at most 64 letters, digits and dashes.");
    }
    if (JSON.stringify(derived).length > RECORDING_LIMITS.derivedCharacters) {
        throw new VaultError("too-long", "Too much is attached to the recording.");
    }
}

export function checkPage({ limit = 100, before, ...filter }: RecordingPage): void {
    if (!Number.isInteger(limit) || limit < 1 || limit > RECORDING_LIMITS.page) {
        throw badRequest(`A page holds 1 to ${RECORDING_LIMITS.page} recordings, not ${limit}.`);
    }
    if (before !== undefined && !isRecordingId(before)) throw badRequest("A page begins before the id of a recording.");
    checkFilter(filter);
}

/** An empty selection is a mistake, not a wish to lose everything. */
export function checkSelections(selections: readonly RecordingSelection[]): void {
    if (selections.length > RECORDING_LIMITS.selectionsPerPurge) throw badRequest("Too many selections to purge.");
    for (const { ids, all, keptBefore, part, ...filter } of selections) {
        const conditions = [ids, keptBefore, ...Object.values(filter)];
        const isFiltered = conditions.some((condition) => condition !== undefined);
        if (all ? isFiltered : !isFiltered) {
            throw badRequest("Purging needs ids, a place, a person, words, a time, or all, and all stands alone.");
        }
        if (ids && (ids.length > RECORDING_LIMITS.idsPerPurge || !ids.every(isRecordingId))) {
            throw badRequest("Purging takes at most 100,000 ids of recordings.");
        }
        if (keptBefore !== undefined && !Number.isFinite(keptBefore)) throw badRequest(NO_TIME);
        if (part !== undefined && !RECORDING_PARTS.includes(part)) throw badRequest("A recording has no such part.");
        checkFilter(filter);
    }
}

export function checkGuard(guard: KeyGuard): void {
    if (guard.kind === "passphrase" && guard.passphrase === "") throw badRequest("The vault's passphrase is empty.");
    if (guard.kind === "secret" && guard.secret.length < MIN_SECRET_CHARACTERS) {
        throw badRequest(`The vault's secret has less than ${MIN_SECRET_CHARACTERS} characters.`);
    }
}

const NO_TIME = "A time is a number of milliseconds since 1970.";

function checkFilter({ from, to, words, ...names }: RecordingFilter): void {
    if ([from, to].some((time) => time !== undefined && !Number.isFinite(time))) throw badRequest(NO_TIME);
    for (const [what, name] of Object.entries(names)) checkName(what, name);
    if (words === undefined) return;
    if (words.length > RECORDING_LIMITS.wordsCharacters || !hasWords(words)) {
        throw badRequest("Words to look for are letters or digits, 1,000 at most.");
    }
}

function checkContent({ samples, transcript, derived }: Replacement): void {
    if (samples && samples.length > RECORDING_LIMITS.samples) {
        throw new VaultError("too-long", "A recording lasts one hour at most.");
    }
    if (transcript && JSON.stringify(transcript).length > RECORDING_LIMITS.transcriptCharacters) {
        throw new VaultError("too-long", "A transcript has one million characters at most.");
    }
    if (derived) checkDerived(derived);
}

/** Line breaks and tabs are no part of a name. */
function checkName(what: string, name: string | null | undefined): void {
    if (name === undefined || name === null) return;
    if (name.length > RECORDING_LIMITS.nameCharacters || /\p{Cc}/u.test(name)) {
        throw badRequest(
            `The name of a ${what} has at most ${RECORDING_LIMITS.nameCharacters} characters, all visible.`,
        );
    }
}

function isTime(time: number): boolean {
    return Number.isInteger(time) && time >= 0 && time < 2 ** 48;
}

function badRequest(message: string): VaultError {
    return new VaultError("bad-request", message);
}
