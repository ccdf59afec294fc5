// The basket: lines of offers, each judged before it goes in. Without a doubt it is in at once; with one, somebody is asked.
import * as bekal from "./till-bekal.js";
import { blank, keep, record, till } from "./till-desk.js";
import { ask, mention, tell } from "./till-dialog.js";
import * as families from "./till-family.js";
import { rupiah, say } from "./field-page.js";
import * as offers from "./till-offers.js";
import * as quantity from "./till-quantity.js";
import * as rules from "./till-rules.js";

const watchers = [];
// Hears which line changed; none means all of them.
export const watch = (act) => { watchers.push(act); };
export const told = (key = null) => { for (const act of watchers) act(key); };

export const line = (key) => till.basket.lines.find((one) => one.key === key) ?? null;
export const amount = (one) => quantity.amount({ measure: one.measure }, one.quantity, one.price);
export const total = () => till.basket.lines.reduce((sum, one) => sum + amount(one), 0);
export const count = () => till.basket.lines.length;

// What is asked about once is not asked about again for this buyer.
const sure = new Set();
const is_sure = (key) => sure.has(`${till.basket.id}:${key}`);
const be_sure = (key) => sure.add(`${till.basket.id}:${key}`);

// What this buyer has in the basket of goods under one limit, without the line that is being changed.
const others = (key, is_same, much) => till.basket.lines
  .filter((one) => one.key !== key && is_same(one))
  .reduce((sum, one) => sum + much(one), 0);

// Whether a family's card is needed.
export function needs_family(offer) {
  return offer.of === "market" || Boolean(rules.limit(offer.item.commodity, till.provisions, bekal.now()));
}

function family(offer, wanted) {
  if (!needs_family(offer)) return null;
  if (!till.basket.family) return { card: true };
  return families.beyond(offer, wanted, families.beside(offer), bekal.now());
}

// Who had all of a market's goods that a family may have and is sent away counts in the market's report, once for each wish.
function refused(offer, wanted) {
  const key = `refused:${till.basket.family}:${offer.key}`;
  if (offer.of !== "market" || is_sure(key)) return;
  be_sure(key);
  const told = { market: offer.market.id, item: offer.item.id, family: till.basket.family, asked: wanted };
  // A till that is full has greater troubles.
  record("refused", told, { name: offer.item.name }).catch(() => {});
}

// So many kinds of goods are on one receipt.
const MOST_LINES = 60;

// The first thing that stands against so much of an offer: a no, a card that is missing, or a question.
function objection(offer, wanted) {
  const now = bekal.now();
  const loose = quantity.is_loose(offer.item);
  const wrong = quantity.wrong(wanted, loose);
  if (wrong) return { no: wrong };
  if (!line(offer.key) && till.basket.lines.length >= MOST_LINES) return { no: say("lines_most") };
  const no = rules.forbidden(offer.item, offer.price, till.provisions, now);
  if (no) return { no };
  const left = offers.left(offer);
  if (left !== null && wanted > left) return { no: say("offer_left", { name: offer.item.name, left: quantity.inWords(offer.item.measure, Math.max(0, left)) }) };
  const { fresh, past } = rules.stock(offer.item, till.untold.goods.get(offer.item.id) ?? 0, now);
  if (fresh <= 0 && past > 0) return { no: say("only_expired", { name: offer.item.name }) };
  const found = family(offer, wanted);
  if (found) return found;
  if (loose && wanted > quantity.MUCH && !is_sure(`much:${offer.key}:${wanted}`)) {
    return { key: `much:${offer.key}:${wanted}`, ask: say("weight_much", { quantity: quantity.inWords(offer.item.measure, wanted) }), yes: say("yes_right") };
  }
  const beside = others(offer.key, (one) => one.item === offer.item.id, (one) => one.quantity);
  if (wanted + beside > fresh && !is_sure(`gone:${offer.item.id}`)) {
    const left_over = quantity.inWords(offer.item.measure, Math.max(0, fresh));
    const sentence = fresh > 0 ? say("books_less", { name: offer.item.name, left: left_over }) : say("books_gone", { name: offer.item.name });
    return { key: `gone:${offer.item.id}`, ask: sentence, yes: say("sell_anyway") };
  }
  return null;
}

