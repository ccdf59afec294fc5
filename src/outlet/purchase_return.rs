//! Goods that go back to their supplier: they leave at the moving average, the supplier takes off what was agreed, and
//! the difference is the cost of goods.
use std::collections::BTreeMap;

use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{
    cost,
    purchase::{self, DEAREST, Purchase},
    supplier,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    history,
    ledger::{self, Book, NewEntry},
    stock::{self, Cause},
};
pub use entity::purchase_return::Model;
use entity::{
    Rupiah, lot, outlet,
    purchase_line::{self, Model as Bought},
    purchase_return::{ActiveModel, Column, Entity},
    purchase_return_line as line,
    stock_move::Kind,
};

/// What goes back, and why.
#[derive(Clone, Debug)]
pub struct NewReturn {
    pub lines: Vec<NewLine>,
    pub reason: String,
}

/// So much of one line of the purchase.
#[derive(Clone, Copy, Debug)]
pub struct NewLine {
    pub line_id: i64,
    /// In what the item counts.
    pub quantity: i64,
    /// What the supplier takes off for it.
    pub credit: Rupiah,
    /// Only out of this lot; none: wherever it stands.
    pub lot_id: Option<i64>,
}

/// A line of a purchase and what of it can still go back.
#[derive(Clone, Debug)]
pub struct Left {
    pub line: Bought,
    /// Where it stands now, the lot it came as first.
    pub lots: Vec<lot::Model>,
    /// What went back, and what was taken off for it.
    pub back: i64,
    pub credited: Rupiah,
}

impl Left {
    /// The lot it came as.
    pub fn came(&self) -> Option<&lot::Model> {
        self.lots.iter().find(|lot| lot.id == self.line.lot_id)
    }

    /// What is left of what came.
    pub fn quantity(&self) -> i64 {
        self.lots.iter().map(|lot| lot.remaining).sum()
    }

    /// What so much of it had cost without the way here, which nobody gives back; half a rupiah is rounded up. No more
    /// is taken off for it.
    pub fn had_cost(&self, quantity: i64) -> Rupiah {
        let (price, of) = (i128::from(self.line.price.0), i128::from(self.line.quantity().max(1)));
        let share = (2 * price * i128::from(quantity) + of) / (2 * of);
        let open = (self.line.price - self.credited).max(Rupiah::ZERO);
        Rupiah(i64::try_from(share).unwrap_or(i64::MAX)).min(open)
    }

    /// No more is taken off for all of it than it had cost.
    pub fn most_credit(&self) -> Rupiah {
        self.line.cost() - self.credited
    }
}

/// How other modules call a return.
pub fn subject(id: i64) -> String {
    format!("purchase_return:{id}")
}

/// What can still go back of a purchase, line by line.
pub async fn left(db: &impl ConnectionTrait, purchase: &Purchase) -> Result<Vec<Left>> {
    let lot_ids: Vec<i64> = purchase.lines.iter().map(|line| line.lot_id).collect();
    let of_lines =
        Condition::any().add(lot::Column::Id.is_in(lot_ids.clone())).add(lot::Column::OriginId.is_in(lot_ids));
    let lots = lot::Entity::find().filter(of_lines).order_by_asc(lot::Column::Id).all(db).await?;
    let back = back_of(db, purchase).await?;
    let left = |line: &Bought| {
        let is_of = |lot: &&lot::Model| lot.id == line.lot_id || lot.origin_id == Some(line.lot_id);
        let (back, credited) = back.get(&line.id).copied().unwrap_or_default();
        Left { line: line.clone(), lots: lots.iter().filter(is_of).cloned().collect(), back, credited }
    };
    Ok(purchase.lines.iter().map(left).collect())
}

async fn back_of(db: &impl ConnectionTrait, purchase: &Purchase) -> Result<BTreeMap<i64, (i64, Rupiah)>> {
    let ids = purchase.lines.iter().map(|line| line.id);
    let rows = line::Entity::find().filter(line::Column::LineId.is_in(ids)).all(db).await?;
    Ok(rows.iter().fold(BTreeMap::new(), |mut sums, row| {
        let sum: &mut (i64, Rupiah) = sums.entry(row.line_id).or_default();
        *sum = (sum.0 + row.quantity, sum.1 + row.credit);
        sums
    }))
}

/// The line of a purchase that a lot came by, if it was bought as it is.
pub async fn line_of(db: &impl ConnectionTrait, lot: &lot::Model) -> Result<Option<Bought>> {
    let came = [Some(lot.id), lot.origin_id].into_iter().flatten();
    Ok(purchase_line::Entity::find().filter(purchase_line::Column::LotId.is_in(came)).one(db).await?)
}

/// What went back of a purchase, the first first, each with its lines.
pub async fn of(db: &impl ConnectionTrait, purchase_id: i64) -> Result<Vec<(Model, Vec<line::Model>)>> {
    let returns = Entity::find().filter(Column::PurchaseId.eq(purchase_id)).order_by_asc(Column::Id).all(db).await?;
    let ids = returns.iter().map(|one| one.id);
    let lines = line::Entity::find().filter(line::Column::ReturnId.is_in(ids)).order_by_asc(line::Column::Id);
    let lines = lines.all(db).await?;
    let of = |one: &Model| lines.iter().filter(|line| line.return_id == one.id).cloned().collect();
    Ok(returns.into_iter().map(|one| (one.clone(), of(&one))).collect())
}

