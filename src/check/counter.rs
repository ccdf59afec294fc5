//! Sales over the counter, and bills.
use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "a sale is the sum of its lines",
        sql: r#"SELECT 'sale ' || s.id AS record, COALESCE(SUM(l.amount), 0) AS expected,
            s.total AS found FROM sale s LEFT JOIN sale_line l ON l.sale_id = s.id
            GROUP BY s.id, s.total HAVING COALESCE(SUM(l.amount), 0) <> s.total ORDER BY s.id"#,
    },
    Rule {
        name: "what a sale sold is what lots earned by it",
        sql: r#"SELECT 'sale ' || w.id AS record, SUM(w.total) AS expected, SUM(w.earned) AS found FROM (
            SELECT id, total, 0 AS earned FROM sale WHERE method <> 'till'
            UNION ALL SELECT s.id, 0, n.quantity * n.unit_price FROM sale s
            JOIN earning n ON n.subject = 'sale:' || s.id AND n.undoes_id IS NULL AND s.method <> 'till') w
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
];

/// What of a bill counts as sold, against the sales of its outlet.
const SOLD: &str = r#"SELECT 'bill ' || w.id AS record, SUM(w.says) AS expected, SUM(w.booked) AS found FROM (
    SELECT id, sold AS says, 0 AS booked FROM bill
    UNION ALL SELECT b.id, 0, -p.amount FROM bill b
    JOIN entry e ON e.subject = 'bill:' || b.id
    JOIN posting p ON p.entry_id = e.id
    JOIN account a ON a.id = p.account_id AND a.code = 'own_sales:' || b.outlet_id) w
    GROUP BY w.id HAVING SUM(w.says) <> SUM(w.booked) ORDER BY w.id"#;
