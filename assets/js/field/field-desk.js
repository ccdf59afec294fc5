// The desk of a field page: what is being entered, with what it is entered from. Each tap is kept, so that a page opened
// again stands where it stood. Screens draw themselves from the desk and change it through it.
import * as bekal from "./field-bekal.js";
import { written } from "./field-event.js";
import { el, say, take } from "./field-page.js";
import * as status from "./field-status.js";
import * as store from "./field-store.js";
import * as sync from "./field-sync.js";

export const desk = {
  main: null,
  page: null,
  provisions: null,
  draft: null,
  events: [],
  // Keeps what was typed; the screen stays as it is. A phone that is full says so when it comes to saving.
  type(more) {
    Object.assign(desk.draft, more);
    return store.put(desk.page.kept, desk.draft).catch(() => {});
  },
  // Goes to another screen.
  async go(step, more = {}) {
    await desk.type({ ...more, step });
    desk.events = await store.events();
    history.pushState({ step }, "", desk.page.url?.(desk.draft) ?? "");
    draw();
  },
  // Writes down what was entered. Names and pictures are kept with it: its receipt is drawn from them, whatever the
  // provisions say later.
  async record(kind, body, more) {
    const { draft } = desk;
    await store.record(await written(draft.id, kind, body, more));
    if (draft.mends) await store.note(draft.mends, { mended: true });
    await desk.go("done");
    sync.soon();
  },
};

function draw() {
  const { draft, provisions, page } = desk;
  if (sync.now().out) return show("out", [el("h1", { tabindex: -1 }, say("out_title")), el("p", {}, say("out_text", { n: sync.now().waiting })),
    el("a", { class: "button", href: `/masuk?kembali=${encodeURIComponent(location.pathname)}` }, say("sign_in"))]);
  if (!provisions) return show("empty", [el("h1", { tabindex: -1 }, say("empty_title")),
    el("p", { class: "soft" }, say(sync.now().reach === false ? "empty_away" : "empty_coming"))]);
  const step = page.screens[draft.step] && (draft.step !== "count" || page.can_count(desk)) ? draft.step : page.first();
  return show(step, page.screens[step](desk));
}

function show(step, inside) {
  const is_new = desk.main.dataset.step !== step || step === "count";
  const drawn = el("section", { class: "section narrow" }, inside);
  // What says the same stays, so that nothing is taken away from under a finger.
  if (!is_new && desk.main.firstElementChild?.isEqualNode(drawn)) return;
  desk.main.dataset.step = step;
  desk.main.replaceChildren(drawn);
  if (!is_new) return;
  scrollTo(0, 0);
  (desk.main.querySelector("[data-first]") ?? desk.main.querySelector("h1"))?.focus({ preventScroll: true });
}

// The page as the server drew it works by itself; this puts the one that needs no signal in its place.
async function shell({ is_here, shell }) {
  if (document.querySelector("[data-field]")) return true;
  if (!is_here(location.pathname)) return false;
  const answer = await fetch(shell).catch(() => null);
  if (!answer?.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = page.title;
  document.body.replaceChildren(...page.body.childNodes);
  take(JSON.parse(document.querySelector("[data-words]").textContent));
  return true;
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

// A record that was refused, with a sentence or two: what was typed comes back into its form, with the sentences.
async function mended(id) {
  const event = id && (await store.event(id));
  return event?.kind === desk.page.kind && event.state === "refused" && !event.mended ? desk.page.mend(event) : null;
}

// Opens a page: its kind of record, its screens, and how a record begins.
export async function begin(page) {
  if (!globalThis.indexedDB || !globalThis.crypto?.subtle || !navigator.serviceWorker || !(await shell(page))) return;
  const worker = await navigator.serviceWorker.register("/sw.js", { scope: "/kelola" }).catch(() => null);
  const named = new URLSearchParams(location.search);
  desk.page = page;
  desk.main = document.querySelector("[data-field]");
  desk.provisions = await bekal.load();
  desk.events = await store.events();
  desk.draft = (await mended(named.get("perbaiki"))) ?? page.open(named, await store.get(page.kept));
  await store.put(page.kept, desk.draft).catch(() => {});
  history.replaceState({ step: desk.draft.step }, "", location.pathname);
  addEventListener("popstate", ({ state }) => { if (state?.step) desk.type({ step: state.step }).then(draw); });
  status.onOpen(() => desk.go("records"));
  draw();
  sync.watch(changed);
  await sync.start(bekal);
  const language = (await store.get("session"))?.language;
  if (language && language !== document.documentElement.lang) worker?.active?.postMessage("shells");
}
