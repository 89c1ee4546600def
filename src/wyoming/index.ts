export { type ConnectionTimings, WyomingConnection } from "./connection";
export { WyomingError, type WyomingErrorCode } from "./error";
export { EventReader, encodeEvent, type WyomingEvent } from "./event";
export type { Served, WyomingHost } from "./host";
export { WyomingServer, type WyomingServerEvents, type WyomingServerOptions } from "./server";
