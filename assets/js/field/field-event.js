// What happened, as it is written down on the phone: by whom, when, on which phone of which outlet.
import * as store from "./field-store.js";

export async function written(id, kind, body, more = {}) {
  const session = await store.get("session");
  const device = await store.get(`device-${session.outlet.id}`);
  return {
    id, kind, body: JSON.stringify(body), device: device?.id ?? null, outlet: session.outlet.id, person: session.person.id,
    by: session.person.name, at: Date.now(), recorded_at: new Date().toISOString(), signature: null, state: "waiting", ...more,
  };
}
