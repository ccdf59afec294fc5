//! Pieces of a counter sale that come back: good ones go into the lots they came from, broken ones are written off, and
//! the buyer gets the money of exactly those pieces back in cash. What they had brought their makers is taken back to
//! the rupiah; only what broke in other hands is the outlet's to bear.
use std::collections::{HashMap, HashSet};

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{
    earning,
    sale::{self, Sale},
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history,
    ledger::{self, Book, Line, NewEntry},
    stock::{self, Cause},
};
pub use entity::sale_return::{Bearer, Model};
use entity::{
    Rupiah, earning as row, outlet, sale_line,
    sale_return::{ActiveModel, Column, Entity},
    sale_return_line as line,
    sale_tender::{self, By},
    stock_move, till_return, till_return_line as till_line, till_return_tender as till_tender,
};

/// What comes back.
#[derive(Clone, Debug)]
pub struct NewReturn {
    pub lines: Vec<NewLine>,
    pub reason: String,
    /// Who bears what is broken.
    pub borne_by: Bearer,
}

/// Of the pieces of one household in the sale.
#[derive(Clone, Copy, Debug)]
pub struct NewLine {
    pub earning_id: i64,
    pub good: i64,
    pub broken: i64,
}

/// What one household's pieces of a line brought, and how many of them can still come back.
#[derive(Clone, Debug)]
pub struct Part {
    pub line_id: i64,
    pub earning: row::Model,
    pub left: i64,
}

/// The entry that a return is in the books.
pub fn entry_key(id: i64) -> String {
    format!("sale_return:{id}")
}

/// The parts of a sale with what can still come back of each: what a maker was taken it for, and what broke at the
/// outlet's cost, is gone.
pub async fn parts(db: &impl ConnectionTrait, sale: &Sale) -> Result<Vec<Part>> {
    let borne = borne(db, sale.sale.id).await?;
    let mut parts = Vec::new();
    for one in &sale.lines {
        for (earning, left) in earning::left(db, &sale::line_key(sale.sale.id, one.id)).await? {
            let left = left - borne.get(&earning.id).copied().unwrap_or(0);
            parts.push(Part { line_id: one.id, earning, left });
        }
    }
    Ok(parts)
}

/// Broken pieces whose makers kept their share, by what they had brought.
async fn borne(db: &impl ConnectionTrait, sale_id: i64) -> Result<HashMap<i64, i64>> {
    let at_till = till_line::Entity::find()
        .inner_join(till_return::Entity)
        .filter(till_return::Column::SaleId.eq(sale_id))
        .filter(till_line::Column::BorneBy.eq(Bearer::Outlet));
    let mut sums = HashMap::new();
    for line in at_till.all(db).await? {
        *sums.entry(line.earning_id.unwrap_or_default()).or_insert(0) += line.quantity;
    }
    for (back, lines) in of_sale(db, sale_id).await? {
        for line in lines.iter().filter(|_| back.borne_by == Some(Bearer::Outlet)) {
            *sums.entry(line.earning_id).or_insert(0) += line.broken;
        }
    }
    Ok(sums)
}

/// How many pieces of some lines came back this way, by line; lines of which none did are absent.
pub async fn pieces_of(db: &impl ConnectionTrait, lines: &[sale_line::Model]) -> Result<HashMap<i64, i64>> {
    let sales: HashSet<i64> = lines.iter().map(|line| line.sale_id).collect();
    let back = line::Entity::find().inner_join(Entity).filter(Column::SaleId.is_in(sales)).all(db).await?;
    if back.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = back.iter().map(|one| one.earning_id);
    let earned: Vec<row::Model> = row::Entity::find().filter(row::Column::Id.is_in(ids)).all(db).await?;
    let mut pieces = HashMap::new();
    for sold in lines {
        let key = sale::line_key(sold.sale_id, sold.id);
        for earning in earned.iter().filter(|earning| earning.entry_key == key) {
            let of = back.iter().filter(|one| one.earning_id == earning.id);
            *pieces.entry(sold.id).or_insert(0) += of.map(|one| one.good + one.broken).sum::<i64>();
        }
    }
    Ok(pieces)
}

