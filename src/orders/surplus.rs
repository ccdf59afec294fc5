//! Money that pays nothing, until a person decides: it goes back to its buyer, counts as a sale of the shop, or is lost.
//!
//! A surplus of a subject above zero is owed to somebody; below zero it is money that we gave and should not have.
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::json;

use super::{docket::Docket, notify, order as orders, state};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
    ledger::{self, Book, NewEntry},
    payments::{apart, provider::Verified},
};
use entity::{
    Rupiah, order,
    order::{Payment, State},
    outlet, payment_attempt,
};

/// What stands as surplus of a subject; what was given wrongly is below zero.
pub async fn of(db: &impl ConnectionTrait, subject: &str) -> Result<Rupiah> {
    Ok(-ledger::balance_of(db, Book::Surplus, subject).await?)
}

/// Books money that the provider holds and that pays no bill. Its transaction names it once and for all.
pub async fn take_in(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    attempt: Option<&payment_attempt::Model>,
    verified: &Verified,
    by: i64,
) -> Result<()> {
    let amount = apart::amount(verified);
    let subject = match attempt {
        Some(attempt) => attempt.subject.clone(),
        None => format!("stray:{}", verified.transaction_id),
    };
    let entry = NewEntry {
        source_key: &format!("stray:{}", verified.transaction_id),
        kind: "stray",
        subject: &subject,
        memo: verified.order_id.as_deref().unwrap_or_default(),
        lines: &[(Book::Midtrans, amount), (Book::Surplus, -amount)],
    };
    if !ledger::post(tx, clock, entry).await? {
        return Err(Refusal::conflict("money.booked_already").into());
    }
    if let Some(attempt) = attempt {
        apart::keep(tx, clock, attempt, verified).await?;
    }
    let detail = json!({ "amount": amount });
    match orders::existing(tx, &subject).await? {
        Some(id) => Docket::lock_any(tx, id).await?.remember(tx, clock, "stray", Some(by), detail).await,
        None => {
            history::remember(tx, clock, Some(outlet.village_id), outlet_of(outlet), "stray", Some(by), detail).await
        }
    }
}

/// The surplus of an order is owed back to its buyer.
pub async fn owe_back(tx: &Tx, clock: &Clock, docket: &Docket, by: i64) -> Result<()> {
    let (order, subject) = (&docket.order, docket.subject());
    let amount = of(tx, &subject).await?;
    if amount <= Rupiah::ZERO {
        return Err(Refusal::conflict("money.no_surplus").into());
    }
    // A buyer who still has to pay pays all of it, and gets this back: the order is called off or paid first.
    if order.state == State::Placed && order.payment == Payment::Unpaid {
        return Err(Refusal::conflict("money.end_order_first").into());
    }
    let entry = NewEntry {
        source_key: &format!("surplus_owed:{subject}:{}", clock.now().timestamp_micros()),
        kind: "surplus_owed",
        subject: &subject,
        memo: "surplus_owed",
        lines: &[(Book::Surplus, amount), (Book::RefundsDue(order.outlet_id), -amount)],
    };
    ledger::post(tx, clock, entry).await?;
    let change = order::ActiveModel {
        id: Set(order.id),
        payment: Set(state::step(order.payment, Payment::RefundDue)?),
        refund_due: Set(order.refund_due + amount),
        ..Default::default()
    };
    let order = order::Entity::update(change).exec(tx).await?;
    docket.remember(tx, clock, "surplus_owed", Some(by), json!({ "amount": amount })).await?;
    notify::state_changed(tx, clock, &order, "refund_due").await
}

/// Money of nobody we know was paid at the shop after all, as by a printed QRIS.
pub async fn sold(tx: &Tx, clock: &Clock, outlet: &outlet::Model, subject: &str, reason: &str, by: i64) -> Result<()> {
    let amount = of(tx, subject).await?;
    if amount <= Rupiah::ZERO || !subject.starts_with("stray:") {
        return Err(Refusal::conflict("money.no_surplus").into());
    }
    let lines = [(Book::Surplus, amount), (Book::OwnSales(outlet.id), -amount)];
    decide(tx, clock, outlet, subject, ("surplus_sold", reason), &lines, by).await
}

/// What we gave and shall not get back is a loss of the outlet.
pub async fn lost(tx: &Tx, clock: &Clock, outlet: &outlet::Model, subject: &str, reason: &str, by: i64) -> Result<()> {
    let amount = of(tx, subject).await?;
    if amount >= Rupiah::ZERO {
        return Err(Refusal::conflict("money.no_surplus").into());
    }
    let lines = [(Book::Surplus, amount), (Book::Loss(outlet.id), -amount)];
    decide(tx, clock, outlet, subject, ("surplus_lost", reason), &lines, by).await
}

/// The books follow the provider where both differ, with a reason: `amount` more lies there than was booked.
pub async fn differs(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    subject: &str,
    amount: Rupiah,
    reason: &str,
    by: i64,
) -> Result<()> {
    let lines = [(Book::Midtrans, amount), (Book::Loss(outlet.id), -amount)];
    decide(tx, clock, outlet, subject, ("difference", reason), &lines, by).await
}

async fn decide(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    subject: &str,
    (kind, reason): (&str, &str),
    lines: &[ledger::Line],
    by: i64,
) -> Result<()> {
    let now = clock.now();
    let source_key = format!("{kind}:{subject}:{}", now.timestamp_micros());
    let amount = lines.first().map_or(Rupiah::ZERO, |(_, amount)| *amount);
    if !ledger::post(tx, clock, NewEntry { source_key: &source_key, kind, subject, memo: reason, lines }).await? {
        return Err(Error::NotFound);
    }
    let about = orders::existing(tx, subject).await?.map_or(outlet_of(outlet), |id| Subject("order", id));
    let detail = json!({ "amount": amount, "reason": reason });
    history::remember(tx, clock, Some(outlet.village_id), about, kind, Some(by), detail).await
}

fn outlet_of(outlet: &outlet::Model) -> Subject {
    Subject("outlet", outlet.id)
}
