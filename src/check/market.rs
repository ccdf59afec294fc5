//! Families and members: what was counted against a limit is what was sold, and what is owed is what was bought on account.
use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule { name: "what families had of a sale is what it sold, less what came back", sql: SOLD },
    Rule {
        name: "nobody brings back more than they bought",
        sql: r#"SELECT 'sale ' || sale_id || ' item ' || item_id AS record, 0 AS expected, SUM(quantity) AS found
            FROM family_purchase WHERE sale_id IS NOT NULL GROUP BY sale_id, item_id, market_id
            HAVING SUM(quantity) < 0 ORDER BY sale_id, item_id"#,
    },
    Rule {
        name: "a family has one card that is good, and it is the one it is known by",
        sql: r#"SELECT 'family ' || f.id AS record, 1 AS expected, COUNT(c.id) AS found FROM family f
            LEFT JOIN family_card c ON c.family_id = f.id AND c.token = f.token AND c.void_at IS NULL
            WHERE (SELECT COUNT(*) FROM family_card o WHERE o.family_id = f.id AND o.void_at IS NULL) <> 1
            OR NOT EXISTS (SELECT 1 FROM family_card o WHERE o.family_id = f.id AND o.token = f.token
            AND o.void_at IS NULL) GROUP BY f.id ORDER BY f.id"#,
    },
    Rule { name: "what a member owes is what was bought on account, less what came back and was paid", sql: OWED },
    Rule {
        name: "a family has one limit for all of its members",
        sql: r#"SELECT 'family ' || family_id AS record, MIN(account_limit) AS expected, MAX(account_limit) AS found
            FROM member WHERE family_id IS NOT NULL AND left_at IS NULL GROUP BY outlet_id, family_id
            HAVING MIN(account_limit) <> MAX(account_limit) ORDER BY family_id"#,
    },
];

/// Sales of a market are all counted; of goods with a limit those that were.
const SOLD: &str = r#"SELECT 'sale ' || w.sale_id || ' item ' || w.item_id AS record, SUM(w.sold) AS expected,
    SUM(w.counted) AS found FROM (
    SELECT l.sale_id, l.item_id, l.market_id, l.quantity - COALESCE((SELECT SUM(r.quantity) FROM till_return_line r
    WHERE r.sale_line_id = l.id), 0) AS sold, 0 AS counted FROM sale_line l
    WHERE EXISTS (SELECT 1 FROM family_purchase p WHERE p.sale_id = l.sale_id AND p.item_id = l.item_id
    AND COALESCE(p.market_id, 0) = COALESCE(l.market_id, 0)) OR l.market_id IS NOT NULL
    UNION ALL SELECT p.sale_id, p.item_id, p.market_id, 0, p.quantity FROM family_purchase p
    WHERE p.sale_id IS NOT NULL) w
    GROUP BY w.sale_id, w.item_id, w.market_id HAVING SUM(w.sold) <> SUM(w.counted) ORDER BY w.sale_id, w.item_id"#;

const OWED: &str = r#"SELECT 'member ' || w.id AS record, SUM(w.says) AS expected, SUM(w.booked) AS found FROM (
    SELECT s.member_id AS id, t.amount AS says, 0 AS booked FROM sale_tender t
    JOIN sale s ON s.id = t.sale_id AND s.member_id IS NOT NULL WHERE t."by" = 'account'
    UNION ALL SELECT s.member_id, -g.amount, 0 FROM till_return_tender g JOIN till_return r ON r.id = g.till_return_id
    JOIN sale s ON s.id = r.sale_id AND s.member_id IS NOT NULL WHERE g."by" = 'account'
    UNION ALL SELECT member_id, -amount, 0 FROM member_payment
    UNION ALL SELECT m.id, 0, p.amount FROM member m JOIN account a ON a.code = 'member:' || m.id
    JOIN posting p ON p.account_id = a.id) w
    GROUP BY w.id HAVING SUM(w.says) <> SUM(w.booked) ORDER BY w.id"#;
