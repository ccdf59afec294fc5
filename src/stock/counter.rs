//! Many sales of goods that no household made, at once and afterwards: a till tells what left its shelf, and it has left.
//!
//! Which lots it came from is chosen as for any other sale ([`fefo`]). What the books did not have is found first and
//! then sold, so that no number falls below zero; the caller is told of what and why.
use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{fefo, kept_of, locked, set};
use crate::{
    clock,
    clock::Clock,
    db::{self, Tx},
    error::Result,
};
use entity::{Rupiah, lot, lot::Terms, stock, stock_move, stock_move::Kind};

/// Something that left the shelf.
#[derive(Clone, Debug)]
pub struct Left {
    pub item_id: i64,
    pub quantity: i64,
    /// The lot it was taken from first, if it was chosen: one that is sold for less.
    pub lot_id: Option<i64>,
    /// The document: "sale:3".
    pub subject: String,
    /// Names the act once and for all.
    pub source_key: String,
    pub person_id: i64,
    pub at: DateTime<Utc>,
}

/// Why the books did not have what was sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// There were only goods past their day.
    Expired,
    /// There were only goods that were promised to others.
    Promised,
    /// There was nothing.
    Gone,
}

/// What the books did not have of one of those.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Which one, by its position.
    pub n: usize,
    pub quantity: i64,
    pub why: Why,
}

/// The shelf while it is being emptied.
struct Shelf {
    rows: HashMap<i64, stock::Model>,
    /// What is free of each lot, by item.
    lots: HashMap<i64, Vec<lot::Model>>,
    /// What each lot holds in all, if it was touched.
    touched: HashMap<i64, i64>,
    was: HashMap<i64, i64>,
}

/// Takes all of it off a shelf, in the given order. The goods were locked by the caller.
pub async fn sell_all(tx: &Tx, clock: &Clock, place_id: i64, all: &[Left]) -> Result<Vec<Missing>> {
    let mut shelf = Shelf::read(tx, place_id, all).await?;
    let (mut missing, mut taken) = (Vec::new(), Vec::with_capacity(all.len()));
    for (n, left) in all.iter().enumerate() {
        let (parts, blocked) = shelf.take(left, clock::local_date(left.at));
        let short = left.quantity - parts.iter().map(|(_, part)| part).sum::<i64>();
        if short > 0 {
            let is_there = shelf.rows.get(&left.item_id).is_some_and(|row| row.on_hand >= short);
            let why = if blocked > 0 {
                Why::Expired
            } else if is_there {
                Why::Promised
            } else {
                Why::Gone
            };
            missing.push(Missing { n, quantity: short, why });
        }
        taken.push(parts);
    }
    let mut found = missing.iter().zip(find(tx, clock, place_id, all, &missing).await?).peekable();
    let mut moves = Vec::with_capacity(all.len());
    for (n, (left, mut parts)) in all.iter().zip(taken).enumerate() {
        if let Some((one, lot_id)) = found.next_if(|(one, _)| one.n == n) {
            moves.push(row(clock, place_id, left, Kind::Found, lot_id, one.quantity, "found"));
            parts.push((lot_id, one.quantity));
        }
        for (k, (lot_id, part)) in parts.into_iter().enumerate() {
            moves.push(row(clock, place_id, left, Kind::Sold, lot_id, -part, &k.to_string()));
        }
    }
    db::insert_all(tx, moves).await?;
    shelf.write(tx).await?;
    Ok(missing)
}

impl Shelf {
    async fn read(tx: &Tx, place_id: i64, all: &[Left]) -> Result<Shelf> {
        let mut items: Vec<i64> = all.iter().map(|left| left.item_id).collect();
        items.sort_unstable();
        items.dedup();
        let here = stock::Entity::find().filter(stock::Column::PlaceId.eq(place_id));
        let here = here.filter(stock::Column::ItemId.is_in(items.iter().copied())).all(tx).await?;
        let mut rows: HashMap<i64, stock::Model> = here.into_iter().map(|row| (row.item_id, row)).collect();
        for item_id in &items {
            if !rows.contains_key(item_id) {
                rows.insert(*item_id, locked(tx, *item_id, place_id).await?);
            }
        }
        let mut standing = lot::Entity::find()
            .filter(lot::Column::ItemId.is_in(items.iter().copied()))
            .filter(lot::Column::PlaceId.eq(place_id))
            .filter(lot::Column::Remaining.gt(0))
            .all(tx)
            .await?;
        let ids: Vec<i64> = standing.iter().map(|lot| lot.id).collect();
        let kept = kept_of(tx, &ids).await?;
        let was = standing.iter().map(|lot| (lot.id, lot.remaining)).collect();
        for lot in &mut standing {
            lot.remaining -= kept.get(&lot.id).copied().unwrap_or(0);
        }
        let mut lots: HashMap<i64, Vec<lot::Model>> = HashMap::new();
        for lot in standing {
            lots.entry(lot.item_id).or_default().push(lot);
        }
        Ok(Shelf { rows, lots, touched: HashMap::new(), was })
    }