/// Everything that came back of a sale, in its order.
pub async fn of_sale(db: &impl ConnectionTrait, sale_id: i64) -> Result<Vec<(Model, Vec<line::Model>)>> {
    let of_sale = Entity::find().filter(Column::SaleId.eq(sale_id)).order_by_asc(Column::Id);
    Ok(of_sale.find_with_related(line::Entity).order_by_asc(line::Column::Id).all(db).await?)
}

/// What of a sale may still be given back in cash: all of it but what was on account or paid by a card of social aid,
/// which never becomes cash.
pub(super) async fn in_cash(tx: &Tx, sale: &sale::Model) -> Result<Rupiah> {
    let tenders = sale_tender::Entity::find().filter(sale_tender::Column::SaleId.eq(sale.id));
    let apart = tenders.filter(sale_tender::Column::By.is_in([By::Bansos, By::Account])).all(tx).await?;
    let at_till = till_tender::Entity::find().inner_join(till_return::Entity);
    let at_till = at_till.filter(till_return::Column::SaleId.eq(sale.id)).filter(till_tender::Column::By.eq(By::Cash));
    let at_till = at_till.all(tx).await?;
    let on_page = Entity::find().filter(Column::SaleId.eq(sale.id)).all(tx).await?;
    let apart: Rupiah = apart.iter().map(|one| one.amount).sum();
    let at_till: Rupiah = at_till.iter().map(|one| one.amount).sum();
    let on_page: Rupiah = on_page.iter().map(|one| one.amount).sum();
    Ok(sale.total - apart - at_till - on_page)
}

/// Takes pieces of a sale back and gives their money back in cash. The same source key takes nothing again.
pub async fn take(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    sale_id: i64,
    new: &NewReturn,
    by: i64,
    source_key: &str,
) -> Result<Model> {
    let sale = sale::lock(tx, outlet.id, sale_id).await?;
    if let Some(known) = Entity::find().filter(Column::SourceKey.eq(source_key)).one(tx).await? {
        return Ok(known);
    }
    let back = judged(&parts(tx, &sale).await?, &new.lines)?;
    stock::lock(tx, &back.iter().map(|(earning, _)| earning.item_id).collect::<Vec<_>>()).await?;
    let amount: Rupiah = back.iter().map(|(earning, line)| price(earning, line.good + line.broken)).sum();
    if in_cash(tx, &sale.sale).await? < amount {
        return Err(Refusal::conflict("kasir.aid_back").into());
    }
    let is_broken = back.iter().any(|(_, line)| line.broken > 0);
    let returned = ActiveModel {
        sale_id: Set(sale_id),
        reason: Set(new.reason.clone()),
        borne_by: Set(is_broken.then_some(new.borne_by)),
        amount: Set(amount),
        person_id: Set(by),
        source_key: Set(source_key.to_owned()),
        at: Set(clock.now()),
        ..Default::default()
    };
    let returned = Entity::insert(returned).exec_with_returning(tx).await?;
    for (earning, one) in &back {
        let kept = line::ActiveModel {
            sale_return_id: Set(returned.id),
            earning_id: Set(earning.id),
            good: Set(one.good),
            broken: Set(one.broken),
            ..Default::default()
        };
        line::Entity::insert(kept).exec_without_returning(tx).await?;
        let subject = sale::subject(sale_id);
        let key = format!("{}:{}", entry_key(returned.id), earning.id);
        let (reason, person_id) = (Some(returned.reason.as_str()), Some(by));
        let cause = Cause { subject: Some(&subject), reason, person_id, source_key: &key };
        put_back(tx, clock, earning, one, cause).await?;
    }
    post(tx, clock, outlet.id, &returned, &back, &sale::number(&sale.sale)).await?;
    let detail = json!({ "amount": amount, "reason": new.reason });
    let subject = history::Subject("sale", sale_id);
    history::remember(tx, clock, Some(outlet.village_id), subject, "came_back", Some(by), detail).await?;
    Ok(returned)
}

