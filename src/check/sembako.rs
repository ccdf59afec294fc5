//! Sembako: what it is worth, what was bought, and what is owed to suppliers.
use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule { name: "sembako in store is worth what its moves say", sql: WORTH },
    Rule {
        name: "what is valued is what is there",
        sql: r#"SELECT 'item ' || w.item_id AS record, SUM(w.there) AS expected, SUM(w.valued) AS found FROM (
            SELECT c.item_id, m.quantity AS there, 0 AS valued FROM stock_move m
            JOIN (SELECT DISTINCT item_id FROM move_cost) c ON c.item_id = m.item_id WHERE m.kind <> 'moved'
            UNION ALL SELECT c.item_id, 0, c.quantity_after FROM move_cost c JOIN stock_move m ON m.id = c.move_id
            WHERE NOT EXISTS (SELECT 1 FROM stock_move n WHERE n.item_id = m.item_id AND (n.happened_at > m.happened_at
            OR (n.happened_at = m.happened_at AND n.id > m.id)))) w
            GROUP BY w.item_id HAVING SUM(w.there) <> SUM(w.valued) ORDER BY w.item_id"#,
    },
    Rule {
        name: "a purchase is its lines and the way here",
        sql: r#"SELECT 'purchase ' || p.id AS record, p.total AS expected, SUM(l.price + l.freight) AS found FROM purchase p
            JOIN purchase_line l ON l.purchase_id = p.id GROUP BY p.id, p.total
            HAVING SUM(l.price + l.freight) <> p.total ORDER BY p.id"#,
    },
    Rule {
        name: "what is owed to a supplier is what was bought, less what was paid and what went back",
        sql: r#"SELECT 'supplier ' || w.id AS record, SUM(w.says) AS expected, SUM(w.booked) AS found FROM (
            SELECT supplier_id AS id, total AS says, 0 AS booked FROM purchase WHERE reversed_at IS NULL
            UNION ALL SELECT supplier_id, CASE WHEN is_back THEN amount ELSE -amount END, 0 FROM supplier_payment
            UNION ALL SELECT p.supplier_id, -r.credit, 0 FROM purchase_return r JOIN purchase p ON p.id = r.purchase_id
            UNION ALL SELECT s.id, 0, -p.amount FROM supplier s JOIN account a ON a.code = 'supplier:' || s.id
            JOIN posting p ON p.account_id = a.id) w
            GROUP BY w.id HAVING SUM(w.says) <> SUM(w.booked) ORDER BY w.id"#,
    },
    Rule {
        name: "what went back to a supplier left the store, line by line",
        sql: r#"SELECT 'purchase return ' || w.id AS record, SUM(w.says) AS expected, SUM(w.gone) AS found FROM (
            SELECT l.return_id AS id, p.item_id, l.quantity AS says, 0 AS gone FROM purchase_return_line l
            JOIN purchase_line p ON p.id = l.line_id
            UNION ALL SELECT r.id, m.item_id, 0, -m.quantity FROM purchase_return r
            JOIN stock_move m ON m.subject = 'purchase_return:' || r.id AND m.kind = 'given_back') w
            GROUP BY w.id, w.item_id HAVING SUM(w.says) <> SUM(w.gone) ORDER BY w.id"#,
    },
    Rule {
        name: "no more went back of a purchase than came, and no more was taken off than it had cost",
        sql: r#"SELECT 'purchase line ' || p.id AS record, p.packs * p.pack_quantity AS expected, SUM(l.quantity) AS found
            FROM purchase_line p JOIN purchase_return_line l ON l.line_id = p.id
            GROUP BY p.id, p.packs, p.pack_quantity, p.price, p.freight
            HAVING SUM(l.quantity) > p.packs * p.pack_quantity OR SUM(l.credit) > p.price + p.freight ORDER BY p.id"#,
    },
    Rule {
        name: "what a supplier takes off for a return is that of its lines",
        sql: r#"SELECT 'purchase return ' || r.id AS record, r.credit AS expected, SUM(l.credit) AS found
            FROM purchase_return r JOIN purchase_return_line l ON l.return_id = r.id
            GROUP BY r.id, r.credit HAVING SUM(l.credit) <> r.credit ORDER BY r.id"#,
    },
    Rule {
        name: "what was packed is what was taken, less what was lost",
        sql: r#"SELECT 'repacking ' || r.id AS record, r.content - r.lost AS expected, SUM(l.content) AS found
            FROM repacking r JOIN repacking_line l ON l.repacking_id = r.id
            GROUP BY r.id, r.content, r.lost HAVING SUM(l.content) <> r.content - r.lost ORDER BY r.id"#,
    },
    Rule { name: "packing makes nothing worth more than it was", sql: PACKED },
    Rule {
        name: "each price of sembako is the last that was posted",
        sql: "SELECT 'item ' || i.id AS record, last.price AS expected, i.price AS found FROM item i \
              JOIN product p ON p.id = i.product_id JOIN category c ON c.id = p.category_id AND c.kind = 'sembako' \
              JOIN posted_price last ON last.id = (SELECT MAX(id) FROM posted_price WHERE item_id = i.id) \
              WHERE last.price <> i.price",
    },
    Rule {
        name: "a price above the ceiling was approved by a second person",
        sql: "SELECT 'posted price ' || t.id AS record, 1 AS expected, 0 AS found FROM posted_price t \
              LEFT JOIN price_override o ON o.id = t.override_id AND o.decision = 'approved' AND o.decided_by <> o.asked_by \
              AND t.price <= o.price AND o.item_id = t.item_id WHERE t.override_id IS NOT NULL AND o.id IS NULL",
    },
];

/// What went out of a sack against what came into the bags and what was lost: apart by a rupiah a kind of bag at most,
/// which is by what the lost part is rounded.
const PACKED: &str = r#"SELECT 'repacking ' || r.id AS record, r.bag_cost + w.went * (r.content - r.lost) / r.content AS expected,
    w.came AS found FROM repacking r JOIN (
    SELECT x.subject, SUM(x.went) AS went, SUM(x.came) AS came, SUM(x.kinds) AS kinds FROM (
    SELECT m.subject, CASE WHEN m.quantity < 0 THEN c.used ELSE 0 END AS went,
    CASE WHEN m.quantity > 0 THEN c.goods + c.used ELSE 0 END AS came,
    CASE WHEN m.quantity > 0 THEN 1 ELSE 0 END AS kinds
    FROM stock_move m JOIN move_cost c ON c.move_id = m.id WHERE m.kind = 'repacked') x
    GROUP BY x.subject) w ON w.subject = 'repacking:' || r.id
    WHERE ABS((w.came - r.bag_cost) * r.content - w.went * (r.content - r.lost)) > w.kinds * r.content
    OR w.came > w.went + r.bag_cost ORDER BY r.id"#;

/// What sembako is worth, move by move, against the account of its outlet.
const WORTH: &str = r#"SELECT 'outlet ' || w.id AS record, SUM(w.says) AS expected, SUM(w.booked) AS found FROM (
    SELECT p.outlet_id AS id, c.goods AS says, 0 AS booked FROM move_cost c
    JOIN item i ON i.id = c.item_id JOIN product p ON p.id = i.product_id
    UNION ALL SELECT o.id, 0, p.amount FROM outlet o
    JOIN account a ON a.code = 'stock:' || o.id JOIN posting p ON p.account_id = a.id) w
    GROUP BY w.id HAVING SUM(w.says) <> SUM(w.booked) ORDER BY w.id"#;
