// Taking goods in at a crafter's door, without signal.
import { draw as drawCount } from "./field-count.js";
import { begin, desk } from "./field-desk.js";
import { drawReceipt, drawRecords } from "./field-records.js";
import { back, el, name, picture, rupiah, say } from "./field-page.js";
import * as store from "./field-store.js";

const blank = (keep = {}) => ({
  id: crypto.randomUUID(), step: "who", crafter: null, item: null, a: "", b: "", rejected: "", reason: "", terms: "consigned",
  cost: "", cost_b: "", part: "", material: "", note: "", more: false, sure: [], assignment: null, ...keep,
});

Object.assign(desk, {
  crafter: (id = desk.draft.crafter) => desk.provisions.crafters.find((one) => one.id === id),
  item: (id = desk.draft.item) => desk.provisions.items.find((one) => one.id === id),
  // Another hand-over, of the same crafter or of anybody.
  fresh: (keep) => desk.go(keep.crafter ? "what" : "who", blank(keep)),
});

const text = (number) => (number ? String(number) : "");
const sought = (found, words) => words.split(/\s+/).every((word) => found.includes(word));
const low = (...parts) => parts.filter(Boolean).join(" ").toLowerCase();

// A list that gets shorter while one types.
function searched(label, found, all, line) {
  const list = el("div", { class: "field-tiles" });
  const fill = (typed) => {
    const some = all.filter((one) => sought(found(one), typed.toLowerCase().trim()));
    list.replaceChildren(...some.map(line), some.length ? "" : el("p", { class: "soft" }, say("nothing_found")));
  };
  fill("");
  const field = el("input", { type: "search", id: "f-cari", autocomplete: "off", input: ({ target }) => fill(target.value) });
  const search = el("div", { class: "field" }, el("label", { for: "f-cari" }, label), field);
  return all.length > 9 ? [search, list] : [list];
}

// Why a crafter or goods are chosen anew.
const refused = () => Object.values(desk.draft.wrongs ?? {}).map((one) => el("p", { class: "notice notice--urgent" }, one));

function who() {
  const choose = (one) => desk.go("what", { crafter: one.id, item: null, wrongs: {} });
  const line = (one) => el("button", { type: "button", class: "field-tile", click: () => choose(one) },
    picture(one.face), el("b", {}, one.name), el("small", {}, say("where", { dusun: one.dusun, rt: one.rt })));
  const found = (one) => low(one.name, one.dusun, `rt ${Number(one.rt)} ${one.rt}`);
  return [el("h1", { tabindex: -1 }, say("who")), ...refused(), ...searched(say("search_crafter"), found, desk.provisions.crafters, line)];
}

function what() {
  const maker = desk.crafter();
  if (!maker) return who();
  const own = new Set(maker.made);
  const tasks = desk.provisions.assignments.filter((one) => one.crafter_id === maker.id);
  const line = (one) => {
    const task = tasks.find((task) => task.item_id === one.id);
    const choose = () => desk.go("count", { item: one.id, assignment: task?.id ?? null, wrongs: {} });
    return el("button", { type: "button", class: "field-tile", click: choose },
      picture(one.cover), el("b", {}, name(one)), el("small", {}, rupiah(one.price)),
      task ? el("small", { class: "badge badge--wait" }, say("ordered", { n: task.left })) : null);
  };
  const found = (one) => low(one.name, one.size);
  const theirs = desk.provisions.items.filter((one) => own.has(one.id));
  const others = desk.provisions.items.filter((one) => !own.has(one.id));
  return [
    back(maker.name, () => desk.go("who")), el("h1", { tabindex: -1 }, say("what")), ...refused(),
    theirs.length ? el("div", { class: "field-tiles" }, theirs.map(line)) : null,
    others.length ? el("details", { class: "field-more", open: theirs.length === 0 },
      el("summary", {}, say("other_goods")), ...searched(say("search_item"), found, others, line)) : null,
  ];
}

// Corrects what was refused: a new record with what was typed before and what is wrong with it.
async function mend(event) {
  const body = JSON.parse(event.body);
  const draft = blank({
    step: "count", crafter: body.crafter_id, item: body.item_id, a: body.grade_a, b: body.grade_b, rejected: body.rejected,
    reason: body.reject_reason ?? "", terms: body.terms, cost: text(body.cost), cost_b: text(body.cost_b),
    part: body.maker_bp ? String(body.maker_bp / 100).replace(".", ",") : "", material: text(body.material), note: body.note ?? "",
    assignment: body.assignment_id, more: true, mends: event.id, wrongs: event.sentences ?? { "": event.sentence },
  });
  const kept = await store.photo(event.id);
  if (kept) await store.keepPhoto(draft.id, kept.blob);
  return draft;
}

// A link from another page names the crafter, and perhaps the goods.
function open(named, kept) {
  const [crafter, item] = ["perajin", "barang"].map((key) => Number(named.get(key)) || null);
  return crafter ? blank({ crafter, item, step: item ? "count" : "what" }) : kept ?? blank();
}

begin({
  kind: "intake", kept: "draft", shell: "/kelola/setoran/kerangka", is_here: (path) => path === "/kelola/setoran/baru",
  screens: { who, what, count: drawCount, done: drawReceipt, records: drawRecords }, first: () => (desk.crafter() ? "what" : "who"),
  can_count: () => desk.item() && desk.crafter(), open, mend,
  title: () => say("intake"), list: "/kelola/setoran", to_list: () => say("to_list"),
});
