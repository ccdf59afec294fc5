//! Giving money back the way it came. A refund is written down with its key before the provider hears of it, and asked
//! for under that key until there is an answer: a lost answer never makes a second refund.
//!
//! Windows are the provider's (Midtrans, March 2026): QRIS on-us 45 days, off-us 7; GoPay 45; ShopeePay 365, whole only.
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{
    Gate,
    apply::{self, Checked},
    attempt, effect,
    effect::{Effect, Job},
    method,
    provider::{Failure, GiveBack, Given, Returned},
};
use crate::{
    clock::Clock,
    db::{self, Db, Tx},
    error::{Refusal, Result},
    outbox,
};
use entity::{
    Rupiah, order,
    payment_attempt::{self, State as Attempt},
    payment_refund::{ActiveModel, Column, Entity, Model, State},
    payment_transaction,
};

/// How long after the payment money can go back this way.
fn window(attempt: &payment_attempt::Model, on_us: bool) -> Duration {
    match attempt.method {
        order::Method::Qris if !on_us => Duration::days(7),
        order::Method::Shopeepay => Duration::days(365),
        _ => Duration::days(45),
    }
}

/// The attempt a subject's money can go back by, and how much at most; none when it must be sent by hand.
pub async fn way_back(
    db: &impl ConnectionTrait,
    subject: &str,
    now: DateTime<Utc>,
) -> Result<Option<(payment_attempt::Model, Rupiah)>> {
    for attempt in attempt::of_subject(db, subject).await? {
        if !matches!(attempt.state, Attempt::Paid | Attempt::Refunded) || !method::is_refundable(attempt.method) {
            continue;
        }
        let paid_at = attempt.paid_at.unwrap_or(attempt.created_at);
        if now > paid_at + window(&attempt, is_on_us(db, &attempt).await?) {
            continue;
        }
        let refunds = of_attempt(db, attempt.id).await?;
        // What the bank has refused once it refuses again; then a person sends it.
        if refunds.iter().any(|refund| refund.state == State::Denied) {
            continue;
        }
        let gone: Rupiah = refunds.iter().map(|refund| refund.amount).sum();
        let left = attempt.amount - gone;
        if left > Rupiah::ZERO {
            return Ok(Some((attempt, left)));
        }
    }
    Ok(None)
}

/// Whether the payment stayed with its acquirer, which leaves more time; no when nobody said so.
async fn is_on_us(db: &impl ConnectionTrait, attempt: &payment_attempt::Model) -> Result<bool> {
    let Some(paid_by) = &attempt.paid_by else { return Ok(false) };
    let row = payment_transaction::Entity::find()
        .filter(payment_transaction::Column::TransactionId.eq(paid_by))
        .one(db)
        .await?;
    let kind = row.and_then(|row| row.fetched.get("transaction_type")?.as_str().map(str::to_owned));
    Ok(kind.as_deref() == Some("on-us"))
}

async fn of_attempt(db: &impl ConnectionTrait, attempt_id: i64) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::AttemptId.eq(attempt_id)).order_by_asc(Column::Id).all(db).await?)
}

/// All refunds of a subject, oldest first.
pub async fn of_subject(db: &impl ConnectionTrait, subject: &str) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::Subject.eq(subject)).order_by_asc(Column::Id).all(db).await?)
}

