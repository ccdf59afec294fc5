//! What goes out to payees, and what they were given in advance.
use super::Rule;

pub(super) const RULES: &[Rule] = &[
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
];
