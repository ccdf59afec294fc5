//! Craft goods sold over the counter: pieces leave their lots by the rule of turns, and what was paid becomes what each
//! lot earned, in one act.
//!
//! Paid in cash, by transfer with its reference, or by a QRIS bill that was paid before: the bill's money then stands in
//! the outlet's own sales, and this is where it is shared out.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::{
    bill,
    earning::{self, Sold},
};
use crate::{
    clock::{self, Clock},
    db::Tx,
    error::{Error, Refusal, Result},
    history,
    ledger::{self, Book, NewEntry},
    stock::{self, Cause},
};
pub use entity::sale::{Method, Model};
use entity::{
    Rupiah, item,
    lot::Grade,
    outlet, product,
    sale::{ActiveModel, Column, Entity},
    sale_line as line,
};

/// Most lines of one sale, and most pieces of a line.
pub const MOST_LINES: usize = 30;
pub const MOST_PIECES: i64 = 10_000;
/// The dearest piece.
pub const DEAREST: i64 = 100_000_000;

/// What is sold.
#[derive(Clone, Debug)]
pub struct NewSale {
    pub lines: Vec<NewLine>,
    pub paid: Paid,
}

/// So many pieces of one size.
#[derive(Clone, Debug)]
pub struct NewLine {
    pub item_id: i64,
    pub quantity: i64,
    /// Only of this grade; none: as the rule says, A before B.
    pub grade: Option<Grade>,
    pub unit_price: Rupiah,
    /// Why not for the shop's price.
    pub reason: Option<String>,
}

/// How it was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paid {
    Cash,
    Transfer(String),
    /// By a bill of this outlet that was paid.
    Bill(i64),
}

/// A sale with its lines.
#[derive(Clone, Debug)]
pub struct Sale {
    pub sale: Model,
    pub lines: Vec<line::Model>,
}

/// How other modules call a sale.
pub fn subject(id: i64) -> String {
    format!("sale:{id}")
}

/// What people call it: J-2611-0042, or as its till does.
pub fn number(sale: &Model) -> String {
    if let Some(number) = &sale.till_number {
        return number.clone();
    }
    format!("J-{}-{:04}", clock::local_date(sale.sold_at).format("%y%m"), sale.id)
}

/// The entry that a line is in the books.
pub fn line_key(sale_id: i64, line_id: i64) -> String {
    format!("sale:{sale_id}:line:{line_id}")
}

/// Sells over the counter. The same source key sells nothing again.
pub async fn sell(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    new: &NewSale,
    by: i64,
    source_key: &str,
) -> Result<Model> {
    if let Some(known) = Entity::find().filter(Column::SourceKey.eq(source_key)).one(tx).await? {
        return Ok(known);
    }
    let goods = judged(tx, outlet.id, &new.lines).await?;
    let total = total(&new.lines)?;
    judge_bill(tx, outlet.id, &new.paid, total).await?;
    let place_id = stock::shelf(tx, clock, outlet.id).await?;
    stock::lock(tx, &new.lines.iter().map(|line| line.item_id).collect::<Vec<_>>()).await?;
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        secret: Set(crate::secret::short_token()),
        method: Set(match new.paid {
            Paid::Cash => Method::Cash,
            Paid::Transfer(_) => Method::Transfer,
            Paid::Bill(_) => Method::Qris,
        }),
        reference: Set(if let Paid::Transfer(reference) = &new.paid { Some(reference.clone()) } else { None }),
        bill_id: Set(if let Paid::Bill(id) = new.paid { Some(id) } else { None }),
        total: Set(total),
        person_id: Set(by),
        source_key: Set(source_key.to_owned()),
        sold_at: Set(clock.now()),
        ..Default::default()
    };
    let sale = Entity::insert(row).exec_with_returning(tx).await?;
    for (new_line, good) in new.lines.iter().zip(&goods) {
        sell_line(tx, clock, &sale, place_id, new_line, good).await?;
    }
    let detail = json!({ "total": total, "lines": new.lines.len() });
    history::remember(tx, clock, Some(outlet.village_id), history::Subject("sale", sale.id), "sold", Some(by), detail)
        .await?;
    Ok(sale)
}

