//! Money that a person sends back, by transfer or in cash, where it cannot go back the way it came.
//!
//! Two people: one makes it, another says yes. Only then is it sent, a transfer with a photo of its slip; and if the
//! bank gives it back to us, it is owed again, once. Nothing is booked before the money has gone. The caller has locked
//! the order.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use super::{close, docket::Docket, notify, state};
use crate::{
    bank_account::Account,
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    ledger::{self, Book, NewEntry},
    payments::refund,
};
pub use entity::refund_transfer::{Model, State, Way};
use entity::{
    Rupiah, order,
    order::Payment,
    refund_transfer::{ActiveModel, Column, Entity},
};

/// What the maker asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub amount: Rupiah,
    /// Where a transfer goes; none is cash over the counter.
    pub account: Option<Account>,
    pub note: Option<String>,
}

/// Makes one; it waits for somebody else's yes.
pub async fn propose(tx: &Tx, clock: &Clock, docket: &Docket, wish: &Proposal, by: i64) -> Result<Model> {
    let order = &docket.order;
    state::step(order.payment, Payment::Refunded)?;
    must_be_alone(tx, docket).await?;
    if wish.amount > order.refund_due {
        return Err(Refusal::invalid("money.at_most_owed").with("amount", order.refund_due).into());
    }
    let row = ActiveModel {
        order_id: Set(order.id),
        outlet_id: Set(order.outlet_id),
        amount: Set(wish.amount),
        way: Set(if wish.account.is_some() { Way::Transfer } else { Way::Cash }),
        bank: Set(wish.account.as_ref().map(|account| account.bank.clone())),
        number: Set(wish.account.as_ref().map(|account| account.number.clone())),
        holder: Set(wish.account.as_ref().map(|account| account.holder.clone())),
        state: Set(State::Proposed),
        note: Set(wish.note.clone()),
        maker_id: Set(by),
        made_at: Set(clock.now()),
        ..Default::default()
    };
    let row = Entity::insert(row).exec_with_returning(tx).await?;
    docket.remember(tx, clock, "refund_proposed", Some(by), json!({ "amount": row.amount })).await?;
    Ok(row)
}

/// What is on its way back already is not sent a second time.
async fn must_be_alone(tx: &Tx, docket: &Docket) -> Result<()> {
    if refund::is_underway(tx, &docket.subject()).await? || is_open(tx, docket.order.id).await? {
        return Err(Refusal::conflict("counter.refund_underway").into());
    }
    Ok(())
}

