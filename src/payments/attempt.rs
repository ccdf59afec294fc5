//! One try at paying, under an order id of its own at the provider. Committed before the provider hears of it, so a
//! notice about an unknown order is really about a stranger.
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use serde::{Deserialize, Serialize};

use super::{
    effect::{self, Effect},
    method, schedule,
};
use crate::{
    clock::{self, Clock},
    db::Tx,
    error::{Refusal, Result},
    outbox,
};
use entity::{
    Rupiah, order, payment_attempt,
    payment_attempt::{Model, State},
    payment_transaction,
};

pub use super::closing::{Closing, close_live};

/// What the provider is told of the bill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Goods, shipping and discounts; they must come to the amount, or be left out altogether.
    pub lines: Vec<Line>,
    pub name: String,
    pub phone: String,
    pub email: Option<String>,
    /// Where a wallet's app sends the buyer back to: a path of this shop.
    pub return_url: String,
}

/// One line of the bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub id: String,
    pub name: String,
    pub price: Rupiah,
    pub quantity: i64,
    pub maker: Option<String>,
}

/// Opens an attempt and asks for its charge, which is made after the commit. A live attempt of the same subject must
/// be closed first ([`close_live`]), or the buyer could pay twice; the caller has locked the subject.
pub async fn open(
    tx: &Tx,
    clock: &Clock,
    subject: &str,
    method: order::Method,
    amount: Rupiah,
    expires_at: DateTime<Utc>,
    details: &Details,
) -> Result<Model> {
    judge(method, amount, details)?;
    let earlier = of_subject(tx, subject).await?;
    if earlier.iter().any(is_live) {
        return Err(Refusal::conflict("paying.still_open").into());
    }
    if earlier.iter().any(has_paid) {
        return Err(Refusal::conflict("paying.already_paid").into());
    }
    let now = clock.now();
    let mut attempt = payment_attempt::ActiveModel {
        subject: Set(subject.to_owned()),
        // Its own number is part of the order id, and is known only after.
        provider_order_id: Set(uuid::Uuid::new_v4().to_string()),
        method: Set(method),
        amount: Set(amount),
        details: Set(serde_json::to_value(details)?),
        state: Set(State::Created),
        fetch_seq: Set(0),
        applied_seq: Set(0),
        checks: Set(0),
        doubts: Set(0),
        reversals: Set(0),
        settled: Set(false),
        expires_at: Set(expires_at),
        created_at: Set(now),
        ..Default::default()
    };
    let mut row = payment_attempt::Entity::insert(attempt.clone()).exec_with_returning(tx).await?;
    let first = earlier.first().map_or(row.id, |attempt| attempt.id);
    let day = clock::local_date(now).format("%Y%m%d");
    row.provider_order_id = format!("UEP-{day}-{first:04}-{}", earlier.len() + 1);
    row.next_check_at = schedule::next(&row, now);
    attempt = payment_attempt::ActiveModel {
        id: Set(row.id),
        provider_order_id: Set(row.provider_order_id.clone()),
        next_check_at: Set(row.next_check_at),
        ..Default::default()
    };
    payment_attempt::Entity::update(attempt).exec(tx).await?;
    let id = row.id;
    outbox::queue(tx, now, "payment.charge", &format!("payment.charge:{id}"), &effect::Job { id }).await?;
    Ok(row)
}

/// What a caller must have made sure of.
fn judge(method: order::Method, amount: Rupiah, details: &Details) -> Result<()> {
    if !method::is_at_provider(method) || !method::takes(method, amount) {
        return Err(anyhow::anyhow!("{method:?} does not take {amount} at the provider").into());
    }
    let sum: Option<i64> = details
        .lines
        .iter()
        .try_fold(0_i64, |sum, line| line.price.times(line.quantity).and_then(|price| sum.checked_add(price.0)));
    if !details.lines.is_empty() && sum != Some(amount.0) {
        return Err(anyhow::anyhow!("the lines of a bill come to {sum:?}, not {amount}").into());
    }
    Ok(())
}

/// Whether money may still come in the ordinary way.
pub fn is_live(attempt: &Model) -> bool {
    matches!(attempt.state, State::Created | State::Pending)
}

/// Whether it paid all there is to pay: not only its part.
pub fn has_paid(attempt: &Model) -> bool {
    attempt.state == State::Paid && !attempt.settled
}

/// What was paid so far was a part, and is in the books: another attempt may bring the rest. The caller has locked the
/// subject.
pub async fn settle_part(tx: &Tx, subject: &str) -> Result<()> {
    payment_attempt::Entity::update_many()
        .col_expr(payment_attempt::Column::Settled, Expr::value(true))
        .filter(payment_attempt::Column::Subject.eq(subject))
        .filter(payment_attempt::Column::State.eq(State::Paid))
        .exec(tx)
        .await?;
    Ok(())
}

