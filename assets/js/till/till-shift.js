// The drawer's day: opened with what lies in it, closed by counting. What should be there is said only after it was counted.
import * as bekal from "./till-bekal.js";
import { go, home, keep, once, record, till, title } from "./till-desk.js";
import { counter, sum } from "./till-count.js";
import { ask, tell } from "./till-dialog.js";
import { amount as money, back, el, hour, rupiah, say } from "./field-page.js";
import { drawer } from "./till-own.js";
import { day } from "./till-time.js";
import * as store from "./field-store.js";

// What lies in the drawer of whoever comes next is what was counted.
let float = { text: "", notes: {} };
export const handOver = (counted) => { float = { text: rupiah(counted).slice(2), notes: {} }; };

export function open() {
  const wrong = el("span", { class: "field__wrong", role: "alert" });
  const typed = el("input", { id: "f-float", inputmode: "numeric", autocomplete: "off", maxlength: 14, value: float.text, "data-first": true, input: () => { float.text = typed.value; } });
  const begin = once(async () => {
    const amount = typed.value.trim() === "" ? null : money(typed.value);
    if (amount === null || amount > 100_000_000) { wrong.textContent = say("float_wrong"); return typed.focus(); }
    const session = await store.get("session");
    const shift = { id: crypto.randomUUID(), float: amount, at: bekal.now(), by: session.person.name };
    try {
      await record("shift_open", { shift: shift.id, float: amount }, {}, { shift });
    } catch {
      wrong.textContent = say("no_room");
      return;
    }
    float = { text: "", notes: {} };
    home();
  });
  return [
    title(say("open_title")), el("p", { class: "soft" }, say("open_text")),
    el("form", { novalidate: true, submit: begin },
      el("div", { class: "field till-float" }, el("label", { for: "f-float" }, say("float")), typed, wrong),
      el("button", { class: "button" }, say("open_button"))),
    el("details", { class: "field-more", open: Object.keys(float.notes).length > 0 }, el("summary", {}, say("float_count")),
      counter(float.notes, (notes) => { typed.value = float.text = rupiah(sum(notes)).slice(2); })),
    el("p", {}, el("button", { type: "button", class: "link-button", click: () => go("menu") }, say("more"))),
  ];
}

export function close() {
  const counting = till.shift.counting ?? {};
  const found = (notes) => { till.shift = { ...till.shift, counting: notes }; keep("shift"); };
  return [
    back(say("goods"), home), title(say("close_title")), el("p", { class: "soft" }, say("close_text")),
    counter(counting, found),
    el("button", { type: "button", class: "button", click: async () => {
      if (sum(counting) === 0 && !(await ask(say("nothing_counted"), say("drawer_empty")))) return;
      go("closing");
    } }, say("counted_all")),
  ];
}

export function closing() {
  const notes = till.shift.counting ?? {};
  const counted = sum(notes);
  const { expected } = drawer(till.shift, till.events);
  const off = counted - expected;
  const why = el("input", { id: "f-why", autocomplete: "off", maxlength: 200, "data-first": true });
  const wrong = el("span", { class: "field__wrong", role: "alert" });
  const finish = once(async () => {
    const explanation = why.value.trim();
    if (off !== 0 && !explanation) { wrong.textContent = say("explanation_missing"); return why.focus(); }
    try {
      await record("shift_close", { shift: till.shift.id, notes, counted, expected, ...(explanation && { explanation }) }, {}, { shift: null });
    } catch {
      return tell(say("no_room"));
    }
    handOver(counted);
    go("open", {}, true);
  });
  return [
    back(say("count_again"), () => go("close")), title(say("closing_title")),
    el("dl", { class: "rows" }, el("dt", {}, say("counted")), el("dd", {}, rupiah(counted)), el("dt", {}, say("expected")), el("dd", {}, rupiah(expected)),
      el("dt", { class: "rows__total" }, say(off < 0 ? "short" : off > 0 ? "over" : "difference")), el("dd", { class: `rows__total ${off ? "urgent" : ""}` }, rupiah(Math.abs(off)))),
    el("form", { class: "till-closing", novalidate: true, submit: finish },
      off === 0 ? el("p", { class: "till-fits" }, say("fits")) : el("div", { class: "field" }, el("label", { for: "f-why" }, say("explanation")), why, wrong),
      el("p", { class: "soft" }, say("hand_over", { amount: rupiah(counted) })),
      el("button", { class: "button" }, say("close_button"))),
  ];
}

// A drawer that was not counted last night is asked about.
export const is_old = (shift) => shift && day(shift.at) < day(bekal.now());
export const oldWords = (shift) => say("shift_old", { name: shift.by, at: hour(shift.at) });