/// Somebody else than the maker says yes.
pub async fn approve(tx: &Tx, clock: &Clock, docket: &Docket, row: &Model, by: i64) -> Result<()> {
    must_be(row, &[State::Proposed])?;
    if row.maker_id == by {
        return Err(Refusal::conflict("money.other_person").into());
    }
    must_be_owed(docket, row)?;
    let change = ActiveModel {
        id: Set(row.id),
        state: Set(State::Approved),
        checker_id: Set(Some(by)),
        checked_at: Set(Some(clock.now())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    docket.remember(tx, clock, "refund_approved", Some(by), json!({ "amount": row.amount })).await
}

/// Called off before any money went: by its maker, or by who should have said yes.
pub async fn refuse(tx: &Tx, clock: &Clock, docket: &Docket, row: &Model, reason: &str, by: i64) -> Result<()> {
    must_be(row, &[State::Proposed, State::Approved])?;
    end(tx, clock, row, State::Refused, reason, by).await?;
    docket.remember(tx, clock, "refund_refused", Some(by), said(row, reason)).await
}

/// The money has gone. `reference` is the bank's, or names the receipt of cash.
pub async fn sent(tx: &Tx, clock: &Clock, docket: &Docket, row: &Model, reference: &str, by: i64) -> Result<()> {
    must_be(row, &[State::Approved])?;
    must_be_owed(docket, row)?;
    let order = &docket.order;
    let from = match row.way {
        Way::Transfer => Book::Bank(order.outlet_id),
        Way::Cash => Book::Cash(order.outlet_id),
    };
    let used = Entity::find()
        .filter(Column::OutletId.eq(order.outlet_id))
        .filter(Column::Way.eq(Way::Transfer))
        .filter(Column::Reference.eq(reference))
        .one(tx)
        .await?;
    if row.way == Way::Transfer && used.is_some() {
        return Err(Refusal::conflict("counter.reference_used").into());
    }
    let entry = NewEntry {
        source_key: &source_key(row.id),
        kind: "paid_back",
        subject: &docket.subject(),
        memo: reference,
        lines: &[(Book::RefundsDue(order.outlet_id), row.amount), (from, -row.amount)],
    };
    ledger::post(tx, clock, entry).await?;
    let change = ActiveModel {
        id: Set(row.id),
        state: Set(State::Sent),
        reference: Set(Some(reference.to_owned())),
        sender_id: Set(Some(by)),
        sent_at: Set(Some(clock.now())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    let left = order.refund_due - row.amount;
    let payment = match (left, docket.is_over()) {
        (Rupiah::ZERO, is_over) => state::step(order.payment, state::settled(order, is_over))?,
        _ => order.payment,
    };
    let detail = json!({ "amount": row.amount, "reference": reference });
    docket.remember(tx, clock, "paid_back", Some(by), detail).await?;
    let order = owes(tx, order.id, left, payment).await?;
    notify::state_changed(tx, clock, &order, "paid_back").await?;
    close::close_if_done(tx, clock, order.id).await
}

/// The bank gave the money back to us, as when the account is wrong: it is owed again, once.
pub async fn returned(tx: &Tx, clock: &Clock, docket: &Docket, row: &Model, reason: &str, by: i64) -> Result<()> {
    must_be(row, &[State::Sent])?;
    ledger::reverse(tx, clock, &source_key(row.id)).await?;
    end(tx, clock, row, State::Returned, reason, by).await?;
    docket.remember(tx, clock, "refund_returned", Some(by), said(row, reason)).await?;
    let order = &docket.order;
    let payment = state::step(order.payment, Payment::RefundDue)?;
    let order = owes(tx, order.id, order.refund_due + row.amount, payment).await?;
    notify::state_changed(tx, clock, &order, "refund_returned").await
}

async fn end(tx: &Tx, clock: &Clock, row: &Model, state: State, reason: &str, by: i64) -> Result<()> {
    let change = ActiveModel {
        id: Set(row.id),
        state: Set(state),
        ended_by: Set(Some(by)),
        ended_at: Set(Some(clock.now())),
        ended_reason: Set(Some(reason.to_owned())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    Ok(())
}

async fn owes(tx: &Tx, order_id: i64, refund_due: Rupiah, payment: Payment) -> Result<order::Model> {
    let change = order::ActiveModel {
        id: Set(order_id),
        refund_due: Set(refund_due),
        payment: Set(payment),
        ..Default::default()
    };
    Ok(order::Entity::update(change).exec(tx).await?)
}

fn said(row: &Model, reason: &str) -> Value {
    json!({ "amount": row.amount, "reason": reason })
}

fn source_key(id: i64) -> String {
    format!("paid_back:transfer:{id}")
}

/// The provider may have given some of it back meanwhile.
fn must_be_owed(docket: &Docket, row: &Model) -> Result<(), Refusal> {
    if row.amount <= docket.order.refund_due {
        return Ok(());
    }
    Err(Refusal::conflict("money.owed_no_more").with("amount", docket.order.refund_due))
}

fn must_be(row: &Model, states: &[State]) -> Result<(), Refusal> {
    if states.contains(&row.state) {
        return Ok(());
    }
    Err(Refusal::conflict(match row.state {
        State::Proposed => "money.not_approved_yet",
        State::Approved => "money.already_approved",
        State::Sent => "money.already_sent",
        State::Refused => "money.already_refused",
        State::Returned => "money.already_returned",
    }))
}

/// One by its number, locked, with its order on the counter.
pub async fn lock(tx: &Tx, id: i64) -> Result<(Docket, Model)> {
    let order_id = by_id(tx, id).await?.order_id;
    let docket = Docket::lock_any(tx, order_id).await?;
    let row = Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)?;
    Ok((docket, row))
}

/// One by its number.
pub async fn by_id(db: &impl ConnectionTrait, id: i64) -> Result<Model> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// All of an order, oldest first.
pub async fn of_order(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::OrderId.eq(order_id)).order_by_asc(Column::Id).all(db).await?)
}

/// Whether one of an order waits for a yes or for being sent.
pub async fn is_open(db: &impl ConnectionTrait, order_id: i64) -> Result<bool> {
    Ok(of_order(db, order_id).await?.iter().any(|row| matches!(row.state, State::Proposed | State::Approved)))
}

/// Those of an outlet that wait for a yes or for being sent, oldest first.
pub async fn open_of(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::OutletId.eq(outlet_id))
        .filter(Column::State.is_in([State::Proposed, State::Approved]))
        .order_by_asc(Column::Id)
        .all(db)
        .await?)
}
