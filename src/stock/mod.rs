//! Goods: what came in and whose it is, where it stands, what is promised, and every move with its cause.
//!
//! On hand and promised are separate numbers of a stock row. A *hold* promises pieces to a subject ("order:12") until
//! it is taken or released; a hold that names a lot *keeps* those very pieces, and every other draw passes them over. A
//! *move* changes what is on hand and is never changed itself. Which lots are sold first is one rule for all (`rule`).
//! What was counted wrong is corrected by another move, with a reason.
pub mod average;
mod away;
mod counter;
mod draw;
pub mod fefo;
mod hold;
mod lot;
mod moves;
pub mod reorder;
mod rule;

pub use away::{Moved, relocate, relocate_lot, repack_in, repack_out, shift, write_off};
pub use counter::{Left, Missing, Why, sell_all};
pub use hold::{Short, Want, held_for, hold, keep, kept, kept_of, prolong, release, release_part};
pub use lot::{
    Agreed, Cause, Fresh, NewLot, Taken, put_back, receive, remove, remove_parts, sell, take, take_back,
    take_back_parts,
};
pub use moves::{adjust, correct, moves_of};

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict,
};

use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Result},
};
use entity::{outlet, place, stock};

/// The shelf of an outlet; made when first asked for.
pub async fn shelf(tx: &Tx, clock: &Clock, outlet_id: i64) -> Result<i64> {
    place(tx, clock, outlet_id, place::Kind::Shelf).await
}

/// The place of a kind that an outlet has one of; made when first asked for.
pub async fn place(tx: &Tx, clock: &Clock, outlet_id: i64, kind: place::Kind) -> Result<i64> {
    use sea_orm::QuerySelect;
    let first = place::Entity::find()
        .filter(place::Column::OutletId.eq(outlet_id))
        .filter(place::Column::Kind.eq(kind))
        .order_by_asc(place::Column::Id);
    if let Some(place) = first.clone().one(tx).await? {
        return Ok(place.id);
    }
    // Two who ask first at once take turns at the outlet.
    outlet::Entity::find_by_id(outlet_id).lock_exclusive().one(tx).await?;
    if let Some(place) = first.one(tx).await? {
        return Ok(place.id);
    }
    let row = place::ActiveModel {
        outlet_id: Set(outlet_id),
        name: Set(name_of(kind).into()),
        created_at: Set(clock.now()),
        kind: Set(kind),
        ..Default::default()
    };
    Ok(place::Entity::insert(row).exec(tx).await?.last_insert_id)
}

/// What a place of the outlet's own is called.
fn name_of(kind: place::Kind) -> &'static str {
    match kind {
        place::Kind::Shelf | place::Kind::Kiosk => "Rak",
        place::Kind::Store => "Gudang",
        place::Kind::Reserve => "Cadangan",
        place::Kind::Expired => "Kedaluwarsa",
    }
}

/// Pieces of each item that the shop can sell: on the outlet's own shelf and not promised. Items without stock are
/// absent.
pub async fn available(db: &impl ConnectionTrait, item_ids: &[i64]) -> Result<HashMap<i64, i64>> {
    let rows = stock::Entity::find()
        .filter(stock::Column::ItemId.is_in(item_ids.iter().copied()))
        .filter(stock::Column::OnShelf.eq(true))
        .all(db)
        .await?;
    Ok(rows.iter().fold(HashMap::new(), |mut sums, row| {
        *sums.entry(row.item_id).or_insert(0) += row.on_hand - row.promised;
        sums
    }))
}

/// Locks all that several goods stand in, in the order of the rows' ids: whoever touches more than one calls it first,
/// so that no two wait for each other in a circle. What was packed out of them is locked too: what they cost, it costs.
pub async fn lock(tx: &Tx, item_ids: &[i64]) -> Result<()> {
    use sea_orm::QuerySelect;
    let mut known = packed_from(tx, item_ids.to_vec()).await?;
    loop {
        stock::Entity::find()
            .filter(stock::Column::ItemId.is_in(known.iter().copied()))
            .order_by_asc(stock::Column::Id)
            .lock_exclusive()
            .all(tx)
            .await?;
        // Somebody may have packed while we waited.
        let now = packed_from(tx, known.clone()).await?;
        if now.len() == known.len() {
            return Ok(());
        }
        known = now;
    }
}

/// Some items and all that was ever packed out of them, and out of that.
async fn packed_from(tx: &Tx, mut item_ids: Vec<i64>) -> Result<Vec<i64>> {
    use entity::{repacking, repacking_line};
    use sea_orm::{QuerySelect, RelationTrait};
    loop {
        let more: Vec<i64> = repacking_line::Entity::find()
            .select_only()
            .distinct()
            .column(repacking_line::Column::ItemId)
            .join(sea_orm::JoinType::InnerJoin, repacking_line::Relation::Repacking.def())
            .filter(repacking::Column::ItemId.is_in(item_ids.iter().copied()))
            .filter(repacking_line::Column::ItemId.is_not_in(item_ids.iter().copied()))
            .into_tuple()
            .all(tx)
            .await?;
        if more.is_empty() {
            return Ok(item_ids);
        }
        item_ids.extend(more);
    }
}

/// Locks what an item has in one place, also when it never had anything there: whoever will write to it and locks
/// something else in between calls it first.
pub async fn lock_at(tx: &Tx, item_id: i64, place_id: i64) -> Result<()> {
    locked(tx, item_id, place_id).await.map(|_| ())
}

/// Locks the stock row of an item in a place, making an empty one if there is none.
async fn locked(tx: &Tx, item_id: i64, place_id: i64) -> Result<stock::Model> {
    use sea_orm::QuerySelect;
    let query = stock::Entity::find()
        .filter(stock::Column::ItemId.eq(item_id))
        .filter(stock::Column::PlaceId.eq(place_id))
        .lock_exclusive();
    if let Some(row) = query.clone().one(tx).await? {
        return Ok(row);
    }
    let place = place::Entity::find_by_id(place_id).one(tx).await?.ok_or(Error::NotFound)?;
    let row = stock::ActiveModel {
        item_id: Set(item_id),
        place_id: Set(place_id),
        on_hand: Set(0),
        promised: Set(0),
        on_shelf: Set(place.kind == place::Kind::Shelf),
        ..Default::default()
    };
    stock::Entity::insert(row)
        .on_conflict(OnConflict::columns([stock::Column::ItemId, stock::Column::PlaceId]).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    query.one(tx).await?.ok_or(Error::NotFound)
}

/// Writes the two numbers of a locked stock row. What guests see has changed.
async fn set(tx: &Tx, row: &stock::Model, on_hand: i64, promised: i64) -> Result<()> {
    let change =
        stock::ActiveModel { id: Set(row.id), on_hand: Set(on_hand), promised: Set(promised), ..Default::default() };
    stock::Entity::update(change).exec(tx).await?;
    tx.changes_what_is_shown();
    Ok(())
}