/// All attempts of a subject, oldest first.
pub async fn of_subject(db: &impl ConnectionTrait, subject: &str) -> Result<Vec<Model>> {
    Ok(payment_attempt::Entity::find()
        .filter(payment_attempt::Column::Subject.eq(subject))
        .order_by_asc(payment_attempt::Column::Id)
        .all(db)
        .await?)
}

/// The attempt that counts for showing: the paid one, else the latest.
pub async fn current(db: &impl ConnectionTrait, subject: &str) -> Result<Option<Model>> {
    let mut all = of_subject(db, subject).await?;
    match all.iter().position(has_paid) {
        Some(at) => Ok(Some(all.swap_remove(at))),
        None => Ok(all.pop()),
    }
}

/// The provider's own name for what an attempt opened, newest first where there are several.
pub async fn transaction_of(db: &impl ConnectionTrait, attempt_id: i64) -> Result<Option<String>> {
    let row = payment_transaction::Entity::find()
        .filter(payment_transaction::Column::AttemptId.eq(attempt_id))
        .order_by_desc(payment_transaction::Column::Id)
        .one(db)
        .await?;
    Ok(row.map(|row| row.transaction_id))
}

/// The attempt of an order id at the provider, if it is one of ours.
pub async fn by_reference(db: &impl ConnectionTrait, provider_order_id: &str) -> Result<Option<Model>> {
    let named = payment_attempt::Column::ProviderOrderId.eq(provider_order_id);
    Ok(payment_attempt::Entity::find().filter(named).one(db).await?)
}

/// One attempt by its number.
pub async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Model> {
    let row = payment_attempt::Entity::find_by_id(id).one(db).await?;
    row.ok_or_else(|| anyhow::anyhow!("there is no payment attempt {id}").into())
}

/// Whose a notice is: by our order id, else by the transaction.
pub(super) async fn of_notice(
    db: &impl ConnectionTrait,
    order_id: &str,
    transaction_id: Option<&str>,
) -> Result<Option<Model>> {
    let by_order = payment_attempt::Entity::find().filter(payment_attempt::Column::ProviderOrderId.eq(order_id));
    if let Some(attempt) = by_order.one(db).await? {
        return Ok(Some(attempt));
    }
    let Some(transaction_id) = transaction_id else { return Ok(None) };
    match tied(db, transaction_id).await? {
        Some(transaction) => Ok(Some(by_id(db, transaction.attempt_id).await?)),
        None => Ok(None),
    }
}

/// The transaction as last fetched, if it belongs to any attempt.
pub(super) async fn tied(
    db: &impl ConnectionTrait,
    transaction_id: &str,
) -> Result<Option<payment_transaction::Model>> {
    Ok(payment_transaction::Entity::find()
        .filter(payment_transaction::Column::TransactionId.eq(transaction_id))
        .one(db)
        .await?)
}

/// What to ask the provider by: the transaction the money came by, else the latest, else our order id.
pub(super) async fn asked_by(db: &impl ConnectionTrait, attempt: &Model) -> Result<String> {
    if let Some(paid_by) = &attempt.paid_by {
        return Ok(paid_by.clone());
    }
    let latest = payment_transaction::Entity::find()
        .filter(payment_transaction::Column::AttemptId.eq(attempt.id))
        .order_by_desc(payment_transaction::Column::Id)
        .one(db)
        .await?;
    Ok(latest.map_or_else(|| attempt.provider_order_id.clone(), |transaction| transaction.transaction_id))
}

/// All attempts of a subject, locked in the order of their numbers.
pub(super) async fn lock_subject(tx: &Tx, subject: &str) -> Result<Vec<Model>> {
    Ok(payment_attempt::Entity::find()
        .filter(payment_attempt::Column::Subject.eq(subject))
        .order_by_asc(payment_attempt::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?)
}

/// Gives up on an attempt that the provider knows nothing of. Once; anything but a live one is left alone.
pub(super) async fn give_up(tx: &Tx, clock: &Clock, id: i64) -> Result<()> {
    let subject = by_id(tx, id).await?.subject;
    let Some(mut row) = lock_subject(tx, &subject).await?.into_iter().find(|row| row.id == id && is_live(row)) else {
        return Ok(());
    };
    row.state = State::Closed;
    let change = payment_attempt::ActiveModel {
        id: Set(id),
        state: Set(State::Closed),
        next_check_at: Set(schedule::next(&row, clock.now())),
        ..Default::default()
    };
    payment_attempt::Entity::update(change).exec(tx).await?;
    effect::tell(tx, clock.now(), &row, Effect { name: "closed", ..Effect::default() }).await
}

/// How many attempts wait for money.
pub async fn waiting(db: &impl ConnectionTrait) -> Result<u64> {
    Ok(payment_attempt::Entity::find()
        .filter(payment_attempt::Column::State.is_in([State::Created, State::Pending]))
        .count(db)
        .await?)
}
