// One kiosk: every size that should stand there, what is missing, and the cash.
import { choice, line, mark, place } from "./field-form.js";
import { back, el, picture, rupiah, say } from "./field-page.js";
import * as tally from "./field-tally.js";

const LABELS = { laku: "kiosk_sold", masih: "kiosk_still", baik: "kiosk_home", rusak: "kiosk_damaged" };

export function draw(desk) {
  const { draft } = desk;
  const kiosk = desk.kiosk();
  const goods = kiosk.goods.filter((good) => good.n > 0);
  const there = { ...kiosk, goods };
  const wrong = el("div", { class: "form-wrong", role: "alert", hidden: true, tabindex: -1 });
  const ask = el("div", { role: "alert" });
  const sum = el("p", { class: "field-sum", "aria-live": "polite" });

  const typed = (name, value) => {
    desk.type({ typed: { ...draft.typed, [name]: value }, sure: [], wrongs: {} });
    ask.replaceChildren();
    wrong.hidden = true;
    mark(form, name, null);
    fit();
  };
  const words = (name, label, more) => line(name, label, draft.typed[name] ?? "", typed, { maxlength: 200, ...more });
  const part = (good) => (name) => words(`${name}_${good.id}`, say(LABELS[name]), { inputmode: "numeric", maxlength: 7, placeholder: name === "masih" ? null : "0" });
  const one = (good) => el("fieldset", { class: "card field tally" }, el("legend", { class: "visually-hidden" }, good.name),
    el("div", { class: "tally__head field-tally__head" }, picture(good.cover),
      el("p", {}, el("b", {}, good.name), el("small", {}, say("kiosk_should_stand", { n: good.n }), " · ", rupiah(good.price)))),
    el("div", { class: "tally__four" }, tally.PARTS.map(part(good))));
  const way = (name, value, label, hint = null) => choice(name, value, label, hint, draft.typed[name] === value, (chosen) => typed(name, chosen));

  const gone = el("fieldset", { class: "field", hidden: true }, el("legend", {}, say("kiosk_missing_ask")),
    el("span", { class: "field__wrong", id: "w-hilang", hidden: true }),
    way("hilang", "kios", say("kiosk_missing_kiosk"), say("kiosk_missing_kiosk_hint")),
    way("hilang", "warong", say("kiosk_missing_lost"), say("kiosk_missing_lost_hint")));
  const why = words("alasan", say("kiosk_missing_why"));
  const paid = el("fieldset", { class: "field", hidden: true }, el("legend", {}, say("cash_how")),
    way("cara", "tunai", say("cash_by_hand")), way("cara", "transfer", say("cash_by_bank")));
  const reference = words("acuan", say("reference"), { maxlength: 60 });

  const form = el("form", { novalidate: true, submit: (event) => { event.preventDefault(); save(); } },
    wrong, goods.length ? el("p", { class: "soft" }, say("kiosk_count_lead")) : el("p", { class: "soft" }, say("kiosk_empty")),
    goods.map(one), gone, why, words("uang", say("kiosk_cash_amount"), { inputmode: "decimal", maxlength: 20 }), sum, paid, reference,
    words("catatan", say("kiosk_note"), { maxlength: 300 }), ask, el("button", { class: "button" }, say("kiosk_visit_button")));

  function fit() {
    const { missing, cash, due } = tally.read(draft.typed, there);
    gone.hidden = !(missing > 0);
    why.hidden = !(missing > 0 && draft.typed.hilang === "warong");
    paid.hidden = !(cash > 0);
    reference.hidden = !(cash > 0 && draft.typed.cara === "transfer");
    sum.textContent = due === null ? "" : say("due_now", { amount: rupiah(Math.max(due, 0)) });
  }
  fit();
  place(form, wrong, draft.wrongs ?? {});

  async function save() {
    const found = tally.read(draft.typed, there);
    for (const at of form.querySelectorAll(".field__wrong")) mark(form, at.id.slice(2), null);
    place(form, wrong, found.wrongs);
    const [name] = Object.keys(found.wrongs);
    if (name) return (form.querySelector(`#f-${name}`) ?? form.querySelector(`[name=${name}]`))?.focus();
    const doubts = tally.doubts(found);
    if (doubts.some(([doubt]) => !draft.sure.includes(doubt))) {
      await desk.type({ sure: doubts.map(([doubt]) => doubt) });
      ask.replaceChildren(...doubts.map(([, sentence]) => el("p", { class: "notice notice--urgent" }, sentence)), el("p", {}, say("tap_again")));
      return ask.scrollIntoView({ block: "center" });
    }
    try {
      await desk.record("visit", tally.body(draft.typed, kiosk, found), { kiosk: kiosk.name, cash: found.cash });
    } catch {
      wrong.hidden = false;
      wrong.textContent = say("no_room_visit");
      return wrong.focus();
    }
  }

  return [back(say("which_kiosk_back"), () => desk.go("which")), el("h1", { tabindex: -1 }, kiosk.name),
    el("p", { class: "soft" }, kiosk.town, el("br"), say("kiosk_owed_before", { amount: rupiah(kiosk.owes) })), form];
}
