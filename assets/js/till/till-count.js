// Counting money by tapping its pictures.
import { el, rupiah, say, whole } from "./field-page.js";
import { ALL, COINS, named, picture } from "./till-notes.js";

export const sum = (notes) => Object.entries(notes).reduce((all, [value, n]) => all + Number(value) * n, 0);

// Rows of notes; `changed` hears after each tap how many there are of each.
export function counter(notes, changed) {
  const total = el("b", { class: "till-tally__total" }, rupiah(sum(notes)));
  const line = (value) => {
    const n = el("input", { class: "till-tally__n", inputmode: "numeric", autocomplete: "off", maxlength: 5, value: notes[value] ? String(notes[value]) : "", placeholder: "0", "aria-label": say("how_many_of", { note: rupiah(value) }), input: () => put(whole(n.value) ?? 0, true) });
    const put = (many, is_typed = false) => {
      if (many > 0) notes[value] = many; else delete notes[value];
      if (!is_typed) n.value = notes[value] ? String(notes[value]) : "";
      total.textContent = rupiah(sum(notes));
      changed(notes);
    };
    return el("li", { class: "till-tally__line" },
      el("button", { type: "button", class: `till-note ${COINS.includes(value) ? "till-note--coin" : ""}`, "aria-label": say("one_note_more", { note: named(value) }), click: () => put((notes[value] ?? 0) + 1) }, picture(value)),
      n, el("button", { type: "button", class: "till-step", "aria-label": say("one_note_less", { note: named(value) }), click: () => put(Math.max(0, (notes[value] ?? 0) - 1)) }, "−"));
  };
  return el("div", { class: "till-tally" }, el("ul", {}, ALL.map(line)), el("p", { class: "till-tally__sum", "aria-live": "polite" }, say("together"), " ", total));
}
