//! The second part of an order that is paid in two: asked for before the goods leave, by a person, until a day; or, where
//! that was agreed, owed from the moment they leave and due so many days after all of them have arrived.
use chrono::Duration;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{docket::Docket, notify, order as orders, pay, state};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    history,
    ledger::{self, Book, NewEntry},
    payments::attempt,
};
use entity::{
    Rupiah, order,
    order::{Method, Payment},
};

/// How long a buyer has to pay the balance, in days: the least and the most.
pub const DAYS: (i64, i64) = (1, 30);

/// Asks for the balance (or for what is missing of a deposit that was taken back in part), to be paid within so many days, the way the deposit came unless the buyer chooses another.
pub async fn ask(tx: &Tx, clock: &Clock, docket: &Docket, days: i64, by: i64) -> Result<()> {
    docket.must_be_open()?;
    let order = &docket.order;
    if order.part_paid == Rupiah::ZERO {
        return Err(Refusal::conflict("wholesale.deposit_first").into());
    }
    if state::is_asked(order) || pay::attempts(tx, order.id).await?.iter().any(pay::is_live) {
        return Err(Refusal::conflict("wholesale.balance_asked").into());
    }
    let amount = docket.asked();
    let change = order::ActiveModel {
        id: Set(order.id),
        balance_asked_at: Set(Some(clock.now())),
        pay_by: Set(Some(clock.now() + Duration::days(days.clamp(DAYS.0, DAYS.1)))),
        ..Default::default()
    };
    let order = order::Entity::update(change).exec(tx).await?;
    // A code made now would be over before the buyer sees it: they open one when they pay.
    attempt::settle_part(tx, &docket.subject()).await?;
    docket.remember(tx, clock, "balance_asked", Some(by), json!({ "amount": amount })).await?;
    notify::state_changed(tx, clock, &order, "balance_asked").await
}

/// Nobody paid the balance in time. The deposit stands; a person asks anew, or calls the order off.
pub(super) async fn lapse(tx: &Tx, clock: &Clock, order: &order::Model) -> Result<()> {
    let change =
        order::ActiveModel { id: Set(order.id), balance_asked_at: Set(None), pay_by: Set(None), ..Default::default() };
    let order = order::Entity::update(change).exec(tx).await?;
    let subject = history::Subject("order", order.id);
    history::remember(tx, clock, None, subject, "balance_lapsed", None, json!({})).await?;
    notify::state_changed(tx, clock, &order, "balance_lapsed").await
}

/// How long a balance may be due after the goods have arrived, in days.
pub const AFTER: (i64, i64) = (1, 90);
/// What is owed ends by no deadline of its own: a photo of a transfer can still be sent, and nothing lapses.
pub(super) const NO_END: Duration = Duration::days(3650);

/// Goods leave before their balance has come, as was agreed: from now on the buyer owes it. For everything else the order
/// is as if it were paid. Gives the docket back as it is then.
pub(super) async fn lend(tx: &Tx, clock: &Clock, docket: &Docket, parcel_id: i64) -> Result<Docket> {
    let order = &docket.order;
    if order.balance_days.is_none() || order.part_paid == Rupiah::ZERO {
        return Ok(docket.clone());
    }
    let owed = docket.still_due() - order.part_paid;
    let entry = NewEntry {
        source_key: &format!("lent:order:{}:parcel:{parcel_id}", order.id),
        kind: "lent",
        subject: &docket.subject(),
        memo: "lent",
        lines: &[(Book::Owed(order.outlet_id), owed), (Book::Deposits(order.outlet_id), -owed)],
    };
    ledger::post(tx, clock, entry).await?;
    let change = order::ActiveModel {
        id: Set(order.id),
        payment: Set(state::step(order.payment, Payment::Paid)?),
        part_paid: Set(Rupiah::ZERO),
        balance_asked_at: Set(None),
        pay_by: Set(Some(clock.now() + NO_END)),
        owed: Set(owed),
        owed_since: Set(Some(clock.now())),
        ..Default::default()
    };
    let lent = order::Entity::update(change).exec(tx).await?;
    docket.remember(tx, clock, "lent", None, json!({ "amount": owed })).await?;
    Ok(Docket { order: lent, ..docket.clone() })
}

