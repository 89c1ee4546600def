/** Elements of a page, made so that what was said can only ever be text in them. */

type Child = Node | string | undefined;

interface Attributes {
    readonly class?: string;
    readonly [attribute: string]: string | boolean | undefined;
}

/** An attribute that is false or undefined is left out, one that is true has no value. Strings become text, never HTML. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
    tag: Tag,
    attributes: Attributes = {},
    ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.filter((child) => child !== undefined));
    return made;
}

/** For the eye only: what it means stands beside it, or in the label of its button. */
export function icon(name: string): HTMLElement {
    return element("i", { class: `fa fa-${name}`, "aria-hidden": "true" });
}

export type Tone = "good" | "bad" | "warning" | "active" | "plain";

/** A line that stands out. The tone repeats in colour what the text says. */
export function box(tone: Tone, name: string, ...children: readonly Child[]): HTMLElement {
    const made = element("div", { class: "earshot-privacy-box" });
    fillBox(made, tone, name, ...children);
    return made;
}

export function fillBox(made: HTMLElement, tone: Tone, name: string, ...children: readonly Child[]): void {
    made.dataset.tone = tone;
    made.replaceChildren(icon(name), ...children.filter((child) => child !== undefined));
}

export interface ButtonOptions {
    readonly icon: string;
    readonly label: string;
    /** Only the icon is seen; the label is for screen readers and under the mouse. */
    readonly isIcon?: boolean;
    onclick(): void;
}

export function button({ icon: name, label, isIcon = false, onclick }: ButtonOptions): HTMLButtonElement {
    const made = element("button", { type: "button", class: "red-ui-button red-ui-button-small" });
    made.addEventListener("click", onclick);
    relabel(made, name, label, isIcon);
    return made;
}

export function relabel(made: HTMLButtonElement, name: string, label: string, isIcon = false): void {
    if (isIcon) {
        made.setAttribute("aria-label", label);
        made.title = label;
        made.replaceChildren(icon(name));
    } else {
        made.replaceChildren(icon(name), ` ${label}`);
    }
}

/** A field that is chosen from. @param options value and what people read */
export function choice(label: string, options: readonly (readonly [string, string])[]): HTMLSelectElement {
    return element(
        "select",
        { "aria-label": label, title: label },
        ...options.map(([value, text]) => element("option", { value }, text)),
    );
}
