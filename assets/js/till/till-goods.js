// The goods: big pictures, what is sold most first. The grid is drawn once; a sale or a search changes only what it must.
import * as bekal from "./till-bekal.js";
import { onKnown, till } from "./till-desk.js";
import * as basket from "./till-basket.js";
import { el, rupiah, say } from "./field-page.js";
import * as offers from "./till-offers.js";
import { has_camera, look } from "./till-scan.js";
import { fits, words } from "./till-search.js";
import { sign } from "./till-symbol.js";
import * as quantity from "./till-quantity.js";
import * as rules from "./till-rules.js";
import { weigh } from "./till-weigh.js";

const tiles = new Map();
const grid = el("div", { class: "till-grid" });
const nothing = el("p", { class: "soft", hidden: true });
const search = el("input", { type: "search", id: "till-cari", autocomplete: "off", input: () => filter() });
const groups = el("div", { class: "till-groups" });
const root = el("div", { class: "till-goods" });
let group = "all";
let drawn = null;

const GROUPS = {
  all: () => true,
  loose: (offer) => quantity.is_loose(offer.item),
  packs: (offer) => !quantity.is_loose(offer.item) && !offer.item.craft,
  craft: (offer) => offer.item.craft,
  market: (offer) => offer.of === "market",
};

// Never more than four: while an operasi pasar is on, its goods take the place of weighed ones.
function kinds() {
  const there = (name) => offers.now().some(GROUPS[name]);
  return ["all", there("market") ? "market" : "loose", "packs", "craft"].filter((name) => name === "all" || there(name));
}

export function choose(offer) {
  return quantity.is_loose(offer.item) ? weigh(offer) : basket.add(offer);
}

function price(offer) {
  const unit = quantity.is_loose(offer.item) ? `/${quantity.big(offer.item)}` : "";
  return el("span", { class: "till-tile__price" }, el("b", {}, rupiah(offer.price)), unit ? el("small", {}, unit) : null);
}

function why(offer) {
  if (offer.of === "markdown") return el("small", { class: "till-tile__why till-tile__why--down" }, say("nearly_expired"), offer.markdown.until ? ` · ${rules.until(offer.markdown.until)}` : null);
  if (offer.of === "market") return el("small", { class: "till-tile__why till-tile__why--market" }, say("market"));
  if (rules.limit(offer.item.commodity, till.provisions, bekal.now())) return el("small", { class: "till-tile__why" }, say("with_card"));
  return null;
}

function tile(offer) {
  const n = el("b", { class: "till-tile__n", hidden: true });
  const stands = el("small", { class: "till-tile__stands", hidden: true });
  const face = offer.item.cover
    ? el("img", { src: `/foto/${offer.item.cover}-320.webp`, alt: "", width: 104, height: 104, loading: "lazy", decoding: "async" })
    : sign(offer.item);
  if (offer.item.cover) face.addEventListener("error", () => face.replaceWith(sign(offer.item)), { once: true });
  const node = el("button", { type: "button", class: `till-tile till-tile--${offer.of}`, "data-key": offer.key, click: () => choose(offer) },
    el("span", { class: "till-tile__face" }, face, n), el("b", { class: "till-tile__name" }, offer.item.name), price(offer), why(offer), stands);
  return { offer, node, n, stands, words: words([offer.item.name, offer.item.commodity ?? "", offer.of === "market" ? say("market") : ""].join(" ")) };
}

// How many lie in the basket stands on the tile.
function counted(one) {
  const there = basket.line(one.offer.key);
  one.n.hidden = !there;
  if (there) one.n.textContent = quantity.inWords(there.measure, there.quantity);
}

function standing(one) {
  const { fresh, past } = rules.stock(one.offer.item, till.untold.goods.get(one.offer.item.id) ?? 0, bekal.now());
  const left = offers.left(one.offer);
  const words = left !== null ? say("still", { quantity: quantity.inWords(one.offer.item.measure, Math.max(0, left)) })
    : fresh <= 0 && past > 0 ? say("expired") : fresh <= 0 ? say("gone") : null;
  one.stands.hidden = !words;
  if (words && one.stands.textContent !== words) one.stands.textContent = words;
  one.node.classList.toggle("till-tile--off", fresh <= 0);
}

function filter() {
  const typed = words(search.value);
  let some = 0;
  for (const one of tiles.values()) {
    const is_there = (typed.length > 0 || GROUPS[group](one.offer)) && fits(typed, one.words);
    some += is_there;
    if (one.node.hidden === is_there) one.node.hidden = !is_there;
  }
  nothing.hidden = some > 0;
  nothing.textContent = say("nothing_found");
}

function fill() {
  const list = offers.now();
  if (drawn !== list) {
    drawn = list;
    tiles.clear();
    for (const offer of list) tiles.set(offer.key, tile(offer));
    grid.replaceChildren(...[...tiles.values()].map((one) => one.node));
    const names = kinds();
    if (!names.includes(group)) group = "all";
    groups.replaceChildren(...(names.length < 3 ? [] : names).map((name) => el("button", {
      type: "button", class: "till-group", "aria-pressed": String(name === group), click: ({ currentTarget }) => {
        group = name;
        for (const other of groups.children) other.setAttribute("aria-pressed", String(other === currentTarget));
        filter();
      },
    }, say(`group_${name}`))));
    filter();
  }
  for (const one of tiles.values()) { counted(one); standing(one); }
}

basket.watch((key) => {
  if (key === null) for (const one of tiles.values()) counted(one);
  else if (tiles.has(key)) counted(tiles.get(key));
});
onKnown(() => { if (root.isConnected) fill(); });

export function goods() {
  if (!root.firstChild) {
    root.append(
      el("div", { class: "till-find" }, el("label", { class: "visually-hidden", for: "till-cari" }, say("search_item")), search,
        has_camera ? el("button", { type: "button", class: "till-scan", "aria-label": say("scan"), click: look }, "▥") : null),
      groups, grid, nothing);
    search.placeholder = say("search_item");
  }
  fill();
  return root;
}
