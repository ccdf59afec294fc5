//! What sembako cost: every move of it is valued by the moving average, in the order in which things happened, and the
//! books follow.
//!
//! Values are a reading of the moves. When something is written later than it happened, everything after it is valued
//! anew and the books get the difference, in one entry named after the move that brought it about.
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait, sea_query::OnConflict,
};

use super::repacking_cost::{self, Repacked};
use crate::{
    clock::Clock,
    db::{self, Tx},
    error::Result,
    ledger::{self, Book, Line, NewEntry},
    stock::average::{Booked, Heap, Step},
};
use entity::{
    Rupiah, category, item, lot, move_cost, product, purchase, purchase_line,
    stock_move::{self, Kind, Model as Move},
};

/// Values what happened to goods of an outlet since it was last asked, and brings the books up to it. Whoever moves
/// goods calls it in the same transaction, after it has locked them; craft goods are passed over, for they are worth
/// what each lot was agreed at.
pub async fn follow(tx: &Tx, clock: &Clock, outlet_id: i64, item_ids: &[i64]) -> Result<()> {
    follow_from(tx, clock, outlet_id, item_ids, None).await
}

/// The same, when also what was valued before has changed from some time on.
pub(super) async fn follow_from(
    tx: &Tx,
    clock: &Clock,
    outlet_id: i64,
    item_ids: &[i64],
    changed: Option<DateTime<Utc>>,
) -> Result<()> {
    let items = sembako(tx, item_ids).await?;
    let (mut lines, mut newest): (Vec<Line>, i64) = (Vec::new(), 0);
    let mut work: BTreeMap<i64, Moment> = BTreeMap::new();
    for item_id in items {
        let valued = valued_up_to(tx, item_id).await?;
        let new = first_new(tx, item_id, valued).await?;
        let Some(start) = [new, changed.map(|at| (at, 0))].into_iter().flatten().min() else { continue };
        work.insert(item_id, start);
    }
    // What was packed out of goods is worth what they were: it goes on to what came of them, always forward in time.
    while let Some((item_id, start)) = work.pop_first() {
        let valued = valued_up_to(tx, item_id).await?;
        let (last, repacked) = revalue(tx, outlet_id, item_id, (start, valued), &mut lines).await?;
        newest = std::cmp::max(newest, last);
        for (item_id, at) in repacking_cost::came_of(tx, &repacked).await? {
            work.entry(item_id).and_modify(|known| *known = std::cmp::min(*known, at)).or_insert(at);
        }
    }
    if newest == 0 {
        return Ok(());
    }
    let (key, subject) = (entry_key(newest), format!("outlet:{outlet_id}"));
    let entry = NewEntry { source_key: &key, kind: "cost", subject: &subject, memo: "", lines: &lines };
    ledger::post(tx, clock, entry).await?;
    Ok(())
}

/// The key of the entry that a move brought about, the newest of its kind.
pub(super) fn entry_key(move_id: i64) -> String {
    format!("cost:{move_id}")
}

/// Those of some items that are sembako, in the order of their ids.
async fn sembako(db: &impl ConnectionTrait, item_ids: &[i64]) -> Result<Vec<i64>> {
    Ok(item::Entity::find()
        .select_only()
        .column(item::Column::Id)
        .join(JoinType::InnerJoin, item::Relation::Product.def())
        .join(JoinType::InnerJoin, product::Relation::Category.def())
        .filter(item::Column::Id.is_in(item_ids.iter().copied()))
        .filter(category::Column::Kind.eq(category::Kind::Sembako))
        .order_by_asc(item::Column::Id)
        .into_tuple()
        .all(db)
        .await?)
}

/// So many rows are read or written in one statement: every engine takes their values.
const AT_ONCE: usize = 500;

/// Where a move stands among all of its item.
pub(super) type Moment = (DateTime<Utc>, i64);

