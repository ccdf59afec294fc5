// Small windows over the till: a question, a sentence, or a form of its own. The browser keeps the focus in them.
import { el, say } from "./field-page.js";

// Opens one; `closed` hears with what it was closed.
export function dialog(label, inside, closed = () => {}) {
  const box = el("dialog", { class: "till-dialog", "aria-label": label },
    el("div", { class: "till-dialog__head" }, el("h2", {}, label),
      el("button", { type: "button", class: "till-x", "aria-label": say("close"), click: () => box.close("") }, "×")),
    inside);
  box.addEventListener("close", () => { box.remove(); closed(box.returnValue); });
  // A tap beside it closes it.
  box.addEventListener("click", (event) => { if (event.target === box) box.close(""); });
  document.body.append(box);
  box.showModal();
  box.querySelector("[data-first]")?.focus();
  return box;
}

const answered = (label, sentences, buttons) => new Promise((done) => {
  const lines = [sentences].flat().map((one) => el("p", {}, one));
  const box = dialog(label, [...lines, el("div", { class: "buttons" }, buttons.map(([value, words, quiet], n) =>
    el("button", { type: "button", class: `button ${quiet ? "button--quiet" : ""}`, "data-first": n === 0, "data-answer": value, click: () => box.close(value) }, words)))],
  (value) => done(value));
});

export const tell = (sentences, label = say("attention")) => answered(label, sentences, [["ok", say("good")]]);
export const ask = async (sentences, yes, label = say("sure")) =>
  (await answered(label, sentences, [["yes", yes], ["no", say("no"), true]])) === "yes";

// Says something in passing, to eyes and ears.
let fading;
export function mention(sentence) {
  let at = document.querySelector(".till-said");
  if (!at) document.body.append(at = el("p", { class: "till-said", role: "status" }));
  clearTimeout(fading);
  at.textContent = sentence;
  at.hidden = false;
  fading = setTimeout(hush, 5000);
}
export const hush = () => { const at = document.querySelector(".till-said"); if (at) at.hidden = true; };
