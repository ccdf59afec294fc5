//! Money of a bill: what the provider says became of it, and what goes back. Each act posts once, by its source key.
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::{ActiveModel, Entity, Model, State, lock_any, remember, subject};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    ledger::{self, Book, NewEntry},
    payments::{attempt, effect::Told, refund},
};
use entity::Rupiah;

/// What became of a payment for a bill, in the outbox's word for it. `event` names it once and for all.
pub async fn told(tx: &Tx, clock: &Clock, id: i64, verb: &str, event: &str, told: &Told) -> Result<()> {
    let bill = lock_any(tx, id).await?;
    match verb {
        "paid" | "surplus" => paid(tx, clock, &bill, event, told).await,
        "reversed" => reversed(tx, clock, &bill, event, told.amount).await,
        "refunded" => refunded(tx, clock, &bill, event, told).await,
        "refund_denied" | "disputed" => {
            remember(tx, clock, &bill, verb, None, json!({ "amount": told.refunded })).await
        }
        _ => Ok(()),
    }
}

/// Pays the bill if it still asks for money. What comes too late, twice, or for a bill that was called off is owed
/// back; after the bank took the money of a bill back, it may come again.
async fn paid(tx: &Tx, clock: &Clock, bill: &Model, event: &str, told: &Told) -> Result<()> {
    let counts = bill.state == State::Open && (!told.late || bill.paid_at.is_some());
    let (sold, back) = if counts { (told.amount, Rupiah::ZERO) } else { (Rupiah::ZERO, told.amount) };
    let verb = if counts { "paid" } else { "paid_for_nothing" };
    let entry = NewEntry {
        source_key: &format!("paid:bill:{}:{event}", bill.id),
        kind: "paid",
        subject: &subject(bill.id),
        memo: verb,
        lines: &[
            (Book::Midtrans, told.amount),
            (Book::OwnSales(bill.outlet_id), -sold),
            (Book::RefundsDue(bill.outlet_id), -back),
        ],
    };
    if !ledger::post(tx, clock, entry).await? {
        return Ok(());
    }
    let mut change = ActiveModel {
        id: Set(bill.id),
        sold: Set(bill.sold + sold),
        refund_due: Set(bill.refund_due + back),
        ..Default::default()
    };
    if counts {
        change.state = Set(State::Paid);
        change.paid_at = Set(Some(clock.now()));
    } else if bill.state == State::Open && !is_asked(tx, bill).await? {
        change.state = Set(State::Cancelled);
        change.closed_at = Set(Some(clock.now()));
    }
    Entity::update(change).exec(tx).await?;
    remember(tx, clock, bill, verb, None, json!({ "amount": told.amount })).await
}

/// Whether another code of the bill can still be paid.
async fn is_asked(tx: &Tx, bill: &Model) -> Result<bool> {
    Ok(attempt::of_subject(tx, &subject(bill.id)).await?.iter().any(attempt::is_live))
}

/// The bank took money back: what was owed back is given up first, then the sale. A bill without its sale is open anew.
async fn reversed(tx: &Tx, clock: &Clock, bill: &Model, event: &str, amount: Rupiah) -> Result<()> {
    let came = ledger::balance_of(tx, Book::Midtrans, &subject(bill.id)).await?;
    let amount = std::cmp::min(amount, came);
    let from_sale = if bill.refund_due >= amount { Rupiah::ZERO } else { std::cmp::min(amount, bill.sold) };
    let back = std::cmp::min(bill.refund_due, amount - from_sale);
    let entry = NewEntry {
        source_key: &format!("reversed:bill:{}:{event}", bill.id),
        kind: "reversed",
        subject: &subject(bill.id),
        memo: "reversed",
        lines: &[
            (Book::Midtrans, -amount),
            (Book::OwnSales(bill.outlet_id), from_sale),
            (Book::RefundsDue(bill.outlet_id), back),
            (Book::Surplus, amount - from_sale - back),
        ],
    };
    if !ledger::post(tx, clock, entry).await? {
        return Ok(());
    }
    let sold = bill.sold - from_sale;
    let mut change = ActiveModel {
        id: Set(bill.id),
        sold: Set(sold),
        refund_due: Set(bill.refund_due - back),
        ..Default::default()
    };
    if bill.state == State::Paid && sold == Rupiah::ZERO {
        change.state = Set(State::Open);
    }
    Entity::update(change).exec(tx).await?;
    remember(tx, clock, bill, "reversed", None, json!({ "amount": amount })).await
}