/// The pieces themselves: all come back into their lot, and what is broken leaves it for good.
pub(super) async fn put_back(
    tx: &Tx,
    clock: &Clock,
    earning: &row::Model,
    one: &NewLine,
    cause: Cause<'_>,
) -> Result<()> {
    stock::take_back(tx, clock, earning.lot_id, one.good + one.broken, cause).await?;
    if one.broken > 0 {
        let key = format!("{}:broken", cause.source_key);
        let cause = Cause { source_key: &key, ..cause };
        stock::remove(tx, clock, earning.lot_id, one.broken, stock_move::Kind::Damaged, cause).await?;
    }
    Ok(())
}

/// The money goes back in cash.
async fn post(
    tx: &Tx,
    clock: &Clock,
    outlet: i64,
    returned: &Model,
    back: &[(row::Model, NewLine)],
    number: &str,
) -> Result<()> {
    let key = entry_key(returned.id);
    let mut lines = taken_from(tx, clock, outlet, &key, back, returned.borne_by).await?;
    lines.push((Book::Cash(outlet), -returned.amount));
    let subject = sale::subject(returned.sale_id);
    let entry = NewEntry { source_key: &key, kind: "sale_returned", subject: &subject, memo: number, lines: &lines };
    ledger::post(tx, clock, entry).await?;
    Ok(())
}

/// Whom the money is taken from: whom it had gone to; of bought goods that broke in the making the cost is lost. Lines for
/// the caller's entry of this key, which sum to the price of the pieces.
pub(super) async fn taken_from(
    tx: &Tx,
    clock: &Clock,
    outlet: i64,
    key: &str,
    back: &[(row::Model, NewLine)],
    borne_by: Option<Bearer>,
) -> Result<Vec<Line>> {
    let is_makers = borne_by != Some(Bearer::Outlet);
    let undone = |one: &NewLine| if is_makers { one.good + one.broken } else { one.good };
    let parts: Vec<(row::Model, i64)> =
        back.iter().map(|(earning, one)| (earning.clone(), undone(one))).filter(|(_, pieces)| *pieces > 0).collect();
    let mut lines = earning::undo_part(tx, clock, key, &parts).await?;
    for (earning, one) in back.iter().filter(|(_, one)| one.broken > 0) {
        if is_makers {
            let cost = Rupiah(earning.cost_total.0 / earning.quantity * one.broken);
            lines.extend([(Book::Loss(outlet), cost), (Book::Goods(outlet), -cost)]);
        } else {
            lines.push((Book::Compensation(outlet), price(earning, one.broken)));
        }
    }
    Ok(lines)
}

fn price(earning: &row::Model, pieces: i64) -> Rupiah {
    Rupiah(earning.unit_price.0 * pieces)
}

/// What comes back with what it had brought, if there is anything and no more of each part than is left.
fn judged(parts: &[Part], lines: &[NewLine]) -> Result<Vec<(row::Model, NewLine)>> {
    let mut back: Vec<(row::Model, NewLine)> = Vec::new();
    for one in lines.iter().filter(|one| one.good != 0 || one.broken != 0) {
        let part = parts.iter().find(|part| part.earning.id == one.earning_id).ok_or(Error::NotFound)?;
        let is_twice = back.iter().any(|(earning, _)| earning.id == one.earning_id);
        let together = one.good.checked_add(one.broken);
        if is_twice || one.good < 0 || one.broken < 0 || together.is_none_or(|pieces| pieces > part.left) {
            return Err(Refusal::conflict("sale.more_than_sold").with("n", part.left).into());
        }
        back.push((part.earning.clone(), *one));
    }
    if back.is_empty() {
        return Err(Refusal::invalid("sale.nothing_back").into());
    }
    Ok(back)
}
