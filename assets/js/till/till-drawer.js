// Money into the drawer and out of it without a sale, and a member's debt paid down.
import { go, home, member, once, owed, record, till, title } from "./till-desk.js";
import { mention } from "./till-dialog.js";
import { amount as money, back, el, rupiah, say } from "./field-page.js";
import { choice } from "./field-form.js";
import { choose_member } from "./till-tender.js";

const line = (key, label, more) => el("div", { class: "field" }, el("label", { for: `f-${key}` }, label),
  el("input", { id: `f-${key}`, autocomplete: "off", maxlength: 14, ...more }), el("span", { class: "field__wrong", id: `w-${key}`, role: "alert" }));
const wrong = (form, key, sentence) => { form.querySelector(`#w-${key}`).textContent = sentence; form.querySelector(`#f-${key}`).focus(); };
const value = (form, key) => form.querySelector(`#f-${key}`).value.trim();

export function cash() {
  let way = null;
  const pick = (name) => choice("way", name, say(`drawer_${name}`), say(`drawer_${name}_hint`), false, (chosen) => { way = chosen; });
  const no = el("span", { class: "field__wrong", role: "alert" });
  const form = el("form", { novalidate: true, submit: once(async () => {
    const [amount, reason] = [money(value(form, "amount")), value(form, "reason")];
    no.textContent = way ? "" : say("drawer_way_missing");
    if (!way) return form.querySelector("input").focus();
    if (!amount) return wrong(form, "amount", say("not_amount"));
    if (!reason) return wrong(form, "reason", say("reason_needed"));
    try {
      await record("drawer", { shift: till.shift.id, way, amount, reason });
    } catch {
      no.textContent = say("no_room");
      return;
    }
    home();
    mention(say(`drawer_${way}_done`, { amount: rupiah(amount) }));
  }) },
  el("fieldset", { class: "field" }, el("legend", {}, say("drawer_which")), ["in", "out", "spent"].map(pick), no),
  line("amount", say("part_amount"), { inputmode: "numeric" }), line("reason", say("reason_label"), { maxlength: 120 }), el("button", { class: "button" }, say("save")));
  return [back(say("goods"), home), title(say("drawer_title")), form];
}

export function debt({ id = null }) {
  const who = member(id);
  if (!who) {
    return [back(say("goods"), home), title(say("debt_title")),
      el("button", { type: "button", class: "button", "data-first": true, click: async () => { const chosen = await choose_member(); if (chosen) go("debt", { id: chosen.id }, true); } }, say("member_choose"))];
  }
  const form = el("form", { novalidate: true, submit: once(async () => {
    const amount = money(value(form, "amount"));
    if (!amount) return wrong(form, "amount", say("not_amount"));
    if (amount > owed(who)) return wrong(form, "amount", say("debt_most", { most: rupiah(owed(who)) }));
    try {
      await record("debt_paid", { shift: till.shift.id, member: who.id, amount }, { name: who.name });
    } catch {
      return wrong(form, "amount", say("no_room"));
    }
    home();
    mention(say("debt_done", { name: who.name, amount: rupiah(amount) }));
  }) }, line("amount", say("debt_amount"), { inputmode: "numeric", "data-first": true }), el("button", { class: "button" }, say("save")));
  return [back(say("goods"), home), title(who.name), el("p", {}, say("owes", { amount: rupiah(owed(who)) })), form];
}
