//! What a buyer brings back after it was handed over. The pieces go into the lots they came from, and nobody has earned
//! anything by them: a maker who was paid already has that much less with the next payment. What the buyer gets for it is
//! given as any money for goods that were not as they should be, and this is what it is taken from.
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{docket::Docket, handover};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    ledger::{self, Book, NewEntry},
    outlet::{cost, earning},
    stock::{self, Cause},
};
use entity::{Rupiah, earning as row, parcel::State};

/// What was handed over to the buyer, lot by lot, with how many pieces of each can still come back.
pub async fn parts(db: &impl ConnectionTrait, docket: &Docket) -> Result<Vec<(row::Model, i64)>> {
    let mut parts = Vec::new();
    for packed in docket.parcels.iter().filter(|packed| packed.parcel.state == State::Delivered) {
        parts.extend(earning::left(db, &handover::handed_over_key(packed.parcel.id)).await?);
    }
    parts.retain(|(_, left)| *left > 0);
    Ok(parts)
}

/// Takes pieces back into the lot they came from, and says which. The order is locked.
pub async fn take(
    tx: &Tx,
    clock: &Clock,
    docket: &Docket,
    (earning_id, quantity): (i64, i64),
    reason: &str,
    (by, source_key): (i64, &str),
) -> Result<i64> {
    docket.lock_goods(tx).await?;
    let known = parts(tx, docket).await?.into_iter().find(|(part, _)| part.id == earning_id);
    let (part, left) = known.ok_or(Error::NotFound)?;
    if !(1..=left).contains(&quantity) {
        return Err(Refusal::conflict("intake.only_went").with("n", left).into());
    }
    let subject = docket.subject();
    let cause = Cause { subject: Some(&subject), reason: Some(reason), person_id: Some(by), source_key };
    stock::take_back(tx, clock, part.lot_id, quantity, cause).await?;
    cost::follow(tx, clock, docket.order.outlet_id, &[part.item_id]).await?;
    let line = docket.lines.iter().find(|line| line.item_id == part.item_id);
    let (key, lot_id, number) = (format!("brought_back:{source_key}"), part.lot_id, docket.number());
    let mut lines = earning::undo_part(tx, clock, &key, &[(part, quantity)]).await?;
    let price: Rupiah = lines.iter().map(|(_, amount)| *amount).sum();
    lines.push((Book::Compensation(docket.order.outlet_id), -price));
    let entry = NewEntry { source_key: &key, kind: "brought_back", subject: &subject, memo: &number, lines: &lines };
    ledger::post(tx, clock, entry).await?;
    let name = line.map_or("", |line| line.product_name.as_str());
    let detail = json!({ "n": quantity, "name": name, "reason": reason, "amount": price });
    docket.remember(tx, clock, "brought_back", Some(by), detail).await?;
    Ok(lot_id)
}
