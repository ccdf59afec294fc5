//! `warong check`: does it all add up? Every invariant is a question to the database that must find nothing; the first
//! record found is named.
use sea_orm::{ConnectionTrait, Statement};
use serde::Serialize;

use crate::{db::Db, error::Result, history::seal};

/// One invariant and whether it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub rule: &'static str,
    pub ok: bool,
    /// The first record that breaks it.
    pub record: Option<String>,
    pub expected: Option<i64>,
    pub found: Option<i64>,
}

/// Everything that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub ok: bool,
    pub checks: Vec<Finding>,
}

impl Report {
    /// The first invariant that does not hold.
    pub fn first_broken(&self) -> Option<&Finding> {
        self.checks.iter().find(|finding| !finding.ok)
    }
}

/// The first rule that is broken, with its record; for the page of whoever looks after the money.
pub async fn first_broken(db: &Db) -> Result<Option<String>> {
    let report = all(db).await?;
    Ok(report.first_broken().map(|finding| {
        let record = finding.record.as_deref().unwrap_or_default();
        format!("{}: {record}", finding.rule)
    }))
}

/// An invariant: its name, and the query for records that break it with `record`, `expected` and `found`.
struct Rule {
    name: &'static str,
    sql: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        name: "every entry sums to zero",
        sql: r#"SELECT 'entry ' || e.source_key AS record, 0 AS expected, SUM(p.amount) AS found
            FROM entry e JOIN posting p ON p.entry_id = e.id
            GROUP BY e.id, e.source_key HAVING SUM(p.amount) <> 0 ORDER BY e.id"#,
    },
    Rule {
        name: "every entry has two sides",
        sql: r#"SELECT 'entry ' || e.source_key AS record, 2 AS expected, COUNT(p.id) AS found
            FROM entry e LEFT JOIN posting p ON p.entry_id = e.id
            GROUP BY e.id, e.source_key HAVING COUNT(p.id) < 2 ORDER BY e.id"#,
    },
    Rule {
        name: "every guarded balance equals its postings",
        sql: r#"SELECT 'account ' || a.code AS record, COALESCE(SUM(p.amount), 0) AS expected, a.balance AS found
            FROM account a LEFT JOIN posting p ON p.account_id = a.id WHERE a.guarded
            GROUP BY a.id, a.code, a.balance HAVING COALESCE(SUM(p.amount), 0) <> a.balance ORDER BY a.id"#,
    },
    Rule {
        name: "stock on hand equals the sum of its moves",
        sql: r#"SELECT 'stock of item ' || w.item_id || ' in place ' || w.place_id AS record,
            SUM(w.moved) AS expected, SUM(w.on_hand) AS found FROM (
            SELECT item_id, place_id, quantity AS moved, 0 AS on_hand FROM stock_move
            UNION ALL SELECT item_id, place_id, 0, on_hand FROM stock) w
            GROUP BY w.item_id, w.place_id HAVING SUM(w.moved) <> SUM(w.on_hand) ORDER BY w.item_id, w.place_id"#,
    },
    Rule {
        name: "stock on hand equals what is left of its lots",
        sql: r#"SELECT 'stock of item ' || w.item_id || ' in place ' || w.place_id AS record,
            SUM(w.remaining) AS expected, SUM(w.on_hand) AS found FROM (
            SELECT item_id, place_id, remaining, 0 AS on_hand FROM lot
            UNION ALL SELECT item_id, place_id, 0, on_hand FROM stock) w
            GROUP BY w.item_id, w.place_id HAVING SUM(w.remaining) <> SUM(w.on_hand) ORDER BY w.item_id, w.place_id"#,
    },
    Rule {
        name: "what is left of a lot equals its moves",
        sql: r#"SELECT 'lot ' || l.id AS record, COALESCE(SUM(m.quantity), 0) AS expected, l.remaining AS found
            FROM lot l LEFT JOIN stock_move m ON m.lot_id = l.id
            GROUP BY l.id, l.remaining HAVING COALESCE(SUM(m.quantity), 0) <> l.remaining ORDER BY l.id"#,
    },
    Rule {
        name: "promised stock equals the holds that stand",
        sql: r#"SELECT 'stock of item ' || w.item_id || ' in place ' || w.place_id AS record,
            SUM(w.held) AS expected, SUM(w.promised) AS found FROM (
            SELECT item_id, place_id, quantity AS held, 0 AS promised FROM hold WHERE state = 'held'
            UNION ALL SELECT item_id, place_id, 0, promised FROM stock) w
            GROUP BY w.item_id, w.place_id HAVING SUM(w.held) <> SUM(w.promised) ORDER BY w.item_id, w.place_id"#,
    },
    Rule {
        name: "no more of a lot is kept than is left of it",
        sql: r#"SELECT 'lot ' || l.id AS record, l.remaining AS expected, SUM(h.quantity) AS found
            FROM hold h JOIN lot l ON l.id = h.lot_id WHERE h.state = 'held'
            GROUP BY l.id, l.remaining HAVING SUM(h.quantity) > l.remaining ORDER BY l.id"#,
    },
    Rule {
        name: "what is kept is of the lot it names, for an order that goes on",
        sql: r#"SELECT 'hold ' || h.id || ' for ' || h.subject AS record, h.item_id AS expected, l.item_id AS found
            FROM hold h LEFT JOIN lot l ON l.id = h.lot_id
            WHERE h.state = 'held' AND h.lot_id IS NOT NULL AND (l.id IS NULL OR l.item_id <> h.item_id
            OR l.place_id <> h.place_id OR NOT EXISTS (
            SELECT 1 FROM "order" o WHERE 'order:' || o.id = h.subject AND o.state = 'placed')) ORDER BY h.id"#,
    },
    Rule {
        name: "goods of an order sum to its lines",
        sql: r#"SELECT 'order ' || o.id AS record, COALESCE(SUM(l.unit_price * l.quantity), 0) AS expected,
            o.goods_total AS found FROM "order" o LEFT JOIN order_line l ON l.order_id = o.id
            GROUP BY o.id, o.goods_total HAVING COALESCE(SUM(l.unit_price * l.quantity), 0) <> o.goods_total
            ORDER BY o.id"#,
    },
    Rule {
        name: "an order's total is goods and shipping",
        sql: r#"SELECT 'order ' || id AS record, goods_total + shipping_total AS expected, total AS found
            FROM "order" WHERE goods_total + shipping_total <> total ORDER BY id"#,
    },
    Rule { name: "what buyers owe on agreed terms is in the books", sql: OWED },
    Rule {
        name: "only goods that left on agreed terms are owed for",
        sql: r#"SELECT 'order ' || id AS record, 0 AS expected, owed AS found FROM "order"
            WHERE owed > 0 AND (balance_days IS NULL OR owed_since IS NULL OR state <> 'placed'
            OR payment NOT IN ('paid', 'refund_due')) ORDER BY id"#,
    },
    Rule {
        name: "the shares of a line sum to its price",
        sql: r#"SELECT 'order line ' || id AS record, unit_price * quantity AS expected,
            maker_total + outlet_total + group_total AS found FROM order_line
            WHERE maker_total + outlet_total + group_total <> unit_price * quantity ORDER BY id"#,
    },
    Rule {
        name: "no line is packed or cancelled beyond its pieces",
        sql: r#"SELECT 'order line ' || id AS record, quantity AS expected, packed + cancelled AS found
            FROM order_line WHERE packed + cancelled > quantity ORDER BY id"#,
    },
    Rule {
        name: "packed pieces of a line are in its parcels",
        sql: r#"SELECT 'order line ' || l.id AS record, COALESCE(SUM(p.quantity), 0) AS expected, l.packed AS found
            FROM order_line l LEFT JOIN (SELECT pl.order_line_id, pl.quantity FROM parcel_line pl
            JOIN parcel pa ON pa.id = pl.parcel_id AND pa.state <> 'returned') p ON p.order_line_id = l.id
            GROUP BY l.id, l.packed HAVING COALESCE(SUM(p.quantity), 0) <> l.packed ORDER BY l.id"#,
    },
    Rule { name: "the deposit of an order stands for what has not left", sql: DEPOSITS },
    Rule {
        name: "an order paid in parts asks for a deposit, and has not got all of it",
        sql: r#"SELECT 'order ' || id AS record, deposit AS expected, part_paid AS found FROM "order"
            WHERE (part_paid > 0 AND (deposit = 0 OR state <> 'placed' OR part_paid >= total))
            OR (payment = 'part_paid' AND part_paid = 0) OR kept > deposit OR deposit > total ORDER BY id"#,
    },
    Rule {
        name: "an accepted quote is one order, at its prices and on its terms",
        sql: r#"SELECT 'quote ' || q.id AS record, MAX(q.freight + q.packing) + SUM(l.unit_price * l.quantity) AS expected,
            COALESCE(MAX(o.total), 0) AS found FROM quote q JOIN quote_line l ON l.quote_id = q.id
            LEFT JOIN "order" o ON o.id = q.order_id WHERE q.state = 'accepted' GROUP BY q.id, q.deposit, o.deposit
            HAVING COALESCE(MAX(o.total), 0) <> MAX(q.freight + q.packing) + SUM(l.unit_price * l.quantity)
            OR COALESCE(o.deposit, -1) <> q.deposit ORDER BY q.id"#,
    },
    Rule {
        name: "no line is in cartons beyond its pieces",
        sql: r#"SELECT 'order line ' || l.id AS record, l.quantity - l.cancelled AS expected, SUM(c.quantity) AS found
            FROM order_line l JOIN carton_line c ON c.order_line_id = l.id GROUP BY l.id, l.quantity, l.cancelled
            HAVING SUM(c.quantity) > l.quantity ORDER BY l.id"#,
    },
    Rule {
        name: "what is owed back for an order is in the books",
        sql: r#"SELECT 'order ' || w.id AS record, SUM(w.due) AS expected, SUM(w.booked) AS found FROM (
            SELECT id, refund_due AS due, 0 AS booked FROM "order"
            UNION ALL SELECT o.id, 0, -p.amount FROM "order" o
            JOIN entry e ON e.subject = 'order:' || o.id
            JOIN posting p ON p.entry_id = e.id
            JOIN account a ON a.id = p.account_id AND a.code = 'refunds_due:' || o.outlet_id) w
            GROUP BY w.id HAVING SUM(w.due) <> SUM(w.booked) ORDER BY w.id"#,
    },
    Rule {
        name: "money sent back by hand is in the books once",
        sql: r#"SELECT 'refund transfer ' || t.id AS record, MAX(CASE WHEN t.state = 'sent' THEN t.amount ELSE 0 END) AS expected,
            COALESCE(SUM(p.amount), 0) AS found FROM refund_transfer t
            LEFT JOIN entry e ON e.source_key IN ('paid_back:transfer:' || t.id, 'reversed:paid_back:transfer:' || t.id)
            LEFT JOIN account a ON a.code = 'refunds_due:' || t.outlet_id
            LEFT JOIN posting p ON p.entry_id = e.id AND p.account_id = a.id
            GROUP BY t.id
            HAVING COALESCE(SUM(p.amount), 0) <> MAX(CASE WHEN t.state = 'sent' THEN t.amount ELSE 0 END) ORDER BY t.id"#,
    },
    Rule {
        name: "who asks to send money back does not approve it",
        sql: r#"SELECT 'refund transfer ' || id AS record, maker_id AS expected, checker_id AS found
            FROM refund_transfer WHERE checker_id = maker_id
            OR (state IN ('approved', 'sent', 'returned') AND checker_id IS NULL) ORDER BY id"#,
    },
    Rule {
        name: "what is underway to payees is in payouts that have not ended",
        sql: r#"SELECT 'outlet ' || w.id AS record, SUM(w.open) AS expected, SUM(w.booked) AS found FROM (
            SELECT outlet_id AS id, amount AS open, 0 AS booked FROM payout WHERE state IN ('waiting', 'approved')
            UNION ALL SELECT o.id, 0, -p.amount FROM outlet o
            JOIN account a ON a.code = 'payouts_underway:' || o.id JOIN posting p ON p.account_id = a.id) w
            GROUP BY w.id HAVING SUM(w.open) <> SUM(w.booked) ORDER BY w.id"#,
    },
    Rule {
        name: "a payout takes from what is owed until it fails",
        sql: r#"SELECT 'payout ' || w.id AS record, SUM(w.due) AS expected, SUM(w.booked) AS found FROM (
            SELECT id, CASE WHEN state IN ('failed', 'dropped') THEN 0 ELSE amount END AS due, 0 AS booked FROM payout
            UNION ALL SELECT o.id, 0, p.amount FROM payout o JOIN entry e ON e.subject = 'payout:' || o.id
            JOIN posting p ON p.entry_id = e.id JOIN account a ON a.id = p.account_id AND a.code = o.payee) w
            GROUP BY w.id HAVING SUM(w.due) <> SUM(w.booked) ORDER BY w.id"#,
    },
    Rule {
        name: "money has left for payouts that are paid, and for no other",
        sql: r#"SELECT 'payout ' || w.id AS record, SUM(w.due) AS expected, SUM(w.booked) AS found FROM (
            SELECT id, CASE WHEN state = 'paid' THEN amount ELSE 0 END AS due, 0 AS booked FROM payout
            UNION ALL SELECT o.id, 0, -p.amount FROM payout o JOIN entry e ON e.subject = 'payout:' || o.id
            JOIN posting p ON p.entry_id = e.id JOIN account a ON a.id = p.account_id AND a.class = 'asset') w
            GROUP BY w.id HAVING SUM(w.due) <> SUM(w.booked) ORDER BY w.id"#,
    },
    Rule {
        name: "whoever made a payout run did not approve it",
        sql: r#"SELECT 'payout run ' || id AS record, 2 AS expected, 1 AS found FROM payout_run
            WHERE state IN ('approved', 'done') AND decided_by = made_by ORDER BY id"#,
    },
    Rule {
        name: "nothing of a run is paid by hand before it is approved",
        sql: r#"SELECT 'payout ' || p.id AS record, 0 AS expected, 1 AS found FROM payout p
            JOIN payout_run r ON r.id = p.run_id WHERE p.way <> 'midtrans' AND (
            (p.state IN ('approved', 'paid') AND r.state NOT IN ('approved', 'done'))
            OR (p.state = 'waiting' AND r.state <> 'draft')) ORDER BY p.id"#,
    },
    Rule {
        name: "no payout counts as paid without its proof",
        sql: r#"SELECT 'payout ' || p.id AS record, 1 AS expected, 0 AS found FROM payout p WHERE p.state = 'paid' AND (
            (p.way = 'transfer' AND p.reference IS NULL)
            OR (p.way = 'cash' AND (p.receiver IS NULL OR p.proof IS NULL OR (p.proof = 'photo' AND NOT EXISTS (
            SELECT 1 FROM photo f WHERE f.subject = 'payout_proof' AND f.subject_id = p.id))))) ORDER BY p.id"#,
    },
    Rule {
        name: "what is left of a debt is in the books",
        sql: r#"SELECT 'debt ' || w.id AS record, SUM(w.due) AS expected, SUM(w.booked) AS found FROM (
            SELECT id, CASE WHEN state = 'given' THEN amount ELSE 0 END AS due, 0 AS booked FROM debt
            UNION ALL SELECT debt_id, -amount, 0 FROM repayment WHERE undone_at IS NULL
            UNION ALL SELECT d.id, 0, p.amount FROM debt d JOIN entry e ON e.subject = 'debt:' || d.id
            JOIN posting p ON p.entry_id = e.id
            JOIN account a ON a.id = p.account_id AND a.code = 'advance:' || d.crafter_id) w
            GROUP BY w.id HAVING SUM(w.due) <> SUM(w.booked) ORDER BY w.id"#,
    },
    Rule {
        name: "no debt is paid back beyond what was given",
        sql: r#"SELECT 'debt ' || d.id AS record, d.amount AS expected, SUM(r.amount) AS found
            FROM debt d JOIN repayment r ON r.debt_id = d.id AND r.undone_at IS NULL
            GROUP BY d.id, d.amount, d.state HAVING SUM(r.amount) > d.amount OR d.state <> 'given' ORDER BY d.id"#,
    },
    Rule {
        name: "what was set off stands as long as its payout does",
        sql: r#"SELECT 'repayment ' || s.id AS record, 0 AS expected, s.amount AS found FROM repayment s
            JOIN payout_run r ON r.id = s.run_id LEFT JOIN payout p ON p.id = s.payout_id
            WHERE (s.undone_at IS NULL) <> (CASE WHEN p.id IS NULL THEN r.state NOT IN ('withdrawn', 'rejected')
            ELSE p.state NOT IN ('failed', 'dropped') END) ORDER BY s.id"#,
    },
    Rule {
        name: "whoever asked for a debt did not give it",
        sql: r#"SELECT 'debt ' || id AS record, 2 AS expected, 1 AS found FROM debt
            WHERE state IN ('given', 'undone') AND (decided_by = asked_by OR decided_by IS NULL) ORDER BY id"#,
    },
    Rule {
        name: "what sold pieces brought their makers is in the books",
        sql: r#"SELECT w.entry_key || ' for ' || w.payee AS record, SUM(w.says) AS expected, SUM(w.booked) AS found FROM (
            SELECT entry_key, 'crafter:' || crafter_id AS payee, maker_total AS says, 0 AS booked FROM earning
            WHERE terms = 'consigned' AND crafter_id IS NOT NULL AND undone_at IS NULL
            UNION ALL SELECT k.entry_key, REPLACE(a.code, 'awaiting:', 'crafter:'), 0, -p.amount
            FROM (SELECT DISTINCT entry_key FROM earning) k
            JOIN entry e ON e.source_key IN (k.entry_key, 'reversed:' || k.entry_key)
            JOIN posting p ON p.entry_id = e.id
            JOIN account a ON a.id = p.account_id AND (a.code LIKE 'crafter:%' OR a.code LIKE 'awaiting:%')) w
            GROUP BY w.entry_key, w.payee HAVING SUM(w.says) <> SUM(w.booked) ORDER BY w.entry_key, w.payee"#,
    },
    Rule { name: "what a household is owed is what its goods brought, less what it was paid", sql: HOUSEHOLDS },
    Rule {
        name: "no lot earned by more pieces than left it",
        sql: r#"SELECT 'lot ' || l.id AS record, l.received - l.remaining AS expected, SUM(n.quantity) AS found
            FROM lot l JOIN earning n ON n.lot_id = l.id AND n.undone_at IS NULL
            GROUP BY l.id, l.received, l.remaining HAVING SUM(n.quantity) > l.received - l.remaining ORDER BY l.id"#,
    },
    Rule {
        name: "letters of a village and a year are numbered without a gap",
        sql: r#"SELECT 'village ' || village_id || ' in ' || year AS record, COUNT(*) AS expected, MAX(sequence) AS found
            FROM business_letter WHERE sequence IS NOT NULL GROUP BY village_id, year
            HAVING COUNT(*) <> MAX(sequence) OR MIN(sequence) <> 1 ORDER BY village_id, year"#,
    },
    Rule { name: "lots of a hand-over hold what was accepted", sql: ACCEPTED },
    Rule { name: "measured goods are on the shelf by the whole square metre", sql: MEASURED },
    Rule {
        name: "bought goods are owed at the price of their hand-over",
        sql: r#"SELECT 'intake ' || w.id AS record, SUM(w.owed) AS expected, SUM(w.booked) AS found FROM (
            SELECT i.id, l.received * CASE WHEN l.grade = 'B' THEN i.cost_b ELSE i.cost END AS owed, 0 AS booked
            FROM intake i JOIN lot l ON l.intake_id = i.id AND l.origin_id IS NULL
            WHERE i.terms = 'bought' AND i.reversed_at IS NULL
            UNION ALL SELECT i.id, 0, -p.amount FROM intake i
            JOIN entry e ON e.source_key IN ('intake:' || i.id, 'reversed:intake:' || i.id)
            JOIN posting p ON p.entry_id = e.id
            JOIN account a ON a.id = p.account_id AND a.code = 'crafter:' || i.crafter_id) w
            GROUP BY w.id HAVING SUM(w.owed) <> SUM(w.booked) ORDER BY w.id"#,
    },
    Rule {
        name: "nothing is left of a hand-over that was reversed",
        sql: r#"SELECT 'lot ' || l.id AS record, 0 AS expected, l.remaining AS found FROM lot l
            JOIN intake i ON i.id = l.intake_id WHERE i.reversed_at IS NOT NULL AND l.remaining <> 0 ORDER BY l.id"#,
    },
    Rule {
        name: "pieces moved between places are neither lost nor doubled",
        sql: r#"SELECT 'hand-over of lot ' || COALESCE(l.origin_id, l.id) AS record, 0 AS expected, SUM(m.quantity) AS found
            FROM stock_move m JOIN lot l ON l.id = m.lot_id WHERE m.kind = 'moved'
            GROUP BY COALESCE(l.origin_id, l.id) HAVING SUM(m.quantity) <> 0 ORDER BY COALESCE(l.origin_id, l.id)"#,
    },
    Rule { name: "what was handed in is on the shelf, in kiosks, sold, given back, broken or lost", sql: HANDED_IN },
    Rule {
        name: "what a kiosk owes is what visits counted less the cash that came",
        sql: r#"SELECT 'kiosk ' || w.id AS record, SUM(w.says) AS expected, SUM(w.booked) AS found FROM (
            SELECT kiosk_id AS id, owed - collected AS says, 0 AS booked FROM kiosk_visit WHERE voided_at IS NULL
            UNION ALL SELECT k.id, 0, p.amount FROM kiosk k
            JOIN account a ON a.code = 'kiosk:' || k.id JOIN posting p ON p.account_id = a.id) w
            GROUP BY w.id HAVING SUM(w.says) <> SUM(w.booked) ORDER BY w.id"#,
    },
    Rule {
        name: "a visit is the sum of its lines",
        sql: r#"SELECT 'kiosk visit ' || v.id AS record, COALESCE(SUM((l.unit_price - l.commission) * (l.sold
            + CASE WHEN v.damage_by = 'kiosk' THEN l.damaged ELSE 0 END
            + CASE WHEN l.missing_owed THEN l.missing ELSE 0 END)), 0) AS expected, v.owed AS found
            FROM kiosk_visit v LEFT JOIN kiosk_visit_line l ON l.kiosk_visit_id = v.id GROUP BY v.id, v.owed
            HAVING COALESCE(SUM((l.unit_price - l.commission) * (l.sold
            + CASE WHEN v.damage_by = 'kiosk' THEN l.damaged ELSE 0 END
            + CASE WHEN l.missing_owed THEN l.missing ELSE 0 END)), 0) <> v.owed ORDER BY v.id"#,
    },
    Rule {
        name: "what stands in a kiosk is what was taken there and not counted away",
        sql: r#"SELECT 'item ' || w.item_id || ' in kiosk ' || w.id AS record, SUM(w.says) AS expected, SUM(w.stands) AS found
            FROM (
            SELECT d.kiosk_id AS id, l.item_id, l.quantity AS says, 0 AS stands
            FROM kiosk_drop_line l JOIN kiosk_drop d ON d.id = l.kiosk_drop_id
            UNION ALL SELECT v.kiosk_id, l.item_id, l.still - l.expected, 0
            FROM kiosk_visit_line l JOIN kiosk_visit v ON v.id = l.kiosk_visit_id WHERE v.voided_at IS NULL
            UNION ALL SELECT k.id, s.item_id, 0, s.on_hand FROM kiosk k JOIN stock s ON s.place_id = k.place_id) w
            GROUP BY w.id, w.item_id HAVING SUM(w.says) <> SUM(w.stands) ORDER BY w.id, w.item_id"#,
    },
    Rule {
        name: "no maker waits for less than nothing",
        sql: r#"SELECT a.code AS record, 0 AS expected, SUM(p.amount) AS found FROM account a
            JOIN posting p ON p.account_id = a.id WHERE a.code LIKE 'awaiting:%'
            GROUP BY a.id, a.code HAVING SUM(p.amount) > 0 ORDER BY a.id"#,
    },
    Rule {
        name: "a sale is the sum of its lines",
        sql: r#"SELECT 'sale ' || s.id AS record, COALESCE(SUM(l.unit_price * l.quantity), 0) AS expected,
            s.total AS found FROM sale s LEFT JOIN sale_line l ON l.sale_id = s.id
            GROUP BY s.id, s.total HAVING COALESCE(SUM(l.unit_price * l.quantity), 0) <> s.total ORDER BY s.id"#,
    },
    Rule {
        name: "what a sale sold is what lots earned by it",
        sql: r#"SELECT 'sale ' || w.id AS record, SUM(w.total) AS expected, SUM(w.earned) AS found FROM (
            SELECT id, total, 0 AS earned FROM sale
            UNION ALL SELECT s.id, 0, n.quantity * n.unit_price FROM sale s
            JOIN earning n ON n.subject = 'sale:' || s.id AND n.undoes_id IS NULL) w
            GROUP BY w.id HAVING SUM(w.total) <> SUM(w.earned) ORDER BY w.id"#,
    },
    Rule {
        name: "money given back at the counter is in the books once",
        sql: r#"SELECT 'sale return ' || r.id AS record, MAX(r.amount) AS expected, COALESCE(SUM(-p.amount), 0) AS found
            FROM sale_return r JOIN sale s ON s.id = r.sale_id
            LEFT JOIN entry e ON e.source_key = 'sale_return:' || r.id
            LEFT JOIN account a ON a.code = 'cash:' || s.outlet_id
            LEFT JOIN posting p ON p.entry_id = e.id AND p.account_id = a.id
            GROUP BY r.id HAVING COALESCE(SUM(-p.amount), 0) <> MAX(r.amount) ORDER BY r.id"#,
    },
    Rule {
        name: "no more is asked of households than a commission wants",
        sql: r#"SELECT 'commission ' || c.id AS record, c.pieces AS expected, SUM(a.pieces) AS found FROM commission c
            JOIN assignment a ON a.commission_id = c.id AND a.state IN ('offered', 'accepted')
            WHERE c.closed_at IS NULL GROUP BY c.id, c.pieces HAVING SUM(a.pieces) > c.pieces ORDER BY c.id"#,
    },
    Rule { name: "what a bill sold is in the books", sql: SOLD },
    Rule {
        name: "what is owed back for a bill is in the books",
        sql: r#"SELECT 'bill ' || w.id AS record, SUM(w.due) AS expected, SUM(w.booked) AS found FROM (
            SELECT id, refund_due AS due, 0 AS booked FROM bill
            UNION ALL SELECT b.id, 0, -p.amount FROM bill b
            JOIN entry e ON e.subject = 'bill:' || b.id
            JOIN posting p ON p.entry_id = e.id
            JOIN account a ON a.id = p.account_id AND a.code = 'refunds_due:' || b.outlet_id) w
            GROUP BY w.id HAVING SUM(w.due) <> SUM(w.booked) ORDER BY w.id"#,
    },
    Rule {
        name: "each hand-over that a phone was told is accepted is in the books once",
        sql: r#"SELECT 'device event ' || w.event_id AS record, SUM(w.told) AS expected, SUM(w.booked) AS found FROM (
            SELECT event_id, 1 AS told, 0 AS booked FROM device_event WHERE kind = 'intake'
            AND source_key = event_id AND (verdict = 'accepted' OR decision = 'accepted')
            UNION ALL SELECT SUBSTR(source_key, 7), 0, 1 FROM intake WHERE source_key LIKE 'event:%') w
            GROUP BY w.event_id HAVING SUM(w.told) <> SUM(w.booked) ORDER BY w.event_id"#,
    },
];

