//! The second part of an order that is paid in two: asked for before the goods leave, by a person, until a day.
use chrono::Duration;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::{docket::Docket, notify, order as orders, pay, state};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    history,
    payments::attempt,
};
use entity::{Rupiah, order};

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

/// What is asked of the buyer now, for pages that know no docket: the name of the part, and how much.
pub fn part_of(order: &order::Model) -> Option<&'static str> {
    match () {
        () if order.deposit == Rupiah::ZERO => None,
        () if order.part_paid < order.deposit => Some("quote.deposit"),
        () => Some("quote.balance"),
    }
}

/// How the provider names the part on its bill: "Uang muka K-2611-0042".
pub(super) fn bill_name(order: &order::Model) -> String {
    let part = if order.part_paid < order.deposit { "Uang muka" } else { "Pelunasan" };
    format!("{part} {}", orders::number(order))
}
