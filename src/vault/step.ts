/** What has just been done, for tests that stop the process there. */
export type StoreStep =
    | "key prepared"
    | "sound written"
    | "row added"
    | "keys taken"
    | "key replaced"
    | "sounds removed"
    | "rows removed";
