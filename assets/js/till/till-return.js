// The last sales, and what comes back of them: whole or in part, good or broken, with a reason.
import { go, home, once, record, till, title } from "./till-desk.js";
import { tell } from "./till-dialog.js";
import { back, el, rupiah, say, whole } from "./field-page.js";
import { given, most_back, sales as all, ways_back, worth } from "./till-own.js";
import * as quantity from "./till-quantity.js";
import { moment } from "./till-time.js";

const MOST = 60;

export function sales() {
  const list = el("ul", { class: "field-records" });
  const has = (sale) => sale.lines.some((line) => line.left > 0);
  const fill = (text) => list.replaceChildren(...all(till.provisions, till.events)
    .filter((sale) => !text || `${sale.number} ${sale.lines.map((line) => line.name).join(" ")}`.toLowerCase().includes(text.toLowerCase()))
    .slice(0, MOST)
    .map((sale) => el("li", { class: "field-record" },
      el("b", {}, sale.number), " ", el("span", { class: "soft small" }, moment(sale.at)), el("b", { class: "till-record__sum" }, rupiah(sale.total)),
      el("p", {}, sale.lines.map((line) => line.name).join(", ")),
      has(sale) && till.shift ? el("button", { type: "button", class: "button button--quiet button--small", click: () => go("return", { id: sale.id }) }, say("take_back")) : null,
      has(sale) ? null : el("p", { class: "badge badge--off" }, say("all_back")),
      till.events.some((event) => event.id === sale.id) ? el("button", { type: "button", class: "link-button", click: () => go("receipt", { id: sale.id }) }, say("receipt")) : null)));
  const search = el("input", { type: "search", id: "s-cari", autocomplete: "off", input: () => fill(search.value.trim()) });
  fill("");
  return [back(say("goods"), home), title(say("sales_title")),
    el("div", { class: "field" }, el("label", { for: "s-cari" }, say("sales_find")), search), list,
    list.children.length ? null : el("p", { class: "soft" }, say("no_sales"))];
}

