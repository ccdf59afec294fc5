// How much of loose goods: by weight, by grams, or by money; with large keys, and with a keyboard where there is one.
import { add, line, set } from "./till-basket.js";
import { dialog } from "./till-dialog.js";
import { amount as money, el, rupiah, say } from "./field-page.js";
import * as quantity from "./till-quantity.js";

const QUICK = [[250, "¼"], [500, "½"], [1_000, "1"], [2_000, "2"], [5_000, "5"]];
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", ",", "0", "⌫"];

export function weigh(offer, is_change = false) {
  const { item, price } = offer;
  let unit = "big";
  const label = { big: quantity.big(item), small: quantity.small(item), money: "Rp" };
  const typed = el("input", { class: "till-weigh__typed", id: "w-typed", inputmode: "none", autocomplete: "off", maxlength: 12, "aria-describedby": "w-means w-wrong", "data-first": true, input: () => fit() });
  const means = el("p", { class: "till-weigh__means", id: "w-means", "aria-live": "polite" });
  const wrong = el("p", { class: "field__wrong", id: "w-wrong", role: "alert" });

  function read() {
    if (unit === "big") return quantity.thousandths(typed.value);
    if (/^-/.test(typed.value.trim())) return -1;
    const whole = money(typed.value);
    return whole === null || unit === "small" ? whole : quantity.forMoney(whole, price);
  }
  function fit() {
    const found = typed.value.trim() ? read() : null;
    wrong.textContent = "";
    means.textContent = found > 0 && found <= quantity.MOST
      ? say("weight_means", { quantity: quantity.inWords(item.measure, found), amount: rupiah(quantity.amount(item, found, price)) })
      : "";
  }
  async function take(found) {
    const no = quantity.wrong(found);
    if (no) { wrong.textContent = no; return typed.focus(); }
    box.close("");
    await (is_change ? set(offer, found) : add(offer, found));
  }
  const key = (sign) => el("button", { type: "button", class: "till-key", "aria-label": sign === "⌫" ? say("erase") : sign, click: () => {
    typed.value = sign === "⌫" ? typed.value.slice(0, -1) : typed.value + sign;
    fit();
  } }, sign);
  const way = (name) => el("label", { class: "till-way" }, el("input", { type: "radio", name: "w-unit", value: name, checked: name === unit, change: () => {
    unit = name;
    typed.value = "";
    fit();
    typed.focus();
  } }), el("span", {}, label[name]));

  const there = line(offer.key);
  const box = dialog(item.name, el("form", { class: "till-weigh", novalidate: true, submit: (event) => { event.preventDefault(); take(read()); } },
    el("p", { class: "soft" }, say("per_unit", { price: rupiah(price), unit: label.big }),
      there ? ` · ${say("in_basket", { quantity: quantity.inWords(item.measure, there.quantity) })}` : null),
    el("div", { class: "till-quick", role: "group", "aria-label": say("quick") }, QUICK.map(([grams, words]) =>
      el("button", { type: "button", class: "till-quick__one", click: () => take(grams) }, el("b", {}, words), el("small", {}, label.big)))),
    el("div", { class: "till-ways", role: "radiogroup", "aria-label": say("unit") }, ["big", "small", "money"].map(way)),
    el("label", { class: "visually-hidden", for: "w-typed" }, say("how_heavy")), typed, means, wrong,
    el("div", { class: "till-keys" }, KEYS.map(key)),
    el("button", { class: "button" }, say(is_change ? "weigh_change" : "weigh_add"))));
}
