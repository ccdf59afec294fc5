// Taking goods in at a crafter's door, without signal. Each tap is kept, so that a page opened again stands where it stood.
import * as bekal from "./field-bekal.js";
import { draw as drawCount } from "./field-count.js";
import { drawReceipt, drawRecords } from "./field-records.js";
import { back, el, name, picture, rupiah, say, take } from "./field-page.js";
import * as status from "./field-status.js";
import * as store from "./field-store.js";
import * as sync from "./field-sync.js";

const HERE = "/kelola/setoran/baru";
const SHELL = "/kelola/setoran/kerangka";

const screens = { who, what, count: drawCount, done: drawReceipt, records: drawRecords };
const blank = (keep = {}) => ({
  id: crypto.randomUUID(), step: "who", crafter: null, item: null, a: "", b: "", rejected: "", reason: "", terms: "consigned",
  cost: "", cost_b: "", part: "", material: "", note: "", more: false, sure: [], assignment: null, ...keep,
});

// What is being entered, with what it is entered from. Screens draw themselves from it and change it through it.
const desk = {
  main: null,
  provisions: null,
  draft: null,
  events: [],
  crafter: (id = desk.draft.crafter) => desk.provisions.crafters.find((one) => one.id === id),
  item: (id = desk.draft.item) => desk.provisions.items.find((one) => one.id === id),
  // Keeps what was typed; the screen stays as it is.
  type(more) {
    Object.assign(desk.draft, more);
    return store.put("draft", desk.draft);
  },
  // Goes to another screen.
  async go(step, more = {}) {
    await desk.type({ ...more, step });
    desk.events = await store.events();
    history.pushState({ step }, "");
    draw();
  },
  // Another hand-over, of the same crafter or of anybody.
  fresh: (keep) => desk.go(keep.crafter ? "what" : "who", blank(keep)),
  // Corrects what was refused: a new record with what was typed before.
  async mend(event) {
    const body = JSON.parse(event.body);
    const draft = blank({
      crafter: body.crafter_id, item: body.item_id, a: body.grade_a, b: body.grade_b, rejected: body.rejected,
      reason: body.reject_reason ?? "", terms: body.terms, cost: text(body.cost), cost_b: text(body.cost_b), part: body.maker_bp ? String(body.maker_bp / 100) : "",
      material: text(body.material), note: body.note ?? "", assignment: body.assignment_id, more: true, mends: event.id,
    });
    const kept = await store.photo(event.id);
    if (kept) await store.keepPhoto(draft.id, kept.blob);
    await desk.go("count", draft);
  },
};

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

function who() {
  const choose = (one) => desk.go("what", { crafter: one.id, item: null });
  const line = (one) => el("button", { type: "button", class: "field-tile", click: () => choose(one) },
    picture(one.face), el("b", {}, one.name), el("small", {}, say("where", { dusun: one.dusun, rt: one.rt })));
  const found = (one) => low(one.name, one.dusun, `rt ${Number(one.rt)} ${one.rt}`);
  return [el("h1", { tabindex: -1 }, say("who")), ...searched(say("search_crafter"), found, desk.provisions.crafters, line)];
}

function what() {
  const maker = desk.crafter();
  if (!maker) return who();
  const own = new Set(maker.made);
  const tasks = desk.provisions.assignments.filter((one) => one.crafter_id === maker.id);
  const line = (one) => {
    const task = tasks.find((task) => task.item_id === one.id);
    const choose = () => desk.go("count", { item: one.id, assignment: task?.id ?? null });
    return el("button", { type: "button", class: "field-tile", click: choose },
      picture(one.cover), el("b", {}, name(one)), el("small", {}, rupiah(one.price)),
      task ? el("small", { class: "badge badge--wait" }, say("ordered", { n: task.left })) : null);
  };
  const found = (one) => low(one.name, one.size);
  const theirs = desk.provisions.items.filter((one) => own.has(one.id));
  const others = desk.provisions.items.filter((one) => !own.has(one.id));
  return [
    back(maker.name, () => desk.go("who")), el("h1", { tabindex: -1 }, say("what")),
    theirs.length ? el("div", { class: "field-tiles" }, theirs.map(line)) : null,
    others.length ? el("details", { class: "field-more", open: theirs.length === 0 },
      el("summary", {}, say("other_goods")), ...searched(say("search_item"), found, others, line)) : null,
  ];
}

function draw() {
  const { draft, provisions } = desk;
  if (sync.now().out) return show("out", [el("h1", { tabindex: -1 }, say("out_title")), el("p", {}, say("out_text", { n: sync.now().waiting })),
    el("a", { class: "button", href: `/masuk?kembali=${encodeURIComponent(HERE)}` }, say("sign_in"))]);
  if (!provisions) return show("empty", [el("h1", { tabindex: -1 }, say("empty_title")),
    el("p", { class: "soft" }, say(sync.now().reach === false ? "empty_away" : "empty_coming"))]);
  const step = screens[draft.step] && (draft.step !== "count" || (desk.item() && desk.crafter())) ? draft.step : "who";
  return show(step, screens[step](desk));
}

function show(step, inside) {
  const is_new = desk.main.dataset.step !== step || step === "count";
  desk.main.dataset.step = step;
  desk.main.replaceChildren(el("section", { class: "section narrow" }, inside));
  if (!is_new) return;
  scrollTo(0, 0);
  (desk.main.querySelector("[data-first]") ?? desk.main.querySelector("h1"))?.focus({ preventScroll: true });
}

// The page as the server drew it works by itself; this puts the one that needs no signal in its place.
async function shell() {
  if (document.querySelector("[data-field]")) return true;
  if (location.pathname !== HERE) return false;
  const answer = await fetch(SHELL).catch(() => null);
  if (!answer?.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = page.title;
  document.body.replaceChildren(...page.body.childNodes);
  take(JSON.parse(document.querySelector("[data-words]").textContent));
  return true;
}

// A link from another page names the crafter, and perhaps the goods.
function asked() {
  const named = new URLSearchParams(location.search);
  history.replaceState(null, "", HERE);
  const [crafter, item] = ["perajin", "barang"].map((key) => Number(named.get(key)) || null);
  return crafter ? blank({ crafter, item, step: item ? "count" : "what" }) : null;
}

// Only what the screen shows by itself is drawn anew while somebody types.
async function changed({ events, reach }) {
  const before = desk.provisions;
  desk.provisions = await bekal.load();
  desk.events = events;
  status.draw(sync.now());
  const { step } = desk.main.dataset;
  const is_quiet = step === "done" || step === "records";
  if (is_quiet || step === "out" || !before || sync.now().out || (step === "empty" && reach === false)) draw();
}

async function begin() {
  if (!globalThis.indexedDB || !globalThis.crypto?.subtle || !navigator.serviceWorker || !(await shell())) return;
  const worker = await navigator.serviceWorker.register("/sw.js", { scope: "/kelola" }).catch(() => null);
  desk.main = document.querySelector("[data-field]");
  desk.provisions = await bekal.load();
  desk.draft = asked() ?? (await store.get("draft")) ?? blank();
  desk.events = await store.events();
  history.replaceState({ step: desk.draft.step }, "");
  addEventListener("popstate", ({ state }) => { if (state?.step) desk.type({ step: state.step }).then(draw); });
  status.onOpen(() => desk.go("records"));
  draw();
  sync.watch(changed);
  await sync.start();
  const language = (await store.get("session"))?.language;
  if (language && language !== document.documentElement.lang) worker?.active?.postMessage("shells");
}

begin();