function put(offer, wanted) {
  const there = line(offer.key);
  if (there) there.quantity = wanted;
  else till.basket.lines.push({
    key: offer.key, item: offer.item.id, name: offer.item.name, measure: offer.item.measure, craft: offer.item.craft, quantity: wanted,
    price: offer.price, price_of: offer.of, ...(offer.markdown && { markdown: offer.markdown.id }), ...(offer.market && { market: offer.market.id }),
  });
  const doubt = rules.doubtful(offer.item, offer.price, till.provisions, bekal.now());
  if (doubt && !is_sure(`band:${offer.key}`)) { be_sure(`band:${offer.key}`); mention(doubt); }
  told(offer.key);
  // After the screen has answered.
  setTimeout(() => keep("basket"));
}

let card = async () => false;
// Who asks for a family's card, when one is needed.
export const onCard = (act) => { card = act; };

// Makes it so much of an offer. Without an objection it is done when this returns.
export function set(offer, wanted) {
  const against = objection(offer, wanted);
  if (!against) { put(offer, wanted); return true; }
  return settle(offer, wanted, against);
}

async function settle(offer, wanted, against) {
  for (let now = against; now; now = objection(offer, wanted)) {
    if (now.had) refused(offer, wanted);
    if (now.no) { await tell(now.no); return false; }
    if (now.again) {
      const busy = await families.renew();
      if (busy) { await tell(busy); return false; }
      continue;
    }
    if (now.card) { if (!(await card(offer))) return false; continue; }
    if (!(await ask(now.ask, now.yes))) return false;
    be_sure(now.key);
  }
  put(offer, wanted);
  return true;
}

export const add = (offer, more = 1) => set(offer, (line(offer.key)?.quantity ?? 0) + more);

export function remove(key) {
  till.basket.lines = till.basket.lines.filter((one) => one.key !== key);
  told(key);
  keep("basket");
}

export function clear(basket = blank()) {
  till.basket = basket;
  told();
  keep("basket");
}

// Whoever is served meanwhile is asked about too: of this family it is asked again.
const aside = () => ({ ...till.basket, until: 0, parked: Date.now() });

// Sets a sale aside for another buyer.
export function park() {
  till.parked = [...till.parked, aside()];
  till.basket = blank();
  told();
  return keep("basket", "parked");
}

// Takes one up again, at the prices of now: it may have waited over a change of prices.
export function resume(id) {
  const found = till.parked.find((one) => one.id === id);
  if (!found) return;
  const rest = till.parked.filter((one) => one.id !== id);
  till.parked = till.basket.lines.length ? [...rest, aside()] : rest;
  const { parked, ...basket } = found;
  const changed = [];
  basket.lines = basket.lines.filter((one) => {
    const offer = offers.byKey(one.key);
    if (!offer) { changed.push(say("parked_gone", { name: one.name })); return false; }
    if (offer.price !== one.price) changed.push(say("parked_price", { name: one.name, price: rupiah(offer.price) }));
    one.price = offer.price;
    return true;
  });
  till.basket = basket;
  told();
  keep("basket", "parked");
  if (changed.length) tell(changed);
}

// What stands against the basket as a whole when it comes to paying: the day or the provisions may have changed.
export function final() {
  for (const one of till.basket.lines) {
    const offer = offers.byKey(one.key);
    if (!offer) { remove(one.key); return say("parked_gone", { name: one.name }); }
    const no = rules.forbidden(offer.item, one.price, till.provisions, bekal.now());
    if (no) return no;
    const found = family(offer, one.quantity);
    if (found?.no) return found.no;
    if (found?.card) return say("card_needed", { name: one.name });
  }
  return null;
}
