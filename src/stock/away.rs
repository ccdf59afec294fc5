//! Pieces that leave a place unsold, and pieces that go from one lot into another.
use super::{
    locked,
    lot::{self, Cause, Moved, Taken, Turns},
    set,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
};
use entity::stock_move::Kind;

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
    let taken = lot::draw(tx, item_id, place_id, quantity, None, Turns::Keep).await?;
    lot::leave(tx, clock, &taken, kind, cause).await?;
    set(tx, &stock, stock.on_hand - quantity, stock.promised).await?;
    Ok(taken)
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