/// Everything has arrived: the days until what is owed is due begin to count. Once.
pub(super) async fn arrived(tx: &Tx, clock: &Clock, docket: &Docket) -> Result<()> {
    let order = &docket.order;
    let Some(days) = order.balance_days.filter(|_| order.owed > Rupiah::ZERO && order.owed_by.is_none()) else {
        return Ok(());
    };
    let by = clock.now() + Duration::days(days);
    let change = order::ActiveModel { id: Set(order.id), owed_by: Set(Some(by)), ..Default::default() };
    let order = order::Entity::update(change).exec(tx).await?;
    docket.remember(tx, clock, "balance_due", None, json!({ "amount": order.owed })).await?;
    notify::state_changed(tx, clock, &order, "balance_asked").await
}

/// Money for what is owed has come; what is more than that is owed back. The same key twice changes nothing.
pub(super) async fn comes(
    tx: &Tx,
    clock: &Clock,
    docket: &Docket,
    (into, method): (Book, Method),
    amount: Rupiah,
    (source_key, by): (&str, Option<i64>),
) -> Result<()> {
    let order = &docket.order;
    let pays = std::cmp::min(amount, order.owed);
    let entry = NewEntry {
        source_key,
        kind: "paid",
        subject: &docket.subject(),
        memo: "balance_paid",
        lines: &[
            (into, amount),
            (Book::Owed(order.outlet_id), -pays),
            (Book::RefundsDue(order.outlet_id), pays - amount),
        ],
    };
    if !ledger::post(tx, clock, entry).await? {
        return Ok(());
    }
    let refund_due = order.refund_due + amount - pays;
    let owed = order.owed - pays;
    let mut change = order::ActiveModel {
        id: Set(order.id),
        method: Set(method),
        paid_at: Set(Some(clock.now())),
        owed: Set(owed),
        refund_due: Set(refund_due),
        ..Default::default()
    };
    // A photo of the transfer was read; what is left is asked for as before.
    change.pay_by = Set((owed > Rupiah::ZERO).then(|| clock.now() + NO_END));
    if refund_due > Rupiah::ZERO {
        change.payment = Set(state::step(order.payment, Payment::RefundDue)?);
    }
    let order = order::Entity::update(change).exec(tx).await?;
    docket.remember(tx, clock, "balance_paid", by, json!({ "amount": amount })).await?;
    notify::state_changed(tx, clock, &order, "balance_paid").await
}

/// Orders of an outlet whose buyers owe something, the first to be due first; those still on their way come last.
pub async fn owing(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<order::Model>> {
    let mut all = order::Entity::find()
        .filter(order::Column::OutletId.eq(outlet_id))
        .filter(order::Column::Owed.gt(0))
        .order_by_asc(order::Column::Id)
        .all(db)
        .await?;
    all.sort_by_key(|order| (order.owed_by.is_none(), order.owed_by, order.owed_since));
    Ok(all)
}

/// What is asked of the buyer now, for pages that know no docket: the name of the part, and how much.
pub fn part_of(order: &order::Model) -> Option<&'static str> {
    match () {
        () if order.deposit == Rupiah::ZERO => None,
        () if order.owed > Rupiah::ZERO => Some("quote.balance"),
        () if order.part_paid < order.deposit => Some("quote.deposit"),
        () => Some("quote.balance"),
    }
}

/// How the provider names the part on its bill: "Uang muka K-2611-0042".
pub(super) fn bill_name(order: &order::Model) -> String {
    let is_deposit = order.owed == Rupiah::ZERO && order.part_paid < order.deposit;
    let part = if is_deposit { "Uang muka" } else { "Pelunasan" };
    format!("{part} {}", orders::number(order))
}
