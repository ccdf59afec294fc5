//! Tills: their sales, what came back, and their drawers.
use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "a till's sale is the sum of what it was paid with",
        sql: r#"SELECT 'sale ' || s.id AS record, s.total AS expected, COALESCE(SUM(t.amount), 0) AS found
            FROM sale s LEFT JOIN sale_tender t ON t.sale_id = s.id WHERE s.method = 'till'
            GROUP BY s.id, s.total HAVING COALESCE(SUM(t.amount), 0) <> s.total ORDER BY s.id"#,
    },
    Rule { name: "the money of a till's sale is in the books once", sql: MONEY },
    Rule { name: "what a counter or till sold left the shelf", sql: GOODS },
    Rule {
        name: "no more comes back to a till than it sold",
        sql: r#"SELECT 'sale line ' || l.id AS record, l.quantity AS expected, SUM(r.quantity) AS found
            FROM sale_line l JOIN till_return_line r ON r.sale_line_id = l.id GROUP BY l.id, l.quantity, l.amount
            HAVING SUM(r.quantity) > l.quantity OR SUM(r.amount) > l.amount ORDER BY l.id"#,
    },
    Rule {
        name: "what a till gave back is the sum of the ways it went",
        sql: r#"SELECT 'till return ' || r.id AS record, r.amount AS expected, COALESCE(SUM(g.amount), 0) AS found
            FROM till_return r LEFT JOIN till_return_tender g ON g.till_return_id = r.id
            GROUP BY r.id, r.amount HAVING COALESCE(SUM(g.amount), 0) <> r.amount ORDER BY r.id"#,
    },
    Rule {
        name: "what a till gave back is in the books once",
        sql: r#"SELECT 'till return ' || w.id AS record, SUM(w.says) AS expected, SUM(w.booked) AS found FROM (
            SELECT id, amount AS says, 0 AS booked FROM till_return
            UNION ALL SELECT till_return_id, -amount, 0 FROM till_return_line
            UNION ALL SELECT id, amount, 0 FROM till_return
            UNION ALL SELECT r.id, 0, p.amount FROM till_return r
            JOIN entry e ON e.source_key = 'till_return:' || r.id
            JOIN posting p ON p.entry_id = e.id
            JOIN account a ON a.id = p.account_id AND a.code = 'own_sales:' || r.outlet_id) w
            GROUP BY w.id HAVING SUM(w.says) <> SUM(w.booked) ORDER BY w.id"#,
    },
    Rule {
        name: "what a till took back of households' goods is undone in what they earned",
        sql: r#"SELECT 'till return ' || w.id AS record, SUM(w.says) AS expected, SUM(w.undone) AS found FROM (
            SELECT till_return_id AS id, quantity AS says, 0 AS undone FROM till_return_line
            WHERE earning_id IS NOT NULL AND COALESCE(borne_by, '') <> 'outlet'
            UNION ALL SELECT r.id, 0, -n.quantity FROM till_return r
            JOIN earning n ON n.entry_key = 'till_return:' || r.id || ':makers') w
            GROUP BY w.id HAVING SUM(w.says) <> SUM(w.undone) ORDER BY w.id"#,
    },
    Rule {
        name: "the drawer of a closed shift is empty",
        sql: r#"SELECT 'shift ' || s.id AS record, 0 AS expected, SUM(p.amount) AS found FROM shift s
            JOIN account a ON a.code = 'drawer:' || s.id JOIN posting p ON p.account_id = a.id
            WHERE s.closed_at IS NOT NULL GROUP BY s.id HAVING SUM(p.amount) <> 0 ORDER BY s.id"#,
    },
    Rule {
        name: "what was counted at the close of a shift lies in the cash box",
        sql: r#"SELECT 'shift ' || s.id AS record, s.counted AS expected, COALESCE(SUM(p.amount), 0) AS found FROM shift s
            LEFT JOIN account a ON a.code = 'cash:' || s.outlet_id
            LEFT JOIN entry e ON e.source_key = 'shift:' || s.id || ':closed'
            LEFT JOIN posting p ON p.account_id = a.id AND p.entry_id = e.id
            WHERE s.closed_at IS NOT NULL GROUP BY s.id, s.counted
            HAVING COALESCE(SUM(p.amount), 0) <> s.counted ORDER BY s.id"#,
    },
];

/// A bill's money stands in the outlet's sales already; the rest comes there with the sale.
const MONEY: &str = r#"SELECT 'sale ' || w.id AS record, SUM(w.says) AS expected, SUM(w.booked) AS found FROM (
    SELECT s.id, t.amount AS says, 0 AS booked FROM sale s JOIN sale_tender t ON t.sale_id = s.id
    WHERE s.method = 'till' AND t."by" <> 'qris'
    UNION ALL SELECT s.id, 0, -p.amount FROM sale s
    JOIN entry e ON e.source_key = 'sale:' || s.id
    JOIN posting p ON p.entry_id = e.id
    JOIN account a ON a.id = p.account_id AND a.code = 'own_sales:' || s.outlet_id) w
    GROUP BY w.id HAVING SUM(w.says) <> SUM(w.booked) ORDER BY w.id"#;

const GOODS: &str = r#"SELECT 'item ' || w.item_id || ' of sale ' || w.id AS record, SUM(w.says) AS expected,
    SUM(w.moved) AS found FROM (
    SELECT l.sale_id AS id, l.item_id, l.quantity AS says, 0 AS moved FROM sale_line l
    UNION ALL SELECT s.id, m.item_id, 0, -m.quantity FROM sale s
    JOIN stock_move m ON m.subject = 'sale:' || s.id AND m.kind = 'sold') w
    GROUP BY w.id, w.item_id HAVING SUM(w.says) <> SUM(w.moved) ORDER BY w.id, w.item_id"#;
