//! Pieces promised to somebody until a deadline; pieces of certain lots are *kept*, and leave only for them.
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr},
};

use super::lot::{kept_in, lot_and_stock};
use crate::{clock::Clock, db::Tx, error::Result};
use entity::{hold, hold::State, stock};

/// So many pieces of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Want {
    pub item_id: i64,
    pub quantity: i64,
}

/// There is less than was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    pub item_id: i64,
    pub left: i64,
}

/// Promises all that is wanted, or nothing and says what falls short. Each item may appear once.
///
/// Stock rows are locked in the order of their ids, so that two buyers never wait for each other in a circle.
pub async fn hold(
    tx: &Tx,
    clock: &Clock,
    subject: &str,
    place_id: i64,
    wants: &[Want],
    expires_at: Option<DateTime<Utc>>,
) -> Result<Result<(), Vec<Short>>> {
    if wants.is_empty() {
        return Ok(Ok(()));
    }
    let rows = stock::Entity::find()
        .filter(stock::Column::PlaceId.eq(place_id))
        .filter(stock::Column::ItemId.is_in(wants.iter().map(|want| want.item_id)))
        .order_by_asc(stock::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    let left = |item: i64| rows.iter().find(|row| row.item_id == item).map_or(0, |row| row.on_hand - row.promised);
    let short: Vec<Short> = wants
        .iter()
        .filter(|want| left(want.item_id) < want.quantity)
        .map(|want| Short { item_id: want.item_id, left: left(want.item_id) })
        .collect();
    if !short.is_empty() {
        return Ok(Err(short));
    }
    promise(tx, place_id, wants, 1).await?;
    let holds = wants.iter().map(|want| hold::ActiveModel {
        subject: Set(subject.to_owned()),
        item_id: Set(want.item_id),
        place_id: Set(place_id),
        quantity: Set(want.quantity),
        state: Set(State::Held),
        expires_at: Set(expires_at),
        created_at: Set(clock.now()),
        ..Default::default()
    });
    hold::Entity::insert_many(holds).exec_without_returning(tx).await?;
    Ok(Ok(()))
}

/// Promises pieces of certain lots: those leave for this subject and for nobody else. The caller knows that they are
/// there and free.
pub async fn keep(tx: &Tx, clock: &Clock, subject: &str, portions: &[(i64, i64)]) -> Result<()> {
    for (lot_id, quantity) in portions.iter().copied().filter(|(_, quantity)| *quantity > 0) {
        let (lot, stock) = lot_and_stock(tx, lot_id).await?;
        let kept = kept_in(tx, lot_id).await?;
        if std::cmp::min(lot.remaining - kept, stock.on_hand - stock.promised) < quantity {
            return Err(anyhow::anyhow!("{quantity} pieces of lot {lot_id} are not free for {subject}").into());
        }
        promise(tx, lot.place_id, &[Want { item_id: lot.item_id, quantity }], 1).await?;
        let held = hold::ActiveModel {
            subject: Set(subject.to_owned()),
            item_id: Set(lot.item_id),
            place_id: Set(lot.place_id),
            quantity: Set(quantity),
            lot_id: Set(Some(lot_id)),
            state: Set(State::Held),
            created_at: Set(clock.now()),
            ..Default::default()
        };
        hold::Entity::insert(held).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// How many pieces of lots are kept for somebody. Lots of which none are do not appear.
pub async fn kept_of(db: &impl ConnectionTrait, lot_ids: &[i64]) -> Result<HashMap<i64, i64>> {
    Ok(kept(db, lot_ids).await?.iter().fold(HashMap::new(), |mut sums, held| {
        *sums.entry(held.lot_id.unwrap_or_default()).or_insert(0) += held.quantity;
        sums
    }))
}

/// For whom pieces of lots are kept, oldest first.
pub async fn kept(db: &impl ConnectionTrait, lot_ids: &[i64]) -> Result<Vec<hold::Model>> {
    Ok(hold::Entity::find()
        .filter(hold::Column::LotId.is_in(lot_ids.iter().copied()))
        .filter(hold::Column::State.eq(State::Held))
        .order_by_asc(hold::Column::Id)
        .all(db)
        .await?)
}

/// Pieces that were kept of a lot are gone: their subjects are promised as many of any lot instead. The newest promise
/// gives way first.
pub(super) async fn loosen(tx: &Tx, lot_id: i64, quantity: i64) -> Result<()> {
    let mut left = quantity;
    for held in kept(tx, &[lot_id]).await?.into_iter().rev() {
        let part = std::cmp::min(left, held.quantity);
        if part == 0 {
            break;
        }
        left -= part;
        let any = hold::ActiveModel {
            subject: Set(held.subject.clone()),
            item_id: Set(held.item_id),
            place_id: Set(held.place_id),
            quantity: Set(part),
            state: Set(State::Held),
            expires_at: Set(held.expires_at),
            created_at: Set(held.created_at),
            ..Default::default()
        };
        let mut change = hold::ActiveModel { id: Set(held.id), ..Default::default() };
        if part < held.quantity {
            change.quantity = Set(held.quantity - part);
        } else {
            change.state = Set(State::Released);
        }
        hold::Entity::update(change).exec(tx).await?;
        hold::Entity::insert(any).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Moves the promised count of several items in one statement; the table's checks refuse what cannot be.
async fn promise(tx: &Tx, place_id: i64, wants: &[Want], sign: i64) -> Result<()> {
    let change = wants.iter().fold(CaseStatement::new(), |case, want| {
        case.case(Expr::col(stock::Column::ItemId).eq(want.item_id), Expr::value(want.quantity * sign))
    });
    stock::Entity::update_many()
        .col_expr(stock::Column::Promised, Expr::col(stock::Column::Promised).add(change.finally(0_i64)))
        .filter(stock::Column::PlaceId.eq(place_id))
        .filter(stock::Column::ItemId.is_in(wants.iter().map(|want| want.item_id)))
        .exec(tx)
        .await?;
    tx.changes_what_is_shown();
    Ok(())
}

/// The holds of a subject that still stand.
pub async fn held_for(db: &impl ConnectionTrait, subject: &str) -> Result<Vec<hold::Model>> {
    Ok(hold::Entity::find()
        .filter(hold::Column::Subject.eq(subject))
        .filter(hold::Column::State.eq(State::Held))
        .order_by_asc(hold::Column::Id)
        .all(db)
        .await?)
}

/// Gives the promised pieces of a subject back to the shelf. Once: holds already taken or released are left alone.
pub async fn release(tx: &Tx, subject: &str) -> Result<()> {
    let holds = held_for(tx, subject).await?;
    super::lock(tx, &holds.iter().map(|held| held.item_id).collect::<Vec<_>>()).await?;
    for held in holds {
        finish(tx, &held, held.quantity, State::Released).await?;
    }
    Ok(())
}

/// Gives some pieces of one hold back: that part of the order falls short or is no longer wanted.
pub async fn release_part(tx: &Tx, held: &hold::Model, quantity: i64) -> Result<()> {
    finish(tx, held, std::cmp::min(quantity, held.quantity), State::Released).await
}

/// A paid order's pieces stay promised until they are packed: the deadline goes away, or moves.
pub async fn prolong(tx: &Tx, subject: &str, until: Option<DateTime<Utc>>) -> Result<()> {
    hold::Entity::update_many()
        .col_expr(hold::Column::ExpiresAt, Expr::value(until))
        .filter(hold::Column::Subject.eq(subject))
        .filter(hold::Column::State.eq(State::Held))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends a hold, or lessens it when only some of its pieces are done with.
pub(super) async fn finish(tx: &Tx, held: &hold::Model, quantity: i64, state: State) -> Result<()> {
    let rest = held.quantity - quantity;
    let mut change = hold::ActiveModel { id: Set(held.id), ..Default::default() };
    if rest > 0 {
        change.quantity = Set(rest);
    } else {
        change.state = Set(state);
    }
    hold::Entity::update(change).exec(tx).await?;
    promise(tx, held.place_id, &[Want { item_id: held.item_id, quantity }], -1).await
}
