//! A purchase that was noted wrongly and goes out of the books, whole or not at all.
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{cost, price_rule, purchase, supplier};
use crate::{
    clock::{self, Clock},
    db::Tx,
    error::{Error, Refusal, Result},
    ledger,
    stock::{self, Cause},
};
use entity::{
    lot, outlet,
    purchase::{ActiveModel, Entity},
    purchase_return,
    stock_move::Kind,
};

/// Takes a purchase out of the books as if it had never been written: only while all of it is still here. What was paid
/// at it stays paid, and is the supplier's debt to the outlet. Once.
pub async fn reverse(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, reason: &str, by: i64) -> Result<()> {
    let whole = purchase::read(tx, outlet.id, id).await?;
    let item_ids: Vec<i64> = whole.lines.iter().map(|line| line.item_id).collect();
    price_rule::lock(tx, &item_ids).await?;
    stock::lock(tx, &item_ids).await?;
    let row = purchase::lock(tx, id).await?;
    if row.reversed_at.is_some() {
        return Err(Refusal::conflict("purchase.reversed").into());
    }
    supplier::lock(tx, row.supplier_id).await?;
    let back = purchase_return::Entity::find().filter(purchase_return::Column::PurchaseId.eq(id));
    if back.one(tx).await?.is_some() {
        return Err(Refusal::conflict("purchase.partly_back").into());
    }
    let subject = purchase::subject(id);
    for line in &whole.lines {
        let lot = lot::Entity::find_by_id(line.lot_id).one(tx).await?.ok_or(Error::NotFound)?;
        if lot.remaining < lot.received {
            let key = if is_elsewhere(tx, &lot).await? { "purchase.elsewhere" } else { "purchase.partly_gone" };
            return Err(Refusal::conflict(key).with("name", line.name.as_str()).into());
        }
        let key = format!("purchase_reversed:{}", line.id);
        let cause = Cause { subject: Some(&subject), reason: Some(reason), person_id: Some(by), source_key: &key };
        stock::remove(tx, clock, lot.id, lot.received, Kind::GivenBack, cause).await?;
    }
    let change = ActiveModel {
        id: Set(id),
        reversed_at: Set(Some(clock.now())),
        reverse_reason: Set(Some(reason.to_owned())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    ledger::reverse(tx, clock, &subject).await?;
    cost::follow_from(tx, clock, outlet.id, &item_ids, Some(clock::start_of(row.bought_on))).await?;
    price_rule::follow(tx, clock, outlet.id, &item_ids).await?;
    purchase::remember(tx, clock, outlet, &row, "reversed", by, json!({ "reason": reason })).await
}

/// Whether all that is gone from a lot only stands in another place.
async fn is_elsewhere(tx: &Tx, lot: &lot::Model) -> Result<bool> {
    let moved = lot::Entity::find().filter(lot::Column::OriginId.eq(lot.id)).all(tx).await?;
    Ok(lot.remaining + moved.iter().map(|lot| lot.remaining).sum::<i64>() == lot.received)
}
