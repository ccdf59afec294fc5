//! What stands where: the shelf, the store room behind it and the reserve, lot by lot, and goods going from one to
//! another. The reserve rotates through normal sales and is never more than thirteen weeks of them.
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{advice, cost, repacking};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    history, secret,
    stock::{self, Cause, reorder::MOST_WEEKS},
};
use entity::{lot, outlet, place, stock as level};

/// The places of an outlet's own, in the order goods go through them; made when first asked for.
pub async fn places(tx: &Tx, clock: &Clock, outlet_id: i64) -> Result<Vec<place::Model>> {
    for kind in [place::Kind::Shelf, place::Kind::Store, place::Kind::Reserve] {
        stock::place(tx, clock, outlet_id, kind).await?;
    }
    known_places(tx, outlet_id).await
}

/// Those that are there already, and where expired goods stand.
pub async fn known_places(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<place::Model>> {
    let rank = |kind: place::Kind| match kind {
        place::Kind::Shelf => 0,
        place::Kind::Store => 1,
        place::Kind::Reserve => 2,
        place::Kind::Expired => 3,
        place::Kind::Kiosk => 4,
    };
    let own = place::Entity::find()
        .filter(place::Column::OutletId.eq(outlet_id))
        .filter(place::Column::Kind.ne(place::Kind::Kiosk));
    let mut own = own.all(db).await?;
    own.sort_by_key(|place| (rank(place.kind), place.id));
    Ok(own)
}

/// What some items have in all places.
pub async fn levels(db: &impl ConnectionTrait, item_ids: &[i64]) -> Result<Vec<level::Model>> {
    let of = level::Entity::find().filter(level::Column::ItemId.is_in(item_ids.iter().copied()));
    Ok(of.order_by_asc(level::Column::Id).all(db).await?)
}

/// What is left of an item's lots, in the order in which they are sold.
pub async fn lots(db: &impl ConnectionTrait, item_id: i64) -> Result<Vec<lot::Model>> {
    let left = lot::Entity::find().filter(lot::Column::ItemId.eq(item_id)).filter(lot::Column::Remaining.gt(0));
    let mut left = left.all(db).await?;
    left.sort_by_key(|lot| (lot.expires_on.is_none(), lot.expires_on, lot.received_at, lot.id));
    Ok(left)
}

/// Goods that go to another place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carry {
    pub item_id: i64,
    pub from: i64,
    pub to: i64,
    pub quantity: i64,
    /// Whether the reserve is meant to cover more than is lawful to keep.
    pub is_sure: bool,
}

/// Carries goods from one place of the outlet to another, what expires first going first.
pub async fn carry(tx: &Tx, clock: &Clock, outlet: &outlet::Model, new: Carry, by: i64) -> Result<()> {
    let (_, name) = repacking::sembako(tx, outlet.id, new.item_id).await?;
    repacking::judge_place(tx, outlet.id, new.from).await?;
    let to = repacking::judge_place(tx, outlet.id, new.to).await?;
    if new.from == new.to {
        return Err(Refusal::invalid("store.same_place").into());
    }
    stock::lock(tx, &[new.item_id]).await?;
    if to.kind == place::Kind::Reserve && !new.is_sure {
        judge_reserve(tx, clock, outlet.id, new).await?;
    }
    let key = format!("carried:{}:{}", new.item_id, secret::short_token());
    let cause = Cause { subject: None, reason: None, person_id: Some(by), source_key: &key };
    stock::relocate(tx, clock, new.item_id, (new.from, new.to), new.quantity, None, cause).await?;
    cost::follow(tx, clock, outlet.id, &[new.item_id]).await?;
    let detail = json!({ "name": name, "from": new.from, "to": new.to, "quantity": new.quantity });
    let about = history::Subject("item", new.item_id);
    history::remember(tx, clock, Some(outlet.village_id), about, "carried", Some(by), detail).await
}

/// More than three months of average sales in reserve is asked about: the law calls it hoarding.
async fn judge_reserve(tx: &Tx, clock: &Clock, outlet_id: i64, new: Carry) -> Result<()> {
    let levels = levels(tx, &[new.item_id]).await?;
    let there = levels.iter().find(|row| row.place_id == new.to).map_or(0, |row| row.on_hand);
    let habit = advice::of_item(tx, clock, outlet_id, new.item_id).await?;
    let Some(per_day) = habit.per_day() else { return Ok(()) };
    let days = (there + new.quantity) as f64 / per_day;
    if days > MOST_WEEKS * 7.0 {
        return Err(Refusal::conflict("store.hoarding").with("n", (days / 7.0).ceil() as i64).into());
    }
    Ok(())
}
