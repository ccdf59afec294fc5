//! Quotes, cartons, kiosks and big orders.
use super::Rule;

pub(super) const RULES: &[Rule] = &[
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
        name: "no more is asked of households than a commission wants",
        sql: r#"SELECT 'commission ' || c.id AS record, c.pieces AS expected, SUM(a.pieces) AS found FROM commission c
            JOIN assignment a ON a.commission_id = c.id AND a.state IN ('offered', 'accepted')
            WHERE c.closed_at IS NULL GROUP BY c.id, c.pieces HAVING SUM(a.pieces) > c.pieces ORDER BY c.id"#,
    },
];
