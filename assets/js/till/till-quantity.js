// Quantities of loose goods: how they are typed, what they cost, and how they are said. Grams and millilitres are whole
// numbers; the price is for 1,000 of them.
import { say } from "./field-page.js";

// More than this at once is no sale of a village shop; more than that is asked about.
export const MOST = 10_000_000;
export const MUCH = 100_000;
export const MOST_PIECES = 100_000;
const STEP = 100;

export const is_loose = (item) => item.measure !== "piece";

export function amount(item, quantity, price) {
  if (!is_loose(item)) return quantity * price;
  return Math.max(STEP, Math.floor((quantity * price) / 1_000 / STEP) * STEP);
}

// The least that costs this much: whoever asks for rice for Rp10.000 gets all of it.
export const forMoney = (money, price) => Math.ceil((money * 1_000) / price);

// "1,5" and "1.5" are one and a half; "1.500" is fifteen hundred, as everywhere here.
export function thousandths(text) {
  const typed = text.trim();
  if (/^-/.test(typed)) return -1;
  if (/^\d{1,3}(\.\d{3})+$/.test(typed)) return Number(typed.replaceAll(".", "")) * 1_000;
  const found = /^(\d{0,7})(?:[.,](\d{0,3}))?$/.exec(typed);
  if (!found || (!found[1] && !found[2])) return null;
  return Number(found[1] || 0) * 1_000 + Number((found[2] ?? "").padEnd(3, "0"));
}

// What is wrong with a quantity, if anything; `sure` when it was asked before.
export function wrong(quantity, loose = true) {
  if (quantity === null) return say("not_weight");
  if (quantity === 0) return say("weight_zero");
  if (quantity < 0) return say("weight_negative");
  if (quantity > (loose ? MOST : MOST_PIECES)) return say(loose ? "weight_tonnes" : "pieces_most");
  return null;
}

const UNITS = { gram: ["gram", "kg"], millilitre: ["ml", "liter"] };
export const big = (item) => UNITS[item.measure][1];
export const small = (item) => UNITS[item.measure][0];

const whole = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ".");

// "1,5 kg", "250 gram", "3"
export function inWords(measure, quantity) {
  if (measure === "piece") return whole(quantity);
  const [low, high] = UNITS[measure];
  if (Math.abs(quantity) < 1_000) return `${quantity} ${low}`;
  const rest = String(Math.abs(quantity) % 1_000).padStart(3, "0").replace(/0+$/, "");
  return `${whole(Math.trunc(quantity / 1_000))}${rest ? `,${rest}` : ""} ${high}`;
}
