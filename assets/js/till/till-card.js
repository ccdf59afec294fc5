// A family's card: its code is scanned or typed; no name is known here. And a barcode that nobody knows yet.
import { coded, item, keep, record, till } from "./till-desk.js";
import * as basket from "./till-basket.js";
import { known } from "./till-family.js";
import { choose } from "./till-goods.js";
import { dialog, mention, tell } from "./till-dialog.js";
import { el, say } from "./field-page.js";
import * as offers from "./till-offers.js";
import { has_camera, hear, look } from "./till-scan.js";
import { fits, words } from "./till-search.js";

export const askCard = (offer = null) => new Promise((done) => {
  let given = false;
  const wrong = el("span", { class: "field__wrong", role: "alert" });
  const typed = el("input", { id: "f-card", autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: 64, "data-first": true });
  const take = async (text) => {
    wrong.textContent = "";
    const { token, no, ...told } = await known(text);
    if (!box.open) return;
    if (no) { wrong.textContent = no; return typed.focus(); }
    Object.assign(till.basket, { family: token, away: false, until: 0, ...told });
    keep("basket");
    given = true;
    box.close("");
  };
  const deaf = hear(take);
  const box = dialog(say("card_title"), el("form", { class: "field", novalidate: true, submit: (event) => { event.preventDefault(); take(typed.value); } },
    offer ? el("p", {}, say("card_why", { name: offer.item.name })) : null,
    el("label", { for: "f-card" }, say("card_code")), typed, wrong,
    el("div", { class: "buttons" }, el("button", { class: "button" }, say("good")),
      has_camera ? el("button", { type: "button", class: "button button--quiet", click: look }, say("scan")) : null)),
  () => { deaf(); done(given); });
});

// A code was read: its goods go into the basket, or somebody says once which they are.
export async function scanned(code) {
  const id = coded(code);
  const offer = id && offers.byKey(String(id));
  if (offer) return choose(offer);
  if (id && item(id)) return tell(say("not_sold_now"));
  navigator.vibrate?.([80, 60, 80]);
  return pick(code);
}

function pick(code) {
  const list = el("div", { class: "till-pick" });
  const fill = (text) => list.replaceChildren(...till.provisions.items.filter((one) => fits(words(text), words(one.name))).slice(0, 12)
    .map((one) => el("button", { type: "button", class: "till-pick__one", click: () => take(one) }, one.name)));
  const search = el("input", { type: "search", id: "p-cari", autocomplete: "off", "data-first": true, input: () => fill(search.value) });
  const box = dialog(say("unknown_code"), [el("p", {}, say("unknown_code_text", { code })),
    el("div", { class: "field" }, el("label", { for: "p-cari" }, say("search_item")), search), list]);
  fill("");
  async function take(one) {
    box.close("");
    try {
      await record("barcode", { code, item: one.id }, { name: one.name }, { codes: { ...till.codes, [code]: one.id } });
      mention(say("code_kept", { name: one.name }));
    } catch {
      return tell(say("no_room"));
    }
    const offer = offers.byKey(String(one.id));
    if (offer) choose(offer);
  }
}

basket.onCard(askCard);
