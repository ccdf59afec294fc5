// Visiting a kiosk on another island, without signal: what was sold, goes home, is broken, is still there, and the cash.
import { begin, desk } from "./field-desk.js";
import { badge, drawRecords, mend as mending, receipt, sentences } from "./field-records.js";
import { el, hour, rupiah, say } from "./field-page.js";
import * as tally from "./field-tally.js";
import { lines } from "./field-told.js";
import { draw as drawCount } from "./field-visit-count.js";

const HERE = /^\/kelola\/kios\/(\d+)\/kunjungan$/;

const blank = (keep = {}) => ({ id: crypto.randomUUID(), step: "which", kiosk: null, typed: { cara: "tunai" }, sure: [], ...keep });

// Visits that the provisions do not know of yet.
const untold = () => desk.events.filter((event) => event.kind === "visit" && (event.state === "waiting" || event.unseen));
const is_told = (draft) => desk.events.some((event) => event.id === draft.id);

Object.assign(desk, {
  // As it stands after what was recorded here and not sent yet.
  kiosks: () => {
    const bodies = untold().map((event) => JSON.parse(event.body));
    return (desk.provisions.kiosks ?? []).map((kiosk) => tally.visited(kiosk, bodies));
  },
  kiosk: (id = desk.draft.kiosk) => desk.kiosks().find((one) => one.id === id),
});

const pieces = (kiosk) => kiosk.goods.reduce((all, good) => all + good.n, 0);

function which() {
  const choose = (one) => desk.go("count", one.id === desk.draft.kiosk && !is_told(desk.draft) ? {} : blank({ kiosk: one.id }));
  const line = (one) => el("button", { type: "button", class: "card kiosk-card field-kiosk", click: () => choose(one) },
    el("b", { class: "kiosk-card__name" }, one.name), el("span", { class: "soft" }, one.town),
    el("span", { class: "kiosk-card__figures" },
      el("span", {}, el("b", {}, pieces(one)), say("kiosk_there")), el("span", {}, el("b", { class: "money" }, rupiah(one.owes)), say("kiosk_owes"))));
  const all = desk.kiosks();
  return [el("h1", { tabindex: -1 }, say("which_kiosk")), all.length ? all.map(line) : el("p", { class: "soft" }, say("no_kiosks"))];
}

function done() {
  const event = desk.events.find((one) => one.id === desk.draft.id);
  const next = el("button", { type: "button", class: "button", click: () => desk.go("which", blank()) }, say("next_kiosk"));
  if (!event) return [el("h1", { tabindex: -1 }, say("saved")), next];
  const body = JSON.parse(event.body);
  const kiosk = desk.kiosk(body.kios);
  return [
    el("h1", { tabindex: -1 }, say(event.state === "refused" ? "refused" : "visit_saved")),
    el("div", { class: "card field-receipt", "aria-live": "polite" },
      badge(event),
      el("b", { class: "field-receipt__who" }, event.kiosk),
      el("p", { class: "field-receipt__n" }, lines(event)),
      kiosk && event.state !== "refused" ? el("p", {}, say("stands_now", { n: pieces(kiosk) }), el("br"), say("owes_now", { amount: rupiah(kiosk.owes) })) : null,
      el("p", { class: "soft small" }, say("receipt_by", { at: hour(event.at), name: event.by })),
      sentences(event)),
    receipt(event, "button button--quiet"), mending(event), next,
  ];
}

// What was refused is counted anew: what should stand there may have changed.
const mend = (event) => {
  const { kios, ...typed } = JSON.parse(event.body);
  const kept = Object.entries(typed).filter(([name]) => !/^(ada|harga)_/.test(name));
  return blank({ step: "count", kiosk: kios, typed: { cara: "tunai", ...Object.fromEntries(kept) }, mends: event.id,
    wrongs: event.sentences ?? { "": event.sentence } });
};

// The address names the kiosk; what was typed for it is still there.
function open(named, kept) {
  if (kept && history.state?.step) return kept;
  const kiosk = Number(HERE.exec(location.pathname)?.[1]) || null;
  if (!kiosk) return kept && !is_told(kept) ? { ...kept, step: "which" } : blank();
  return kept?.kiosk === kiosk && !is_told(kept) ? { ...kept, step: "count" } : blank({ kiosk, step: "count" });
}

begin({
  kind: "visit", kept: "draft-visit", shell: "/kelola/kios/kerangka", is_here: (path) => HERE.test(path),
  screens: { which, count: drawCount, done, records: drawRecords }, first: () => "which",
  can_count: () => desk.kiosk(), open, mend,
  url: ({ step, kiosk }) => (step === "count" && kiosk ? `/kelola/kios/${kiosk}/kunjungan` : ""),
  title: () => say("visit"), list: "/kelola/kios", to_list: () => say("kiosk_title"),
});
