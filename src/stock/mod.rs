//! Goods: what came in and whose it is, where it stands, what is promised, and every move with its cause.
//!
//! On hand and promised are separate numbers of a stock row. A *hold* promises pieces to a subject ("order:12") until
//! it is taken or released; a hold that names a lot *keeps* those very pieces, and every other draw passes them over. A
//! *move* changes what is on hand and is never changed itself. Which lots are sold first is one rule for all (`rule`).
//! What was counted wrong is corrected by another move, with a reason.
pub mod average;
mod away;
mod draw;
pub mod fefo;
mod hold;
mod lot;
mod moves;
pub mod reorder;
mod rule;

pub use away::{Moved, relocate, shift, write_off};
pub use hold::{Short, Want, held_for, hold, keep, kept, kept_of, prolong, release, release_part};
pub use lot::{Agreed, Cause, Fresh, NewLot, Taken, put_back, receive, remove, sell, take, take_back};
pub use moves::{correct, moves_of};

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
    use sea_orm::QuerySelect;
    let first = place::Entity::find()
        .filter(place::Column::OutletId.eq(outlet_id))
        .filter(place::Column::Kind.eq(place::Kind::Shelf))
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
        name: Set("Rak".into()),
        created_at: Set(clock.now()),
        kind: Set(place::Kind::Shelf),
        ..Default::default()
    };
    Ok(place::Entity::insert(row).exec(tx).await?.last_insert_id)
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
/// so that no two wait for each other in a circle.
pub async fn lock(tx: &Tx, item_ids: &[i64]) -> Result<()> {
    use sea_orm::QuerySelect;
    stock::Entity::find()
        .filter(stock::Column::ItemId.is_in(item_ids.iter().copied()))
        .order_by_asc(stock::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(())
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
