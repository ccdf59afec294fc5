//! Pieces that leave a place unsold, and pieces that go from one lot into another.
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{
    draw::{Turns, draw, free_of_grade},
    lock, locked,
    lot::{self, Cause, Taken},
    set,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
};
use entity::{
    lot::{self as row, Grade},
    stock_move::Kind,
};

/// Takes broken or lost pieces out of a place for good, chosen as if they were sold, though it is nobody's turn. Says
/// whose they were.
pub async fn write_off(
    tx: &Tx,
    clock: &Clock,
    (item_id, place_id): (i64, i64),
    quantity: i64,
    kind: Kind,
    cause: Cause<'_>,
) -> Result<Vec<Taken>> {
    let stock = locked(tx, item_id, place_id).await?;
    let free = stock.on_hand - stock.promised;
    if quantity < 1 || quantity > free {
        return Err(Refusal::conflict("stock.not_enough").with("n", free).into());
    }
    let taken = draw(tx, item_id, place_id, quantity, None, Turns::Keep, None).await?;
    lot::leave(tx, clock, &taken, kind, cause).await?;
    set(tx, &stock, stock.on_hand - quantity, stock.promised).await?;
    Ok(taken)
}

/// Pieces that were moved from one lot into another of the same owner and terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub from_lot: i64,
    pub to_lot: i64,
    pub quantity: i64,
}

/// Moves pieces that nobody was promised to another place, chosen as if they were sold. Each lot goes on as a lot of
/// its own there; pieces that come home go back into the lot they once left.
pub async fn relocate(
    tx: &Tx,
    clock: &Clock,
    item_id: i64,
    (from, to): (i64, i64),
    quantity: i64,
    grade: Option<Grade>,
    cause: Cause<'_>,
) -> Result<Vec<Moved>> {
    lock(tx, &[item_id]).await?;
    let (here, there) = (locked(tx, item_id, from).await?, locked(tx, item_id, to).await?);
    let free = free_of_grade(tx, &here, grade).await?;
    if quantity < 1 || quantity > free {
        return Err(Refusal::conflict("stock.not_enough").with("n", free).into());
    }
    let taken = draw(tx, item_id, from, quantity, grade, Turns::Keep, Some(clock.today())).await?;
    let arrived = stand_in(tx, clock, &taken, to, cause).await?;
    set(tx, &here, here.on_hand - quantity, here.promised).await?;
    set(tx, &there, there.on_hand + quantity, there.promised).await?;
    let moved =
        |(from, to): (&Taken, &Taken)| Moved { from_lot: from.lot.id, to_lot: to.lot.id, quantity: from.quantity };
    Ok(taken.iter().zip(&arrived).map(moved).collect())
}

/// Writes that what was taken out of a place stands in another now.
async fn stand_in(tx: &Tx, clock: &Clock, taken: &[Taken], to: i64, cause: Cause<'_>) -> Result<Vec<Taken>> {
    let key = format!("{}:out", cause.source_key);
    lot::leave(tx, clock, taken, Kind::Moved, Cause { source_key: &key, ..cause }).await?;
    let mut arrived = Vec::with_capacity(taken.len());
    for part in taken {
        arrived.push(Taken { lot: home_or_new(tx, &part.lot, to, part.quantity).await?, quantity: -part.quantity });
    }
    let key = format!("{}:in", cause.source_key);
    lot::leave(tx, clock, &arrived, Kind::Moved, Cause { source_key: &key, ..cause }).await?;
    Ok(arrived)
}

/// Moves what is left of one lot to another place, as far as nobody was promised it, also past its day. Says how much
/// went; nothing when nothing is left, so that a second time does nothing.
pub async fn relocate_lot(tx: &Tx, clock: &Clock, lot_id: i64, to: i64, cause: Cause<'_>) -> Result<i64> {
    let (lot, here) = lot::lot_and_stock(tx, lot_id).await?;
    let kept = lot::kept_in(tx, lot.id).await?;
    let quantity = std::cmp::min(lot.remaining - kept, here.on_hand - here.promised);
    if quantity < 1 || lot.place_id == to {
        return Ok(0);
    }
    let there = locked(tx, lot.item_id, to).await?;
    lot::lessen(tx, &lot, quantity).await?;
    stand_in(tx, clock, &[Taken { lot, quantity }], to, cause).await?;
    set(tx, &here, here.on_hand - quantity, here.promised).await?;
    set(tx, &there, there.on_hand + quantity, there.promised).await?;
    Ok(quantity)
}

/// Takes goods out of a place to be packed anew, what expires first going first; nothing past its day.
pub async fn repack_out(
    tx: &Tx,
    clock: &Clock,
    (item_id, place_id): (i64, i64),
    quantity: i64,
    cause: Cause<'_>,
) -> Result<Vec<Taken>> {
    let stock = locked(tx, item_id, place_id).await?;
    let free = stock.on_hand - stock.promised;
    if quantity < 1 || quantity > free {
        return Err(Refusal::conflict("stock.not_enough").with("n", free).into());
    }
    let taken = draw(tx, item_id, place_id, quantity, None, Turns::Keep, Some(clock.today())).await?;
    lot::leave(tx, clock, &taken, Kind::Repacked, cause).await?;
    set(tx, &stock, stock.on_hand - quantity, stock.promised).await?;
    Ok(taken)
}

