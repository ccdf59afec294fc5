//! What is past its day: it leaves what the shop sells, stands by itself, and is thrown away or sent back.
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use serde_json::json;

use super::{
    cost, markdown,
    purchase_return::{self, NewLine, NewReturn},
};
use crate::{
    clock::Clock,
    db::{self, Db, Tx},
    error::{Error, Refusal, Result},
    history, secret,
    stock::{self, Cause},
};
use entity::{Rupiah, lot, outlet, place, stock_move::Kind};

/// Puts aside whatever expired, in every outlet; a second time finds nothing to do. Markdowns of lots that are gone or
/// expired end with it. Says how many lots were put aside.
pub async fn put_aside(db: &Db, clock: &Clock) -> Result<usize> {
    let mut moved = 0;
    for outlet_id in with_expired(db, clock.today()).await? {
        let tx = db::begin(db).await?;
        moved += put_aside_in(&tx, clock, outlet_id).await?;
        tx.commit().await?;
    }
    if markdown::is_any_over(db, clock).await? {
        let tx = db::begin(db).await?;
        markdown::end_over(&tx, clock).await?;
        tx.commit().await?;
    }
    Ok(moved)
}

/// Lots past their day that still stand where goods are taken from. In kiosks stand crafts only.
fn expired(today: NaiveDate) -> sea_orm::Select<lot::Entity> {
    let from = [place::Kind::Shelf, place::Kind::Store, place::Kind::Reserve];
    lot::Entity::find()
        .join(JoinType::InnerJoin, lot::Relation::Place.def())
        .filter(lot::Column::ExpiresOn.lt(today))
        .filter(lot::Column::Remaining.gt(0))
        .filter(lot::Column::OwnerId.is_null())
        .filter(place::Column::Kind.is_in(from))
}

async fn with_expired(db: &Db, today: NaiveDate) -> Result<Vec<i64>> {
    let outlets = expired(today).select_only().distinct().column(place::Column::OutletId);
    Ok(outlets.order_by_asc(place::Column::OutletId).into_tuple().all(db).await?)
}

async fn put_aside_in(tx: &Tx, clock: &Clock, outlet_id: i64) -> Result<usize> {
    let here = expired(clock.today()).filter(place::Column::OutletId.eq(outlet_id)).order_by_asc(lot::Column::Id);
    let lots = here.all(tx).await?;
    let mut item_ids: Vec<i64> = lots.iter().map(|lot| lot.item_id).collect();
    item_ids.sort_unstable();
    item_ids.dedup();
    let to = stock::place(tx, clock, outlet_id, place::Kind::Expired).await?;
    stock::lock(tx, &item_ids).await?;
    let mut moved = 0;
    for lot in lots {
        let key = format!("expired:{}:{}", lot.id, secret::short_token());
        let cause = Cause { subject: None, reason: None, person_id: None, source_key: &key };
        // What is promised stays, and cannot be taken either: the order falls short or is called off.
        moved += usize::from(stock::relocate_lot(tx, clock, lot.id, to, cause).await? > 0);
    }
    cost::follow(tx, clock, outlet_id, &item_ids).await?;
    Ok(moved)
}

/// What stands aside in an outlet, what expired first at the top.
pub async fn aside(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<lot::Model>> {
    Ok(lot::Entity::find()
        .join(JoinType::InnerJoin, lot::Relation::Place.def())
        .filter(place::Column::OutletId.eq(outlet_id))
        .filter(place::Column::Kind.eq(place::Kind::Expired))
        .filter(lot::Column::Remaining.gt(0))
        .order_by_asc(lot::Column::ExpiresOn)
        .order_by_asc(lot::Column::Id)
        .all(db)
        .await?)
}

/// What becomes of goods that expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    ThrownAway,
    /// To whoever sold them to the outlet, who takes so much off what they are owed.
    SentBack(Rupiah),
}

/// Takes what expired out of the books for good, at what it cost on average.
pub async fn take_out(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    (lot_id, quantity): (i64, i64),
    (end, reason): (End, &str),
    by: i64,
    source_key: &str,
) -> Result<()> {
    let lot = lot::Entity::find_by_id(lot_id).find_also_related(place::Entity).one(tx).await?;
    let Some((lot, Some(place))) = lot else { return Err(Error::NotFound) };
    if place.outlet_id != outlet.id || place.kind != place::Kind::Expired {
        return Err(Error::NotFound);
    }
    if reason.trim().is_empty() {
        return Err(Refusal::invalid("form.required").into());
    }
    if let End::SentBack(credit) = end {
        if let Some(line) = purchase_return::line_of(tx, &lot).await? {
            let back = NewLine { line_id: line.id, quantity, credit, lot_id: Some(lot_id) };
            let new = NewReturn { lines: vec![back], reason: reason.trim().to_owned() };
            purchase_return::give_back(tx, clock, outlet, line.purchase_id, &new, by, source_key).await?;
            return Ok(());
        }
        if credit > Rupiah::ZERO {
            return Err(Refusal::conflict("expired.no_purchase").into());
        }
    }
    stock::lock(tx, &[lot.item_id]).await?;
    let subject = format!("expired:{lot_id}");
    let cause = Cause { subject: Some(&subject), reason: Some(reason), person_id: Some(by), source_key };
    let kind = if end == End::ThrownAway { Kind::Damaged } else { Kind::GivenBack };
    stock::remove(tx, clock, lot_id, quantity, kind, cause).await?;
    cost::follow(tx, clock, outlet.id, &[lot.item_id]).await?;
    let verb = if end == End::ThrownAway { "thrown_away" } else { "sent_back" };
    let detail = json!({ "lot": lot_id, "quantity": quantity, "reason": reason });
    let about = history::Subject("item", lot.item_id);
    history::remember(tx, clock, Some(outlet.village_id), about, verb, Some(by), detail).await
}
