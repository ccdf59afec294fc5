//! What repacking passes on: what went out of a sack comes into the bags, shared by what is in them; what is in no bag is
//! a loss. The bags themselves cost what was paid for them.
use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::cost::Moment;
use crate::{db::Tx, error::Result};
use entity::{
    Rupiah, move_cost, repacking, repacking_line as line,
    stock_move::{self, Kind, Model as Move},
};

/// How moves and entries call a repacking.
pub fn subject(id: i64) -> String {
    format!("repacking:{id}")
}

fn id_of(subject: &str) -> Option<i64> {
    subject.strip_prefix("repacking:")?.parse().ok()
}

/// Repackings with what came of them, by what moves call them.
pub(super) struct Repacked(BTreeMap<String, (repacking::Model, Vec<line::Model>)>);

impl Repacked {
    /// Those that some moves belong to.
    pub(super) async fn of(tx: &Tx, moves: &[Move]) -> Result<Repacked> {
        let ids = moves.iter().filter(|row| row.kind == Kind::Repacked);
        let ids: Vec<i64> = ids.filter_map(|row| id_of(row.subject.as_deref()?)).collect();
        if ids.is_empty() {
            return Ok(Repacked(BTreeMap::new()));
        }
        let lines = line::Entity::find().filter(line::Column::RepackingId.is_in(ids.clone()));
        let lines = lines.order_by_asc(line::Column::Id).all(tx).await?;
        let rows = repacking::Entity::find().filter(repacking::Column::Id.is_in(ids)).all(tx).await?;
        let whole = |row: repacking::Model| {
            let lines = lines.iter().filter(|line| line.repacking_id == row.id).cloned().collect();
            (subject(row.id), (row, lines))
        };
        Ok(Repacked(rows.into_iter().map(whole).collect()))
    }

    /// The repacking that a move took goods out for.
    pub(super) fn emptied(row: &Move) -> Option<&str> {
        row.subject.as_deref().filter(|_| row.kind == Kind::Repacked && row.quantity < 0)
    }

    /// What of the worth that went out is in no bag.
    pub(super) fn lost(&self, subject: &str, worth: Rupiah) -> Rupiah {
        self.0.get(subject).and_then(|whole| shares(whole, worth).pop()).unwrap_or_default()
    }
}

/// A worth shared over what came of a repacking, by what was put in; last of all what was lost.
fn shares((row, lines): &(repacking::Model, Vec<line::Model>), worth: Rupiah) -> Vec<Rupiah> {
    let weights: Vec<i64> = lines.iter().map(|line| line.content).chain([row.lost]).collect();
    worth.split(&weights)
}

/// What goods cost that came out of a repacking, for those of some moves that did.
pub(super) async fn worth(tx: &Tx, moves: &[Move]) -> Result<BTreeMap<i64, Rupiah>> {
    let filled: Vec<&Move> = moves.iter().filter(|row| row.kind == Kind::Repacked && row.quantity > 0).collect();
    if filled.is_empty() {
        return Ok(BTreeMap::new());
    }
    let repacked = Repacked::of(tx, moves).await?;
    let emptied = stock_move::Entity::find()
        .filter(stock_move::Column::Subject.is_in(repacked.0.keys().cloned()))
        .filter(stock_move::Column::Kind.eq(Kind::Repacked))
        .filter(stock_move::Column::Quantity.lt(0))
        .all(tx)
        .await?;
    let ids = emptied.iter().map(|row| row.id);
    let costs = move_cost::Entity::find().filter(move_cost::Column::MoveId.is_in(ids)).all(tx).await?;
    let used = |row: &Move| costs.iter().find(|cost| cost.move_id == row.id).map_or(Rupiah::ZERO, |cost| cost.used);
    let mut worth: BTreeMap<&str, Rupiah> = BTreeMap::new();
    for row in &emptied {
        *worth.entry(row.subject.as_deref().unwrap_or_default()).or_default() += used(row);
    }
    let cost = |row: &Move| {
        let subject = row.subject.as_deref()?;
        let whole = repacked.0.get(subject)?;
        let n = whole.1.iter().position(|line| Some(line.lot_id) == row.lot_id)?;
        let bags: Vec<i64> = whole.1.iter().map(|line| line.content).collect();
        let share = shares(whole, worth.get(subject).copied().unwrap_or_default());
        Some(*share.get(n)? + *whole.0.bag_cost.split(&bags).get(n)?)
    };
    Ok(filled.into_iter().filter_map(|row| Some((row.id, cost(row)?))).collect())
}

/// What came of some repackings: each item, and from when on it is worth something else.
pub(super) async fn came_of(tx: &Tx, subjects: &[String]) -> Result<Vec<(i64, Moment)>> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let came = stock_move::Entity::find()
        .filter(stock_move::Column::Subject.is_in(subjects.iter().cloned()))
        .filter(stock_move::Column::Kind.eq(Kind::Repacked))
        .filter(stock_move::Column::Quantity.gt(0))
        .all(tx)
        .await?;
    Ok(came.into_iter().map(|row| (row.item_id, (row.happened_at, row.id))).collect())
}
