/** What the sidebar uses of Node-RED's editor, whose own types lag behind it. */

interface SidebarTab {
    readonly id: string;
    /** On the tab's button and in the menu. */
    readonly name: string;
    readonly label: string;
    readonly iconClass: string;
    readonly content: HTMLElement;
    readonly toolbar?: HTMLElement;
    /** Shows it, and may have a shortcut. */
    readonly action: string;
    /** Usable while a dialog is open. */
    readonly enableOnEdit: boolean;
}

declare const RED: {
    _(key: string, values?: Readonly<Record<string, string | number>>): string;
    readonly actions: { add(name: string, action: () => void, options?: { readonly label?: string }): void };
    readonly comms: {
        on(event: "connect", callback: () => void): void;
        subscribe(topic: string, callback: (topic: string, message: unknown) => void): void;
    };
    readonly editor: { editConfig(property: string, type: string, id: string): void };
    readonly i18n: { lang(): string };
    readonly nodes: { node(id: string): object | null | undefined };
    readonly plugins: { registerPlugin(id: string, plugin: { onadd(): void }): void };
    readonly settings: { readonly apiRootUrl?: string; get(name: string): unknown };
    readonly sidebar: { addTab(tab: SidebarTab): void; show(id: string): void };
    readonly user: { hasPermission(permission: string): boolean };
};
