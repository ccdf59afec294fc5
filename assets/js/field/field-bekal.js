// What the phone takes along: who hands in, what there is, at what price, which kiosks there are, with pictures small enough for a full day away.
import { call } from "./field-call.js";
import { bring } from "./field-pictures.js";
import * as store from "./field-store.js";

export const load = () => store.get("bekal");

// Asks for what is new. Nothing comes over the line when nothing changed.
export async function refresh({ outlet }) {
  const kept = await load();
  const own = kept?.outlet === outlet.id ? kept : null;
  const { status, said, tag } = await call("/kelola/setoran/bekal.json", { headers: own ? { "if-none-match": own.tag } : {} });
  // What the outlet had taken in by now is in it.
  const keep = (provisions) => store.renew("bekal", provisions, (event) => !event.till);
  if (status === 304) await keep({ ...own, fetched: Date.now() });
  if (status !== 200 || said?.outlet !== outlet.id) return;
  await keep({ outlet: outlet.id, tag, fetched: Date.now(), ...said });
  // Beside everything else: the page works before the last picture has come.
  const covers = [...said.items, ...said.kiosks.flatMap((kiosk) => kiosk.goods)].map((one) => one.cover);
  bring("setoran", [...said.crafters.map((one) => one.face), ...covers]).catch(() => {});
}
