//! One payout: reserved, then with the payee, or owed again. Every step is posted once; whatever comes a second time
//! finds the state changed and does nothing.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::{
    iris,
    payee::Payee,
    payout_run::{self, lock},
    repayment,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    history::{self, Subject},
    ledger::{self, Book, NewEntry},
};
use entity::{
    outlet,
    payout::{ActiveModel, Column, Entity, Model, Shown, State, Way},
};

/// What shows that money has gone out.
#[derive(Clone, Debug)]
pub enum Proof {
    /// The bank's reference of a transfer: once an outlet, whatever its letters' case.
    Reference(String),
    /// Who took the cash, and what shows that the payee knows of it.
    Cash { receiver: String, shown: Shown },
}

/// What entries of a payout are about.
pub fn subject(id: i64) -> String {
    format!("payout:{id}")
}

/// The key under which its money is reserved.
pub fn reserved_key(id: i64) -> String {
    format!("payout:{id}:reserved")
}

fn paid_key(id: i64) -> String {
    format!("payout:{id}:paid")
}

/// Whether its money is still reserved.
pub fn is_open(state: State) -> bool {
    matches!(state, State::Waiting | State::Approved)
}

/// A person ticks a payout off: the bank has taken the transfer, or the cash has been handed over.
pub async fn tick_off(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    run_id: i64,
    id: i64,
    proof: &Proof,
    by: i64,
) -> Result<()> {
    let run = lock(tx, outlet.id, run_id).await?;
    let payout = run.payout(id)?;
    match payout.state {
        State::Approved => {}
        State::Waiting => return Err(Refusal::conflict("payout.not_approved").into()),
        State::Paid | State::Failed | State::Dropped => return Err(Refusal::conflict("payout.already_ended").into()),
    }
    let (reference, receiver, shown) = match (proof, payout.way) {
        (Proof::Reference(text), Way::Transfer) => (Some(unused(tx, outlet.id, text).await?), None, None),
        (Proof::Cash { receiver, shown }, Way::Cash) => (None, Some(receiver.clone()), Some(*shown)),
        (_, Way::Midtrans) => return Err(Refusal::conflict("payout.midtrans_tells").into()),
        _ => return Err(Refusal::conflict("payout.other_way").into()),
    };
    let change = ActiveModel {
        id: Set(id),
        reference: Set(reference),
        receiver: Set(receiver),
        proof: Set(shown),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    arrived(tx, clock, payout, Some(by)).await
}

/// A reference that no other payout of this outlet has: the same transfer does not pay two people.
async fn unused(tx: &Tx, outlet_id: i64, text: &str) -> Result<String> {
    let reference = text.to_uppercase();
    let same = Entity::find().filter(Column::OutletId.eq(outlet_id)).filter(Column::Reference.eq(&reference));
    match same.one(tx).await? {
        None => Ok(reference),
        Some(other) => Err(Refusal::conflict("payout.reference_used").with("name", other.name).into()),
    }
}

/// A transfer or cash that did not arrive, or came back: owed again. Midtrans says so itself.
pub async fn fail(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    run_id: i64,
    id: i64,
    reason: &str,
    by: i64,
) -> Result<()> {
    let run = lock(tx, outlet.id, run_id).await?;
    let payout = run.payout(id)?;
    match (payout.way, payout.state) {
        (_, State::Waiting) => Err(Refusal::conflict("payout.not_approved").into()),
        (_, State::Failed | State::Dropped) => Err(Refusal::conflict("payout.already_failed").into()),
        (Way::Midtrans, _) => iris::call_back(tx, clock, payout, reason, by).await,
        (Way::Transfer | Way::Cash, _) => owe_again(tx, clock, payout, State::Failed, reason, Some(by)).await,
    }
}

/// The money is with the payee: out of what is underway, out of where it lay. The outlet is locked.
pub(super) async fn arrived(tx: &Tx, clock: &Clock, payout: &Model, by: Option<i64>) -> Result<()> {
    let from = match payout.way {
        Way::Transfer => Book::Bank(payout.outlet_id),
        Way::Cash => Book::Cash(payout.outlet_id),
        Way::Midtrans => Book::PayoutWallet,
    };
    let entry = NewEntry {
        source_key: &paid_key(payout.id),
        kind: "payout",
        subject: &subject(payout.id),
        memo: "paid",
        lines: &[(Book::PayoutsUnderway(payout.outlet_id), payout.amount), (from, -payout.amount)],
    };
    ledger::post(tx, clock, entry).await?;
    let now = Some(clock.now());
    let change = ActiveModel {
        id: Set(payout.id),
        state: Set(State::Paid),
        paid_at: Set(now),
        ended_at: Set(now),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    remember(tx, clock, payout, "paid", by, json!({ "amount": payout.amount, "way": payout.way })).await?;
    payout_run::close_if_over(tx, clock, payout.outlet_id, payout.run_id).await
}

/// What was reserved, and what had gone out, is taken back once: the payee is owed it again. The outlet is locked.
pub(super) async fn owe_again(
    tx: &Tx,
    clock: &Clock,
    payout: &Model,
    state: State,
    reason: &str,
    by: Option<i64>,
) -> Result<()> {
    if payout.state == State::Paid {
        ledger::reverse(tx, clock, &paid_key(payout.id)).await?;
    }
    ledger::reverse(tx, clock, &reserved_key(payout.id)).await?;
    repayment::undo_of_payout(tx, clock, payout.id).await?;
    let change = ActiveModel {
        id: Set(payout.id),
        state: Set(state),
        reason: Set(Some(reason.chars().take(300).collect())),
        ended_at: Set(Some(clock.now())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    let verb = if state == State::Dropped { "dropped" } else { "failed" };
    let had_gone = payout.state == State::Paid;
    remember(tx, clock, payout, verb, by, json!({ "amount": payout.amount, "had_gone": had_gone })).await?;
    payout_run::close_if_over(tx, clock, payout.outlet_id, payout.run_id).await
}

pub(super) async fn set_state(tx: &Tx, id: i64, state: State) -> Result<()> {
    Entity::update(ActiveModel { id: Set(id), state: Set(state), ..Default::default() }).exec(tx).await?;
    Ok(())
}

/// Why it will not be paid, while the provider is still to say so.
pub(super) async fn keep_reason(tx: &Tx, id: i64, reason: &str) -> Result<()> {
    let reason = Some(reason.chars().take(300).collect());
    Entity::update(ActiveModel { id: Set(id), reason: Set(reason), ..Default::default() }).exec(tx).await?;
    Ok(())
}

/// The newest payouts of a payee.
pub async fn of_payee(db: &impl ConnectionTrait, payee: Payee, most: u64) -> Result<Vec<Model>> {
    let of_payee = Entity::find().filter(Column::Payee.eq(payee.code())).order_by_desc(Column::Id).limit(most);
    Ok(of_payee.all(db).await?)
}

async fn remember(
    tx: &Tx,
    clock: &Clock,
    payout: &Model,
    verb: &str,
    by: Option<i64>,
    detail: serde_json::Value,
) -> Result<()> {
    history::remember(tx, clock, None, Subject("payout", payout.id), verb, by, detail).await
}
