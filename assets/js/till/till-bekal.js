// What the till takes along: goods with prices, rules and limits, members, and the last sales. Found fast by id and by barcode.
import { call } from "./field-call.js";
import { bring } from "./field-pictures.js";
import * as store from "./field-store.js";

const KEPT = "till-bekal";
// While one sells, it is not fetched again for every sale.
const FRESH = 60_000;

// An outlet without members, limits or markets does not speak of them.
const NONE = { rows: [], members: [], limits: [], markets: [], used: [], silent: [], sales: [] };

let mine;
let asked = false;

export async function load() {
  mine ??= (await store.get(KEPT)) ?? null;
  return mine;
}

export async function refresh({ outlet, now }) {
  const kept = await load();
  const own = kept?.outlet?.id === outlet.id ? kept : null;
  const age = own && Date.now() - own.fetched;
  // A clock that was set back since makes nothing fresh.
  if (own && asked && age >= 0 && age < FRESH) return;
  const { status, said, tag } = await call("/kelola/kasir/bekal.json", { headers: own?.tag ? { "if-none-match": own.tag } : {} });
  asked = status !== 0;
  if (status === 304) return keep({ ...own, at: now, fetched: Date.now() });
  if (status !== 200 || said?.outlet?.id !== outlet.id) return;
  await keep({ ...NONE, ...said, tag, fetched: Date.now() });
  bring("kasir", said.items.map((item) => item.cover)).catch(() => {});
}

// The time by the outlet's clock: what it was when the provisions came, and what passed since. This phone's own may be a
// year wrong; when it was set back meanwhile, nobody knows what passed, and it is not earlier than the outlet last said.
export function now() {
  if (!mine) return Date.now();
  const [told, passed] = [Date.parse(mine.at), Date.now() - mine.fetched];
  return passed >= 0 ? told + passed : Math.max(told, Date.now());
}

// What the outlet had been told by now is in it.
async function keep(provisions) {
  await store.renew(KEPT, provisions, (event) => Boolean(event.till));
  mine = provisions;
}

// By id and by barcode; made once for each provision.
const found = new WeakMap();
export function index(provisions) {
  if (!found.has(provisions)) {
    const items = new Map(provisions.items.map((item) => [item.id, item]));
    const codes = new Map(provisions.items.flatMap((item) => item.barcodes.map((code) => [code, item.id])));
    found.set(provisions, { items, codes });
  }
  return found.get(provisions);
}
