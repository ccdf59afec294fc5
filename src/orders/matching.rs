//! Three books of the same money held against each other: what the provider says of each payment, what it says lies
//! there for us, and what our ledger says. What does not agree is named, to the rupiah.
//!
//! Each night after the sweep, and whenever a treasurer asks.
use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, Statement,
};
use serde::{Deserialize, Serialize};

use crate::{
    clock::{self, Clock},
    db::{self, Db},
    error::Result,
    ledger::{self, Book},
    outbox,
    payments::Gate,
};
use entity::{
    payment_attempt,
    payment_match::{ActiveModel, Column, Entity, Model},
};

/// Three in the morning in Jember, an hour after the sweep of everything that is not final.
const HOUR: i64 = 3;
/// So many differences are written down; more than that is one fault, not many.
const MOST: u64 = 200;

/// A subject of which the provider and the ledger say different things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromQueryResult)]
pub struct Difference {
    /// Such as `order:12`.
    pub subject: String,
    /// What the provider holds of it, by its last answers.
    pub at_provider: i64,
    /// What the books say it holds.
    pub booked: i64,
}

/// What is held by each subject: paid and not given back or taken back.
const AT_PROVIDER: &str = "SELECT a.subject AS subject, \
    CASE WHEN t.status IN ('settlement', 'capture', 'partial_refund', 'refund', 'partial_chargeback') \
        AND COALESCE(t.fraud, 'accept') = 'accept' \
    THEN (CASE WHEN t.apart THEN t.gross ELSE a.amount END) - t.refunded ELSE 0 END AS at_provider, 0 AS booked \
    FROM payment_transaction t JOIN payment_attempt a ON a.id = t.attempt_id";
const BOOKED: &str = "SELECT e.subject AS subject, 0 AS at_provider, p.amount AS booked FROM posting p \
    JOIN entry e ON e.id = p.entry_id JOIN account b ON b.id = p.account_id \
    WHERE b.code = 'midtrans' AND EXISTS (SELECT 1 FROM payment_attempt o WHERE o.subject = e.subject)";

/// What the provider and the ledger do not agree on.
pub async fn differences(db: &impl ConnectionTrait) -> Result<Vec<Difference>> {
    let sql = format!(
        "SELECT subject, CAST(SUM(at_provider) AS bigint) AS at_provider, CAST(SUM(booked) AS bigint) AS booked \
         FROM ({AT_PROVIDER} UNION ALL {BOOKED}) w GROUP BY subject HAVING SUM(at_provider) <> SUM(booked) \
         ORDER BY subject LIMIT {MOST}"
    );
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    Ok(rows.iter().map(|row| Difference::from_query_result(row, "")).collect::<std::result::Result<_, _>>()?)
}

/// Looks at everything once and writes down what was seen; `broken` is what the books' own check has found before.
pub async fn run(db: &Db, clock: &Clock, gate: &Gate, broken: Option<String>) -> Result<Model> {
    let now = clock.now();
    let wallet = match gate.provider.held(now).await {
        Ok(held) => held,
        Err(failure) => {
            tracing::warn!("what lies at the provider is not known: {failure}");
            None
        }
    };
    settled(db).await?;
    let tx = db::begin(db).await?;
    let differences = differences(&tx).await?;
    if !differences.is_empty() {
        tracing::warn!(orders = differences.len(), "the provider and the books differ");
    }
    let row = ActiveModel {
        at: Set(now),
        wallet_sen: Set(wallet.map(|sen| sen.0)),
        booked: Set(ledger::balance(&tx, Book::Midtrans).await?),
        orders: Set(payment_attempt::Entity::find().count(&tx).await? as i64),
        findings: Set(serde_json::to_value(&differences)?),
        broken: Set(broken),
        ..Default::default()
    };
    let row = Entity::insert(row).exec_with_returning(&tx).await?;
    tx.commit().await?;
    Ok(row)
}

/// What was fetched a moment ago is booked a moment later: waits a little for that.
async fn settled(db: &Db) -> Result<()> {
    for _ in 0..20 {
        if !outbox::is_money_on_its_way(db).await? {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Ok(())
}

/// The newest look, if there was one.
pub async fn latest(db: &impl ConnectionTrait) -> Result<Option<Model>> {
    Ok(Entity::find().order_by_desc(Column::Id).one(db).await?)
}

/// What a look found, by subject.
pub fn found(row: &Model) -> BTreeMap<String, Difference> {
    let all: Vec<Difference> = serde_json::from_value(row.findings.clone()).unwrap_or_default();
    all.into_iter().map(|difference| (difference.subject.clone(), difference)).collect()
}

/// How much more lies at the provider than was booked, in hundredths of a rupiah; none when it did not say.
pub fn gap_sen(row: &Model) -> Option<i64> {
    Some(row.wallet_sen? - row.booked.0 * 100)
}

/// Whether the hour of the nightly look has come and it was not done yet.
pub async fn is_due(db: &impl ConnectionTrait, clock: &Clock) -> Result<bool> {
    let due = last_due(clock.now());
    let done = Entity::find().filter(Column::At.gte(due)).one(db).await?.is_some();
    Ok(!done && payment_attempt::Entity::find().one(db).await?.is_some())
}

/// The last time that it was the hour.
fn last_due(now: DateTime<Utc>) -> DateTime<Utc> {
    let shifted = now - Duration::hours(HOUR);
    let midnight = clock::local_date(shifted).and_time(chrono::NaiveTime::MIN) - Duration::hours(7);
    midnight.and_utc() + Duration::hours(HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_night_begins_at_three_in_jember() {
        let due = |now: &str| last_due(now.parse().unwrap()).to_rfc3339();
        assert_eq!(due("2026-11-21T03:00:00Z"), "2026-11-20T20:00:00+00:00");
        assert_eq!(due("2026-11-20T20:00:00Z"), "2026-11-20T20:00:00+00:00");
        assert_eq!(due("2026-11-20T19:59:59Z"), "2026-11-19T20:00:00+00:00");
    }
}
