//! Every change of what is on hand, with its cause. Never changed afterwards.
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    draw::{Turns, draw},
    locked,
    lot::Cause,
    set,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
};
use entity::{Rupiah, lot::Terms, stock_move, stock_move::Kind};

pub(super) struct Move {
    pub item_id: i64,
    pub place_id: i64,
    pub lot_id: Option<i64>,
    pub kind: Kind,
    /// What is added to the shelf; negative when it leaves.
    pub quantity: i64,
    pub subject: Option<String>,
    pub reason: Option<String>,
    pub person_id: Option<i64>,
    pub source_key: String,
    /// When it happened, if it was not now.
    pub happened_at: Option<DateTime<Utc>>,
}

pub(super) async fn write(tx: &Tx, clock: &Clock, m: Move) -> Result<()> {
    let row = stock_move::ActiveModel {
        item_id: Set(m.item_id),
        place_id: Set(m.place_id),
        lot_id: Set(m.lot_id),
        kind: Set(m.kind),
        quantity: Set(m.quantity),
        subject: Set(m.subject),
        reason: Set(m.reason),
        person_id: Set(m.person_id),
        source_key: Set(m.source_key),
        at: Set(clock.now()),
        happened_at: Set(m.happened_at.unwrap_or(clock.now())),
        ..Default::default()
    };
    stock_move::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Makes the books agree with what was counted on the shelf, by one move with a reason. Returns the difference.
///
/// What is promised cannot be counted away: those orders must fall short or be cancelled first.
pub async fn correct(
    tx: &Tx,
    clock: &Clock,
    item_id: i64,
    place_id: i64,
    counted: i64,
    reason: &str,
    person_id: i64,
    source_key: &str,
) -> Result<i64> {
    let stock = locked(tx, item_id, place_id).await?;
    if counted < stock.promised {
        return Err(Refusal::conflict("stock.below_promised").with("n", stock.promised).into());
    }
    let difference = counted - stock.on_hand;
    let cause = Cause { subject: None, reason: Some(reason), person_id: Some(person_id), source_key };
    adjust(tx, clock, (item_id, place_id), difference, cause).await?;
    Ok(difference)
}

/// Makes the books agree with a count that found so much more, or less, than they say. What is promised cannot be
/// counted away.
pub async fn adjust(
    tx: &Tx,
    clock: &Clock,
    (item_id, place_id): (i64, i64),
    difference: i64,
    cause: Cause<'_>,
) -> Result<()> {
    let stock = locked(tx, item_id, place_id).await?;
    let left = stock.on_hand + difference;
    if difference < 0 && left < stock.promised {
        return Err(Refusal::conflict("stock.below_promised").with("n", stock.promised).into());
    }
    if difference == 0 {
        return Ok(());
    }
    let kind = if difference > 0 { Kind::Found } else { Kind::Shrunk };
    let parts = if difference > 0 {
        vec![(found_lot(tx, clock, item_id, place_id, difference).await?, difference)]
    } else {
        draw(tx, item_id, place_id, -difference, None, Turns::Keep, None)
            .await?
            .iter()
            .map(|taken| (taken.lot.id, -taken.quantity))
            .collect()
    };
    for (n, (lot_id, quantity)) in parts.into_iter().enumerate() {
        let row = Move {
            item_id,
            place_id,
            lot_id: Some(lot_id),
            kind,
            quantity,
            subject: cause.subject.map(str::to_owned),
            reason: cause.reason.map(str::to_owned),
            person_id: cause.person_id,
            source_key: format!("{}:{n}", cause.source_key),
            happened_at: None,
        };
        write(tx, clock, row).await?;
    }
    set(tx, &stock, left, stock.promised).await
}

/// Pieces found belong to whoever the newest lot belongs to, or to the outlet when there never was one.
async fn found_lot(tx: &Tx, clock: &Clock, item_id: i64, place_id: i64, quantity: i64) -> Result<i64> {
    use entity::lot;
    let lots = lot::Entity::find()
        .filter(lot::Column::ItemId.eq(item_id))
        .filter(lot::Column::PlaceId.eq(place_id))
        .order_by_desc(lot::Column::ReceivedAt)
        .order_by_desc(lot::Column::Id);
    let keeps = Condition::any().add(lot::Column::ExpiresOn.is_null()).add(lot::Column::ExpiresOn.gte(clock.today()));
    // What nobody made by hand keeps no longer than the good ones it stands among; those that are gone say nothing.
    let beside = lots.clone().filter(lot::Column::Remaining.gt(0)).filter(keeps).one(tx).await?;
    let newest = lots.one(tx).await?;
    let row = lot::ActiveModel {
        item_id: Set(item_id),
        place_id: Set(place_id),
        owner_id: Set(newest.as_ref().and_then(|lot| lot.owner_id)),
        terms: Set(newest.as_ref().map_or(Terms::Own, |lot| lot.terms)),
        cost: Set(newest.as_ref().map_or(Rupiah::ZERO, |lot| lot.cost)),
        received: Set(quantity),
        remaining: Set(quantity),
        grade: Set(newest.as_ref().and_then(|lot| lot.grade)),
        received_at: Set(clock.now()),
        expires_on: Set(beside.as_ref().and_then(|lot| lot.expires_on)),
        batch: Set(beside.and_then(|lot| lot.batch)),
        maker_bp: Set(newest.as_ref().and_then(|lot| lot.maker_bp)),
        outlet_bp: Set(newest.as_ref().and_then(|lot| lot.outlet_bp)),
        group_bp: Set(newest.as_ref().and_then(|lot| lot.group_bp)),
        material: Set(Rupiah::ZERO),
        ..Default::default()
    };
    Ok(lot::Entity::insert(row).exec(tx).await?.last_insert_id)
}

/// The latest moves of an item, newest first.
pub async fn moves_of(db: &impl ConnectionTrait, item_id: i64, n: u64) -> Result<Vec<stock_move::Model>> {
    Ok(stock_move::Entity::find()
        .filter(stock_move::Column::ItemId.eq(item_id))
        .order_by_desc(stock_move::Column::At)
        .order_by_desc(stock_move::Column::Id)
        .limit(n)
        .all(db)
        .await?)
}