/// The newest move of an item that has a value; 0 when none has. Whoever moves goods has their rows locked, so what is
/// new always has a higher number.
async fn valued_up_to(tx: &Tx, item_id: i64) -> Result<i64> {
    let newest: Option<i64> = move_cost::Entity::find()
        .select_only()
        .column(move_cost::Column::MoveId)
        .filter(move_cost::Column::ItemId.eq(item_id))
        .order_by_desc(move_cost::Column::MoveId)
        .limit(1)
        .into_tuple()
        .one(tx)
        .await?;
    Ok(newest.unwrap_or(0))
}

/// The first move of an item, as things happened, that was written after another.
async fn first_new(tx: &Tx, item_id: i64, valued: i64) -> Result<Option<Moment>> {
    let new: Vec<Moment> = stock_move::Entity::find()
        .select_only()
        .columns([stock_move::Column::HappenedAt, stock_move::Column::Id])
        .filter(stock_move::Column::ItemId.eq(item_id))
        .filter(stock_move::Column::Id.gt(valued))
        .into_tuple()
        .all(tx)
        .await?;
    Ok(new.into_iter().min())
}

/// Values all moves of an item from one on; returns the newest of them and the repackings that pass on something else
/// now, and adds to `lines` what changes in the books.
async fn revalue(
    tx: &Tx,
    outlet_id: i64,
    item_id: i64,
    (from, valued): (Moment, i64),
    lines: &mut Vec<Line>,
) -> Result<(i64, Vec<String>)> {
    let mut heap = before(tx, item_id, from).await?;
    let moves = since(tx, item_id, from).await?;
    let known = known(tx, &moves, valued).await?;
    let costs = paid(tx, &moves).await?;
    let packed = Repacked::of(tx, &moves).await?;
    let mut passed_on = Vec::new();
    let newest = moves.iter().map(|row| row.id).fold(0, std::cmp::max);
    let mut rows = Vec::with_capacity(moves.len());
    // What one act takes out of several lots is valued as one, so that it costs the same however the lots lie.
    for act in moves.chunk_by(|one, next| act_of(one) == act_of(next)) {
        let Some(first) = act.first() else { continue };
        let paid = costs.get(&first.id).copied().unwrap_or(Paid::NOTHING);
        let quantity = act.iter().map(|row| row.quantity).sum();
        let whole = step(first, quantity, paid).map(|step| heap.apply(step)).unwrap_or_default();
        if let Some(subject) = Repacked::emptied(first) {
            let was: Option<Rupiah> = act.iter().map(|row| known.get(&row.id).map(|was| was.used)).sum();
            let lost = packed.lost(subject, whole.used) - packed.lost(subject, was.unwrap_or_default());
            lines.extend([(Book::Loss(outlet_id), lost), (Book::CostOfGoods(outlet_id), -lost)]);
            if was != Some(whole.used) {
                passed_on.push(subject.to_owned());
            }
        }
        for (row, booked) in act.iter().zip(parts(act, whole)) {
            let was = known.get(&row.id).copied().unwrap_or_default();
            let (goods, used) = (booked.goods - was.goods, booked.used - was.used);
            // What a purchase cost it has booked itself.
            let came_from = match row.kind {
                Kind::Repacked => Book::CostOfGoods(outlet_id),
                _ if paid.by_purchase => Book::Stock(outlet_id),
                _ => Book::Capital(outlet_id),
            };
            lines.extend([
                (Book::Stock(outlet_id), goods),
                (book(row.kind, outlet_id), used),
                (came_from, -goods - used),
            ]);
            rows.push(kept(row, booked, heap));
        }
    }
    keep(tx, rows, valued).await?;
    Ok((newest, passed_on))
}

/// Moves of the same act: its key without the number of the lot. What came is told apart by its cost.
fn act_of(row: &Move) -> (&str, Kind, Option<i64>) {
    let stem = row.source_key.rsplit_once(':').map_or(row.source_key.as_str(), |(stem, _)| stem);
    (stem, row.kind, (row.kind == Kind::Received).then_some(row.id))
}

/// What an act books, shared over its moves by how much each moved.
fn parts(act: &[Move], whole: Booked) -> Vec<Booked> {
    let weights: Vec<i64> = act.iter().map(|row| row.quantity.abs()).collect();
    let goods = whole.goods.split(&weights);
    // The two sum to what was paid, move by move.
    let paid = (whole.goods + whole.used).split(&weights);
    goods.into_iter().zip(paid).map(|(goods, paid)| Booked { goods, used: paid - goods }).collect()
}

