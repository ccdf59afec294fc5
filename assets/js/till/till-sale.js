// From a basket to a sale: once all is paid, it is written down, and only then the till says so.
import { blank, go, once, record, till } from "./till-desk.js";
import * as basket from "./till-basket.js";
import { renew } from "./till-family.js";
import { tell } from "./till-dialog.js";
import { say } from "./field-page.js";
import * as store from "./field-store.js";

export const rest = () => basket.total() - till.basket.tenders.reduce((sum, one) => sum + one.amount, 0);

// "K3-0042": the till and the count of its sales.
async function numbered() {
  const session = await store.get("session");
  const device = await store.get(`device-${session.outlet.id}`);
  return `K${device?.id ?? 0}-${String(till.number).padStart(4, "0")}`;
}

// Pays what is left in cash, out of what was handed over, and writes the sale down.
export const finish = once(async (received = 0) => {
  try {
    await sell(received);
  } catch (fault) {
    console.error(fault);
    await tell(say("no_room_sale"), say("not_sold"));
  }
});

async function sell(received) {
  const sold = till.basket;
  const no = (await renew()) ?? basket.final();
  if (no) return tell(no);
  const left = rest();
  if (left < 0) return tell(say("paid_too_much"));
  if (left > 0 && received < left) return tell(say("paid_too_little"));
  const cash = left > 0 ? [{ by: "cash", amount: left, received }] : [];
  const lines = sold.lines.map((one) => ({
    item: one.item, quantity: one.quantity, price: one.price, amount: basket.amount(one), price_of: one.price_of,
    ...(one.markdown && { markdown: one.markdown }), ...(one.market && { market: one.market }),
  }));
  const number = await numbered();
  const body = {
    shift: till.shift.id, number, prices_at: till.provisions.at, lines, tenders: [...sold.tenders, ...cash], total: basket.total(),
    ...(sold.member && { member: sold.member }), ...(sold.family && { family: sold.family }),
  };
  // As its receipt shows it, whatever the provisions say later.
  const shown = sold.lines.map((one) => ({ name: one.name, measure: one.measure, craft: one.craft, quantity: one.quantity, price: one.price, amount: basket.amount(one) }));
  const is_new = await record("sale", body, { id: sold.id, number, lines: shown, change: Math.max(0, received - Math.max(0, left)) }, { number: till.number + 1, basket: blank() });
  // Sold before, in a window that did not hear of it: the next buyer begins.
  if (!is_new) basket.clear();
  basket.told();
  go("receipt", { id: sold.id }, true);
}