/// One line: written down, and sold.
async fn sell_line(
    tx: &Tx,
    clock: &Clock,
    sale: &Model,
    place_id: i64,
    new: &NewLine,
    (item, product): &(item::Model, product::Model),
) -> Result<()> {
    let row = line::ActiveModel {
        sale_id: Set(sale.id),
        item_id: Set(item.id),
        name: Set(full_name(product, item)),
        grade: Set(new.grade),
        quantity: Set(new.quantity),
        list_price: Set(item.price),
        unit_price: Set(new.unit_price),
        reason: Set(new.reason.clone()),
        amount: Set(new.unit_price.times(new.quantity).unwrap_or_default()),
        measure: Set(item.measure),
        price_of: Set(line::PriceOf::Posted),
        ..Default::default()
    };
    let line = line::Entity::insert(row).exec_with_returning(tx).await?;
    pieces_leave(tx, clock, sale, place_id, &line, (item, product)).await
}

/// The pieces of a line leave the shelf by turns, and its money goes to whom it belongs.
pub async fn pieces_leave(
    tx: &Tx,
    clock: &Clock,
    sale: &Model,
    place_id: i64,
    line: &line::Model,
    (item, product): (&item::Model, &product::Model),
) -> Result<()> {
    let (subject, key) = (subject(sale.id), line_key(sale.id, line.id));
    let cause = Cause { subject: Some(&subject), reason: None, person_id: Some(sale.person_id), source_key: &key };
    let taken = stock::sell(tx, clock, item.id, place_id, line.quantity, line.grade, cause).await;
    let taken = taken.map_err(|e| named(e, &full_name(product, item)))?;
    let weights = [product.maker_bp, product.outlet_bp, product.group_bp];
    let sold: Vec<Sold<'_>> = taken
        .iter()
        .map(|part| Sold {
            lot: &part.lot,
            quantity: part.quantity,
            unit_price: line.unit_price,
            weights,
            crafted: product.crafter_id.is_some(),
        })
        .collect();
    let number = number(sale);
    let called = earning::Sale { outlet_id: sale.outlet_id, subject: &subject, document: &number, entry_key: &key };
    let mut lines = earning::earn(tx, clock, called, &sold).await?;
    let value: Rupiah = -lines.iter().map(|(_, amount)| *amount).sum::<Rupiah>();
    lines.push((money_book(sale), value));
    let entry = NewEntry { source_key: &key, kind: "sold_at_counter", subject: &subject, memo: &number, lines: &lines };
    ledger::post(tx, clock, entry).await?;
    Ok(())
}

/// Where the money of a sale is: a bill's stands in the outlet's sales already, whole.
fn money_book(sale: &Model) -> Book {
    match sale.method {
        Method::Cash => Book::Cash(sale.outlet_id),
        Method::Transfer => Book::Bank(sale.outlet_id),
        // So does the money of a till's sale, whatever it was paid with.
        Method::Qris | Method::Till => Book::OwnSales(sale.outlet_id),
    }
}

/// Says of which goods there were not enough.
pub fn named(error: Error, name: &str) -> Error {
    match error {
        Error::Refused(refusal) if refusal.said.key == "stock.not_enough" => {
            let mut said = Refusal::conflict("sale.not_enough").with("name", name);
            said.said.values.extend(refusal.said.values);
            said.into()
        }
        other => other,
    }
}

/// The goods of the lines, if each can be sold like that: of this outlet, and for another price only with a reason.
async fn judged(tx: &Tx, outlet_id: i64, lines: &[NewLine]) -> Result<Vec<(item::Model, product::Model)>> {
    if lines.is_empty() {
        return Err(Refusal::invalid("sale.nothing").into());
    }
    if lines.len() > MOST_LINES {
        return Err(Refusal::invalid("sale.too_many_lines").with("n", MOST_LINES as i64).into());
    }
    let mut goods = Vec::with_capacity(lines.len());
    for line in lines {
        let (item, product) = good(tx, outlet_id, line.item_id).await?;
        if !(1..=MOST_PIECES).contains(&line.quantity) || !(1..=DEAREST).contains(&line.unit_price.0) {
            return Err(Refusal::invalid("sale.odd_line").with("name", full_name(&product, &item)).into());
        }
        if line.unit_price != item.price && line.reason.is_none() {
            let refusal = Refusal::invalid("sale.needs_reason").with("name", full_name(&product, &item));
            return Err(refusal.with("price", item.price).into());
        }
        goods.push((item, product));
    }
    Ok(goods)
}

