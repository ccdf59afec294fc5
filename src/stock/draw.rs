//! Which pieces of a place a sale takes: as many lots as it can need are read, and [`rule`] chooses among them, or
//! [`fefo`] where no household waits for its turn. Nothing past its day is sold.
use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, Select,
    sea_query::{Expr, OnConflict},
};

use super::{
    fefo,
    hold::kept_of,
    lot::{Taken, lessen},
    rule,
};
use crate::{
    db::Tx,
    error::{Refusal, Result},
};
use entity::{lot, lot::Grade, turn};

/// Whether a draw counts as a turn of its households.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turns {
    Count,
    Keep,
}

/// How many of a grade can be sold: what the grade has, and no more than nobody was promised.
pub(super) async fn free_of_grade(tx: &Tx, stock: &entity::stock::Model, grade: Option<Grade>) -> Result<i64> {
    let free = stock.on_hand - stock.promised;
    if grade.is_none() {
        return Ok(free);
    }
    let lots = standing(stock.item_id, stock.place_id, grade).all(tx).await?;
    Ok(std::cmp::min(free, not_kept(tx, &lots).await?.iter().map(|lot| lot.remaining).sum()))
}

/// The same lots without what is kept of them.
async fn not_kept(tx: &Tx, lots: &[lot::Model]) -> Result<Vec<lot::Model>> {
    let ids: Vec<i64> = lots.iter().map(|lot| lot.id).collect();
    let kept = kept_of(tx, &ids).await?;
    let free = |lot: &lot::Model| lot.remaining - kept.get(&lot.id).copied().unwrap_or(0);
    Ok(lots.iter().map(|lot| lot::Model { remaining: free(lot), ..lot.clone() }).collect())
}

/// Lots of an item in a place that have anything left, of one grade if it is named.
fn standing(item_id: i64, place_id: i64, grade: Option<Grade>) -> Select<lot::Entity> {
    let all = lot::Entity::find()
        .filter(lot::Column::ItemId.eq(item_id))
        .filter(lot::Column::PlaceId.eq(place_id))
        .filter(lot::Column::Remaining.gt(0));
    match grade {
        None => all,
        // What was never graded counts as grade A.
        Some(Grade::A) => all.filter(lot::Column::Grade.eq(Grade::A).or(lot::Column::Grade.is_null())),
        Some(grade) => all.filter(lot::Column::Grade.eq(grade)),
    }
}

/// Those of which so many pieces can be taken, what expires first and then the oldest first. Of each household and grade
/// the first lots are enough, so that a sale of three pieces does not read a whole store.
async fn within_reach(
    tx: &Tx,
    (item_id, place_id): (i64, i64),
    quantity: i64,
    grade: Option<Grade>,
    good_on: Option<NaiveDate>,
) -> Result<Vec<lot::Model>> {
    let good = good_on.map(|day| format!("AND (l.expires_on IS NULL OR l.expires_on >= '{day}')")).unwrap_or_default();
    let oldest = Expr::cust(format!(
        "id IN (SELECT id FROM (SELECT id, SUM(free) OVER (PARTITION BY owner_id, COALESCE(grade, 'A') \
         ORDER BY CASE WHEN expires_on IS NULL THEN 1 ELSE 0 END, expires_on, received_at, id \
         ROWS UNBOUNDED PRECEDING) - free AS older FROM ( \
         SELECT l.id, l.owner_id, l.grade, l.received_at, l.expires_on, l.remaining - COALESCE(( \
         SELECT SUM(h.quantity) FROM hold h WHERE h.lot_id = l.id AND h.state = 'held'), 0) AS free FROM lot l \
         WHERE l.item_id = {item_id} AND l.place_id = {place_id} AND l.remaining > 0 {good}) AS open) AS near \
         WHERE older < {quantity})"
    ));
    let lots = standing(item_id, place_id, grade).filter(oldest);
    let lots = lots.order_by_asc(Expr::cust("CASE WHEN expires_on IS NULL THEN 1 ELSE 0 END"));
    let lots = lots.order_by_asc(lot::Column::ExpiresOn);
    Ok(lots.order_by_asc(lot::Column::ReceivedAt).order_by_asc(lot::Column::Id).all(tx).await?)
}

/// Lessens lots by `quantity` in all, as [`rule::pick`] or [`fefo::pick`] chooses; of those that are good on a day, if it
/// is named. The stock row is locked by the caller, so no two draw at once.
pub(super) async fn draw(
    tx: &Tx,
    item_id: i64,
    place_id: i64,
    quantity: i64,
    grade: Option<Grade>,
    turns: Turns,
    good_on: Option<NaiveDate>,
) -> Result<Vec<Taken>> {
    let lots = within_reach(tx, (item_id, place_id), quantity, grade, good_on).await?;
    // Goods that no household made have no turns.
    let has_turns = lots.iter().any(|lot| lot.owner_id.is_some());
    let mut numbers = match has_turns {
        true => turn::Entity::find()
            .filter(turn::Column::ItemId.eq(item_id))
            .all(tx)
            .await?
            .into_iter()
            .map(|turn| (turn.owner_id, turn.number))
            .collect(),
        false => HashMap::new(),
    };
    let before = numbers.clone();
    let free = not_kept(tx, &lots).await?;
    // Two grades are two kinds of goods, and the better one goes first whoever owns it.
    let of_one_grade = lots.iter().all(|lot| lot.grade != Some(Grade::B));
    let picked = match good_on {
        _ if has_turns || !of_one_grade => rule::pick(&free, &mut numbers, quantity),
        Some(day) => fefo::pick(&free, quantity, day).parts,
        None => fefo::pick_any(&free, quantity).parts,
    };
    let found: i64 = picked.iter().map(|(_, part)| part).sum();
    if found < quantity && good_on.is_some() && expired(tx, (item_id, place_id), grade, good_on).await? > 0 {
        return Err(Refusal::conflict("stock.expired").with("n", found).into());
    }
    if found < quantity {
        let missing = quantity - found;
        return Err(anyhow::anyhow!("lots of item {item_id} hold {missing} pieces less than the shelf").into());
    }
    let mut taken = Vec::with_capacity(picked.len());
    for (n, part) in picked {
        lessen(tx, &lots[n], part).await?;
        taken.push(Taken { lot: lots[n].clone(), quantity: part });
    }
    if turns == Turns::Count && has_turns {
        numbers.retain(|owner, number| before.get(owner) != Some(number));
        keep_turns(tx, item_id, numbers).await?;
    }
    Ok(taken)
}

/// What stands in a place and is past its day.
async fn expired(tx: &Tx, (item, place): (i64, i64), grade: Option<Grade>, on: Option<NaiveDate>) -> Result<i64> {
    let lots = standing(item, place, grade).filter(lot::Column::ExpiresOn.lt(on)).all(tx).await?;
    Ok(lots.iter().map(|lot| lot.remaining).sum())
}

/// In the order of owners, so that two sales of one item in two places never wait for each other in a circle.
async fn keep_turns(tx: &Tx, item_id: i64, numbers: HashMap<i64, i64>) -> Result<()> {
    let mut numbers: Vec<_> = numbers.into_iter().collect();
    numbers.sort_unstable();
    for (owner_id, number) in numbers {
        let row = turn::ActiveModel {
            item_id: Set(item_id),
            owner_id: Set(owner_id),
            number: Set(number),
            ..Default::default()
        };
        turn::Entity::insert(row)
            .on_conflict(
                OnConflict::columns([turn::Column::ItemId, turn::Column::OwnerId])
                    .update_column(turn::Column::Number)
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}
