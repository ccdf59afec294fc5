// Lines of a form, each with room for the sentence that helps.
import { el } from "./field-page.js";

// An input with its label; `typed` hears what it says after each key.
export function line(key, label, value, typed, { hint, ...given } = {}) {
  const input = el("input", {
    id: `f-${key}`, name: key, value, autocomplete: "off", maxlength: 20, "aria-describedby": `w-${key}`, ...given,
    input: () => typed(key, input.value),
  });
  return el("div", { class: "field" },
    el("label", { for: `f-${key}` }, label),
    hint ? el("span", { class: "field__hint" }, hint) : null,
    input,
    el("span", { class: "field__wrong", id: `w-${key}`, hidden: true }));
}

// Says a sentence beside a line, or takes it away.
export function mark(form, key, sentence) {
  const at = form.querySelector(`#w-${key}`);
  at.textContent = sentence ?? "";
  at.hidden = !sentence;
  at.closest(".field").classList.toggle("field--wrong", Boolean(sentence));
}

// One of several ways, as a large target.
export const choice = (name, value, label, hint, is_chosen, chosen) =>
  el("label", { class: "choice" },
    el("input", { type: "radio", name, value, checked: is_chosen, change: () => chosen(value) }),
    el("span", {}, label, hint ? el("small", {}, hint) : null));

// A button that takes a photo; `taken` gets the file.
export const camera = (label, taken) =>
  el("label", { class: "button button--quiet field-camera" }, label,
    el("input", {
      type: "file", accept: "image/*", capture: "environment", class: "visually-hidden",
      change: ({ target }) => target.files[0] && taken(target.files[0]),
    }));

// Puts the sentences of the server beside their lines; what is about no line stands above all of them.
export function place(form, above, wrongs, names = {}) {
  const others = [];
  for (const [name, sentence] of Object.entries(wrongs)) {
    const key = names[name] ?? name;
    if (key && form.querySelector(`#w-${key}`)) mark(form, key, sentence);
    else others.push(sentence);
  }
  above.textContent = others.join(" ");
  above.hidden = others.length === 0;
}