/// A size of this outlet's goods, with its product; another outlet's does not exist here.
pub async fn good(db: &impl ConnectionTrait, outlet_id: i64, item_id: i64) -> Result<(item::Model, product::Model)> {
    let found = item::Entity::find_by_id(item_id).find_also_related(product::Entity).one(db).await?;
    match found {
        Some((item, Some(product))) if product.outlet_id == outlet_id => Ok((item, product)),
        _ => Err(Error::NotFound),
    }
}

/// "Keranjang sampah anyam, besar"
pub fn full_name(product: &product::Model, item: &item::Model) -> String {
    if item.name.is_empty() { product.name.clone() } else { format!("{}, {}", product.name, item.name) }
}

fn total(lines: &[NewLine]) -> Result<Rupiah> {
    let sum = lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.unit_price.times(line.quantity)?.0));
    Ok(Rupiah(sum.ok_or_else(|| Refusal::invalid("sale.too_much"))?))
}

/// A bill pays one sale, and exactly.
async fn judge_bill(tx: &Tx, outlet_id: i64, paid: &Paid, total: Rupiah) -> Result<()> {
    let Paid::Bill(id) = paid else { return Ok(()) };
    let bill = bill::lock(tx, outlet_id, *id).await?;
    if bill.state != bill::State::Paid || bill.sold != total {
        return Err(Refusal::conflict("sale.other_bill").with("amount", bill.sold).with("total", total).into());
    }
    use entity::sale_tender::{Column as Of, Entity as Tenders};
    let is_used = Entity::find().filter(Column::BillId.eq(*id)).one(tx).await?.is_some()
        || Tenders::find().filter(Of::BillId.eq(*id)).one(tx).await?.is_some();
    if is_used {
        return Err(Refusal::conflict("sale.bill_used").into());
    }
    Ok(())
}

/// Bills that were paid and of which no goods were sold yet, the newest first.
pub async fn free_bills(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<bill::Model>> {
    use entity::bill::{Column as Of, Entity as Bills};
    let paid = Bills::find().filter(Of::OutletId.eq(outlet_id)).filter(Of::State.eq(bill::State::Paid));
    let paid = paid.order_by_desc(Of::Id).limit(20).all(db).await?;
    let ids = paid.iter().map(|bill| bill.id);
    let used = Entity::find().filter(Column::BillId.is_in(ids.clone())).all(db).await?;
    let at_till = entity::sale_tender::Entity::find().filter(entity::sale_tender::Column::BillId.is_in(ids));
    let used: Vec<_> =
        used.iter().map(|sale| sale.bill_id).chain(at_till.all(db).await?.iter().map(|one| one.bill_id)).collect();
    Ok(paid.into_iter().filter(|bill| !used.contains(&Some(bill.id))).collect())
}

/// A sale of this outlet; another outlet's does not exist here.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Sale> {
    let sale = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)?;
    with_lines(db, sale).await
}

/// The sale of a receipt, for whoever holds it.
pub async fn by_secret(db: &impl ConnectionTrait, secret: &str) -> Result<Sale> {
    let sale = Entity::find().filter(Column::Secret.eq(secret)).one(db).await?.ok_or(Error::NotFound)?;
    with_lines(db, sale).await
}

/// A sale of this outlet, locked until the end of the transaction.
pub async fn lock(tx: &Tx, outlet_id: i64, id: i64) -> Result<Sale> {
    let sale = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).lock_exclusive().one(tx).await?;
    with_lines(tx, sale.ok_or(Error::NotFound)?).await
}

async fn with_lines(db: &impl ConnectionTrait, sale: Model) -> Result<Sale> {
    let of_sale = line::Entity::find().filter(line::Column::SaleId.eq(sale.id)).order_by_asc(line::Column::Id);
    let lines = of_sale.all(db).await?;
    Ok(Sale { sale, lines })
}

/// The newest sales of an outlet.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64, most: u64) -> Result<Vec<Model>> {
    let newest = Entity::find().filter(Column::OutletId.eq(outlet_id)).order_by_desc(Column::Id).limit(most);
    Ok(newest.all(db).await?)
}
