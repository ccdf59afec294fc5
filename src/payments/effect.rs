//! What goes up to the floors above, through the outbox: each effect of a transaction once, whatever order it came in.
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{db::Tx, error::Result, outbox};
use entity::{Rupiah, order::Method, payment_attempt::Model};

/// The payload of `payment.charge` and `payment.inbox`: the number of the row to work on.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Job {
    pub id: i64,
}

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
}

/// Something that became of an attempt.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Effect<'a> {
    pub name: &'static str,
    pub transaction_id: Option<&'a str>,
    pub late: bool,
    pub refunded: Rupiah,
}

/// Queues `payment.{name}`. The key names attempt, transaction and effect; money taken back and paid again is a new
/// round, and each further refund is one of its own.
pub(super) async fn tell(tx: &Tx, now: DateTime<Utc>, attempt: &Model, effect: Effect<'_>) -> Result<()> {
    let Effect { name, transaction_id, late, refunded } = effect;
    let mut key = format!("payment.{name}:{}:{}", attempt.id, transaction_id.unwrap_or("-"));
    if attempt.reversals > 0 {
        key = format!("{key}:round-{}", attempt.reversals);
    }
    if refunded > Rupiah::ZERO {
        key = format!("{key}:{}", refunded.0);
    }
    let told = Told {
        subject: attempt.subject.clone(),
        attempt_id: attempt.id,
        transaction_id: transaction_id.map(str::to_owned),
        amount: attempt.amount,
        method: attempt.method,
        late,
        refunded,
    };
    outbox::queue(tx, now, &format!("payment.{name}"), &key, &told).await?;
    Ok(())
}
