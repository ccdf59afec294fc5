// Paying: banknotes by their pictures, and in as many ways at once as somebody wants.
import { go, home, keep, member, till, title } from "./till-desk.js";
import { bansos, account, choose_member, qris } from "./till-tender.js";
import * as basket from "./till-basket.js";
import { amount as money, back, el, rupiah, say } from "./field-page.js";
import { ALL, COINS, laid, named, picture } from "./till-notes.js";
import { finish, rest } from "./till-sale.js";

export function pay() {
  if (!basket.count()) { queueMicrotask(home); return []; }
  const due = rest();
  const sum = el("p", { class: "till-due" }, el("span", {}, say(till.basket.tenders.length ? "still_due" : "to_pay")), el("b", {}, rupiah(due)));
  const given = el("div", { class: "till-given", "aria-live": "polite" });
  const done = el("button", { type: "button", class: "button", click: () => finish(till.basket.received) });
  const typed = el("input", { id: "f-received", inputmode: "numeric", autocomplete: "off", maxlength: 14, input: () => { till.basket.received = money(typed.value) ?? 0; fit(true); } });

  const exact = el("button", { type: "button", class: "button till-exact", "data-first": true, click: () => finish(due) }, say("exact"));

  function fit(is_typed = false) {
    const { received } = till.basket;
    if (!is_typed) typed.value = received ? rupiah(received).slice(2) : "";
    const is_enough = received >= due;
    exact.hidden = received > 0;
    done.hidden = !received || !is_enough;
    done.textContent = received > due ? say("finish_change", { change: rupiah(received - due) }) : say("finish");
    given.replaceChildren(...(received ? [el("p", {}, say(is_enough ? "received" : "received_less", { amount: rupiah(received), rest: rupiah(due - received) })),
      laid(received), el("button", { type: "button", class: "link-button", click: () => { till.basket.received = 0; keep("basket"); fit(); } }, say("again"))] : []));
    keep("basket");
  }
  const note = (value) => el("button", { type: "button", class: `till-note ${COINS.includes(value) ? "till-note--coin" : ""}`, "aria-label": named(value), click: () => {
    till.basket.received += value;
    fit();
  } }, picture(value));

  const tender = (one, n) => el("li", {}, el("span", {}, say(`by_${one.by}`), one.reference ? ` · ${one.reference}` : ""), el("b", {}, rupiah(one.amount)),
    // What a bill brought is there and stays.
    one.by === "qris" ? null : el("button", { type: "button", class: "till-x", "aria-label": say("undo"), click: () => {
      till.basket.tenders.splice(n, 1);
      keep("basket");
      go("pay", {}, true);
    } }, "×"));
  const way = (words, act) => el("button", { type: "button", class: "button button--quiet", click: act }, words);
  const who = member(till.basket.member);

  fit();
  return [
    back(say("goods"), home), title(say("pay")), sum,
    till.basket.tenders.length ? el("ul", { class: "till-tenders" }, till.basket.tenders.map(tender)) : null,
    exact, done,
    given,
    el("div", { class: "till-notes", role: "group", "aria-label": say("notes") }, ALL.map(note)),
    el("details", { class: "field-more" }, el("summary", {}, say("type_received")),
      el("div", { class: "field" }, el("label", { for: "f-received" }, say("received_label")), typed)),
    el("h2", {}, say("other_ways")),
    el("div", { class: "buttons till-waysout" }, way("QRIS", qris), way(say("by_bansos"), bansos), way(say("by_account"), account)),
    el("p", {}, el("button", { type: "button", class: "link-button", click: choose_member }, who ? say("member_is", { name: who.name }) : say("member_choose"))),
  ];
}
