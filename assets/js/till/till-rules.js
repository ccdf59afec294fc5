// What may be sold at what price to whom, judged on the till as the server will: ceilings by the day of sale, goods past
// their day, what the books still have, and what a family and a member may have.
import { rupiah, say } from "./field-page.js";
import { inWords, is_loose } from "./till-quantity.js";
import { day, inWords as dayInWords, moment, plusDays, startOf } from "./till-time.js";

const holds = (row, today) => (!row.from || row.from <= today) && (!row.to || today <= row.to);
// The row that began last; of two of one day the one that was written later.
const latest = (rows) => rows.reduce((best, row) => (!best || (row.from ?? "") >= (best.from ?? "") ? row : best), null);

const PER = { gram: "kilogram", millilitre: "litre" };

// The most that one piece, kilogram or litre may cost by a row; none when nobody said what a piece holds.
function most(item, row) {
  if (is_loose(item)) return PER[item.measure] === row.per ? row.high : null;
  if (!item.content || PER[item.content_unit] !== row.per) return null;
  return Math.floor((row.high * item.content) / 1_000);
}

function above(item, price, rows, force, today) {
  if (!item.commodity) return null;
  const per = PER[is_loose(item) ? item.measure : item.content_unit];
  const row = latest(rows.filter((one) => one.commodity === item.commodity && one.force === force && one.per === per && holds(one, today)));
  const limit = row && most(item, row);
  return limit !== null && limit !== undefined && price > limit ? { most: limit, instrument: row.instrument } : null;
}

// Above what the law allows nothing is sold, unless two persons agreed beforehand on this price.
export function forbidden(item, price, { rows }, now) {
  if (item.agreed && price <= item.agreed) return null;
  const found = above(item, price, rows, "ceiling", day(now));
  return found && say("above_ceiling", { name: item.name, price: rupiah(price), most: rupiah(found.most), rule: found.instrument });
}

// Above a band nothing is forbidden; it is said once.
export function doubtful(item, price, { rows }, now) {
  const found = above(item, price, rows, "band", day(now));
  return found && say("above_band", { name: item.name, price: rupiah(price), most: rupiah(found.most), rule: found.instrument });
}

// What the books have that may still be sold, and what is past its day. Some went since the books were told.
export function stock(item, taken, now) {
  const today = day(now);
  let [fresh, past] = [0, 0];
  for (const [until, quantity] of item.lots) if (until && until < today) past += quantity; else fresh += quantity;
  return { fresh: fresh - taken, past };
}

// The limit of a commodity on a day: of those that hold, the one that began last.
export const limit = (commodity, { limits }, now) => commodity
  ? latest(limits.filter((one) => one.commodity === commodity && holds(one, day(now))))
  : null;

// How much of a commodity a quantity is: packs by what they hold.
export const measured = (item, quantity) => (is_loose(item) ? quantity : quantity * (item.content || 1));
export const measure = (item) => (is_loose(item) ? item.measure : item.content ? item.content_unit : "piece");

// A pack is a piece, or 1,000 of loose goods.
export const pack = (item) => (is_loose(item) ? 1_000 : 1);
export const said = (item, quantity) => (is_loose(item) ? inWords(item.measure, quantity) : `${quantity} (${inWords(measure(item), measured(item, quantity))})`);

// Whether what was had at some time counts today.
export const counts = ({ days }, at, now) => day(at) >= plusDays(day(now), 1 - days);

// A wish judged by what a family had within the limit's days. What came back gives room on its own day only.
export function judge({ most: whole, days }, had, wanted, now) {
  const today = day(now);
  const window = Array.from({ length: days }, (_, n) => plusDays(today, n + 1 - days));
  const used_on = (one) => Math.max(0, had.filter((row) => day(row.at) === one).reduce((sum, row) => sum + row.quantity, 0));
  const used = window.reduce((sum, one) => sum + used_on(one), 0);
  const left = Math.max(0, whole - used);
  const frees = window.find((one) => used_on(one) > 0) ?? today;
  return { used, left, refused: Math.max(0, wanted - left), next: startOf(plusDays(frees, days)) };
}

// Why a family may not have so much of a limited commodity.
export function beyondLimit(item, wanted, row, had, now) {
  const verdict = judge(row, had, measured(item, wanted), now);
  if (!verdict.refused) return null;
  const words = (quantity) => inWords(measure(item), quantity);
  const values = { commodity: item.commodity, used: words(verdict.used), most: words(row.most), left: words(verdict.left), days: row.days, next: moment(verdict.next) };
  if (verdict.used === 0) return say("limit_fresh", values);
  return verdict.left > 0 ? say("limit_left", values) : say("limit_none", values);
}

// The same at an operasi pasar, whose quota is for all its days.
export function beyondMarket(item, wanted, good, had) {
  const used = Math.max(0, had.reduce((sum, row) => sum + row.quantity, 0));
  if (used + wanted <= good.per_family) return null;
  const words = (quantity) => inWords(item.measure, quantity);
  return say("market_limit", { name: item.name, most: words(good.per_family), left: words(Math.max(0, good.per_family - used)) });
}

// Whether more may be written on a member's account.
export function beyondAccount(member, owed, wanted) {
  if (!member.limit) return say("account_off", { name: member.name });
  if (owed + wanted <= member.limit) return null;
  return say("account_beyond", { name: member.name, owed: rupiah(owed), most: rupiah(member.limit), left: rupiah(Math.max(0, member.limit - owed)) });
}

export const until = (text) => say("until", { day: dayInWords(text) });