/// Counted goods become lots piece by piece, grade by grade.
const ACCEPTED: &str = r#"SELECT 'intake ' || w.id AS record, SUM(w.accepted) AS expected, SUM(w.received) AS found FROM (
    SELECT i.id, 'A' AS grade, i.grade_a AS accepted, 0 AS received FROM intake i
    JOIN item t ON t.id = i.item_id JOIN product d ON d.id = t.product_id AND d.unit <> 'square_metre'
    WHERE i.reversed_at IS NULL
    UNION ALL SELECT i.id, 'B', i.grade_b, 0 FROM intake i
    JOIN item t ON t.id = i.item_id JOIN product d ON d.id = t.product_id AND d.unit <> 'square_metre'
    WHERE i.reversed_at IS NULL
    UNION ALL SELECT i.id, l.grade, 0, l.received FROM intake i
    JOIN item t ON t.id = i.item_id JOIN product d ON d.id = t.product_id AND d.unit <> 'square_metre'
    JOIN lot l ON l.intake_id = i.id AND l.origin_id IS NULL AND l.item_id = i.item_id AND l.owner_id = i.crafter_id
    WHERE i.reversed_at IS NULL) w
    GROUP BY w.id, w.grade HAVING SUM(w.accepted) <> SUM(w.received) ORDER BY w.id"#;

