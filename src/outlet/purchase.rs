//! Goods bought in: packs become grams, millilitres or pieces, the way here is shared over the lines, and what it all
//! costs is owed to the supplier until it is paid.
//!
//! The day may lie before today: then everything sold since costs something else, and the books follow ([`cost`]), and
//! after them the prices that are made by a rule ([`price_rule`]).
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

pub use super::new_purchase::{
    DAYS_BACK, DEAREST, MOST_IN_PACK, MOST_LINES, MOST_OF_LINE, MOST_PACKS, MOST_PIECES, NewLine, NewPurchase, Paid,
};
use super::{
    buyable, cost,
    new_purchase::{ids, judge, sum},
    pack, price_rule,
    supplier::{self, NewPayment},
};
use crate::{
    clock::{self, Clock},
    db::Tx,
    error::{Error, Refusal, Result},
    history,
    ledger::{self, Book, NewEntry},
    stock::{self, Fresh, NewLot},
};
pub use entity::purchase::Model;
use entity::{
    Rupiah, category, item,
    lot::Terms,
    outlet, product,
    purchase::{ActiveModel, Column, Entity},
    purchase_line as line,
    stock_move::{self, Kind},
};

/// A purchase with its lines.
#[derive(Clone, Debug)]
pub struct Purchase {
    pub purchase: Model,
    pub lines: Vec<line::Model>,
}

/// How other modules call a purchase.
pub fn subject(id: i64) -> String {
    format!("purchase:{id}")
}

/// What people call it: B-2611-0042.
pub fn number(purchase: &Model) -> String {
    format!("B-{}-{:04}", purchase.bought_on.format("%y%m"), purchase.id)
}

/// Takes goods in from a supplier. The same source key buys nothing again.
pub async fn buy(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    new: &NewPurchase,
    by: i64,
    source_key: &str,
) -> Result<Model> {
    if let Some(known) = Entity::find().filter(Column::SourceKey.eq(source_key)).one(tx).await? {
        return Ok(known);
    }
    let supplier = supplier::read(tx, outlet.id, new.supplier_id).await?;
    judge(clock, new)?;
    let goods = sembako_of(tx, outlet.id, &new.lines).await?;
    let is_heap = |(line, (item, _)): (&NewLine, &(item::Model, _))| {
        item.measure == item::Measure::Piece && line.packs * line.pack_quantity > MOST_PIECES
    };
    if new.lines.iter().zip(&goods).any(is_heap) {
        return Err(Refusal::invalid("purchase.too_many").into());
    }
    let goods_total = sum(&new.lines)?;
    let place_id = stock::shelf(tx, clock, outlet.id).await?;
    price_rule::lock(tx, &ids(&new.lines)).await?;
    stock::lock(tx, &new.lines.iter().map(|line| line.item_id).collect::<Vec<_>>()).await?;
    // Before the purchase names them: two who then wait for each other's turn to pay would wait for ever.
    supplier::lock(tx, supplier.id).await?;
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        supplier_id: Set(supplier.id),
        note_number: Set(new.note_number.clone()),
        bought_on: Set(new.bought_on),
        goods_total: Set(goods_total),
        freight: Set(new.freight),
        total: Set(goods_total + new.freight),
        person_id: Set(by),
        source_key: Set(source_key.to_owned()),
        created_at: Set(clock.now()),
        ..Default::default()
    };
    let purchase = Entity::insert(row).exec_with_returning(tx).await?;
    // By what the lines cost; when all was given, the first takes it.
    let freight = new.freight.split(&new.lines.iter().map(|line| line.price.0).collect::<Vec<_>>());
    for (n, (line, good)) in new.lines.iter().zip(&goods).enumerate() {
        let part = freight.get(n).copied().unwrap_or_default();
        take_in(tx, clock, &purchase, place_id, (line, part), good).await?;
    }
    book(tx, clock, &purchase).await?;
    cost::follow(tx, clock, outlet.id, &ids(&new.lines)).await?;
    price_rule::follow(tx, clock, outlet.id, &ids(&new.lines)).await?;
    if let Some(paid) = &new.paid {
        pay(tx, clock, (&purchase, &supplier), paid, by, &format!("{source_key}:paid")).await?;
    }
    let mut detail = json!({ "total": purchase.total, "lines": new.lines.len(), "on": purchase.bought_on });
    if !new.sure.is_empty() {
        detail["sure_of_price"] = new.sure.iter().filter_map(|n| Some(new.lines.get(*n)?.item_id)).collect();
    }
    remember(tx, clock, outlet, &purchase, "bought", by, detail).await?;
    Ok(purchase)
}

async fn pay(
    tx: &Tx,
    clock: &Clock,
    (purchase, supplier): (&Model, &supplier::Model),
    paid: &Paid,
    by: i64,
    source_key: &str,
) -> Result<()> {
    let amount = match paid.amount {
        Some(amount) => amount,
        None => purchase.total.min(supplier::owed(tx, supplier.id).await?),
    };
    // What cost nothing, or was paid before, is paid.
    if paid.amount.is_none() && amount <= Rupiah::ZERO {
        return Ok(());
    }
    let (source, reference, purchase_id) = (paid.source, paid.reference.clone(), Some(purchase.id));
    let payment = NewPayment { amount, source, reference, purchase_id };
    supplier::pay(tx, clock, supplier, &payment, by, source_key).await?;
    Ok(())
}

