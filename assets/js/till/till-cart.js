// The basket as it is seen: one line of it at the bottom of a phone, the whole beside the goods on a laptop. Only the line
// that changed is drawn anew.
import * as basket from "./till-basket.js";
import { askCard } from "./till-card.js";
import { go, member, till } from "./till-desk.js";
import { ask, tell } from "./till-dialog.js";
import { el, hour, rupiah, say } from "./field-page.js";
import { release } from "./till-family.js";
import { numbered } from "./till-number.js";
import * as offers from "./till-offers.js";
import * as quantity from "./till-quantity.js";
import { weigh } from "./till-weigh.js";

const rows = new Map();
const list = el("ul", { class: "till-lines" });
const empty = el("p", { class: "soft till-cart__empty" });
const sum = el("b", { class: "till-cart__sum" });
const many = el("span", { class: "till-cart__many" });
const buyer = el("p", { class: "till-cart__buyer small" });
// A wrong card is replaced by the right one; what it may have is judged again when it comes to paying.
const card = el("button", { type: "button", class: "link-button", hidden: true, click: async () => { await askCard(); sums(); } });
const waiting = el("div", { class: "till-parked" });
const live = el("p", { class: "visually-hidden", "aria-live": "polite" });
let root;
let bar;
let pay;

function row(one) {
  const key = one.key;
  const now = () => basket.line(key);
  const offer = () => offers.byKey(key);
  const more = (n) => { const of = offer(); if (of && now()) n < 0 && now().quantity + n <= 0 ? basket.remove(key) : basket.set(of, now().quantity + n); };
  const n = el("button", { type: "button", class: "till-line__n", click: () => { if (offer()) (one.measure === "piece" ? type_in(key) : weigh(offer(), true)); } });
  const amount = el("b", { class: "till-line__amount" });
  const is_piece = one.measure === "piece";
  const node = el("li", { class: "till-line" },
    el("span", { class: "till-line__name" }, one.name, el("small", {}, rupiah(one.price), is_piece ? "" : `/${quantity.big(one)}`, one.price_of === "posted" ? "" : ` · ${say(one.price_of === "market" ? "market" : "nearly_expired")}`)),
    amount,
    el("span", { class: "till-line__do" },
      is_piece ? el("button", { type: "button", class: "till-step", "aria-label": say("one_less", { name: one.name }), click: () => more(-1) }, "−") : null, n,
      is_piece ? el("button", { type: "button", class: "till-step", "aria-label": say("one_more", { name: one.name }), click: () => more(1) }, "+") : null,
      el("button", { type: "button", class: "till-x", "aria-label": say("take_out", { name: one.name }), click: () => basket.remove(key) }, "×")));
  return { node, n, amount };
}

function fill(one) {
  let at = rows.get(one.key);
  if (!at) {
    rows.set(one.key, at = row(one));
    list.append(at.node);
  }
  at.n.textContent = quantity.inWords(one.measure, one.quantity);
  at.n.setAttribute("aria-label", say("change_quantity", { name: one.name, quantity: at.n.textContent }));
  at.amount.textContent = rupiah(basket.amount(one));
}

// A number of pieces, typed.
async function type_in(key) {
  const one = basket.line(key);
  const typed = await numbered(one.name, say("how_many_pieces"), one.quantity);
  if (typed !== null && offers.byKey(key)) typed === 0 ? basket.remove(key) : basket.set(offers.byKey(key), typed);
}

function sums() {
  const n = basket.count();
  sum.textContent = rupiah(basket.total());
  many.textContent = n ? say("lines", { n }) : say("basket_empty");
  empty.textContent = say("basket_hint");
  empty.hidden = n > 0;
  pay.disabled = n === 0;
  buyer.textContent = member(till.basket.member)?.name ?? "";
  card.hidden = !till.basket.family;
  if (till.basket.family) card.textContent = say("of_family", { card: till.basket.family.slice(-4) });
}

function set_aside() {
  waiting.replaceChildren(...till.parked.map((one) => el("button", { type: "button", class: "till-parked__one", click: () => basket.resume(one.id) },
    say("resume", { at: hour(one.parked), n: one.lines.length, amount: rupiah(one.lines.reduce((all, line) => all + basket.amount(line), 0)) }))));
}

basket.watch((key) => {
  if (!root) return;
  if (key === null) {
    rows.clear();
    list.replaceChildren();
    for (const one of till.basket.lines) fill(one);
    set_aside();
  } else if (basket.line(key)) {
    fill(basket.line(key));
    const one = basket.line(key);
    live.textContent = `${one.name}, ${quantity.inWords(one.measure, one.quantity)}`;
  } else {
    rows.get(key)?.node.remove();
    rows.delete(key);
  }
  sums();
});

async function throw_out() {
  // Money that came by a bill belongs to what lies in here.
  if (till.basket.tenders.some((one) => one.by === "qris")) return tell(say("paid_already"));
  if (basket.count() && await ask(say("empty_basket_ask"), say("empty_basket"))) {
    const was = till.basket;
    basket.clear();
    release(was);
  }
}

export function cart() {
  if (!root) {
    bar = el("button", { type: "button", class: "till-cart__bar", "aria-expanded": "false", click: () => {
      const is_open = root.classList.toggle("till-cart--open");
      bar.setAttribute("aria-expanded", String(is_open));
    } }, many, sum);
    pay = el("button", { type: "button", class: "button till-cart__pay", click: () => { root.classList.remove("till-cart--open"); go("pay"); } }, say("pay"));
    root = el("aside", { class: "till-cart", "aria-label": say("basket") },
      el("div", { class: "till-cart__more" }, el("h2", {}, say("basket")), empty, list, buyer, card,
        el("div", { class: "buttons till-cart__acts" },
          el("button", { type: "button", class: "button button--quiet button--small", click: () => { if (basket.count()) basket.park(); } }, say("park")),
          el("button", { type: "button", class: "button button--quiet button--small", click: throw_out }, say("empty_basket"))),
        waiting),
      el("div", { class: "till-cart__foot" }, bar, pay), live);
  }
  basket.told();
  return root;
}