/// All that a crafter handed in of measured goods on the same terms and in one grade, without its last offcut.
const MEASURED: &str = r#"SELECT 'item ' || w.item_id || ' of crafter ' || w.crafter_id || ', ' || w.terms || ' ' || w.grade AS record,
    SUM(w.square_cm) / 10000 AS expected, SUM(w.received) AS found FROM (
    SELECT i.item_id, i.crafter_id, i.terms, 'A' AS grade, i.grade_a AS square_cm, 0 AS received FROM intake i
    JOIN item t ON t.id = i.item_id JOIN product d ON d.id = t.product_id AND d.unit = 'square_metre'
    WHERE i.reversed_at IS NULL
    UNION ALL SELECT i.item_id, i.crafter_id, i.terms, 'B', i.grade_b, 0 FROM intake i
    JOIN item t ON t.id = i.item_id JOIN product d ON d.id = t.product_id AND d.unit = 'square_metre'
    WHERE i.reversed_at IS NULL
    UNION ALL SELECT i.item_id, i.crafter_id, i.terms, l.grade, 0, l.received FROM intake i
    JOIN item t ON t.id = i.item_id JOIN product d ON d.id = t.product_id AND d.unit = 'square_metre'
    JOIN lot l ON l.intake_id = i.id AND l.origin_id IS NULL
    WHERE i.reversed_at IS NULL) w
    GROUP BY w.item_id, w.crafter_id, w.terms, w.grade
    HAVING SUM(w.square_cm) - 10000 * SUM(w.received) NOT BETWEEN 0 AND 9999 ORDER BY w.item_id"#;