/// Puts what was packed into a place as a lot of its own; it keeps as long as what expires
/// first of what went into it.
pub async fn repack_in(
    tx: &Tx,
    clock: &Clock,
    (item_id, place_id): (i64, i64),
    quantity: i64,
    from: &[Taken],
    cause: Cause<'_>,
) -> Result<i64> {
    let stock = locked(tx, item_id, place_id).await?;
    let first = from.iter().map(|part| &part.lot).min_by_key(|lot| (lot.expires_on.is_none(), lot.expires_on));
    let row = row::ActiveModel {
        item_id: Set(item_id),
        place_id: Set(place_id),
        terms: Set(row::Terms::Own),
        cost: Set(entity::Rupiah::ZERO),
        received: Set(quantity),
        remaining: Set(quantity),
        received_at: Set(clock.now()),
        expires_on: Set(first.and_then(|lot| lot.expires_on)),
        batch: Set(first.and_then(|lot| lot.batch.clone())),
        material: Set(entity::Rupiah::ZERO),
        ..Default::default()
    };
    let lot = row::Entity::insert(row).exec_with_returning(tx).await?;
    let lot_id = lot.id;
    lot::leave(tx, clock, &[Taken { lot, quantity: -quantity }], Kind::Repacked, cause).await?;
    set(tx, &stock, stock.on_hand + quantity, stock.promised).await?;
    Ok(lot_id)
}

/// The lot that pieces of another become in a place: the one they came from if they come home, else a new one.
async fn home_or_new(tx: &Tx, lot: &row::Model, place_id: i64, quantity: i64) -> Result<row::Model> {
    if let Some(origin) = lot.origin_id {
        let home = row::Entity::find_by_id(origin).one(tx).await?.filter(|home| home.place_id == place_id);
        if let Some(home) = home {
            lot::lessen(tx, &home, -quantity).await?;
            return Ok(home);
        }
    }
    let lot = lot.clone();
    let row = row::ActiveModel {
        item_id: Set(lot.item_id),
        place_id: Set(place_id),
        owner_id: Set(lot.owner_id),
        terms: Set(lot.terms),
        cost: Set(lot.cost),
        received: Set(quantity),
        remaining: Set(quantity),
        grade: Set(lot.grade),
        received_at: Set(lot.received_at),
        expires_on: Set(lot.expires_on),
        batch: Set(lot.batch),
        intake_id: Set(lot.intake_id),
        origin_id: Set(Some(lot.origin_id.unwrap_or(lot.id))),
        maker_bp: Set(lot.maker_bp),
        outlet_bp: Set(lot.outlet_bp),
        group_bp: Set(lot.group_bp),
        material: Set(lot.material),
        ..Default::default()
    };
    Ok(row::Entity::insert(row).exec_with_returning(tx).await?)
}

/// Moves pieces from one lot into another of the same hand-over, as when a move is undone: exactly those, and no others
/// in their stead. What is promised to buyers stays.
pub async fn shift(tx: &Tx, clock: &Clock, moved: &Moved, cause: Cause<'_>) -> Result<()> {
    let (from, here) = lot::lot_and_stock(tx, moved.from_lot).await?;
    let (to, there) = lot::lot_and_stock(tx, moved.to_lot).await?;
    let is_one = from.origin_id.unwrap_or(from.id) == to.origin_id.unwrap_or(to.id) && here.id != there.id;
    if !is_one {
        return Err(anyhow::anyhow!("lots {} and {} did not come together", from.id, to.id).into());
    }
    let kept = lot::kept_in(tx, from.id).await?;
    let free = std::cmp::min(from.remaining - kept, here.on_hand - here.promised);
    if moved.quantity < 1 || moved.quantity > free {
        return Err(Refusal::conflict("stock.not_enough").with("n", free).into());
    }
    lot::lessen(tx, &from, moved.quantity).await?;
    lot::lessen(tx, &to, -moved.quantity).await?;
    let (out, into) = (format!("{}:out", cause.source_key), format!("{}:in", cause.source_key));
    let left = Taken { lot: from, quantity: moved.quantity };
    lot::leave(tx, clock, &[left], Kind::Moved, Cause { source_key: &out, ..cause }).await?;
    let came = Taken { lot: to, quantity: -moved.quantity };
    lot::leave(tx, clock, &[came], Kind::Moved, Cause { source_key: &into, ..cause }).await?;
    set(tx, &here, here.on_hand - moved.quantity, here.promised).await?;
    set(tx, &there, there.on_hand + moved.quantity, there.promised).await
}
