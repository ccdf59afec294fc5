//! What goes up to the floors above, through the outbox: each effect of a transaction once, whatever order it came in.
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::{db::Tx, error::Result, outbox as work};
use entity::{
    Rupiah,
    order::Method,
    outbox,
    outbox::{Column, Entity},
    payment_attempt::Model,
};

/// The payload of `payment.charge` and `payment.refund`: the number of the row to work on.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Job {
    pub id: i64,
}

/// All kinds of effects.
pub const ALL: [&str; 7] = [
    "payment.paid",
    "payment.closed",
    "payment.reversed",
    "payment.refunded",
    "payment.refund_denied",
    "payment.disputed",
    "payment.surplus",
];

/// The payload of every effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub subject: String,
    pub attempt_id: i64,
    /// Absent when an attempt was given up before the provider knew of it.
    pub transaction_id: Option<String>,
    /// What the bill said, without any fee the buyer paid on top.
    pub amount: Rupiah,
    pub method: Method,
    /// Money came although the attempt had been given up on.
    pub late: bool,
    /// How much was given back so far, as the provider says.
    pub refunded: Rupiah,
    /// The provider's own word, where only a person can settle it.
    #[serde(default)]
    pub word: Option<String>,
}

/// Something that became of an attempt.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Effect<'a> {
    pub name: &'static str,
    pub transaction_id: Option<&'a str>,
    pub late: bool,
    pub refunded: Rupiah,
    pub word: Option<&'a str>,
}

/// How the keys of all effects of a name begin that an attempt had.
pub(super) fn key_of(name: &str, attempt_id: i64) -> String {
    format!("payment.{name}:{attempt_id}:")
}

/// Queues `payment.{name}`. The key names attempt, transaction and effect; money taken back and paid again is a new
/// round, and each further refund or word of a dispute is one of its own.
pub(super) async fn tell(tx: &Tx, now: DateTime<Utc>, attempt: &Model, effect: Effect<'_>) -> Result<()> {
    let Effect { name, transaction_id, late, refunded, word } = effect;
    let mut key = key_with(attempt.id, name, transaction_id);
    if attempt.reversals > 0 {
        key = format!("{key}:round-{}", attempt.reversals);
    }
    if refunded > Rupiah::ZERO {
        key = format!("{key}:{}", refunded.0);
    }
    if let Some(word) = word {
        key = format!("{key}:{word}");
    }
    let told = Told {
        subject: attempt.subject.clone(),
        attempt_id: attempt.id,
        transaction_id: transaction_id.map(str::to_owned),
        amount: attempt.amount,
        method: attempt.method,
        late,
        refunded,
        word: word.map(str::to_owned),
    };
    work::queue(tx, now, &format!("payment.{name}"), &key, &told).await?;
    Ok(())
}

fn key_with(attempt_id: i64, name: &str, transaction_id: Option<&str>) -> String {
    format!("{}{}", key_of(name, attempt_id), transaction_id.unwrap_or("-"))
}

/// How often this was told of a transaction before.
pub(super) async fn told(db: &impl ConnectionTrait, attempt_id: i64, name: &str, transaction_id: &str) -> Result<u64> {
    let key = key_with(attempt_id, name, Some(transaction_id));
    let told = Column::UniqueKey.eq(&key).or(Column::UniqueKey.starts_with(format!("{key}:")));
    Ok(Entity::find().filter(told).count(db).await?)
}

/// Whether money of a subject was told of and the floors above have not heard it yet.
pub(super) async fn is_on_its_way(db: &impl ConnectionTrait, subject: &str) -> Result<bool> {
    let money = ALL.into_iter().filter(|kind| *kind != "payment.closed");
    let rows = Entity::find().filter(Column::DoneAt.is_null()).filter(Column::Kind.is_in(money)).all(db).await?;
    Ok(rows.iter().any(|row| is_about(row, subject)))
}

/// Whether an effect is one of this subject's.
pub fn is_about(row: &outbox::Model, subject: &str) -> bool {
    row.payload.get("subject").and_then(|of| of.as_str()) == Some(subject)
}