/// What an act is to the heap; none for those that change no value.
fn step(row: &Move, moved: i64, paid: Paid) -> Option<Step> {
    let quantity = moved.abs();
    match row.kind {
        // It only stands elsewhere.
        Kind::Moved => None,
        // A purchase that never was, and its going out of the books.
        Kind::Received if paid.reversed => None,
        Kind::GivenBack if row.subject.as_deref().is_some_and(|subject| subject.starts_with("purchase:")) => None,
        _ if quantity == 0 => None,
        Kind::Received => Some(Step::Received { quantity, cost: paid.cost }),
        Kind::Repacked if moved > 0 => Some(Step::Received { quantity, cost: paid.cost }),
        _ if moved > 0 => Some(Step::Found { quantity }),
        _ => Some(Step::Issued { quantity }),
    }
}

/// Where it goes what was used up by a move.
fn book(kind: Kind, outlet_id: i64) -> Book {
    match kind {
        Kind::Shrunk | Kind::Found | Kind::Damaged => Book::Loss(outlet_id),
        _ => Book::CostOfGoods(outlet_id),
    }
}

/// The heap as the last move before a moment left it.
async fn before(tx: &Tx, item_id: i64, (at, id): Moment) -> Result<Heap> {
    let earlier = Condition::any()
        .add(stock_move::Column::HappenedAt.lt(at))
        .add(stock_move::Column::HappenedAt.eq(at).and(stock_move::Column::Id.lt(id)));
    let last = stock_move::Entity::find()
        .filter(stock_move::Column::ItemId.eq(item_id))
        // Said once more, so that it is found by the index.
        .filter(stock_move::Column::HappenedAt.lte(at))
        .filter(earlier)
        .order_by_desc(stock_move::Column::HappenedAt)
        .order_by_desc(stock_move::Column::Id)
        .one(tx)
        .await?;
    let Some(last) = last else { return Ok(Heap::default()) };
    let cost = move_cost::Entity::find_by_id(last.id).one(tx).await?;
    let cost = cost.ok_or_else(|| anyhow::anyhow!("move {} has no value though a later one is new", last.id))?;
    Ok(Heap {
        quantity: cost.quantity_after,
        value: cost.value_after,
        last_value: cost.last_value,
        last_quantity: cost.last_quantity,
    })
}

async fn since(tx: &Tx, item_id: i64, (at, id): Moment) -> Result<Vec<Move>> {
    let later = Condition::any()
        .add(stock_move::Column::HappenedAt.gt(at))
        .add(stock_move::Column::HappenedAt.eq(at).and(stock_move::Column::Id.gte(id)));
    let moves = stock_move::Entity::find().filter(stock_move::Column::ItemId.eq(item_id));
    let moves = moves.filter(stock_move::Column::HappenedAt.gte(at)).filter(later);
    let moves = moves.order_by_asc(stock_move::Column::HappenedAt).order_by_asc(stock_move::Column::Id);
    Ok(moves.all(tx).await?)
}

/// What moves were worth so far; nothing is asked when all of them are new.
async fn known(tx: &Tx, moves: &[Move], valued: i64) -> Result<BTreeMap<i64, Booked>> {
    let ids: Vec<i64> = moves.iter().map(|row| row.id).filter(|id| *id <= valued).collect();
    let mut known = BTreeMap::new();
    for ids in ids.chunks(AT_ONCE) {
        let rows = move_cost::Entity::find().filter(move_cost::Column::MoveId.is_in(ids.iter().copied()));
        let rows = rows.all(tx).await?;
        known.extend(rows.into_iter().map(|row| (row.move_id, Booked { goods: row.goods, used: row.used })));
    }
    Ok(known)
}

/// What goods cost that came, and whether a purchase says so.
#[derive(Clone, Copy)]
struct Paid {
    cost: Rupiah,
    by_purchase: bool,
    reversed: bool,
}

impl Paid {
    const NOTHING: Paid = Paid { cost: Rupiah::ZERO, by_purchase: false, reversed: false };