/// Everything that came as one lot, wherever its pieces stand now, by what became of them: a return takes back a sale or
/// what was written off, and so counts against those.
const HANDED_IN: &str = r#"SELECT 'hand-over of lot ' || w.id AS record, SUM(w.came) AS expected,
    SUM(w.stands) + SUM(w.gone) AS found FROM (
    SELECT id, received AS came, 0 AS stands, 0 AS gone FROM lot WHERE origin_id IS NULL
    UNION ALL SELECT COALESCE(origin_id, id), 0, remaining, 0 FROM lot
    UNION ALL SELECT COALESCE(l.origin_id, l.id), 0, 0, -m.quantity FROM stock_move m JOIN lot l ON l.id = m.lot_id
    WHERE m.kind IN ('sold', 'returned', 'given_back', 'damaged', 'shrunk')) w
    GROUP BY w.id HAVING SUM(w.came) <> SUM(w.stands) + SUM(w.gone) ORDER BY w.id"#;

/// Everything a household was ever credited and paid, from the documents, against its accounts. Sales of before earnings
/// were written down count as they were booked.
const HOUSEHOLDS: &str = r#"SELECT 'crafter ' || w.id AS record, SUM(w.says) AS expected, SUM(w.booked) AS found FROM (
    SELECT crafter_id AS id, maker_total AS says, 0 AS booked FROM earning
    WHERE terms = 'consigned' AND crafter_id IS NOT NULL AND undone_at IS NULL
    UNION ALL SELECT i.crafter_id, l.received * CASE WHEN l.grade = 'B' THEN i.cost_b ELSE i.cost END, 0
    FROM intake i JOIN lot l ON l.intake_id = i.id AND l.origin_id IS NULL
    WHERE i.terms = 'bought' AND i.reversed_at IS NULL
    UNION ALL SELECT c.id, -p.amount, 0 FROM crafter c JOIN account a ON a.code = 'crafter:' || c.id
    JOIN posting p ON p.account_id = a.id JOIN entry e ON e.id = p.entry_id
    WHERE e.source_key LIKE 'departure:%' OR (e.kind = 'handed_over' AND NOT EXISTS (
    SELECT 1 FROM earning n WHERE n.entry_key = REPLACE(e.source_key, 'reversed:', '')))
    UNION ALL SELECT d.crafter_id, -r.amount, 0 FROM repayment r JOIN debt d ON d.id = r.debt_id
    WHERE r.run_id IS NOT NULL AND r.undone_at IS NULL
    UNION ALL SELECT c.id, -o.amount, 0 FROM crafter c JOIN payout o ON o.payee = 'crafter:' || c.id
    WHERE o.state NOT IN ('failed', 'dropped')
    UNION ALL SELECT c.id, 0, -p.amount FROM crafter c
    JOIN account a ON a.code IN ('crafter:' || c.id, 'awaiting:' || c.id) JOIN posting p ON p.account_id = a.id) w
    GROUP BY w.id HAVING SUM(w.says) <> SUM(w.booked) ORDER BY w.id"#;

