// Small help for pages that are drawn on the phone: elements, words, and how amounts and hours are written.
const words = JSON.parse(document.querySelector("[data-words]")?.textContent ?? "{}");

export const take = (found) => Object.assign(words, found);

export const say = (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

export function el(tag, given = {}, ...inside) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...inside.flat(3).filter((one) => one !== null && one !== undefined && one !== false));
  return node;
}

const grouped = (number) => String(Math.trunc(number)).replace(/\B(?=(\d{3})+$)/g, ".");
export const rupiah = (amount) => `${amount < 0 ? "−" : ""}Rp${grouped(Math.abs(amount))}`;

// The hour in Jember, which has no summer time; with the day when it is not today.
const JEMBER = 7 * 3600_000;
export function hour(moment) {
  const at = new Date(moment + JEMBER);
  const two = (number) => String(number).padStart(2, "0");
  const time = `${two(at.getUTCHours())}.${two(at.getUTCMinutes())}`;
  const day = (one) => one.toISOString().slice(0, 10);
  return day(at) === day(new Date(Date.now() + JEMBER)) ? time : `${at.getUTCDate()}/${at.getUTCMonth() + 1} ${time}`;
}

// "1.250" and "1250" are 1250; what is no whole number is none.
export function whole(text) {
  const trimmed = text.trim();
  return /^(\d{1,9}|\d{1,3}(\.\d{3}){1,2})$/.test(trimmed) ? Number(trimmed.replaceAll(".", "")) : null;
}

// Square metres with at most four decimals, as hundredths of a hundredth; a comma or a point stands before them.
export function square(text) {
  const found = /^(\d{1,6})(?:[.,](\d{1,4}))?$/.exec(text.trim());
  return found ? Number(found[1]) * 10_000 + Number((found[2] ?? "").padEnd(4, "0")) : null;
}

// A part in percent with at most two decimals, in hundredths of a percent.
export function percent(text) {
  const found = /^(\d{1,3})(?:[.,](\d{1,2}))?\s*%?$/.exec(text.trim());
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}

export function amount(text) {
  const trimmed = text.trim().replace(/^rp\.?\s*/i, "").replace(/,(-|00?)$/, "");
  return whole(trimmed);
}

export const name = (item) => (item.size ? `${item.name}, ${item.size}` : item.name);

export const picture = (name, alt = "") => name
  ? el("img", { src: `/foto/${name}-320.webp`, alt, width: 96, height: 96, loading: "lazy", decoding: "async" })
  : el("span", { class: "field-blank", "aria-hidden": "true" });

export const back = (to, go) =>
  el("p", { class: "counter-back" }, el("button", { type: "button", class: "field-back", click: go }, `‹ ${to}`));
