/**
 * Settings that were saved by an older version of a node are brought up to date when the node starts, one step at a time.
 * A node without steps is at version 1; each step adds one.
 */
import { SettingError } from "./settings";

/** What a flow holds for a node. */
export type SavedSettings = Readonly<Record<string, unknown>>;

/** Brings settings of version n to version n + 1; the first step of a node starts from version 1. */
export type Migration = (saved: SavedSettings) => SavedSettings;

export function currentVersion(steps: readonly Migration[]): number {
    return steps.length + 1;
}

/** @throws SettingError when the settings were saved by a version that this one does not know. */
export function migrate(saved: SavedSettings, steps: readonly Migration[]): SavedSettings {
    const current = currentVersion(steps);
    const version = saved.version ?? 1;
    if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
        throw new SettingError("invalid-setting", `The setting "version" must be a whole number from 1 to ${current}.`);
    }
    if (version > current) {
        throw new SettingError(
            "newer-version",
            `This node was set up with a newer version of Earshot (settings version ${version}, this one knows ${current}). ` +
                "Update Earshot, or delete the node and add it again.",
        );
    }
    const migrated = steps.slice(version - 1).reduce((settings, step) => step(settings), saved);
    return { ...migrated, version: current };
}
