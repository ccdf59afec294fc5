//! An operator accepts an order that is paid on or after hand-over: somebody has looked at it before goods are promised
//! for longer.
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::{docket::Docket, method, notify};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    stock,
};
use entity::order;

/// Accepts a COD or pickup order. Accepted already: nothing happens.
pub async fn confirm(tx: &Tx, clock: &Clock, docket: &Docket, by: i64) -> Result<()> {
    docket.must_be_open()?;
    if !method::is_cash(docket.order.method) {
        return Err(Refusal::conflict("counter.nothing_to_confirm").into());
    }
    if docket.order.confirmed_at.is_some() {
        return Ok(());
    }
    let change = order::ActiveModel {
        id: Set(docket.order.id),
        confirmed_at: Set(Some(clock.now())),
        pay_by: Set(None),
        ..Default::default()
    };
    let order = order::Entity::update(change).exec(tx).await?;
    stock::prolong(tx, &docket.subject(), None).await?;
    docket.remember(tx, clock, "confirmed", Some(by), json!({})).await?;
    notify::state_changed(tx, clock, &order, "confirmed").await
}
