/** Puts the Privacy sidebar into the editor. */
import { PrivacySidebar } from "./sidebar.js";
import { say } from "./words.js";

const ID = "earshot-privacy";
const SHOW = "earshot:show-privacy";

RED.plugins.registerPlugin(ID, {
    onadd() {
        const sidebar = new PrivacySidebar();
        RED.actions.add(SHOW, () => RED.sidebar.show(ID), { label: say("action.show") });
        RED.sidebar.addTab({
            id: ID,
            name: say("title"),
            label: say("title"),
            iconClass: "fa fa-user-secret",
            content: sidebar.content,
            toolbar: sidebar.toolbar,
            action: SHOW,
            // Whether somebody listens is to be seen at all times.
            enableOnEdit: true,
        });
        sidebar.start();
    },
});
