// How many, how good, on what terms: one number and a tap, and the rest behind one more.
import { amount, back, el, hour, name, picture, rupiah, say, square, whole } from "./field-page.js";
import { shrunk } from "./shrink.js";
import * as store from "./field-store.js";
import * as sync from "./field-sync.js";

// The same again within this time is asked about.
const JUST_NOW = 30 * 60_000;

export function draw(desk) {
  const { draft } = desk;
  const item = desk.item();
  const maker = desk.crafter();
  const is_square = item.unit === "square_metre";
  const wrong = el("div", { class: "form-wrong", role: "alert", hidden: true, tabindex: -1 });
  const ask = el("div", { role: "alert" });
  const each = say(is_square ? "per_square" : "per_piece");

  const field = (key, label, more = {}) => {
    const { hint, ...given } = more;
    const input = el("input", {
      id: `f-${key}`, name: key, value: draft[key], autocomplete: "off", maxlength: 20, inputmode: is_square && !given.inputmode ? "decimal" : "numeric",
      "aria-describedby": `w-${key}`, ...given,
      input: () => { desk.type({ [key]: input.value, sure: [] }); ask.replaceChildren(); unsay(key); preview(); },
    });
    return el("div", { class: "field" }, el("label", { for: `f-${key}` }, label), hint ? el("span", { class: "field__hint" }, hint) : null,
      input, el("span", { class: "field__wrong", id: `w-${key}`, hidden: true }));
  };
  const unsay = (key) => mark(key, null);
  const mark = (key, sentence) => {
    const at = form.querySelector(`#w-${key}`);
    at.textContent = sentence ?? "";
    at.hidden = !sentence;
    at.closest(".field").classList.toggle("field--wrong", Boolean(sentence));
  };
  const words = (key, label) => {
    const input = el("input", { id: `f-${key}`, name: key, value: draft[key], maxlength: 200, autocomplete: "off", input: () => { desk.type({ [key]: input.value }); unsay(key); } });
    return el("div", { class: "field" }, el("label", { for: `f-${key}` }, label), input, el("span", { class: "field__wrong", id: `w-${key}`, hidden: true }));
  };
  const terms = (value, label, hint) => el("label", { class: "choice" },
    el("input", { type: "radio", name: "terms", value, checked: draft.terms === value, change: () => { desk.type({ terms: value, sure: [] }); ask.replaceChildren(); fit(); } }),
    el("span", {}, label, el("small", {}, hint)));

  const share = Math.floor((item.price * item.maker_bp) / 10_000);
  const bought = el("div", { class: "pair" }, field("cost", say("cost", { each }), { inputmode: "numeric" }), field("cost_b", say("cost_b"), { inputmode: "numeric" }));
  const sum = el("p", { class: "field-sum", "aria-live": "polite" });
  const fit = () => { bought.hidden = draft.terms !== "bought"; preview(); };
  const preview = () => {
    const n = is_square ? (square(draft.a) ?? 0) / 10_000 : whole(draft.a) ?? 0;
    const price = draft.terms === "bought" ? amount(draft.cost) ?? 0 : share;
    sum.textContent = n && price ? say(draft.terms === "bought" ? "sum_bought" : "sum_consigned", { name: maker.name, amount: rupiah(Math.round(n * price)) }) : "";
  };

  const shot = el("span", { class: "field-shot" });
  const camera = el("label", { class: "button button--quiet field-camera" }, say("photo"), el("input", {
    type: "file", accept: "image/*", capture: "environment", class: "visually-hidden",
    change: async ({ target }) => {
      const [file] = target.files;
      if (!file) return;
      const small = await shrunk(file).catch(() => file);
      try {
        await store.keepPhoto(draft.id, small);
        seen(small);
      } catch {
        shot.replaceChildren(say("photo_no_room"));
      }
    },
  }));
  const seen = (blob) => { if (blob) shot.replaceChildren(el("img", { src: URL.createObjectURL(blob), alt: say("photo_taken"), width: 96, height: 96 })); };
  store.photo(draft.id).then((kept) => seen(kept?.blob));

  const more = el("details", { class: "field-more", open: draft.more, toggle: () => desk.type({ more: more.open }) },
    el("summary", {}, say("more")),
    el("div", { class: "pair" }, field("b", say("grade_b")), field("rejected", say("rejected"))),
    words("reason", say("reason")),
    el("fieldset", { class: "field" }, el("legend", {}, say("terms")),
      terms("consigned", say("consigned"), say("consigned_hint", { name: maker.name, amount: rupiah(share), each })),
      terms("bought", say("bought"), say("bought_hint"))),
    bought, field("material", say("material"), { inputmode: "numeric", hint: say("material_hint") }), words("note", say("note")));

  const form = el("form", { novalidate: true, submit: (event) => { event.preventDefault(); save(); } },
    wrong,
    el("div", { class: "field-count" }, field("a", say(is_square ? "how_much" : "how_many"), { "data-first": true, hint: is_square ? say("square_hint") : null })),
    sum, more, el("div", { class: "field-photo" }, camera, shot), ask, el("button", { class: "button" }, say("save")));
  fit();

  // What is typed, read; or the sentences beside the fields.
  function read() {
    const wrongs = {};
    const count = is_square ? square : whole;
    const goods = (key) => {
      const n = draft[key].trim() === "" ? 0 : count(draft[key]);
      if (n === null) wrongs[key] = say(is_square ? "not_square" : "not_whole");
      return n ?? 0;
    };
    const money = (key) => {
      const n = draft[key].trim() === "" ? 0 : amount(draft[key]);
      if (n === null) wrongs[key] = say("not_amount");
      return n ?? 0;
    };
    const [a, b, rejected] = ["a", "b", "rejected"].map(goods);
    const is_bought = draft.terms === "bought";
    const [cost, cost_b] = is_bought ? ["cost", "cost_b"].map(money) : [0, 0];
    const material = money("material");
    if (!wrongs.a && a + b + rejected === 0) wrongs.a = say("how_many_missing");
    if (rejected > 0 && !draft.reason.trim()) wrongs.reason = say("reason_missing");
    if (is_bought && a > 0 && cost === 0 && !wrongs.cost) wrongs.cost = say("cost_missing");
    if (is_bought && b > 0 && cost_b === 0 && !wrongs.cost_b) wrongs.cost_b = say("cost_missing");
    return { wrongs, cost, cost_b, material };
  }

  // What is odd is asked about once; the second tap means it.
  function doubts({ cost, cost_b }) {
    const dear = Math.max(cost, cost_b);
    const twin = desk.events.find((event) => {
      const body = JSON.parse(event.body);
      return !event.mended && event.state !== "refused" && Date.now() - event.at < JUST_NOW && body.crafter_id === maker.id
        && body.item_id === item.id && body.grade_a === draft.a.trim();
    });
    return [
      dear > item.price ? ["dear", say("dear", { cost: rupiah(dear), price: rupiah(item.price) })] : null,
      twin ? ["twin", say("twin", { at: hour(twin.at) })] : null,
    ].filter(Boolean);
  }

  async function save() {
    const { wrongs, ...found } = read();
    for (const key of ["a", "b", "rejected", "reason", "cost", "cost_b", "material"]) mark(key, wrongs[key]);
    const first = Object.keys(wrongs)[0];
    if (first) {
      if (first !== "a") more.open = true;
      return form.querySelector(`#f-${first}`).focus();
    }
    const asked = doubts(found);
    if (asked.some(([key]) => !draft.sure.includes(key))) {
      await desk.type({ sure: asked.map(([key]) => key) });
      ask.replaceChildren(...asked.map(([, sentence]) => el("p", { class: "notice notice--urgent" }, sentence)), el("p", {}, say("tap_again")));
      return ask.scrollIntoView({ block: "center" });
    }
    const session = await store.get("session");
    const device = await store.get(`device-${session.outlet.id}`);
    const body = {
      crafter_id: maker.id, item_id: item.id, terms: draft.terms, grade_a: draft.a.trim(), grade_b: draft.b.trim(),
      rejected: draft.rejected.trim(), reject_reason: draft.reason.trim() || null, cost: found.cost, cost_b: found.cost_b,
      maker_bp: null, material: found.material, price_confirmed: draft.sure.includes("dear"),
      assignment_id: draft.assignment, note: draft.note.trim() || null,
    };
    try {
      await store.record({
        id: draft.id, device: device?.id ?? null, outlet: session.outlet.id, kind: "intake", at: Date.now(),
        recorded_at: new Date().toISOString(), person: session.person.id, by: session.person.name, body: JSON.stringify(body),
        signature: null, state: "waiting", crafter: maker.name, face: maker.face, item: name(item), cover: item.cover, unit: item.unit,
        share: draft.terms === "consigned" ? share : null,
      });
    } catch {
      wrong.hidden = false;
      wrong.textContent = say("no_room");
      return wrong.focus();
    }
    if (draft.mends) await store.note(draft.mends, { mended: true });
    await desk.go("done");
    sync.soon();
  }

  return [
    back(maker.name, () => desk.go("what")),
    el("div", { class: "field-what" }, picture(item.cover), el("div", {}, el("h1", { tabindex: -1 }, name(item)), el("p", { class: "soft" }, rupiah(item.price), " ", each))),
    form,
  ];
}