    fn at(line: &purchase_line::Model, purchase: &Option<purchase::Model>) -> Paid {
        let reversed = purchase.as_ref().is_some_and(|purchase| purchase.reversed_at.is_some());
        Paid { cost: line.cost(), by_purchase: true, reversed }
    }
}

/// What the goods cost that came by some moves.
async fn paid(tx: &Tx, moves: &[Move]) -> Result<BTreeMap<i64, Paid>> {
    let came: Vec<&Move> = moves.iter().filter(|row| row.kind == Kind::Received).collect();
    let mut costs = BTreeMap::new();
    for came in came.chunks(AT_ONCE) {
        let lot_ids: Vec<i64> = came.iter().filter_map(|row| row.lot_id).collect();
        let lines = purchase_line::Entity::find().filter(purchase_line::Column::LotId.is_in(lot_ids.clone()));
        let lines = lines.find_also_related(purchase::Entity).all(tx).await?;
        let by_lot: BTreeMap<i64, Paid> = lines.iter().map(|(line, of)| (line.lot_id, Paid::at(line, of))).collect();
        let lots = lot::Entity::find().filter(lot::Column::Id.is_in(lot_ids)).all(tx).await?;
        let lots: BTreeMap<i64, Rupiah> = lots.into_iter().map(|lot| (lot.id, lot.cost)).collect();
        let of = |row: &Move| {
            let lot_id = row.lot_id?;
            let each = lots.get(&lot_id)?;
            let unsaid = Paid { cost: Rupiah(each.0.saturating_mul(row.quantity)), ..Paid::NOTHING };
            Some(by_lot.get(&lot_id).copied().unwrap_or(unsaid))
        };
        costs.extend(came.iter().filter_map(|row| Some((row.id, of(row)?))));
    }
    let packed = repacking_cost::worth(tx, moves).await?;
    costs.extend(packed.into_iter().map(|(id, cost)| (id, Paid { cost, ..Paid::NOTHING })));
    Ok(costs)
}

fn kept(row: &Move, booked: Booked, heap: Heap) -> move_cost::ActiveModel {
    move_cost::ActiveModel {
        move_id: Set(row.id),
        item_id: Set(row.item_id),
        goods: Set(booked.goods),
        used: Set(booked.used),
        quantity_after: Set(heap.quantity),
        value_after: Set(heap.value),
        last_value: Set(heap.last_value),
        last_quantity: Set(heap.last_quantity),
    }
}

/// Writes down what moves are worth; those up to `valued` had a value before.
async fn keep(tx: &Tx, rows: Vec<move_cost::ActiveModel>, valued: i64) -> Result<()> {
    use move_cost::Column as Of;
    let again = [Of::Goods, Of::Used, Of::QuantityAfter, Of::ValueAfter, Of::LastValue, Of::LastQuantity];
    let (mut old, new): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.move_id.as_ref() <= &valued);
    db::insert_all(tx, new).await?;
    while !old.is_empty() {
        let rest = old.split_off(old.len().min(AT_ONCE));
        move_cost::Entity::insert_many(old)
            .on_conflict(OnConflict::column(Of::MoveId).update_columns(again).to_owned())
            .exec_without_returning(tx)
            .await?;
        old = rest;
    }
    Ok(())
}

/// What stands of an item in all places of its outlet, and what it is worth; nothing when it never had any.
pub async fn heap(db: &impl ConnectionTrait, item_id: i64) -> Result<Heap> {
    let last = stock_move::Entity::find()
        .filter(stock_move::Column::ItemId.eq(item_id))
        .order_by_desc(stock_move::Column::HappenedAt)
        .order_by_desc(stock_move::Column::Id)
        .one(db)
        .await?;
    let Some(last) = last else { return Ok(Heap::default()) };
    let cost = move_cost::Entity::find_by_id(last.id).one(db).await?;
    Ok(cost.map_or_else(Heap::default, |cost| Heap {
        quantity: cost.quantity_after,
        value: cost.value_after,
        last_value: cost.last_value,
        last_quantity: cost.last_quantity,
    }))
}
