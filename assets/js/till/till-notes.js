// Money as it looks: banknotes by their colour, coins by their size, and how an amount is made of them.
import { el } from "./field-page.js";

export const NOTES = [100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000];
export const COINS = [500, 200, 100];
export const ALL = [...NOTES, ...COINS];

const SVG = "http://www.w3.org/2000/svg";
function draw(tag, given, ...inside) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) node.setAttribute(name, value);
  node.append(...inside);
  return node;
}

const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ".");

// What a note is called: the figure on it, as a word of its own.
export const named = (value) => `${grouped(value)} rupiah`;

export function picture(value) {
  if (COINS.includes(value)) {
    return draw("svg", { class: "coin", viewBox: "0 0 32 32", "aria-hidden": "true" }, draw("circle", { cx: 16, cy: 16, r: 15 }),
      draw("circle", { cx: 16, cy: 16, r: 12.5 }), draw("text", { x: 16, y: 20.5 }, String(value)));
  }
  return draw("svg", { class: `note note--${value}`, viewBox: "0 0 76 38", "aria-hidden": "true" },
    draw("rect", { width: 76, height: 38, rx: 3.5 }), draw("rect", { x: 3, y: 3, width: 70, height: 32, rx: 2 }),
    draw("path", { d: "M5 29h5m7 0h5m7 0h5m7 0h5m7 0h5m7 0h5M5 32h5m7 0h5m7 0h5m7 0h5m7 0h5m7 0h5M12 28v5m3-5v5m9-5v5m3-5v5m9-5v5m3-5v5m9-5v5m3-5v5m9-5v5m3-5v5" }),
    draw("text", { x: 38, y: 22 }, grouped(value)));
}

// The fewest notes and coins that make an amount, and what no coin makes.
export function parts(amount) {
  const piles = [];
  let rest = amount;
  for (const value of ALL) {
    const n = Math.floor(rest / value);
    if (n) piles.push([value, n]);
    rest -= n * value;
  }
  return { piles, rest };
}

// A row of notes with how many of each.
export const laid = (amount) => el("span", { class: "notes till-laid", "aria-hidden": "true" }, parts(amount).piles.map(([value, n]) =>
  el("span", { class: "notes__pile" }, Array.from({ length: n <= 3 ? n : 2 }, () => picture(value)), n > 3 ? el("b", {}, `× ${n}`) : null)));