/// What of a bill counts as sold, against the sales of its outlet.
const SOLD: &str = r#"SELECT 'bill ' || w.id AS record, SUM(w.says) AS expected, SUM(w.booked) AS found FROM (
    SELECT id, sold AS says, 0 AS booked FROM bill
    UNION ALL SELECT b.id, 0, -p.amount FROM bill b
    JOIN entry e ON e.subject = 'bill:' || b.id
    JOIN posting p ON p.entry_id = e.id
    JOIN account a ON a.id = p.account_id AND a.code = 'own_sales:' || b.outlet_id) w
    GROUP BY w.id HAVING SUM(w.says) <> SUM(w.booked) ORDER BY w.id"#;

/// What each order says its buyer owes, against the account.
const OWED: &str = r#"SELECT 'order ' || w.id AS record, SUM(w.says) AS expected, SUM(w.booked) AS found FROM (
    SELECT id, owed AS says, 0 AS booked FROM "order"
    UNION ALL SELECT o.id, 0, p.amount FROM "order" o
    JOIN entry e ON e.subject = 'order:' || o.id
    JOIN posting p ON p.entry_id = e.id
    JOIN account a ON a.id = p.account_id AND a.code = 'owed:' || o.outlet_id) w
    GROUP BY w.id HAVING SUM(w.says) <> SUM(w.booked) ORDER BY w.id"#;

