//! What households handed in, what it brought them and what they are owed.
use super::Rule;

pub(super) const RULES: &[Rule] = &[
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
    WHERE e.source_key LIKE 'departure:%' OR e.source_key LIKE 'reversed:departure:%' OR (e.kind = 'handed_over' AND NOT EXISTS (
    SELECT 1 FROM earning n WHERE n.entry_key = REPLACE(e.source_key, 'reversed:', '')))
    UNION ALL SELECT d.crafter_id, -r.amount, 0 FROM repayment r JOIN debt d ON d.id = r.debt_id
    WHERE r.run_id IS NOT NULL AND r.undone_at IS NULL
    UNION ALL SELECT c.id, -o.amount, 0 FROM crafter c JOIN payout o ON o.payee = 'crafter:' || c.id
    WHERE o.state NOT IN ('failed', 'dropped')
    UNION ALL SELECT c.id, 0, -p.amount FROM crafter c
    JOIN account a ON a.code IN ('crafter:' || c.id, 'awaiting:' || c.id) JOIN posting p ON p.account_id = a.id) w
    GROUP BY w.id HAVING SUM(w.says) <> SUM(w.booked) ORDER BY w.id"#;
