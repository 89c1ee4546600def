/** What the sidebar asks, checked before anything is done: what is wrong is named, and answered with status 400. */
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import { isRecordingId } from "../src/vault";
import { BadRequest } from "./admin";

type Values = Readonly<Record<string, unknown>>;

export function wholeNumber(values: Values, name: string, from: number, to: number): number | undefined {
    const value = values[name];
    if (value === undefined) return undefined;
    const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof number === "number" && Number.isInteger(number) && number >= from && number <= to) return number;
    throw new BadRequest(`"${name}" has to be a whole number from ${from} to ${to}.`);
}

/** @param maxLength what is longer is refused: half a text would stand for something else */
export function textOf(values: Values, name: string, maxLength: number): string | undefined {
    const value = values[name];
    if (value === undefined) return undefined;
    if (typeof value === "string" && value.trim() !== "" && value.length <= maxLength) return value;
    throw new BadRequest(`"${name}" has to be text of 1 to ${maxLength} characters.`);
}

export function idsOf(values: Values, name: string, most: number): readonly string[] | undefined {
    const value = values[name];
    if (value === undefined) return undefined;
    const ids: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (ids.length > 0 && ids.length <= most && ids.every(isRecordingId)) return ids;
    throw new BadRequest(`"${name}" has to be 1 to ${most} ids of recordings.`);
}

export function required<T>(value: T | undefined, name: string): T {
    if (value === undefined) throw new BadRequest(`"${name}" is missing.`);
    return value;
}

/** What was said is for who asked: no cache on the way or in the browser keeps it, and no other page embeds it. */
export function setPrivate(response: Response): void {
    response.set({
        "Cache-Control": "no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    });
}

/** Whoever takes nothing for so long is gone. */
const IDLE_MS = 300_000;

/**
 * Sends pieces as they are made and taken. Rejects without having sent anything when the first can't be made; what ends
 * in the middle must not look whole, so the connection ends then.
 */
export async function sendPieces(
    response: Response,
    pieces: AsyncGenerator<Buffer, unknown, undefined>,
): Promise<void> {
    const first = await pieces.next();
    response.setTimeout(IDLE_MS, () => response.destroy());
    await pipeline(async function* () {
        if (first.done) return;
        yield first.value;
        yield* pieces;
    }, response);
}

/** Who asks, as Node-RED's own login knows them; undefined where there is no login. */
export function userOf(request: Request): string | undefined {
    const user: unknown = Reflect.get(request, "user");
    const name: unknown = typeof user === "object" && user !== null ? Reflect.get(user, "username") : undefined;
    return typeof name === "string" ? name : undefined;
}