/// Paid, less handed over, less owed back. A COD order has no deposit: its cash comes as the goods go.
const DEPOSITS: &str = r#"SELECT 'order ' || w.id AS record, SUM(w.waits) AS expected, SUM(w.booked) AS found FROM (
    SELECT o.id, l.unit_price * (l.quantity - l.cancelled) AS waits, 0 AS booked
    FROM "order" o JOIN order_line l ON l.order_id = o.id
    WHERE o.state IN ('placed', 'completed') AND o.payment NOT IN ('unpaid', 'refunded') AND o.method <> 'cod' AND o.part_paid = 0
    UNION ALL SELECT o.id, -l.unit_price * pl.quantity, 0
    FROM "order" o JOIN parcel pa ON pa.order_id = o.id AND pa.state IN ('sent', 'delivered')
    JOIN parcel_line pl ON pl.parcel_id = pa.id JOIN order_line l ON l.id = pl.order_line_id
    WHERE o.state IN ('placed', 'completed') AND o.payment NOT IN ('unpaid', 'refunded') AND o.method <> 'cod' AND o.part_paid = 0
    UNION ALL SELECT o.id, o.shipping_total, 0 FROM "order" o
    WHERE o.state IN ('placed', 'completed') AND o.payment NOT IN ('unpaid', 'refunded') AND o.method <> 'cod' AND o.part_paid = 0
    AND NOT EXISTS (SELECT 1 FROM parcel pa WHERE pa.order_id = o.id AND pa.state IN ('sent', 'delivered'))
    UNION ALL SELECT o.id, o.part_paid, 0 FROM "order" o WHERE o.part_paid > 0
    UNION ALL SELECT o.id, 0, -p.amount FROM "order" o
    JOIN entry e ON e.subject = 'order:' || o.id
    JOIN posting p ON p.entry_id = e.id
    JOIN account a ON a.id = p.account_id AND a.code = 'deposits:' || o.outlet_id) w
    GROUP BY w.id HAVING SUM(w.waits) <> SUM(w.booked) ORDER BY w.id"#;

