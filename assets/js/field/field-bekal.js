// What the phone takes along: who hands in, what there is, at what price, which kiosks there are, with pictures small enough for a full day away.
import { call } from "./field-call.js";
import * as store from "./field-store.js";

const PICTURES = "foto";
// A phone this full takes no more pictures along.
const TOO_FULL = 0.8;

export const load = () => store.get("bekal");

// Asks for what is new. Nothing comes over the line when nothing changed.
export async function refresh({ outlet }) {
  const kept = await load();
  const own = kept?.outlet === outlet.id ? kept : null;
  const { status, said, tag } = await call("/kelola/setoran/bekal.json", { headers: own ? { "if-none-match": own.tag } : {} });
  // What the outlet had taken in by now is in it.
  if (status === 200 || status === 304) await store.seen();
  if (status === 304) await store.put("bekal", { ...own, fetched: Date.now() });
  if (status !== 200 || said?.outlet !== outlet.id) return;
  await store.put("bekal", { outlet: outlet.id, tag, fetched: Date.now(), ...said });
  // Beside everything else: the page works before the last picture has come.
  pictures(said).catch(() => {});
}

const address = (name) => `/foto/${name}-320.webp`;

async function pictures({ crafters, items, kiosks }) {
  if (!("caches" in window) || navigator.connection?.saveData) return;
  const covers = [...items, ...kiosks.flatMap((kiosk) => kiosk.goods)].map((one) => one.cover);
  const wanted = new Set([...crafters.map((one) => one.face), ...covers].filter(Boolean).map(address));
  const cache = await caches.open(PICTURES);
  const there = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  for (const old of there) if (!wanted.has(old)) await cache.delete(old);
  for (const path of wanted) {
    if (there.has(path)) continue;
    if (await store.fullness() > TOO_FULL) return;
    await cache.add(path).catch(() => {});
  }
}
