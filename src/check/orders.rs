//! Orders: their sums, their parcels, what was paid for them and what is owed back.
use super::Rule;

pub(super) const RULES: &[Rule] = &[
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
];

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