/// Looks at everything. Nothing is changed.
pub async fn all(db: &Db) -> Result<Report> {
    let mut checks = Vec::with_capacity(RULES.len() + 1);
    for rule in RULES {
        checks.push(look(db, rule).await?);
    }
    checks.push(seals(db).await?);
    Ok(Report { ok: checks.iter().all(|finding| finding.ok), checks })
}

async fn look(db: &Db, rule: &Rule) -> Result<Finding> {
    // Sums of bigint are numeric on PostgreSQL, so they are cast once, here.
    let sql = format!(
        "SELECT record, CAST(expected AS bigint) AS expected, CAST(found AS bigint) AS found FROM ({}) AS broken LIMIT 1",
        rule.sql
    );
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let Some(row) = row else { return Ok(holds(rule.name)) };
    Ok(Finding {
        rule: rule.name,
        ok: false,
        record: Some(row.try_get("", "record")?),
        expected: Some(row.try_get("", "expected")?),
        found: Some(row.try_get("", "found")?),
    })
}

fn holds(rule: &'static str) -> Finding {
    Finding { rule, ok: true, record: None, expected: None, found: None }
}

/// The seals over what is written down.
async fn seals(db: &Db) -> Result<Finding> {
    let seals = seal::verify(db).await?;
    Ok(Finding { ok: seals.first_bad.is_none(), record: seals.first_bad, ..holds("history is as it was sealed") })
}

/// The report as lines for a person, a broken rule with its record.
pub fn in_words(report: &Report) -> String {
    let mut out = String::new();
    for finding in &report.checks {
        match (&finding.record, finding.expected, finding.found) {
            (Some(record), Some(expected), Some(found)) => {
                out += &format!("BROKEN  {}: {record} should be {expected} and is {found}\n", finding.rule);
            }
            (Some(record), ..) => out += &format!("BROKEN  {}: {record}\n", finding.rule),
            (None, ..) => out += &format!("ok      {}\n", finding.rule),
        }
    }
    out
}
