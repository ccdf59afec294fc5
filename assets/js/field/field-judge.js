// Judges a hand-over on the phone as the server will: what is wrong is said at once, beside its line; what is only odd is
// asked about once.
import { amount, hour, percent, rupiah, say, square, whole } from "./field-page.js";

// The same again within this time is asked about.
const JUST_NOW = 30 * 60_000;
const GOODS = ["a", "b", "rejected"];
// The most pieces or square metres of one hand-over, and the highest price.
const MOST = 100_000;
const HIGHEST = 100_000_000;

export const is_square = (item) => item.unit === "square_metre";
// What a piece brings its maker, at the part agreed or the one the product has.
export const part = (draft, item) => percent(draft.part) ?? item.maker_bp;
export const share = (draft, item) => Math.floor((item.price * part(draft, item)) / 10_000);

// How much money is meant for what is typed, for reading it back.
export function sum(draft, item) {
  const n = is_square(item) ? (square(draft.a) ?? 0) / 10_000 : whole(draft.a) ?? 0;
  return Math.round(n * (draft.terms === "bought" ? amount(draft.cost) ?? 0 : share(draft, item)));
}

const most = (parse) => (parse === amount ? HIGHEST : parse === square ? MOST * 10_000 : MOST);

// What is typed, read, with the sentences for what cannot be read.
export function read(draft, item) {
  const wrongs = {};
  const number = (key, parse, sentence) => {
    const n = draft[key].trim() === "" ? 0 : parse(draft[key]);
    if (n === null) wrongs[key] = sentence;
    else if (n > most(parse)) wrongs[key] = say(parse === amount ? "not_amount" : "too_many");
    return n ?? 0;
  };
  const [a, b, rejected] = GOODS.map((key) =>
    is_square(item) ? number(key, square, say("not_square")) : number(key, whole, say("not_whole")));
  const money = (key) => number(key, amount, say("not_amount"));
  const is_bought = draft.terms === "bought";
  const [cost, cost_b] = is_bought ? [money("cost"), money("cost_b")] : [0, 0];
  const material = money("material");
  const highest = item.maker_bp + item.outlet_bp;
  if (!wrongs.a && a + b + rejected === 0) wrongs.a = say("how_many_missing");
  if (rejected > 0 && !draft.reason.trim()) wrongs.reason = say("reason_missing");
  if (is_bought && a > 0 && cost === 0 && !wrongs.cost) wrongs.cost = say("cost_missing");
  if (is_bought && b > 0 && cost_b === 0 && !wrongs.cost_b) wrongs.cost_b = say("cost_missing");
  if (!is_bought && draft.part.trim() && (percent(draft.part) ?? Infinity) > highest) {
    wrongs.part = say("not_part", { most: String(highest / 100).replace(".", ",") });
  }
  const prices = [a > 0 && (is_bought ? cost : share(draft, item)), b > 0 && (is_bought ? cost_b : share(draft, item))];
  const least = Math.min(...prices.filter(Boolean));
  if (!wrongs.material && material > least) wrongs.material = say("material_above", { part: rupiah(least) });
  return { wrongs, cost, cost_b, material };
}

// What looks like a mistake and may be none: a price above the selling price, the same as a moment ago.
export function doubts(draft, item, { cost, cost_b }, events) {
  const dear = Math.max(cost, cost_b);
  const twin = events.find((event) => {
    const body = JSON.parse(event.body);
    const is_same = body.crafter_id === draft.crafter && body.item_id === draft.item && body.grade_a === draft.a.trim();
    return is_same && !event.mended && event.state !== "refused" && Date.now() - event.at < JUST_NOW;
  });
  return [
    dear > item.price && ["dear", say("dear", { cost: rupiah(dear), price: rupiah(item.price) })],
    twin && ["twin", say("twin", { at: hour(twin.at) })],
  ].filter(Boolean);
}

// What an event says of it: the fields of the form on the server, under the same names.
export const body = (draft, item, { cost, cost_b, material }, photo) => ({
  crafter_id: draft.crafter, item_id: draft.item, terms: draft.terms,
  grade_a: draft.a.trim(), grade_b: draft.b.trim(), rejected: draft.rejected.trim(), reject_reason: draft.reason.trim() || null,
  cost, cost_b, maker_bp: draft.terms === "consigned" && draft.part.trim() ? part(draft, item) : null, material,
  price_confirmed: draft.sure.includes("dear"), assignment_id: draft.assignment, note: draft.note.trim() || null, photo,
});
