// What else a till does: four large choices, and under them what is seldom needed.
import { go, home, till, title } from "./till-desk.js";
import { back, el, say } from "./field-page.js";

export function menu() {
  const tile = (name, words, hint) => el("button", { type: "button", class: "tile till-menu__tile", click: () => go(name) }, el("b", {}, say(words)), say(hint));
  const link = (name, words) => el("li", {}, el("button", { type: "button", class: "link-button", click: () => go(name) }, say(words)));
  return [back(say("goods"), home), title(say("more")),
    el("div", { class: "tiles" },
      tile("sales", "menu_sales", "menu_sales_hint"), till.shift ? tile("cash", "menu_cash", "menu_cash_hint") : null,
      tile("day", "menu_day", "menu_day_hint"), till.shift ? tile("close", "menu_close", "menu_close_hint") : null),
    el("ul", { class: "till-menu__rest" }, till.shift && till.provisions?.members.length ? link("debt", "debt_title") : null, link("records", "records"),
      el("li", {}, el("a", { href: "/masuk?kembali=/kelola/kasir" }, say("other_person"))))];
}
