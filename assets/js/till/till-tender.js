// Other ways to pay than cash: QRIS by a bill made online, the card of social aid with the slip's reference, and a member's
// account up to its limit.
import { call, tell as send } from "./field-call.js";
import { go, keep, member, once, owed, till } from "./till-desk.js";
import { dialog, tell } from "./till-dialog.js";
import { amount as money, el, rupiah, say } from "./field-page.js";
import { beyondAccount } from "./till-rules.js";
import { finish, rest } from "./till-sale.js";
import { fits, words } from "./till-search.js";
import * as store from "./field-store.js";

const LOOK_EVERY = 2_500;
// The outlet was asked and said no, whatever it wrote beside.
const REFUSED = [409, 422];

// A part that was paid; when nothing is left the sale is done.
async function paid(tender) {
  till.basket.tenders.push(tender);
  till.basket.received = 0;
  await keep("basket");
  if (rest() === 0) return finish();
  go("pay", {}, true);
}

// A window that asks how much, and perhaps more; `take` gives a sentence when it cannot be.
function part(label, more, take) {
  const wrong = el("span", { class: "field__wrong", role: "alert" });
  const typed = el("input", { id: "t-amount", inputmode: "numeric", autocomplete: "off", maxlength: 14, value: rupiah(rest()).slice(2) });
  const box = dialog(label, el("form", { class: "field", novalidate: true, submit: once(async () => {
    const amount = money(typed.value);
    const no = !amount ? say("not_amount") : amount > rest() ? say("part_most", { most: rupiah(rest()) }) : await take(amount, box);
    wrong.textContent = no ?? "";
  }) }, el("label", { for: "t-amount" }, say("part_amount")), typed, more, wrong, el("button", { class: "button", "data-first": !more }, say("next"))));
  return box;
}

export function bansos() {
  const reference = el("input", { id: "t-reference", autocomplete: "off", maxlength: 60, "data-first": true });
  part(say("by_bansos"), [el("label", { for: "t-reference" }, say("bansos_reference")), reference], (amount, box) => {
    const said = reference.value.trim();
    if (!said) return say("bansos_reference_missing");
    box.close("");
    return void paid({ by: "bansos", amount, reference: said });
  });
}

export async function account() {
  const who = member(till.basket.member) ?? await choose_member();
  if (!who) return;
  part(say("account_of", { name: who.name }), el("p", { class: "soft" }, say("account_stands", { owed: rupiah(owed(who)), most: rupiah(who.limit) })), (amount, box) => {
    const taken = till.basket.tenders.filter((one) => one.by === "account").reduce((sum, one) => sum + one.amount, 0);
    const no = beyondAccount(who, owed(who) + taken, amount);
    if (no) return no;
    box.close("");
    return void paid({ by: "account", amount });
  });
}

// Who buys; nobody must say.
export const choose_member = () => new Promise((done) => {
  const { members } = till.provisions;
  if (!members.length) { tell(say("no_members")); return done(null); }
  let chosen = null;
  const list = el("div", { class: "till-pick" });
  const choose = (one) => { chosen = one; box.close(""); };
  const fill = (text) => list.replaceChildren(...members.filter((one) => fits(words(text), words(one.name))).slice(0, 20)
    .map((one) => el("button", { type: "button", class: "till-pick__one", click: () => choose(one) }, one.name, owed(one) ? el("small", {}, say("owes", { amount: rupiah(owed(one)) })) : null)));
  const search = el("input", { type: "search", id: "m-cari", autocomplete: "off", "data-first": true, input: () => fill(search.value) });
  const box = dialog(say("member"), [el("div", { class: "field" }, el("label", { for: "m-cari" }, say("search_member")), search), list,
    till.basket.member ? el("button", { type: "button", class: "link-button", click: () => { chosen = { id: null }; box.close(""); } }, say("no_member")) : null],
  () => {
    if (chosen && till.screen.name === "pay") {
      till.basket.member = chosen.id;
      keep("basket");
      go("pay", {}, true);
    }
    done(chosen?.id ? chosen : null);
  });
  fill("");
});

// A bill is made online; the sale knows of it before its money comes, so that it is found again.
export function qris() {
  if (till.basket.bill) return wait(till.basket.bill);
  return void part("QRIS", null, async (amount, box) => {
    const key = crypto.randomUUID();
    const session = await store.get("session");
    const { status, said } = await send("/kelola/kasir/tagihan", session.csrf, JSON.stringify({ amount, key }));
    if (status !== 200 && status !== 201) return said?.detail ?? say(REFUSED.includes(status) ? "qris_refused" : "qris_away");
    till.basket.bill = { id: said.id, svg: said.svg, amount, key };
    await keep("basket");
    box.close("");
    return void wait(till.basket.bill);
  });
}

function wait(bill) {
  const state = el("p", { role: "status" }, say("qris_coming"));
  const picture = el("div", { class: "qr" });
  // The code comes a moment after the bill, and as part of a page; alone it needs the name of its language.
  const show = (svg) => {
    if (!svg || picture.firstChild) return;
    const alone = svg.includes("xmlns") ? svg : svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ');
    picture.append(el("img", { alt: "QRIS", width: 240, height: 240, src: `data:image/svg+xml,${encodeURIComponent(alone)}` }));
  };
  show(bill.svg);
  const forget = () => { till.basket.bill = null; keep("basket"); };
  // The code is ended before the buyer pays in another way; who must not wait for that can go on all the same.
  let is_unsure = false;
  const give_up = el("button", { type: "button", class: "button button--quiet", click: once(async () => {
    if (!is_unsure) {
      const { csrf } = await store.get("session") ?? {};
      const { said } = await send(`/kelola/kasir/tagihan/${bill.id}/pembatalan`, csrf, "");
      if (said?.state === "paid") return look();
      if (said?.state !== "cancelled") {
        is_unsure = true;
        state.textContent = say("qris_unsure");
        give_up.textContent = say("qris_leave");
        return;
      }
    }
    forget();
    box.close("");
  }) }, say("qris_other"));
  const box = dialog("QRIS", [el("p", { class: "till-due" }, el("b", {}, rupiah(bill.amount))), picture, state, give_up], () => clearInterval(timer));
  const look = async () => {
    const { status, said } = await call(`/kelola/kasir/tagihan/${bill.id}`);
    if (!box.open) return;
    if (status === 0) { state.textContent = say("qris_no_signal"); return; }
    show(said?.svg);
    if (said?.state === "paid") {
      box.close("");
      till.basket.bill = null;
      await paid({ by: "qris", amount: bill.amount, bill: bill.id });
    } else if (said?.state === "cancelled" || said?.state === "expired") {
      forget();
      state.textContent = say("qris_over");
    } else if (!is_unsure) state.textContent = say(picture.firstChild ? "qris_waits" : "qris_coming");
  };
  const timer = setInterval(look, LOOK_EVERY);
  look();
}