export function take_back({ id }) {
  const sale = all(till.provisions, till.events).find((one) => one.id === id);
  if (!sale) return [back(say("sales_title"), () => go("sales")), title(say("take_back"))];
  const lines = sale.lines.filter((line) => line.left > 0);
  const backs = new Map(lines.map((line) => [line.n, { quantity: 0, good: true }]));
  const wrong = el("p", { class: "field__wrong", role: "alert" });
  const sum = el("b", {});
  const second = el("p", { class: "notice", hidden: true });
  // What broke of a household's goods is borne by the outlet or by its maker, as on the page of the sale.
  const choice = (value) => el("label", { class: "choice" }, el("input", { type: "radio", name: "b-bearer", value, checked: value === "outlet" }),
    el("span", {}, el("b", {}, say(`borne_${value}`)), el("small", {}, say(`borne_${value}_hint`))));
  const bearer = el("fieldset", { class: "field", hidden: true }, el("legend", {}, say("borne_by")), choice("outlet"), choice("maker"));
  const is_borne = () => lines.some((line) => line.craft && !backs.get(line.n).good && backs.get(line.n).quantity > 0);
  const total = () => lines.reduce((all_, line) => all_ + worth(line, backs.get(line.n).quantity), 0);
  // Parts that come back one after the other count together.
  const needs_second = () => given(sale) + total() > till.provisions.second_above;
  const inputs = new Map();
  // What was bought on account comes off it first, unless cash was paid too and somebody wants that back.
  const account = el("input", { type: "checkbox", id: "b-account", checked: sale.account > 0, disabled: !most_back(sale), change: () => fit() });
  const by = sale.account ? el("label", { class: "choice" }, account, el("span", {}, say("back_to_account"))) : null;
  const ways = () => ways_back(sale, total(), !account.checked);
  const parts = el("ul", { class: "till-back__ways", "aria-live": "polite" });
  function fit() {
    sum.textContent = rupiah(total());
    const is_plain = ways().every((one) => one.by === "cash");
    parts.replaceChildren(...(is_plain ? [] : ways().map((one) => el("li", {}, el("span", {}, say(`back_by_${one.by}`)), el("b", {}, rupiah(one.amount))))));
    second.hidden = !needs_second();
    second.textContent = say("second_needed", { amount: rupiah(till.provisions.second_above) });
    bearer.hidden = !is_borne();
    wrong.textContent = "";
  }
  const read = (line, text) => (line.measure === "piece" ? whole(text) : quantity.thousandths(text));
  const written = (line, n) => (line.measure === "piece" ? String(n) : String(n / 1_000).replace(".", ","));
  function row(line) {
    const n = el("input", { class: "till-tally__n", id: `b-${line.n}`, inputmode: "decimal", autocomplete: "off", maxlength: 9, placeholder: "0", input: () => {
      const found = n.value.trim() === "" ? 0 : read(line, n.value);
      backs.get(line.n).quantity = found > 0 && found <= line.left ? found : 0;
      fit();
      if (found === null || found < 0 || found > line.left) wrong.textContent = say("back_most", { name: line.name, most: quantity.inWords(line.measure, line.left) });
    } });
    inputs.set(line.n, n);
    return el("fieldset", { class: "card till-back" }, el("legend", { class: "visually-hidden" }, line.name),
      el("label", { for: `b-${line.n}` }, el("b", {}, line.name), el("small", {}, say("of_quantity", { quantity: quantity.inWords(line.measure, line.left) }), " · ", rupiah(worth(line, line.left)))),
      n, el("label", { class: "till-back__broken" }, el("input", { type: "checkbox", change: ({ target }) => { backs.get(line.n).good = !target.checked; fit(); } }), el("span", {}, say("is_broken"))));
  }
  const everything = el("button", { type: "button", class: "button button--quiet button--small", click: () => {
    for (const line of lines) { backs.get(line.n).quantity = line.left; inputs.get(line.n).value = written(line, line.left); }
    fit();
  } }, say("everything"));
  const reason = el("input", { id: "f-reason", autocomplete: "off", maxlength: 120 });
  const save = once(async () => {
    const back_lines = lines.filter((line) => backs.get(line.n).quantity > 0).map((line) => ({ n: line.n, ...backs.get(line.n) }));
    if (lines.some((line) => inputs.get(line.n).value.trim() && !backs.get(line.n).quantity)) return;
    if (!back_lines.length) { wrong.textContent = say("back_nothing"); return; }
    if (!reason.value.trim()) { wrong.textContent = say("reason_needed"); return reason.focus(); }
    const amount = total();
    const tenders = ways();
    const held = needs_second();
    try {
      await record("return", { shift: till.shift.id, sale: sale.id, lines: back_lines, tenders, amount, reason: reason.value.trim(), ...(is_borne() && { borne_by: bearer.querySelector(":checked").value }) }, { number: sale.number });
    } catch {
      return tell(say("no_room"));
    }
    const is_whole = lines.length === sale.lines.length && lines.every((line) => line.left === line.quantity && backs.get(line.n).quantity === line.quantity);
    await tell([...tenders.map((one) => say(`back_done_${one.by}`, { amount: rupiah(one.amount) })), held ? say("second_waits") : null].filter(Boolean), say(is_whole ? "voided" : "taken_back"));
    home();
  });
  fit();
  return [back(say("sales_title"), () => go("sales")), title(`${say("take_back")} ${sale.number}`),
    el("form", { novalidate: true, submit: save }, el("p", {}, everything), lines.map(row),
      bearer, el("div", { class: "field" }, el("label", { for: "f-reason" }, say("back_reason")), reason), by,
      el("p", { class: "till-due" }, el("span", {}, say("give_back")), sum), parts, second, wrong, el("button", { class: "button" }, say("save")))];
}
