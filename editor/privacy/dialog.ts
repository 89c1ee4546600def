/** Questions that have to be answered before something is done. Escape is no. */
import { button, element } from "./element.js";
import { say } from "./words.js";

interface Question {
    readonly title: string;
    readonly text: string;
    /** What the button says that does it. */
    readonly action: string;
    readonly icon: string;
}

/** Resolves to whether the person wants it. */
export async function confirm(question: Question): Promise<boolean> {
    return (await open(question)) !== undefined;
}

/** Resolves to what the person wrote; undefined when they leave it as it is. */
export async function edit(question: Question, text: string): Promise<string | undefined> {
    const field = element("textarea", { rows: "4", "aria-label": question.title, spellcheck: "true" });
    field.value = text;
    const answer = await open(question, field);
    const written = field.value.trim();
    return answer === undefined || written === "" || written === text ? undefined : written;
}

function open({ title, text, action, icon }: Question, field?: HTMLTextAreaElement): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const heading = element("h3", { id: "earshot-privacy-question" }, title);
    const dialog = element(
        "dialog",
        { class: "earshot-privacy-dialog red-ui-editor-dialog", "aria-labelledby": heading.id },
        heading,
        element("p", {}, text),
        field,
    );
    const no = button({ icon: "times", label: say("action.cancel"), onclick: () => dialog.close() });
    const yes = button({ icon, label: action, onclick: () => dialog.close("yes") });
    yes.classList.add("primary");
    dialog.append(element("div", { class: "earshot-privacy-actions" }, no, yes));
    dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(dialog.returnValue === "yes" ? "yes" : undefined);
    });
    dialog.addEventListener("keydown", (event) => {
        // Shortcuts of the editor are not meant here.
        event.stopPropagation();
        if (field && event.key === "Enter" && !event.shiftKey && event.target === field) {
            event.preventDefault();
            dialog.close("yes");
        }
    });
    document.body.append(dialog);
    dialog.showModal();
    (field ?? no).focus();
    return promise;
}