/// The goods of the lines: sembako of this outlet; another outlet's do not exist here.
async fn sembako_of(tx: &Tx, outlet_id: i64, lines: &[NewLine]) -> Result<Vec<(item::Model, product::Model)>> {
    let mut goods = Vec::with_capacity(lines.len());
    for line in lines {
        let found = item::Entity::find_by_id(line.item_id).find_also_related(product::Entity).one(tx).await?;
        let Some((item, Some(product))) = found.filter(|(item, _)| item.archived_at.is_none()) else {
            return Err(Error::NotFound);
        };
        let category = category::Entity::find_by_id(product.category_id).one(tx).await?;
        if product.outlet_id != outlet_id || category.is_none_or(|of| of.kind != category::Kind::Sembako) {
            return Err(Error::NotFound);
        }
        goods.push((item, product));
    }
    Ok(goods)
}

async fn take_in(
    tx: &Tx,
    clock: &Clock,
    purchase: &Model,
    place_id: i64,
    (new, freight): (&NewLine, Rupiah),
    (item, product): &(item::Model, product::Model),
) -> Result<()> {
    let quantity = new.packs * new.pack_quantity;
    // Of today it is now; of an earlier day it was there when that day's selling began.
    let then = clock::start_of(purchase.bought_on);
    let received_at = (purchase.bought_on < clock.today()).then_some(then);
    let lot = NewLot {
        item_id: item.id,
        place_id,
        owner_id: None,
        terms: Terms::Own,
        // For a piece that is what it cost; what loose goods cost is said by the moving average.
        cost: Rupiah((new.price + freight).0 / quantity),
        quantity,
        grade: None,
        agreed: None,
        material: Rupiah::ZERO,
        intake_id: None,
        person_id: Some(purchase.person_id),
        source_key: format!("{}:{}:{}", subject(purchase.id), item.id, crate::secret::short_token()),
        fresh: Fresh { expires_on: new.expires_on, batch: new.batch.clone(), received_at },
    };
    let lot_id = stock::receive(tx, clock, &lot).await?;
    let name = buyable::name(item, product);
    let row = line::ActiveModel {
        purchase_id: Set(purchase.id),
        item_id: Set(item.id),
        name: Set(name),
        pack_name: Set(new.pack_name.clone()),
        packs: Set(new.packs),
        pack_quantity: Set(new.pack_quantity),
        price: Set(new.price),
        freight: Set(freight),
        lot_id: Set(lot_id),
        ..Default::default()
    };
    line::Entity::insert(row).exec_without_returning(tx).await?;
    if new.pack_name.is_empty() {
        return Ok(());
    }
    pack::know(tx, item.id, &new.pack_name, new.pack_quantity).await
}

async fn book(tx: &Tx, clock: &Clock, purchase: &Model) -> Result<()> {
    let key = subject(purchase.id);
    let lines =
        [(Book::Stock(purchase.outlet_id), purchase.total), (Book::Supplier(purchase.supplier_id), -purchase.total)];
    let memo = number(purchase);
    let entry = NewEntry { source_key: &key, kind: "purchase", subject: &key, memo: &memo, lines: &lines };
    ledger::post(tx, clock, entry).await?;
    Ok(())
}

pub(super) async fn remember(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    purchase: &Model,
    verb: &str,
    by: i64,
    detail: serde_json::Value,
) -> Result<()> {
    let subject = history::Subject("purchase", purchase.id);
    history::remember(tx, clock, Some(outlet.village_id), subject, verb, Some(by), detail).await
}

/// A purchase of this outlet; another outlet's does not exist here.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Purchase> {
    let purchase =
        Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)?;
    let of = line::Entity::find().filter(line::Column::PurchaseId.eq(id)).order_by_asc(line::Column::Id);
    Ok(Purchase { purchase, lines: of.all(db).await? })
}

/// The purchases of an outlet with who they were from, the newest day first.
pub async fn list(
    db: &impl ConnectionTrait,
    outlet_id: i64,
    most: u64,
) -> Result<Vec<(Model, Option<supplier::Model>)>> {
    let here = Entity::find().filter(Column::OutletId.eq(outlet_id)).find_also_related(entity::supplier::Entity);
    Ok(here.order_by_desc(Column::BoughtOn).order_by_desc(Column::Id).limit(most).all(db).await?)
}

/// Locks a purchase, after its goods.
pub(super) async fn lock(tx: &Tx, id: i64) -> Result<Model> {
    Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)
}

/// What a note that was written late changed: what was sold, and what was lost, costs so much more than before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    pub sold: Rupiah,
    pub lost: Rupiah,
}

/// What came out differently when this purchase was written, of all that happened since its day.
pub async fn changed(db: &impl ConnectionTrait, of: &Purchase) -> Result<Changed> {
    let lots = of.lines.iter().map(|line| line.lot_id);
    let came = stock_move::Entity::find()
        .filter(stock_move::Column::LotId.is_in(lots))
        .filter(stock_move::Column::Kind.eq(Kind::Received))
        .order_by_desc(stock_move::Column::Id)
        .one(db)
        .await?;
    let Some(came) = came else { return Ok(Changed::default()) };
    let (key, outlet_id) = (cost::entry_key(came.id), of.purchase.outlet_id);
    Ok(Changed {
        sold: ledger::posted(db, Book::CostOfGoods(outlet_id), &key).await?,
        lost: ledger::posted(db, Book::Loss(outlet_id), &key).await?,
    })
}
