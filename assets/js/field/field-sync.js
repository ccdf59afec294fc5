// Sends what was recorded whenever it can: after each record, when signal comes back, when somebody looks, and from time to
// time, more and more seldom while nothing gets through. An event stays here until the server has given its verdict.
import { call, tell } from "./field-call.js";
import * as store from "./field-store.js";
import { lock, sign } from "./field-sign.js";

const MOST = 100;
const HEAVY = 200_000;
const FIRST_PAUSE = 4_000;
const LONGEST_PAUSE = 5 * 60_000;
// What was accepted is shown for so long.
const REMEMBERED = 14 * 24 * 3600_000;

// What the page takes along, which is asked for before anything is sent.
let bekal = null;
const watchers = [];
let standing = { waiting: 0, refused: 0, held: 0, reach: null, out: false, stopped: null, fetched: null, full: 0, ahead: 0 };
let timer;
let pause = FIRST_PAUSE;
let running = null;
let again = false;

export const now = () => standing;
export const watch = (look) => { watchers.push(look); };

async function show(more = {}) {
  const all = await store.events();
  const count = (state) => all.filter((event) => event.state === state && !event.mended && !event.decision).length;
  standing = {
    ...standing, ...more, events: all, photos: await store.photos(),
    waiting: count("waiting"), refused: count("refused"), held: count("held"),
    fetched: (await bekal?.load())?.fetched ?? null, full: await store.fullness(),
  };
  for (const look of watchers) look(standing);
}

// Sends soon; called from anywhere and as often as one likes.
export function soon() {
  pause = FIRST_PAUSE;
  clearTimeout(timer);
  timer = setTimeout(round, 50);
}

export function start(provisions) {
  bekal = provisions;
  addEventListener("online", soon);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
  return show().then(round);
}

export function round() {
  clearTimeout(timer);
  if (running) { again = true; return running; }
  // Two open pages of one phone take turns.
  const turn = navigator.locks ? (work) => navigator.locks.request("kelola-kirim", work) : (work) => work();
  running = turn(send).catch((fault) => { console.error(fault); return false; }).then(async (is_through) => {
    running = null;
    await show().catch(() => {});
    pause = is_through ? LONGEST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
    // Many phones of one village do not come all at once.
    timer = setTimeout(round, again ? 50 : pause * (0.75 + Math.random() / 2));
    again = false;
  });
  return running;
}

// One whole round. Says whether all that could go has gone.
async function send() {
  const session = await store.get("session");
  const device = session && await store.get(`device-${session.outlet.id}`);
  const { status, said } = await call(device ? `/api/v1/sync?device=${device.id}` : "/api/v1/sync");
  if (status === 401) { await show({ reach: true, out: true }); return true; }
  if (status === 403) { await show({ reach: true, stopped: "not_operator" }); return true; }
  if (status !== 200) { await show({ reach: status !== 0 }); return false; }
  await store.put("session", said);
  await show({ reach: true, out: false, stopped: null, ahead: Date.now() - Date.parse(said.now) });
  const key = await own(said);
  if (!key) return true;
  await bekal.refresh(said);
  await show();
  const is_sent = await events(said, key);
  if ((await store.events()).some((event) => event.unseen && event.kind === "visit")) await bekal.refresh(said);
  await decided();
  const are_sent = await pictures(said);
  await tidy();
  return is_sent && are_sent;
}

// This phone as one of the outlet: registered now if it is not yet. One that was revoked waits for a tap.
async function own({ outlet, csrf, device: as }) {
  const name = `device-${outlet.id}`;
  const known = await store.get(name);
  if (known && as === "registered") return known;
  if (known && as === "revoked") { await show({ stopped: "revoked" }); return null; }
  const install = (await store.get("install")) ?? crypto.randomUUID();
  await store.put("install", install);
  const { status, said } = await tell("/api/v1/devices", csrf, JSON.stringify({ install }));
  if (status === 409) { await store.drop("install"); return known ?? null; }
  if (status !== 200) return null;
  const device = { id: said.device, outlet: outlet.id, key: await lock(said.key) };
  await store.put(name, device);
  // Another outlet, or the next time, makes another name.
  await store.drop("install");
  return device;
}

// After a revocation somebody signed in again and says: this phone once more.
export async function enlist() {
  const session = await store.get("session");
  if (session) await store.drop(`device-${session.outlet.id}`);
  soon();
}

async function signed(event, device) {
  if (event.device !== device.id) {
    await store.adopt(event.id, device.id);
    event = await store.event(event.id);
  }
  if (!event.signature) {
    event.signature = await sign(device.key, event);
    await store.note(event.id, { signature: event.signature });
  }
  const { counter, id, kind, recorded_at, person, body, signature } = event;
  return { counter, id, kind, recorded_at, person, body, signature };
}

async function events(session, device) {
  const of_outlet = (event) => event.state === "waiting" && event.outlet === session.outlet.id;
  for (;;) {
    const waiting = (await store.events()).filter(of_outlet).slice(0, MOST);
    if (waiting.length === 0) return true;
    const batch = [];
    for (let weight = 0; batch.length < waiting.length && weight < HEAVY;) {
      const event = await signed(waiting[batch.length], device);
      weight += event.body.length + 400;
      batch.push(event);
    }
    const body = JSON.stringify({ device: device.id, now: new Date().toISOString(), events: batch });
    const { status, said } = await tell("/api/v1/sync", session.csrf, body);
    if (status !== 200) {
      await show(said?.detail && status === 409 ? { trouble: said.detail } : { reach: status !== 0 });
      return false;
    }
    for (const told of said.events) {
      const { id, verdict, answer, reason, sentence, sentences, decision } = told;
      const unseen = verdict === "accepted";
      await store.note(id, { state: verdict, answer, reason, sentence, sentences, decision, unseen, told: Date.now() });
    }
    await show({ trouble: null });
  }
}

// What a person had to decide may be decided by now.
async function decided() {
  for (const event of (await store.events()).filter((event) => event.state === "held" && !event.decision)) {
    const { status, said } = await call(`/api/v1/sync/event/${event.id}`);
    if (status === 200 && said.decision) await store.note(event.id, { decision: said.decision, answer: said.answer });
  }
}

// Photos come after their events, one by one: each is heavier than all events together.
async function pictures(session) {
  let all = true;
  const draft = await store.get("draft");
  for (const id of await store.photos()) {
    const event = await store.event(id);
    const is_over = event ? event.mended || event.decision === "dismissed" : id !== draft?.id;
    if (is_over) { await store.dropPhoto(id); continue; }
    if (event?.state !== "accepted" && event?.decision !== "accepted") continue;
    const { blob } = await store.photo(id);
    const { status } = await tell(`/api/v1/sync/photo/${id}`, session.csrf, blob, blob.type || "image/jpeg");
    // No picture after all, or one that is not wanted: it would not be taken later either.
    if (status === 200 || status === 422 || status === 413) await store.dropPhoto(id);
    else all = false;
  }
  return all;
}

async function tidy() {
  const photos = new Set(await store.photos());
  for (const event of await store.events()) {
    const is_over = event.state === "accepted" || event.decision || event.mended;
    if (is_over && !photos.has(event.id) && Date.now() - (event.told ?? Date.now()) > REMEMBERED) await store.forget(event.id);
  }
}
