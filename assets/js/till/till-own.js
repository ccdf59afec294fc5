// What this till sold, took back and wrote on accounts that its provisions do not know of yet; and how sales stand after
// what came back.
const sum = (list, amount) => list.reduce((all, one) => all + amount(one), 0);
const own = (events, kind) => events.filter((event) => event.till && event.kind === kind);
const is_over = (event) => event.state === "refused" || event.decision === "dismissed";
const is_untold = (event) => (event.state === "waiting" || event.state === "held" || event.unseen) && !is_over(event);

const bodies = new WeakMap();
export function body(event) {
  if (!bodies.has(event)) bodies.set(event, JSON.parse(event.body));
  return bodies.get(event);
}

// What a return gave in one way; what an older page recorded says one way for all of it.
const gave = (told, by) => (told.by ? (told.by === by ? told.amount : 0) : sum(told.tenders.filter((one) => one.by === by), (one) => one.amount));

const add = (map, key, more) => map.set(key, (map.get(key) ?? 0) + more);

// Sums that lie on top of the provisions.
export function untold(events, items) {
  const [goods, markdowns, markets, accounts, used] = [new Map(), new Map(), new Map(), new Map(), []];
  for (const event of own(events, "sale").filter(is_untold)) {
    const told = body(event);
    for (const line of told.lines) {
      add(goods, line.item, line.quantity);
      if (line.markdown) add(markdowns, line.markdown, line.quantity);
      if (line.market) add(markets, `${line.market}:${line.item}`, line.quantity);
      if (told.family) used.push(...uses(told.family, line, items.get(line.item), event.at, 1));
    }
    for (const tender of told.tenders) if (tender.by === "account") add(accounts, told.member, tender.amount);
  }
  for (const event of own(events, "return").filter(is_untold)) {
    const sale = events.find((one) => one.id === body(event).sale);
    const told = sale && body(sale);
    for (const line of body(event).lines) {
      const sold = told?.lines[line.n];
      if (!sold) continue;
      if (line.good) add(goods, sold.item, -line.quantity);
      if (told.family) used.push(...uses(told.family, { ...sold, quantity: line.quantity }, items.get(sold.item), event.at, -1));
    }
    if (told?.member) add(accounts, told.member, -gave(body(event), "account"));
  }
  for (const event of own(events, "debt_paid").filter(is_untold)) add(accounts, body(event).member, -body(event).amount);
  return { goods, markdowns, markets, accounts, used };
}

// What a line takes of a family's limits.
function uses(family, line, item, at, sign) {
  const of_market = line.market ? [{ family, about: `market:${line.market}:item:${line.item}`, at, quantity: sign * line.quantity }] : [];
  if (!item?.commodity) return of_market;
  const quantity = item.measure === "piece" ? line.quantity * (item.content || 1) : line.quantity;
  return [...of_market, { family, about: `commodity:${item.commodity}`, at, quantity: sign * quantity }];
}

// What a family had of something: as the provisions know, and as this till knows better.
export const had = (provisions, own_used, family, about) => [
  ...provisions.used.filter(([of, what]) => of === family && what === about).map(([, , at, quantity]) => ({ at: Date.parse(at), quantity })),
  ...own_used.filter((row) => row.family === family && row.about === about),
];

// A sale as it can be taken back: `left` of each line, whatever was taken back of it here since.
export function sales(provisions, events) {
  const back = new Map();
  for (const event of own(events, "return").filter((one) => !is_over(one))) {
    const is_known = event.state === "accepted" && !event.unseen;
    for (const line of body(event).lines) add(back, `${body(event).sale}:${line.n}:${is_known}`, line.quantity);
    for (const by of ["account", "bansos"]) add(back, `${body(event).sale}:${by}:${is_known}`, gave(body(event), by));
  }
  const got = (id, n, is_known) => back.get(`${id}:${n}:${is_known}`) ?? 0;
  const theirs = new Map(provisions.sales.map((sale) => [sale.id, {
    ...sale, at: Date.parse(sale.at), account: Math.max(0, (sale.account ?? 0) - got(sale.id, "account", false)), aid: Math.max(0, (sale.aid ?? 0) - got(sale.id, "bansos", false)), lines: sale.lines.map((line) => ({ ...line, left: Math.max(0, line.left - got(sale.id, line.n, false)) })),
  }]));
  const ours = own(events, "sale").filter((event) => !theirs.has(event.id) && !is_over(event)).map((event) => {
    const told = body(event);
    const lines = told.lines.map((line, n) => ({ n, ...event.lines[n], left: line.quantity - got(event.id, n, true) - got(event.id, n, false) }));
    const rest = (by) => gave(told, by) - got(event.id, by, true) - got(event.id, by, false);
    return { id: event.id, number: told.number, at: event.at, total: told.total, lines, member: told.member, aid: rest("bansos"), account: rest("account") };
  });
  return [...theirs.values(), ...ours].sort((a, b) => b.at - a.at);
}

// What a part of a line is worth when some of it came back before: all parts together are the line.
export function worth(line, quantity) {
  const up_to = (n) => Math.floor((line.amount * n) / line.quantity);
  const before = line.quantity - line.left;
  return up_to(before + quantity) - up_to(before);
}

// What was given back of a sale before, in whatever way.
export const given = (sale) => sum(sale.lines, (line) => line.amount - worth(line, line.left));

// The most that may be given back of a sale in cash: never what the card of social aid paid, nor what is on an account.
export const most_back = (sale) => Math.max(0, sale.total - sale.aid - sale.account - given(sale));

// How money of a sale goes back: the first way as far as it was paid like that, then the next.
export function ways_back(sale, amount, is_cash_first) {
  const rooms = [["account", sale.account], ["cash", most_back(sale)], ["bansos", sale.aid]];
  if (is_cash_first) rooms.unshift(...rooms.splice(1, 1));
  let left = amount;
  const part = ([by, room]) => { const some = Math.min(left, room); left -= some; return { by, amount: some }; };
  return rooms.map(part).filter((one) => one.amount > 0);
}

// Money in and out of the drawer since a shift began, by what it was.
export function drawer(shift, events) {
  const of_shift = (kind) => own(events, kind).filter((event) => body(event).shift === shift.id);
  const tender = (by) => sum(of_shift("sale"), (event) => sum(body(event).tenders.filter((one) => one.by === by), (one) => one.amount));
  const moved = (way) => sum(of_shift("drawer").filter((event) => body(event).way === way), (event) => body(event).amount);
  const back = sum(of_shift("return"), (event) => gave(body(event), "cash"));
  const paid = sum(of_shift("debt_paid"), (event) => body(event).amount);
  const all = { float: shift.float, cash: tender("cash"), paid, in: moved("in"), out: moved("out"), spent: moved("spent"), back };
  const expected = all.float + all.cash + all.paid + all.in - all.out - all.spent - all.back;
  return { ...all, qris: tender("qris"), bansos: tender("bansos"), account: tender("account"), sales: of_shift("sale").length, expected };
}