    /// Takes what there is; says from which lots, and how much stands there past its day.
    fn take(&mut self, left: &Left, on: NaiveDate) -> (Vec<(i64, i64)>, i64) {
        let Some(row) = self.rows.get_mut(&left.item_id) else { return (Vec::new(), 0) };
        let free = left.quantity.min(row.on_hand - row.promised);
        let lots = self.lots.entry(left.item_id).or_default();
        let mut parts: Vec<(usize, i64)> = Vec::new();
        let chosen = lots.iter().position(|lot| Some(lot.id) == left.lot_id && fefo::is_good(lot, on));
        if let Some(n) = chosen {
            let part = free.min(lots[n].remaining).max(0);
            if part > 0 {
                lots[n].remaining -= part;
                parts.push((n, part));
            }
        }
        let rest = free - parts.iter().map(|(_, part)| part).sum::<i64>();
        let picked = fefo::pick(lots, rest.max(0), on);
        for (n, part) in picked.parts {
            lots[n].remaining -= part;
            match parts.iter_mut().find(|(of, _)| *of == n) {
                Some((_, sum)) => *sum += part,
                None => parts.push((n, part)),
            }
        }
        row.on_hand -= parts.iter().map(|(_, part)| part).sum::<i64>();
        let parts: Vec<(i64, i64)> = parts.into_iter().map(|(n, part)| (lots[n].id, part)).collect();
        for (lot_id, part) in &parts {
            *self.touched.entry(*lot_id).or_insert(0) += part;
        }
        (parts, picked.blocked)
    }

    async fn write(&self, tx: &Tx) -> Result<()> {
        let mut touched: Vec<_> = self.touched.iter().collect();
        touched.sort_unstable();
        for (lot_id, taken) in touched {
            let remaining = self.was.get(lot_id).copied().unwrap_or(0) - taken;
            let change = lot::ActiveModel { id: Set(*lot_id), remaining: Set(remaining), ..Default::default() };
            lot::Entity::update(change).exec(tx).await?;
        }
        let mut rows: Vec<_> = self.rows.values().collect();
        rows.sort_unstable_by_key(|row| row.id);
        for row in rows {
            set(tx, row, row.on_hand, row.promised).await?;
        }
        Ok(())
    }
}

/// Lots of what was not in the books, in its order: it came, and all of it has gone.
async fn find(tx: &Tx, clock: &Clock, place_id: i64, all: &[Left], missing: &[Missing]) -> Result<Vec<i64>> {
    let row = |one: &Missing| lot::ActiveModel {
        item_id: Set(all[one.n].item_id),
        place_id: Set(place_id),
        terms: Set(Terms::Own),
        cost: Set(Rupiah::ZERO),
        received: Set(one.quantity),
        remaining: Set(0),
        received_at: Set(std::cmp::min(all[one.n].at, clock.now())),
        material: Set(Rupiah::ZERO),
        ..Default::default()
    };
    // Engines need not give rows back in their order; those of the same goods and as much are as good as each other.
    let mut lots: HashMap<(i64, i64), Vec<i64>> = HashMap::new();
    for lot in db::insert_all_returning(tx, missing.iter().map(row).collect()).await? {
        lots.entry((lot.item_id, lot.received)).or_default().push(lot.id);
    }
    let mut of = |one: &Missing| lots.get_mut(&(all[one.n].item_id, one.quantity)).and_then(Vec::pop);
    let found: Option<Vec<i64>> = missing.iter().map(&mut of).collect();
    Ok(found.ok_or_else(|| anyhow::anyhow!("a lot was not written"))?)
}

fn row(
    clock: &Clock,
    place_id: i64,
    left: &Left,
    kind: Kind,
    lot_id: i64,
    quantity: i64,
    part: &str,
) -> stock_move::ActiveModel {
    stock_move::ActiveModel {
        item_id: Set(left.item_id),
        place_id: Set(place_id),
        lot_id: Set(Some(lot_id)),
        kind: Set(kind),
        quantity: Set(quantity),
        subject: Set(Some(left.subject.clone())),
        reason: Set(None),
        person_id: Set(Some(left.person_id)),
        source_key: Set(format!("{}:{part}", left.source_key)),
        at: Set(clock.now()),
        happened_at: Set(left.at),
        ..Default::default()
    }
}
