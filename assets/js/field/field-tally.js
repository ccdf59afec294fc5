// What stands in a kiosk and what it owes, worked out on the phone as the server will: also after visits that the server has
// not been told of yet.
import { amount, rupiah, say, whole } from "./field-page.js";

export const PARTS = ["laku", "masih", "baik", "rusak"];

const number = (typed) => (String(typed ?? "").trim() === "" ? 0 : whole(String(typed)));
const commission = (kiosk, price) => Math.floor((price * kiosk.commission_bp) / 10_000);

// One size as it was told: none if nothing was.
function counted(typed, good) {
  const of = (part) => String(typed[`${part}_${good.id}`] ?? "").trim();
  if (PARTS.every((part) => of(part) === "")) return null;
  const [sold, still, home, broken] = PARTS.map((part) => number(of(part)));
  return { good, sold, still, home, broken, is_still_told: of("masih") !== "", missing: good.n - sold - still - home - broken };
}

// What the kiosk owes for one size: what it sold, and what it bears of the rest.
function owed(kiosk, { good, sold, broken, missing }, bears_missing) {
  const as_sold = sold + (kiosk.damage_by === "kiosk" ? broken : 0) + (bears_missing ? missing : 0);
  return (good.price - commission(kiosk, good.price)) * as_sold;
}

// A kiosk after a visit: what was counted stands there now.
function after(kiosk, body) {
  const told = kiosk.goods.map((good) => counted(body, good)).filter(Boolean);
  const sum = told.reduce((all, one) => all + owed(kiosk, one, body.hilang === "kios"), 0);
  const still = new Map(told.map((one) => [one.good.id, one.still]));
  const goods = kiosk.goods.map((good) => ({ ...good, n: still.get(good.id) ?? good.n }));
  return { ...kiosk, goods, owes: kiosk.owes + sum - (amount(String(body.uang || "0")) ?? 0) };
}

// A visit that counted another shelf than this one is in it already, or will be refused.
const fits = (kiosk, body) => kiosk.goods.every((good) => [undefined, good.n].includes(body[`ada_${good.id}`]));

// The same after each of these bodies, the oldest first.
export const visited = (kiosk, bodies) => bodies
  .filter((body) => body.kios === kiosk.id)
  .reduce((now, body) => (fits(now, body) ? after(now, body) : now), kiosk);

// What was typed, read, with the sentences for what cannot be.
export function read(typed, kiosk) {
  const wrongs = {};
  const lines = kiosk.goods.map((good) => counted(typed, good)).filter(Boolean);
  for (const { good, missing, is_still_told, ...of } of lines) {
    const odd = [of.sold, of.still, of.home, of.broken].findIndex((n) => n === null);
    if (odd >= 0) wrongs[`${PARTS[odd]}_${good.id}`] = say("not_whole");
    else if (!is_still_told) wrongs[`masih_${good.id}`] = say("kiosk_still_needed");
    else if (missing < 0) wrongs[`masih_${good.id}`] = say("kiosk_more_than_there", { n: good.n });
  }
  const is_sound = Object.keys(wrongs).length === 0;
  const missing = is_sound ? lines.reduce((all, one) => all + one.missing, 0) : 0;
  if (missing > 0 && !typed.hilang) wrongs.hilang = say("kiosk_missing_who", { n: missing });
  if (missing > 0 && typed.hilang === "warong" && !typed.alasan?.trim()) wrongs.alasan = say("why_missing");
  const cash = typed.uang?.trim() ? amount(typed.uang) : 0;
  if (cash === null) wrongs.uang = say("not_amount");
  if (cash > 0 && typed.cara === "transfer" && !typed.acuan?.trim()) wrongs.acuan = say("reference_missing");
  if (is_sound && lines.length === 0 && cash === 0) wrongs.uang = say("kiosk_nothing_told");
  const due = is_sound ? kiosk.owes + lines.reduce((all, one) => all + owed(kiosk, one, typed.hilang === "kios"), 0) : null;
  return { wrongs, lines, missing, cash, due };
}

// What looks like a mistake: more cash than is owed, as far as this phone knows.
export const doubts = ({ cash, due }) =>
  cash > Math.max(due, 0) ? [["cash", say("kiosk_more_cash_than_owed", { owed: rupiah(Math.max(due, 0)) })]] : [];

// What an event says of it: the fields of the form on the server, under the same names.
export function body(typed, kiosk, { lines }) {
  const told = { kios: kiosk.id };
  for (const { good } of lines) Object.assign(told, { [`ada_${good.id}`]: good.n, [`harga_${good.id}`]: good.price });
  for (const [name, value] of Object.entries(typed)) if (String(value).trim()) told[name] = String(value).trim();
  return told;
}