/// Gives goods of a purchase back to its supplier. The same source key gives nothing back again.
pub async fn give_back(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    purchase_id: i64,
    new: &NewReturn,
    by: i64,
    source_key: &str,
) -> Result<Model> {
    let whole = purchase::read(tx, outlet.id, purchase_id).await?;
    let item_ids: Vec<i64> = whole.lines.iter().map(|line| line.item_id).collect();
    stock::lock(tx, &item_ids).await?;
    if let Some(known) = Entity::find().filter(Column::SourceKey.eq(source_key)).one(tx).await? {
        return Ok(known);
    }
    let row = purchase::lock(tx, purchase_id).await?;
    if row.reversed_at.is_some() {
        return Err(Refusal::conflict("purchase.reversed").into());
    }
    supplier::lock(tx, row.supplier_id).await?;
    let left = left(tx, &whole).await?;
    let lines = judge(new, &left)?;
    let credit = new.lines.iter().map(|line| line.credit).sum();
    let row = ActiveModel {
        purchase_id: Set(purchase_id),
        credit: Set(credit),
        reason: Set(new.reason.clone()),
        person_id: Set(by),
        source_key: Set(source_key.to_owned()),
        created_at: Set(clock.now()),
        ..Default::default()
    };
    let back = Entity::insert(row).exec_with_returning(tx).await?;
    for (new_line, left) in &lines {
        send(tx, clock, &back, new_line, left).await?;
    }
    book(tx, clock, outlet.id, &whole, &back).await?;
    cost::follow(tx, clock, outlet.id, &item_ids).await?;
    let about = history::Subject("purchase", purchase_id);
    let quantities: Vec<_> = new.lines.iter().map(|line| (line.line_id, line.quantity)).collect();
    let detail = json!({ "return": back.id, "credit": credit, "lines": quantities, "reason": new.reason });
    history::remember(tx, clock, Some(outlet.village_id), about, "returned", Some(by), detail).await?;
    Ok(back)
}

/// The lines beside what is left of them.
fn judge<'a>(new: &'a NewReturn, left: &'a [Left]) -> Result<Vec<(&'a NewLine, &'a Left)>> {
    if new.lines.is_empty() {
        return Err(Refusal::invalid("purchase.back_nothing").into());
    }
    if new.reason.trim().is_empty() {
        return Err(Refusal::invalid("purchase.back_why").into());
    }
    let mut lines: Vec<(&NewLine, &Left)> = Vec::with_capacity(new.lines.len());
    for line in &new.lines {
        let of = left.iter().find(|left| left.line.id == line.line_id).ok_or(crate::error::Error::NotFound)?;
        let is_twice = lines.iter().any(|(known, _)| known.line_id == line.line_id);
        if line.quantity < 1 || is_twice {
            return Err(Refusal::invalid("purchase.back_nothing").into());
        }
        let there = |lot: &&lot::Model| line.lot_id.is_none_or(|id| lot.id == id);
        if line.quantity > of.lots.iter().filter(there).map(|lot| lot.remaining).sum() {
            return Err(Refusal::conflict("purchase.back_more").with("name", of.line.name.as_str()).into());
        }
        let most = of.had_cost(line.quantity);
        if !(0..=DEAREST).contains(&line.credit.0) || line.credit > most {
            return Err(Refusal::conflict("purchase.back_dear").with("most", most).into());
        }
        lines.push((line, of));
    }
    Ok(lines)
}

/// The goods leave the lot they came as, and then those that were carried elsewhere; it is one act all the same.
async fn send(tx: &Tx, clock: &Clock, back: &Model, new: &NewLine, left: &Left) -> Result<()> {
    let subject = subject(back.id);
    let mut open = new.quantity;
    let mut parts = Vec::with_capacity(1);
    for lot in left.lots.iter().filter(|lot| new.lot_id.is_none_or(|id| lot.id == id)) {
        let quantity = open.min(lot.remaining);
        if quantity > 0 {
            parts.push((lot.id, quantity));
            open -= quantity;
        }
    }
    let key = format!("{subject}:{}", new.line_id);
    let cause = Cause {
        subject: Some(&subject),
        reason: Some(&back.reason),
        person_id: Some(back.person_id),
        source_key: &key,
    };
    stock::remove_parts(tx, clock, &parts, Kind::GivenBack, back.created_at, cause).await?;
    let row = line::ActiveModel {
        return_id: Set(back.id),
        line_id: Set(new.line_id),
        quantity: Set(new.quantity),
        credit: Set(new.credit),
        ..Default::default()
    };
    line::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// What the supplier takes off makes the goods cheaper that are gone.
async fn book(tx: &Tx, clock: &Clock, outlet_id: i64, of: &Purchase, back: &Model) -> Result<()> {
    let (key, memo) = (subject(back.id), purchase::number(&of.purchase));
    let lines = [(Book::Supplier(of.purchase.supplier_id), back.credit), (Book::CostOfGoods(outlet_id), -back.credit)];
    let entry = NewEntry { source_key: &key, kind: "purchase_return", subject: &key, memo: &memo, lines: &lines };
    ledger::post(tx, clock, entry).await?;
    Ok(())
}
