// What stands on the tiles: each item at its posted price, once more where a lot near its day is cheaper, and once more
// where an operasi pasar is on.
import * as bekal from "./till-bekal.js";
import { till } from "./till-desk.js";
import { day } from "./till-time.js";

export function all(provisions, now) {
  const posted = provisions.items.map((item) => ({ key: `${item.id}`, item, of: "posted", price: item.price }));
  const down = provisions.items.flatMap((item) => item.markdowns
    .filter((one) => one.left > 0 && (!one.until || day(now) <= one.until))
    .map((one) => ({ key: `${item.id}:m${one.id}`, item, of: "markdown", price: one.price, markdown: one })));
  const items = new Map(provisions.items.map((item) => [item.id, item]));
  const markets = provisions.markets
    .filter((one) => is_on(one, now))
    .flatMap((market) => market.goods.filter((good) => items.has(good.item_id)).map((good) => ({
      key: `${good.item_id}:p${market.id}`, item: items.get(good.item_id), of: "market", price: good.price, market, good,
    })));
  const sold = (a, b) => b.item.sold - a.item.sold || a.item.name.localeCompare(b.item.name);
  return [...markets, ...posted.concat(down).sort((a, b) => sold(a, b) || a.key.length - b.key.length)];
}

// How much of an offer there still is; none where nobody said.
export function left(offer) {
  if (offer.markdown) return offer.markdown.left - (till.untold.markdowns.get(offer.markdown.id) ?? 0);
  if (offer.market) return offer.good.left - (till.untold.markets.get(`${offer.market.id}:${offer.item.id}`) ?? 0);
  return null;
}

const is_on = (market, now) => Date.parse(market.opens_at) <= now && now <= Date.parse(market.closes_at);

let made = {};
// The offers of now; made anew when the provisions are, with each day, and when a market opens or closes.
export function now() {
  const at = bekal.now();
  const on = [day(at), ...till.provisions.markets.filter((one) => is_on(one, at)).map((one) => one.id)].join();
  if (made.of !== till.provisions || made.on !== on) made = { of: till.provisions, on, list: all(till.provisions, at) };
  return made.list;
}
export const byKey = (key) => now().find((offer) => offer.key === key) ?? null;
