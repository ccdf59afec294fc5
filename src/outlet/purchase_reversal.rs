//! A purchase that was noted wrongly and goes out of the books, whole or not at all.
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::{cost, pack, price_rule, purchase, purchase_return, supplier};
use crate::{
    clock::{self, Clock},
    db::Tx,
    error::{Refusal, Result},
    ledger,
    stock::{self, Cause},
};
use entity::{
    outlet,
    purchase::{ActiveModel, Entity},
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
    if !purchase_return::of(tx, id).await?.is_empty() {
        return Err(Refusal::conflict("purchase.partly_back").into());
    }
    let subject = purchase::subject(id);
    // Wherever they were carried: it is one act for each line.
    for left in purchase_return::left(tx, &whole).await? {
        if left.quantity() < left.line.quantity() {
            return Err(Refusal::conflict("purchase.partly_gone").with("name", left.line.name.as_str()).into());
        }
        let key = format!("purchase_reversed:{}", left.line.id);
        let cause = Cause { subject: Some(&subject), reason: Some(reason), person_id: Some(by), source_key: &key };
        let here = left.lots.iter().filter(|lot| lot.remaining > 0);
        let parts: Vec<(i64, i64)> = here.map(|lot| (lot.id, lot.remaining)).collect();
        stock::remove_parts(tx, clock, &parts, Kind::GivenBack, clock.now(), cause).await?;
    }
    let change = ActiveModel {
        id: Set(id),
        reversed_at: Set(Some(clock.now())),
        reverse_reason: Set(Some(reason.to_owned())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    ledger::reverse(tx, clock, &subject).await?;
    pack::forget(tx, &whole.lines).await?;
    cost::follow_from(tx, clock, outlet.id, &item_ids, Some(clock::start_of(row.bought_on))).await?;
    price_rule::follow(tx, clock, outlet.id, &item_ids).await?;
    purchase::remember(tx, clock, outlet, &row, "reversed", by, json!({ "reason": reason })).await
}
