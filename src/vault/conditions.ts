/** Filters and selections as conditions in SQL, on rows of the table `recordings`. */
import type { SQLInputValue } from "node:sqlite";
import { firstIdAt, type RecordingFilter, type RecordingSelection } from "./recording";

export interface Condition {
    readonly sql: string;
    readonly parameters: readonly SQLInputValue[];
}

/** Words and intents are not in the rows: whoever asks for them gives the ids that have them as `found`. */
export function filterCondition(filter: RecordingFilter, found?: readonly string[]): Condition {
    return every(filterConditions(filter, found));
}

export function selectionCondition(selection: RecordingSelection, found?: readonly string[]): Condition {
    const { ids, keptBefore, ...filter } = selection;
    const conditions = filterConditions(filter, found);
    if (ids) conditions.push(isOneOf(ids));
    if (keptBefore !== undefined) conditions.push({ sql: "kept_at < ?", parameters: [keptBefore] });
    return every(conditions);
}

/** Times are conditions on ids, which sort by them. */
function filterConditions(filter: RecordingFilter, found: readonly string[] | undefined): Condition[] {
    const { site, speaker, session, from, to } = filter;
    const conditions: Condition[] = [];
    if (site !== undefined) conditions.push({ sql: "site = ?", parameters: [site] });
    if (speaker === null) conditions.push({ sql: "speaker IS NULL", parameters: [] });
    else if (speaker !== undefined) conditions.push({ sql: "speaker = ?", parameters: [speaker] });
    if (session !== undefined) conditions.push({ sql: "session = ?", parameters: [session] });
    if (from !== undefined) conditions.push({ sql: "id >= ?", parameters: [firstIdAt(from)] });
    if (to !== undefined) conditions.push({ sql: "id < ?", parameters: [firstIdAt(to)] });
    if (found) conditions.push(isOneOf(found));
    return conditions;
}

function isOneOf(ids: readonly string[]): Condition {
    return { sql: "id IN (SELECT value FROM json_each(?))", parameters: [JSON.stringify(ids)] };
}

function every(conditions: readonly Condition[]): Condition {
    return {
        sql: ["TRUE", ...conditions.map(({ sql }) => sql)].join(" AND "),
        parameters: conditions.flatMap(({ parameters }) => parameters),
    };
}
