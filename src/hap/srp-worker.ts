/** Runs in a worker thread: the controller's part of SRP-6a, about 0.1 s of arithmetic with 3,072-bit numbers. */
import { randomBytes } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { SRP, SrpClient } from "fast-srp-hap";
import { SRP_USER, type SrpInput, type SrpResult } from "./srp";

const { salt, accessoryPublicKey, pin } = workerData as SrpInput;
const password = Buffer.from(pin);
// Longer than the 32 bytes that are enough: the library complains aloud about a number that happens to begin with zeros.
const secret = randomBytes(40);
const client = new SrpClient(SRP.params.hap, Buffer.from(salt), Buffer.from(SRP_USER), password, secret, true);
client.setB(Buffer.from(accessoryPublicKey));
const result: SrpResult = { publicKey: client.computeA(), proof: client.computeM1(), secret: client.computeK() };
parentPort?.postMessage(result);