/// The provider gave money back, asked for here or from its own side. `told.refunded` is all that this transaction has
/// given back so far. What is owed back is settled first, then the sale; what is left is a claim for a person to clear.
async fn refunded(tx: &Tx, clock: &Clock, bill: &Model, event: &str, told: &Told) -> Result<()> {
    let transaction = told.transaction_id.as_deref().unwrap_or("-");
    let booked = -ledger::of_kind(tx, Book::Midtrans, &subject(bill.id), "refunded", transaction).await?;
    let amount = told.refunded - booked;
    if amount <= Rupiah::ZERO {
        return Ok(());
    }
    let owed = std::cmp::min(amount, bill.refund_due);
    let from_sale = std::cmp::min(amount - owed, bill.sold);
    let entry = NewEntry {
        source_key: &format!("refunded:bill:{}:{event}", bill.id),
        kind: "refunded",
        subject: &subject(bill.id),
        memo: transaction,
        lines: &[
            (Book::Midtrans, -amount),
            (Book::RefundsDue(bill.outlet_id), owed),
            (Book::OwnSales(bill.outlet_id), from_sale),
            (Book::Surplus, amount - owed - from_sale),
        ],
    };
    if !ledger::post(tx, clock, entry).await? {
        return Ok(());
    }
    let sold = bill.sold - from_sale;
    let mut change = ActiveModel {
        id: Set(bill.id),
        sold: Set(sold),
        refund_due: Set(bill.refund_due - owed),
        ..Default::default()
    };
    if bill.state == State::Paid && sold == Rupiah::ZERO {
        change.state = Set(State::Cancelled);
        change.closed_at = Set(Some(clock.now()));
    }
    Entity::update(change).exec(tx).await?;
    remember(tx, clock, bill, "refunded", None, json!({ "amount": amount })).await
}

/// An operator gives back what is owed, the way it came; as much at once as one payment brought.
pub async fn give_back(tx: &Tx, clock: &Clock, bill: &Model, by: i64) -> Result<()> {
    must_owe(bill)?;
    let Some((_, left)) = refund::way_back(tx, &subject(bill.id), clock.now()).await? else {
        return Err(Refusal::conflict("counter.no_way_back").into());
    };
    let amount = std::cmp::min(bill.refund_due, left);
    let reason = format!("Tagihan {}", bill.id);
    refund::request(tx, clock, &subject(bill.id), amount, &reason, Some(by)).await?;
    remember(tx, clock, bill, "refund_asked", Some(by), json!({ "amount": amount })).await
}

/// An operator has sent everything that was owed back, from the outlet's bank account: another one than who took the
/// money, so that two people know of it.
pub async fn paid_back(tx: &Tx, clock: &Clock, bill: &Model, reference: &str, by: i64) -> Result<()> {
    must_owe(bill)?;
    if by == bill.person_id {
        return Err(Refusal::conflict("cashier.other_person").into());
    }
    if refund::is_underway(tx, &subject(bill.id)).await? {
        return Err(Refusal::conflict("counter.refund_underway").into());
    }
    let entry = NewEntry {
        source_key: &format!("paid_back:bill:{}:{reference}", bill.id),
        kind: "paid_back",
        subject: &subject(bill.id),
        memo: reference,
        lines: &[(Book::RefundsDue(bill.outlet_id), bill.refund_due), (Book::Bank(bill.outlet_id), -bill.refund_due)],
    };
    if !ledger::post(tx, clock, entry).await? {
        return Err(Refusal::conflict("counter.reference_used").into());
    }
    let change = ActiveModel { id: Set(bill.id), refund_due: Set(Rupiah::ZERO), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    let detail = json!({ "amount": bill.refund_due, "reference": reference });
    remember(tx, clock, bill, "paid_back", Some(by), detail).await
}

fn must_owe(bill: &Model) -> Result<(), Refusal> {
    if bill.refund_due > Rupiah::ZERO { Ok(()) } else { Err(Refusal::conflict("qris.nothing_owed")) }
}
