// All that this till wrote down: what was sent, what waits, and what was said about it; and the day on one sheet.
import * as bekal from "./till-bekal.js";
import { home, till, title } from "./till-desk.js";
import { back, el, hour, rupiah, say } from "./field-page.js";
import { badge, sentences } from "./field-records.js";
import { body, drawer } from "./till-own.js";
import { day, inWords } from "./till-time.js";
import * as sync from "./field-sync.js";

const KINDS = {
  sale: (event, told) => [`${say("receipt")} ${told.number}`, `${rupiah(told.total)} · ${event.lines.map((line) => line.name).join(", ")}`],
  return: (event, told) => [`${say("take_back")} ${event.number ?? ""}`, `${rupiah(told.amount)} · ${told.reason}`],
  drawer: (event, told) => [say(`drawer_${told.way}`), `${rupiah(told.amount)} · ${told.reason}`],
  debt_paid: (event, told) => [say("debt_title"), `${event.name} · ${rupiah(told.amount)}`],
  shift_open: (event, told) => [say("open_title"), rupiah(told.float)],
  shift_close: (event, told) => [say("close_title"), `${say("counted")} ${rupiah(told.counted)}${told.explanation ? ` · ${told.explanation}` : ""}`],
  refused: (event) => [say("refused_title"), event.name],
  barcode: (event, told) => [say("barcode"), `${told.code} · ${event.name}`],
};

const MOST = 200;

export function records() {
  const all = till.events.filter((event) => event.till && KINDS[event.kind]).reverse();
  const line = (event) => {
    const [what, more] = KINDS[event.kind](event, body(event));
    return el("li", { class: "field-record" }, el("b", {}, what), " ", el("span", { class: "soft small" }, `${hour(event.at)} · ${event.by}`), el("p", {}, more), badge(event), sentences(event));
  };
  return [back(say("goods"), home), title(say("records")), el("p", { class: "soft" }, say("records_hint")),
    el("button", { type: "button", class: "button button--quiet", click: () => sync.soon() }, say("send_now")),
    all.length ? el("ul", { class: "field-records" }, all.slice(0, MOST).map(line)) : el("p", { class: "soft" }, say("no_records")),
    el("p", {}, el("a", { href: "/kelola/kasir/beda" }, say("to_conflicts")))];
}

// Shifts of today and the one that is open.
function shifts() {
  const today = day(bekal.now());
  return till.events.filter((event) => event.till && event.kind === "shift_open")
    .map((event) => {
      const told = body(event);
      const closed = till.events.find((one) => one.till && one.kind === "shift_close" && body(one).shift === told.shift);
      return { id: told.shift, float: told.float, at: event.at, by: event.by, closed: closed && { at: closed.at, ...body(closed) } };
    })
    .filter((shift) => shift.id === till.shift?.id || day(shift.at) === today || (shift.closed && day(shift.closed.at) === today));
}

export function sheet() {
  const all = shifts();
  const row = (words, amount, is_shown = amount !== 0) => (is_shown ? [el("dt", {}, words), el("dd", {}, rupiah(amount))] : null);
  const one = (shift) => {
    const sum = drawer(shift, till.events);
    const sold = sum.cash + sum.qris + sum.bansos + sum.account;
    return el("div", { class: "card" },
      el("h2", {}, say("shift_of", { name: shift.by, at: hour(shift.at) })),
      el("p", { class: "till-day__big" }, el("b", {}, rupiah(sold)), " ", say("n_sales", { n: sum.sales })),
      el("dl", { class: "rows" },
        row(say("by_cash"), sum.cash, true), row("QRIS", sum.qris), row(say("by_bansos"), sum.bansos), row(say("by_account"), sum.account),
        row(say("float"), sum.float, true), row(say("debt_title"), sum.paid), row(say("drawer_in"), sum.in), row(say("drawer_out"), -sum.out),
        row(say("drawer_spent"), -sum.spent), row(say("take_back"), -sum.back),
        // What should be there is not told before it was counted.
        shift.closed ? [row(say("expected"), sum.expected, true), row(say("counted"), shift.closed.counted, true), row(say("difference"), shift.closed.counted - shift.closed.expected, true)] : null),
      shift.closed?.explanation ? el("p", {}, shift.closed.explanation) : null);
  };
  return [back(say("goods"), home), title(say("day_title", { day: inWords(day(bekal.now())) })),
    all.length ? all.map(one) : el("p", { class: "soft" }, say("no_shift_today")),
    el("button", { type: "button", class: "button button--quiet no-print", click: () => print() }, say("print"))];
}
