//! Letters.
use super::Rule;

pub(super) const RULES: &[Rule] = &[Rule {
    name: "letters of a village and a year are numbered without a gap",
    sql: r#"SELECT 'village ' || village_id || ' in ' || year AS record, COUNT(*) AS expected, MAX(sequence) AS found
            FROM business_letter WHERE sequence IS NOT NULL GROUP BY village_id, year
            HAVING COUNT(*) <> MAX(sequence) OR MIN(sequence) <> 1 ORDER BY village_id, year"#,
}];
