//! Money in double entry, whatever it is for.
use super::Rule;

pub(super) const RULES: &[Rule] = &[
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
];
