/** Vitest ends its workers before Node writes what was covered in them. */
import { takeCoverage } from "node:v8";
import { afterAll } from "vitest";

afterAll(() => takeCoverage());
