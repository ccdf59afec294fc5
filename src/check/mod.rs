//! `warong check`: does it all add up? Every invariant is a question to the database that must find nothing; the first
//! record found is named. The questions are kept by what they are about, one file a business.
mod counter;
mod households;
mod ledger;
mod market;
mod named;
mod orders;
mod payouts;
mod sembako;
mod stock;
mod till;
mod village;
mod wholesale;

use sea_orm::{ConnectionTrait, Statement};
use serde::Serialize;

use crate::{db::Db, error::Result, history::seal};

/// One invariant and whether it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub rule: &'static str,
    pub ok: bool,
    /// The first record that breaks it.
    pub record: Option<String>,
    pub expected: Option<i64>,
    pub found: Option<i64>,
}

/// Everything that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub ok: bool,
    pub checks: Vec<Finding>,
}

impl Report {
    /// The first invariant that does not hold.
    pub fn first_broken(&self) -> Option<&Finding> {
        self.checks.iter().find(|finding| !finding.ok)
    }
}

/// The first rule that is broken, with its record; for the page of whoever looks after the money.
pub async fn first_broken(db: &Db) -> Result<Option<String>> {
    let report = all(db).await?;
    Ok(report.first_broken().map(|finding| {
        let record = finding.record.as_deref().unwrap_or_default();
        format!("{}: {record}", finding.rule)
    }))
}

/// An invariant: its name, and the query for records that break it with `record`, `expected` and `found`.
struct Rule {
    name: &'static str,
    sql: &'static str,
}

/// Everything that is asked, in this order.
const ALL: [&[Rule]; 12] = [
    ledger::RULES,
    named::RULES,
    stock::RULES,
    orders::RULES,
    payouts::RULES,
    households::RULES,
    counter::RULES,
    sembako::RULES,
    till::RULES,
    market::RULES,
    wholesale::RULES,
    village::RULES,
];

/// Looks at everything. Nothing is changed.
pub async fn all(db: &Db) -> Result<Report> {
    let mut checks = Vec::new();
    for rule in ALL.into_iter().flatten() {
        checks.push(look(db, rule).await?);
    }
    checks.push(seals(db).await?);
    Ok(Report { ok: checks.iter().all(|finding| finding.ok), checks })
}

async fn look(db: &Db, rule: &Rule) -> Result<Finding> {
    // Sums of bigint are numeric on PostgreSQL, so they are cast once, here.
    let sql = format!(
        "SELECT record, CAST(expected AS bigint) AS expected, CAST(found AS bigint) AS found FROM ({}) AS broken LIMIT 1",
        rule.sql
    );
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let Some(row) = row else { return Ok(holds(rule.name)) };
    Ok(Finding {
        rule: rule.name,
        ok: false,
        record: Some(row.try_get("", "record")?),
        expected: Some(row.try_get("", "expected")?),
        found: Some(row.try_get("", "found")?),
    })
}

fn holds(rule: &'static str) -> Finding {
    Finding { rule, ok: true, record: None, expected: None, found: None }
}

/// The seals over what is written down.
async fn seals(db: &Db) -> Result<Finding> {
    let seals = seal::verify(db).await?;
    Ok(Finding { ok: seals.first_bad.is_none(), record: seals.first_bad, ..holds("history is as it was sealed") })
}

/// The report as lines for a person, a broken rule with its record.
pub fn in_words(report: &Report) -> String {
    let mut out = String::new();
    for finding in &report.checks {
        match (&finding.record, finding.expected, finding.found) {
            (Some(record), Some(expected), Some(found)) => {
                out += &format!("BROKEN  {}: {record} should be {expected} and is {found}\n", finding.rule);
            }
            (Some(record), ..) => out += &format!("BROKEN  {}: {record}\n", finding.rule),
            (None, ..) => out += &format!("ok      {}\n", finding.rule),
        }
    }
    out
}
