// How many, how good, on what terms: one number and a tap, and the rest behind one more.
import { camera, choice, line, mark, place } from "./field-form.js";
import * as judge from "./field-judge.js";
import { back, el, name, picture, rupiah, say } from "./field-page.js";
import { shrunk } from "./shrink.js";
import * as store from "./field-store.js";

// A sentence of the server stands beside the line it is about.
const NAMES = { grade_a: "a", grade_b: "b", reject_reason: "reason", maker_bp: "part" };
const LINES = ["a", "b", "rejected", "reason", "cost", "cost_b", "part", "material"];

export function draw(desk) {
  const { draft } = desk;
  const [item, maker] = [desk.item(), desk.crafter()];
  const is_square = judge.is_square(item);
  const each = say(is_square ? "per_square" : "per_piece");
  const wrong = el("div", { class: "form-wrong", role: "alert", hidden: true, tabindex: -1 });
  const ask = el("div", { role: "alert" });
  const sum = el("p", { class: "field-sum", "aria-live": "polite" });

  const typed = (key, value) => {
    desk.type({ [key]: value, sure: [], wrongs: {} });
    ask.replaceChildren();
    wrong.hidden = true;
    if (LINES.includes(key)) mark(form, key, null);
    preview();
  };
  const numbers = (key, label, more) => line(key, label, draft[key], typed, { inputmode: "numeric", ...more });
  const goods = (key, label, more) => numbers(key, label, { inputmode: is_square ? "decimal" : "numeric", ...more });
  const words = (key, label) => line(key, label, draft[key], typed, { maxlength: 200 });
  const terms = (value, label, hint) => choice("terms", value, label, hint, draft.terms === value, (terms) => {
    typed("terms", terms);
    // Most goods are bought for what they would bring their maker: then there is one number less to type.
    const offered = form.querySelector("#f-cost");
    if (terms === "bought" && !draft.cost.trim()) typed("cost", offered.value = String(judge.share(draft, item)));
    fit();
  });

  const bought = el("div", { class: "pair" }, numbers("cost", say("cost", { each })), numbers("cost_b", say("cost_b")));
  const usual = String(item.maker_bp / 100).replace(".", ",");
  const agreed = numbers("part", say("part", { name: maker.name }), { inputmode: "decimal", hint: say("part_hint", { usual }) });
  const now = { name: maker.name, amount: rupiah(judge.share(draft, item)), each };
  const more = el("details", { class: "field-more", open: draft.more, toggle: () => desk.type({ more: more.open }) },
    el("summary", {}, say("more")),
    el("div", { class: "pair" }, goods("b", say("grade_b")), goods("rejected", say("rejected"))),
    words("reason", say("reason")),
    el("fieldset", { class: "field" }, el("legend", {}, say("terms")),
      terms("consigned", say("consigned"), say("consigned_hint", now)),
      terms("bought", say("bought"), say("bought_hint"))),
    bought, agreed, numbers("material", say("material"), { hint: say("material_hint") }), words("note", say("note")));

  const shot = el("span", { class: "field-shot" });
  const seen = (blob) => blob
    && shot.replaceChildren(el("img", { src: URL.createObjectURL(blob), alt: say("photo_taken"), width: 96, height: 96 }));
  const taken = async (file) => {
    const small = await shrunk(file).catch(() => file);
    await store.keepPhoto(draft.id, small).then(() => seen(small), () => shot.replaceChildren(say("photo_no_room")));
  };
  store.photo(draft.id).then((kept) => seen(kept?.blob));

  const first = goods("a", say(is_square ? "how_much" : "how_many"), { "data-first": true, hint: is_square ? say("square_hint") : null });
  const form = el("form", { novalidate: true, submit: (event) => { event.preventDefault(); save(); } },
    wrong, el("div", { class: "field-count" }, first), sum, more,
    el("div", { class: "field-photo" }, camera(say("photo"), taken), shot), ask, el("button", { class: "button" }, say("save")));

  const preview = () => {
    const amount = judge.sum(draft, item);
    const words = draft.terms === "bought" ? "sum_bought" : "sum_consigned";
    sum.textContent = amount ? say(words, { name: maker.name, amount: rupiah(amount) }) : "";
  };
  const fit = () => {
    bought.hidden = draft.terms !== "bought";
    agreed.hidden = !bought.hidden;
    preview();
  };
  fit();
  place(form, wrong, draft.wrongs ?? {}, NAMES);

  async function save() {
    const { wrongs, ...found } = judge.read(draft, item);
    for (const key of LINES) mark(form, key, wrongs[key]);
    const [key] = Object.keys(wrongs);
    if (key) {
      if (key !== "a") more.open = true;
      return form.querySelector(`#f-${key}`).focus();
    }
    const doubts = judge.doubts(draft, item, found, desk.events);
    if (doubts.some(([doubt]) => !draft.sure.includes(doubt))) {
      await desk.type({ sure: doubts.map(([doubt]) => doubt) });
      const said = doubts.map(([, sentence]) => el("p", { class: "notice notice--urgent" }, sentence));
      ask.replaceChildren(...said, el("p", {}, say("tap_again")));
      return ask.scrollIntoView({ block: "center" });
    }
    try {
      const has_photo = Boolean(await store.photo(draft.id));
      await desk.record("intake", judge.body(draft, item, found, has_photo), {
        crafter: maker.name, item: name(item), unit: item.unit, share: draft.terms === "consigned" ? judge.share(draft, item) : null,
      });
    } catch {
      wrong.hidden = false;
      wrong.textContent = say("no_room");
      return wrong.focus();
    }
  }

  const head = el("div", {}, el("h1", { tabindex: -1 }, name(item)), el("p", { class: "soft" }, rupiah(item.price), " ", each));
  return [back(maker.name, () => desk.go("what")), el("div", { class: "field-what" }, picture(item.cover), head), form];
}
