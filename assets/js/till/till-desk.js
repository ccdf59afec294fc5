// The desk of the till: what it knows, what lies in the basket, whose shift it is, and which screen is up. Everything that
// happens is written down here before any screen says that it is done.
import * as bekal from "./till-bekal.js";
import { hush, tell } from "./till-dialog.js";
import { written } from "./field-event.js";
import { el, say } from "./field-page.js";
import * as own from "./till-own.js";
import * as store from "./field-store.js";
import * as sync from "./field-sync.js";

export const blank = () => ({ id: crypto.randomUUID(), lines: [], tenders: [], received: 0, family: null, asked: null, member: null, bill: null });

export const till = {
  main: null, screens: {}, screen: { name: "goods" }, provisions: null, events: [], basket: blank(), parked: [], shift: null, number: 1,
  untold: { goods: new Map(), markdowns: new Map(), markets: new Map(), accounts: new Map(), used: [] },
};

const heard = [];
// Hears of new provisions and of what was sold: tiles and warnings follow.
export const onKnown = (act) => { heard.push(act); };

export const item = (id) => bekal.index(till.provisions).items.get(id);
export const coded = (code) => bekal.index(till.provisions).codes.get(code) ?? till.codes?.[code] ?? null;
export const member = (id) => till.provisions.members.find((one) => one.id === id) ?? null;
// Who belongs to one family owes together.
export const owed = (one) => till.provisions.members
  .filter((other) => other.id === one.id || (one.with && other.with === one.with))
  .reduce((sum, other) => sum + (till.untold.accounts.get(other.id) ?? 0), one.owed);

// Reads all that was kept: a page opened again stands where it stood.
export async function open() {
  const [basket, parked, shift, number, codes] = await Promise.all(["basket", "parked", "shift", "number", "codes"].map((key) => store.get(`till-${key}`)));
  Object.assign(till, { basket: basket ?? blank(), parked: parked ?? [], shift: shift ?? null, number: number ?? 1, codes: codes ?? {} });
  till.provisions = await bekal.load();
  take(await store.events());
}

// Basket and parked sales are kept with each tap; a till that is full says so when it comes to selling.
let kept = Promise.resolve();
export const keep = (...names) => {
  kept = Promise.all(names.map((name) => store.put(`till-${name}`, till[name]))).catch(() => {});
  return kept;
};

function take(events) {
  till.events = events;
  if (till.provisions) till.untold = own.untold(events, bekal.index(till.provisions).items);
}

// An act that writes something down, done once however often it is tapped: while it still runs, another call is passed
// over. When it was refused, it can be called again.
export function once(act) {
  let running = false;
  return async (...given) => {
    // A form that is passed over is not for the browser to send either.
    given[0]?.preventDefault?.();
    if (running) return;
    running = true;
    try {
      await act(...given);
    } finally {
      running = false;
    }
  };
}

// Writes an event down, and what follows from it, in one. Says whether it was new.
export async function record(kind, body, more = {}, after = {}) {
  const { id = crypto.randomUUID(), ...rest } = more;
  const names = Object.fromEntries(Object.entries(after).map(([name, value]) => [`till-${name}`, value]));
  // What lay in the basket before must not overwrite what comes after.
  await kept;
  const is_new = await store.record(await written(id, kind, body, { ...rest, till: true, at: bekal.now() }), names);
  if (is_new) Object.assign(till, after);
  take(await store.events());
  for (const act of heard) act();
  sync.soon();
  return is_new;
}

// Goes to another screen.
export function go(name, given = {}, is_instead = false) {
  hush();
  till.screen = { name, given };
  history[is_instead ? "replaceState" : "pushState"](till.screen, "", "");
  draw();
}

// Back to selling; nothing to go back to lies behind it.
export const home = () => go("goods", {}, true);

export function draw() {
  const name = screen();
  const inside = till.screens[name](till.screen.given ?? {});
  if (name === "goods") return show(name, inside);
  return show(name, el("section", { class: "section narrow till-screen" }, inside));
}

// Goods are sold from an open drawer only.
function screen() {
  const { name } = till.screen;
  if (!till.provisions) return name === "records" ? name : "empty";
  if (!till.shift && !["records", "day", "sales", "receipt", "menu"].includes(name)) return "open";
  return till.screens[name] ? name : "goods";
}

function show(name, node) {
  const key = `${name}:${JSON.stringify(till.screen.given ?? {})}`;
  const is_new = till.main.dataset.screen !== key;
  // What says the same stays, so that nothing is taken away from under a finger.
  if (!is_new && (till.main.firstElementChild === node || till.main.firstElementChild?.isEqualNode(node))) return;
  till.main.dataset.screen = key;
  till.main.replaceChildren(node);
  if (!is_new) return;
  scrollTo(0, 0);
  (node.querySelector("[data-first]") ?? node.querySelector("h1"))?.focus({ preventScroll: true });
}

// These follow what becomes of events; all others stay as they are while somebody works on them.
const FOLLOWS = ["records", "receipt", "empty", "day", "sales"];

// A drawer that was counted on the outlet's page is no longer sold into: what it gets after that would be missing from it.
function ended() {
  if (!till.shift || !till.provisions?.closed?.includes(till.shift.id)) return false;
  till.shift = null;
  keep("shift");
  tell(say("shift_ended_text"), say("shift_ended"));
  return true;
}

export async function changed({ events }) {
  const had = till.provisions;
  till.provisions = await bekal.load();
  take(events);
  if (had !== till.provisions) for (const act of heard) act();
  const name = screen();
  if (ended() || !had || FOLLOWS.includes(name)) draw();
}

export const title = (words) => el("h1", { tabindex: -1 }, words);