/// Whether money may be on its way back, so that nobody sends it a second time by hand: until the floor above has been
/// told, and has done, what the provider says of it.
pub async fn is_underway(db: &impl ConnectionTrait, subject: &str) -> Result<bool> {
    for refund in of_subject(db, subject).await? {
        let is_over = match refund.state {
            State::Requested => false,
            State::Accepted | State::Confirmed => is_told(db, &refund).await?,
            State::Denied => true,
        };
        if !is_over {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the provider has told of this refund, and the news of it was worked through.
async fn is_told(db: &impl ConnectionTrait, refund: &Model) -> Result<bool> {
    let key = effect::key_of("refunded", refund.attempt_id);
    Ok(refund.told_at.is_some() && !outbox::is_waiting(db, &key).await?)
}

/// Notes which of our refunds the provider tells of.
pub(super) async fn are_told(tx: &Tx, now: DateTime<Utc>, attempt_id: i64, refunds: &[Returned]) -> Result<()> {
    let keys: Vec<&str> = refunds.iter().filter_map(|given| given.key.as_deref()).collect();
    if keys.is_empty() {
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::ToldAt, Expr::value(Some(now)))
        .filter(Column::AttemptId.eq(attempt_id))
        .filter(Column::RefundKey.is_in(keys))
        .filter(Column::ToldAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Writes down that so much is to be given back; the provider is asked after the commit. The subject is locked.
pub async fn request(
    tx: &Tx,
    clock: &Clock,
    subject: &str,
    amount: Rupiah,
    reason: &str,
    by: Option<i64>,
) -> Result<Model> {
    attempt::lock_subject(tx, subject).await?;
    if is_underway(tx, subject).await? {
        return Err(Refusal::conflict("counter.refund_underway").into());
    }
    let Some((attempt, left)) = way_back(tx, subject, clock.now()).await? else {
        return Err(Refusal::conflict("counter.no_way_back").into());
    };
    let only_whole = attempt.method == order::Method::Shopeepay;
    if amount > left || (only_whole && amount != attempt.amount) {
        return Err(Refusal::conflict("counter.no_way_back").into());
    }
    let number = of_attempt(tx, attempt.id).await?.len() + 1;
    let row = ActiveModel {
        attempt_id: Set(attempt.id),
        subject: Set(subject.to_owned()),
        refund_key: Set(format!("{}-R{number}", attempt.provider_order_id)),
        amount: Set(amount),
        reason: Set(reason.to_owned()),
        state: Set(State::Requested),
        person_id: Set(by),
        asked_at: Set(clock.now()),
        ..Default::default()
    };
    let row = Entity::insert(row).exec_with_returning(tx).await?;
    let key = format!("payment.refund:{}", row.id);
    outbox::queue(tx, clock.now(), "payment.refund", &key, &Job { id: row.id }).await?;
    Ok(row)
}

/// The job `payment.refund`: asks under the stored key. Done again after a crash or a lost answer it gives back once.
pub async fn make(db: &Db, clock: &Clock, gate: &Gate, id: i64) -> Result<()> {
    let Some(row) = Entity::find_by_id(id).one(db).await? else { return Ok(()) };
    if row.state != State::Requested {
        return Ok(());
    }
    let attempt = attempt::by_id(db, row.attempt_id).await?;
    let asked_by = attempt::asked_by(db, &attempt).await?;
    let wish = GiveBack { id: &asked_by, key: &row.refund_key, amount: row.amount, reason: &row.reason };
    match gate.provider.refund(&wish).await {
        Ok(Given::Accepted) => answered(db, clock, gate, &row, State::Accepted, "accepted").await,
        Ok(Given::Denied(said)) | Err(Failure::Refused(said)) => unless_known(db, clock, gate, &row, &said).await,
        Err(Failure::TooLate) => unless_known(db, clock, gate, &row, "too late, or not possible").await,
        Ok(Given::Known) | Err(Failure::Duplicate) => match is_known(gate, &asked_by, &row).await? {
            true => answered(db, clock, gate, &row, State::Accepted, "known already").await,
            false => Err(anyhow::anyhow!("refund {} is known and not told yet", row.refund_key).into()),
        },
        Err(failure) => Err(anyhow::anyhow!("refund {}: {failure}", row.refund_key).into()),
    }
}

/// A no may only mean that an earlier call, whose answer was lost, has given the money back already: the status says.
async fn unless_known(db: &Db, clock: &Clock, gate: &Gate, row: &Model, said: &str) -> Result<()> {
    let attempt = attempt::by_id(db, row.attempt_id).await?;
    match is_known(gate, &attempt::asked_by(db, &attempt).await?, row).await? {
        true => answered(db, clock, gate, row, State::Accepted, "known already").await,
        false => answered(db, clock, gate, row, State::Denied, said).await,
    }
}

/// Whether the provider tells of a refund by our key.
async fn is_known(gate: &Gate, asked_by: &str, row: &Model) -> Result<bool> {
    match gate.provider.status(asked_by).await {
        Ok(verified) => Ok(verified.refunds.iter().any(|given| given.key.as_deref() == Some(&*row.refund_key))),
        Err(failure) => Err(anyhow::anyhow!("the status for {}: {failure}", row.refund_key).into()),
    }
}

async fn answered(db: &Db, clock: &Clock, gate: &Gate, row: &Model, state: State, said: &str) -> Result<()> {
    let now = clock.now();
    let tx = db::begin(db).await?;
    let change = ActiveModel {
        id: Set(row.id),
        state: Set(state),
        answer: Set(Some(said.chars().take(300).collect())),
        answered_at: Set(Some(now)),
        next_check_at: Set((state == State::Accepted).then(|| now + Duration::hours(1))),
        ..Default::default()
    };
    Entity::update(change).exec(&tx).await?;
    if state == State::Denied {
        let attempt = attempt::by_id(&tx, row.attempt_id).await?;
        effect::tell(&tx, now, &attempt, Effect { name: "refund_denied", refunded: row.amount, ..Effect::default() })
            .await?;
    }
    tx.commit().await?;
    if state == State::Accepted {
        // What was given back counts as the provider tells it, not as we asked for it.
        if let Checked::Lost(reason) = apply::check(db, clock, gate, row.attempt_id, None).await? {
            tracing::warn!(refund = row.refund_key, "accepted, and not told yet: {reason}");
        }
    }
    Ok(())
}

/// Looks at refunds the bank has not confirmed yet, once a day after the first hour. Says how many.
pub(super) async fn tick(db: &Db, clock: &Clock, gate: &Gate) -> Result<usize> {
    let now = clock.now();
    let due = Entity::find().filter(Column::NextCheckAt.lte(now)).order_by_asc(Column::NextCheckAt).limit(4);
    let rows = due.all(db).await?;
    for row in &rows {
        let attempt = attempt::by_id(db, row.attempt_id).await?;
        apply::check(db, clock, gate, row.attempt_id, None).await?;
        let told = gate.provider.status(&attempt::asked_by(db, &attempt).await?).await;
        let confirmed = told.is_ok_and(|verified| {
            verified.refunds.iter().any(|given| given.key.as_deref() == Some(&*row.refund_key) && given.confirmed)
        });
        let tx = db::begin(db).await?;
        let mut change =
            ActiveModel { id: Set(row.id), next_check_at: Set(Some(now + Duration::days(1))), ..Default::default() };
        if confirmed {
            change.state = Set(State::Confirmed);
            change.confirmed_at = Set(Some(now));
            change.next_check_at = Set(None);
        }
        Entity::update(change).exec(&tx).await?;
        tx.commit().await?;
    }
    Ok(rows.len())
}
