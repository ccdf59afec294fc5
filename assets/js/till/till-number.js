// One number, typed into a window.
import { dialog } from "./till-dialog.js";
import { el, say, whole } from "./field-page.js";

export const numbered = (label, ask, value) => new Promise((done) => {
  let found = null;
  const wrong = el("span", { class: "field__wrong", role: "alert" });
  const typed = el("input", { id: "n-typed", inputmode: "numeric", autocomplete: "off", value: String(value), maxlength: 9, "data-first": true });
  const box = dialog(label, el("form", { class: "field", novalidate: true, submit: (event) => {
    event.preventDefault();
    found = whole(typed.value);
    if (found === null) { wrong.textContent = say("not_whole"); return; }
    box.close("");
  } }, el("label", { for: "n-typed" }, ask), typed, wrong, el("button", { class: "button" }, say("good"))), () => done(found));
  typed.select();
});
