// A family by the code of its card: whether it is one, and what the family may have. With signal the outlet is asked, and what
// is left for the family is this till's for some minutes; without, the till goes by what it was told last, and gives one pack
// that the outlet does not know of yet.
import { tell } from "./field-call.js";
import { item, keep, till } from "./till-desk.js";
import { say } from "./field-page.js";
import { body, had } from "./till-own.js";
import * as rules from "./till-rules.js";
import * as store from "./field-store.js";
import * as sync from "./field-sync.js";

// No letter that looks like another; the last makes the sum fit.
const SIGNS = "34679ACDEFGHJKMNPRTVWXY";
const LENGTH = 8;

export const plain = (typed) => typed.toUpperCase().replace(/[\s.-]/g, "");
export function is_card(code) {
  const places = [...code].map((sign) => SIGNS.indexOf(sign));
  return places.length === LENGTH && !places.includes(-1) && places.reduce((sum, place, n) => sum + place * (n + 1), 0) % SIGNS.length === 0;
}
const is_number = (typed) => /^\d{16}$/.test(typed);

// Whose card it is: a token with what the family had, as far as the outlet could be asked, or a sentence.
export async function known(typed) {
  const code = plain(typed);
  const by_number = is_number(code);
  if (!by_number && !is_card(code)) return { no: say("card_wrong") };
  if (till.provisions.void?.includes(code)) return { no: say("card_void") };
  if (sync.now().reach !== false) {
    // What this till sold the family is told before anybody is asked about it.
    if (till.untold.used.length) await sync.round();
    const session = await store.get("session");
    const device = await store.get(`device-${session.outlet.id}`);
    const form = new URLSearchParams({ csrf: session.csrf, [by_number ? "kk" : "kartu"]: code, kasir: device?.id ?? "" }).toString();
    const at = Date.now();
    const { status, said } = await tell("/kelola/kasir/keluarga", session.csrf, form, FORM);
    if (status === 200) return { token: said.token, asked: said.used, away: said.away ?? false, until: at + said.hold * 1_000 };
    if (said?.said) return { no: said.said };
  }
  return by_number ? { no: say("card_away") } : { token: code, asked: null };
}

const FORM = "application/x-www-form-urlencoded";

// A basket was emptied: what was left for its family is nobody's again. What was sold to them and not told yet keeps it.
export async function release({ family, asked, away }) {
  const waits = (event) => event.kind === "sale" && (event.state === "waiting" || event.state === "held") && body(event).family === family;
  if (!asked || away || till.events.some(waits)) return;
  const session = await store.get("session");
  const device = await store.get(`device-${session.outlet.id}`);
  const form = new URLSearchParams({ csrf: session.csrf, kartu: family, kasir: device?.id ?? "" }).toString();
  await tell("/kelola/kasir/keluarga/selesai", session.csrf, form, FORM);
}

// By an answer it is sold for some minutes only.
const is_fresh = () => Boolean(till.basket.asked) && Date.now() < (till.basket.until ?? 0);

// Asks once more about the family of the basket when the last answer is too old. Says why not, if another till is at it.
export async function renew() {
  if (!till.basket.asked || is_fresh()) return null;
  const { basket } = till;
  const { asked = null, away, until, no } = await known(basket.family);
  if (no) return no;
  Object.assign(basket, { asked, away, until });
  keep("basket");
  return null;
}

function rows(about) {
  const { family } = till.basket;
  const asked = is_fresh() ? till.basket.asked : null;
  const own = till.untold.used.filter((row) => row.family === family && row.about === about);
  if (!asked) return { told: had(till.provisions, [], family, about), own };
  return { told: asked.filter(([what]) => what === about).map(([, at, quantity]) => ({ at: Date.parse(at), quantity })), own };
}

// Whether this till gave the family something that the outlet does not know of, within the days that count.
const gave = (rows, row, now) => rows.some((one) => one.quantity > 0 && (!row || rules.counts(row, one.at, now)));

const NOTHING = { told: [], own: [] };

// Why the family may not have so much: `wanted` with `beside` that lies in the basket of the same commodity.
export function beyond(offer, wanted, beside, now) {
  if (till.basket.asked && !is_fresh()) return { again: true };
  const of_market = offer.of === "market";
  const row = rules.limit(offer.item.commodity, till.provisions, now);
  // A market gives its share within what a family may have, not beside it.
  const at_market = of_market ? rows(`market:${offer.market.id}:item:${offer.item.id}`) : NOTHING;
  const in_all = row ? rows(`commodity:${offer.item.commodity}`) : NOTHING;
  const no = (of_market && rules.beyondMarket(offer.item, wanted, offer.good, [...at_market.told, ...at_market.own]))
    || (row && rules.beyondLimit(offer.item, wanted, row, [...in_all.told, ...in_all.own, { at: now, quantity: beside }], now));
  // Sent away because the family had its share, not because this till cannot ask.
  if (no) return { no, had: true };
  if (till.basket.asked && !till.basket.away) return null;
  const pack = row ? rules.measured(offer.item, rules.pack(offer.item)) : rules.pack(offer.item);
  const asks = row ? rules.measured(offer.item, wanted) + beside : wanted;
  const is_silent = !till.basket.asked && till.provisions.silent?.includes(till.basket.family);
  if (is_silent || gave(at_market.own, null, now) || gave(in_all.own, row, now)) return { no: say("limit_wait", { name: offer.item.name }) };
  return asks > pack ? { no: say(till.basket.away ? "limit_other" : "limit_away", { name: offer.item.name, pack: rules.said(offer.item, rules.pack(offer.item)) }) } : null;
}

// What of a commodity lies in the basket beside one line.
export const beside = (offer) => till.basket.lines
  .filter((one) => one.key !== offer.key && item(one.item)?.commodity === offer.item.commodity)
  .reduce((sum, one) => sum + rules.measured(item(one.item), one.quantity), 0);
