// Pictures that a phone takes along, small enough for a full day away. Each page says which it needs; the rest go.
import * as store from "./field-store.js";

const PICTURES = "foto";
// A phone this full takes no more pictures along.
const TOO_FULL = 0.8;

const address = (name) => `/foto/${name}-320.webp`;

export async function bring(page, names) {
  if (!("caches" in window) || navigator.connection?.saveData) return;
  const paths = [...new Set(names.filter(Boolean))].map(address);
  const all = { ...(await store.get("pictures")), [page]: paths };
  await store.put("pictures", all);
  const wanted = new Set(Object.values(all).flat());
  const cache = await caches.open(PICTURES);
  const there = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  for (const old of there) if (!wanted.has(old)) await cache.delete(old);
  for (const path of paths) {
    if (there.has(path)) continue;
    if (await store.fullness() > TOO_FULL) return;
    await cache.add(path).catch(() => {});
  }
}
