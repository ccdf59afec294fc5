//! Asking for the money of an order: one attempt at a time, each under an order id of its own at the provider.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{method, notify, order::subject};
use crate::{
    clock::{self, Clock},
    db::{self, Db, Tx},
    error::{Refusal, Result},
    history, outbox, stock,
};
use entity::{
    order,
    order::{Method, Payment, State},
    payment_attempt,
    payment_attempt::State as Attempt,
};

/// Work for the outbox: charge an attempt, look at it again.
pub const CHARGE: &str = "payment.charge";
pub const CHECK: &str = "payment.check";

/// Opens the `nth` attempt at paying an order; the provider is asked after the commit.
pub async fn open_attempt(tx: &Tx, clock: &Clock, order: &order::Model, nth: i64) -> Result<()> {
    let now = clock.now();
    let provider_order_id = format!("UEP-{}-{}-{nth}", clock::local_date(order.placed_at).format("%Y%m%d"), order.id);
    let row = payment_attempt::ActiveModel {
        subject: Set(subject(order.id)),
        provider_order_id: Set(provider_order_id),
        method: Set(method::code(order.method).to_owned()),
        amount: Set(order.total),
        state: Set(Attempt::Created),
        fetch_seq: Set(0),
        applied_seq: Set(0),
        checks: Set(0),
        next_check_at: Set(None),
        expires_at: Set(order.pay_by.unwrap_or(now + method::window(order.method))),
        created_at: Set(now),
        ..Default::default()
    };
    let id = payment_attempt::Entity::insert(row).exec(tx).await?.last_insert_id;
    outbox::queue(tx, now, CHARGE, &format!("{CHARGE}:{id}"), &json!({ "id": id })).await?;
    Ok(())
}

/// All attempts at paying an order, newest first.
pub async fn attempts(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<payment_attempt::Model>> {
    Ok(payment_attempt::Entity::find()
        .filter(payment_attempt::Column::Subject.eq(subject(order_id)))
        .order_by_desc(payment_attempt::Column::Id)
        .all(db)
        .await?)
}

/// Whether an attempt may still bring money.
pub fn is_live(attempt: &payment_attempt::Model) -> bool {
    matches!(attempt.state, Attempt::Created | Attempt::Pending)
}

/// The buyer wants to pay another way: the goods are kept as long as the new way says. The attempts before were closed.
pub async fn change_method(tx: &Tx, clock: &Clock, order: &order::Model, to: Method) -> Result<order::Model> {
    if order.state != State::Placed || order.payment != Payment::Unpaid || order.confirmed_at.is_some() {
        return Err(Refusal::conflict("order.cannot_change_method").into());
    }
    let before = attempts(tx, order.id).await?;
    if order.method == to && before.first().is_some_and(is_live) {
        return Ok(order.clone());
    }
    if before.iter().any(is_live) {
        return Err(Refusal::conflict("order.cannot_change_method").into());
    }
    let pay_by = Some(clock.now() + method::window(to));
    let change = order::ActiveModel { id: Set(order.id), method: Set(to), pay_by: Set(pay_by), ..Default::default() };
    let changed = order::Entity::update(change).exec(tx).await?;
    stock::prolong(tx, &subject(order.id), pay_by).await?;
    if method::is_online(to) {
        open_attempt(tx, clock, &changed, before.len() as i64 + 1).await?;
    }
    let detail = json!({ "from": order.method, "to": to });
    history::remember(tx, clock, None, history::Subject("order", order.id), "method_changed", None, detail).await?;
    notify::state_changed(tx, clock, &changed, "method_changed").await?;
    Ok(changed)
}

/// Whether it is safe to go on without the money of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// No attempt can take money any more.
    Closed,
    /// It has been paid: do not give up.
    Paid,
    /// The provider did not answer: ask again later.
    Unclear,
}

/// Ends all live attempts at paying an order. Never while a transaction is open: the provider is asked first.
pub async fn close_live(db: &Db, clock: &Clock, order: &order::Model) -> Result<Closing> {
    let all = attempts(db, order.id).await?;
    if all.iter().any(|attempt| attempt.state == Attempt::Paid) {
        return Ok(Closing::Paid);
    }
    let live: Vec<i64> = all.iter().filter(|attempt| is_live(attempt)).map(|attempt| attempt.id).collect();
    if !live.is_empty() {
        let tx = db::begin(db).await?;
        for id in live {
            let change =
                payment_attempt::ActiveModel { id: Set(id), state: Set(Attempt::Closed), ..Default::default() };
            payment_attempt::Entity::update(change).exec(&tx).await?;
        }
        outbox::queue(&tx, clock.now(), CHECK, &format!("{CHECK}:{}", order.id), &json!({ "order_id": order.id }))
            .await?;
        tx.commit().await?;
    }
    Ok(Closing::Closed)
}

/// Asks the provider whether an order was paid: the buyer says so.
pub async fn check_now(db: &Db, clock: &Clock, order: &order::Model) -> Result<()> {
    let now = clock.now();
    let tx = db::begin(db).await?;
    let key = format!("{CHECK}:{}:{}", order.id, now.timestamp() / 5);
    outbox::queue(&tx, now, CHECK, &key, &json!({ "order_id": order.id })).await?;
    tx.commit().await?;
    Ok(())
}
