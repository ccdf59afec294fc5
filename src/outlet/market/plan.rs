//! Planning an operasi pasar: where and when, which goods at what price, and how many for a family.
use chrono::{DateTime, Days, Duration, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{Model, State, count, lock};
use crate::{
    clock::{self, Clock},
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
    outlet::{household_limit, price_ceiling::Law, price_good},
    stock,
};
use entity::{
    Rupiah, category,
    item::{self, Measure},
    market::{ActiveModel, Entity},
    market_good as good, market_ticket as ticket, outlet, product,
};

/// A retailer of SPHP rice may fetch at most so many grams at once.
pub const SPHP_AT_ONCE: i64 = 2_000_000;
/// The commodity of that rule, as the rows of the law call it.
const SPHP: &str = "beras SPHP";
/// It is open for so long at most, and planned so long ahead.
const LONGEST: i64 = 14;
const AHEAD: u64 = 180;
/// The dearest price, and most grams, millilitres or pieces there can be.
pub const DEAREST: i64 = 100_000_000;
pub const MOST: i64 = 20_000_000;

/// Where and when.
#[derive(Clone, Debug)]
pub struct NewMarket {
    pub name: String,
    pub place: String,
    pub opens_at: DateTime<Utc>,
    pub closes_at: DateTime<Utc>,
    pub note: String,
    pub slot_minutes: i64,
    pub slot_families: i64,
}

/// Goods to be offered.
#[derive(Clone, Debug)]
pub struct NewGood {
    pub item_id: i64,
    /// For a piece, or for a kilogram or litre.
    pub price: Rupiah,
    pub per_family: i64,
    pub allotted: i64,
}

/// Goods of a market with what they are called and what is left.
#[derive(Clone, Debug)]
pub struct Good {
    pub item_id: i64,
    pub name: String,
    pub cover: Option<String>,
    pub measure: Measure,
    pub commodity: Option<String>,
    /// What the shop asks for it otherwise.
    pub shop_price: Rupiah,
    pub price: Rupiah,
    /// The most that the law allowed when it was planned.
    pub ceiling: Option<Rupiah>,
    pub per_family: i64,
    pub allotted: i64,
    pub sold: i64,
    /// Grams or millilitres of all that is allotted; none when nobody said what is in a piece.
    pub content: Option<i64>,
    /// Which of the two.
    pub content_unit: Measure,
}

impl Good {
    /// Grams or millilitres of what was sold.
    pub fn content_sold(&self) -> Option<i64> {
        self.content.map(|content| content / self.allotted.max(1) * self.sold)
    }

    /// What nobody bought yet.
    pub fn left(&self) -> i64 {
        (self.allotted - self.sold).max(0)
    }
}

/// What could be offered: sembako of the outlet, with what of it is on the shelf.
#[derive(Clone, Debug)]
pub struct Offer {
    pub item: item::Model,
    pub name: String,
    pub cover: Option<String>,
    pub commodity: Option<String>,
    pub free: i64,
    pub ceiling: Option<Rupiah>,
    /// What a family may have of it by law, in what the item counts.
    pub limit: Option<i64>,
}

/// A quantity in grams or millilitres; none when nobody said what is in a piece.
pub fn content_of(item: &item::Model, quantity: i64) -> Option<i64> {
    match item.measure {
        Measure::Gram | Measure::Millilitre => Some(quantity),
        Measure::Piece if item.content > 0 => quantity.checked_mul(item.content),
        Measure::Piece => None,
    }
}

/// The strictest ceiling of all days of a market: what was approved above it for the shop is not for a market.
fn ceiling(law: &Law, item: &item::Model, product: &product::Model, market: &Model) -> Option<Rupiah> {
    let good = price_good::Good { item: item.clone(), product: product.clone() };
    let (first, last) = (clock::local_date(market.opens_at), clock::local_date(market.closes_at));
    first.iter_days().take_while(|day| *day <= last).filter_map(|day| law.most(&good, day)).min()
}

/// Plans an operasi pasar.
pub async fn plan(tx: &Tx, clock: &Clock, outlet: &outlet::Model, new: &NewMarket, by: i64) -> Result<Model> {
    judge(clock, new)?;
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        state: Set(State::Planned),
        person_id: Set(by),
        created_at: Set(clock.now()),
        ..fields(new)
    };
    let market = Entity::insert(row).exec_with_returning(tx).await?;
    remember(tx, clock, outlet, market.id, "planned", by, json!({ "opens_at": new.opens_at })).await?;
    tx.changes_what_is_shown();
    Ok(market)
}

/// Changes where and when, while it is planned.
pub async fn change(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, new: &NewMarket, by: i64) -> Result<()> {
    let market = lock(tx, outlet.id, id).await?;
    if market.state != State::Planned {
        return Err(Refusal::conflict("market.not_planned").into());
    }
    judge(clock, new)?;
    let times = (new.opens_at, new.closes_at, new.slot_minutes, new.slot_families);
    if times != (market.opens_at, market.closes_at, market.slot_minutes, market.slot_families)
        && ticket::Entity::find().filter(ticket::Column::MarketId.eq(id)).one(tx).await?.is_some()
    {
        return Err(Refusal::conflict("market.numbers_given").into());
    }
    let row = ActiveModel { id: Set(id), ..fields(new) };
    Entity::update(row).exec(tx).await?;
    remember(tx, clock, outlet, id, "changed", by, json!({ "opens_at": new.opens_at })).await?;
    tx.changes_what_is_shown();
    Ok(())
}

fn fields(new: &NewMarket) -> ActiveModel {
    ActiveModel {
        name: Set(new.name.clone()),
        place: Set(new.place.clone()),
        opens_at: Set(new.opens_at),
        closes_at: Set(new.closes_at),
        note: Set(new.note.clone()),
        slot_minutes: Set(new.slot_minutes),
        slot_families: Set(new.slot_families),
        ..Default::default()
    }
}

fn judge(clock: &Clock, new: &NewMarket) -> Result<()> {
    let now = clock.now();
    if new.closes_at <= new.opens_at || new.closes_at - new.opens_at > Duration::days(LONGEST) {
        return Err(Refusal::invalid("market.window").into());
    }
    if new.closes_at <= now || new.opens_at > now.checked_add_days(Days::new(AHEAD)).unwrap_or(now) {
        return Err(Refusal::invalid("market.day").into());
    }
    if !(5..=240).contains(&new.slot_minutes) || !(1..=500).contains(&new.slot_families) {
        return Err(Refusal::invalid("market.slots").into());
    }
    Ok(())
}

/// Offers goods at a market, or says anew how. Once it is open only more of them can come; price and share stay as they
/// were announced.
pub async fn offer(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    market_id: i64,
    new: &NewGood,
    by: i64,
) -> Result<()> {
    let market = lock(tx, outlet.id, market_id).await?;
    let (item, product) = sembako(tx, outlet.id, new.item_id).await?;
    let ceiling = ceiling(&Law::of(tx, outlet).await?, &item, &product, &market);
    judge_good(tx, outlet, &market, (&item, &product), new, ceiling).await?;
    let known = good::Entity::find().filter(good::Column::MarketId.eq(market_id));
    let known = known.filter(good::Column::ItemId.eq(new.item_id)).one(tx).await?;
    match (market.state, &known) {
        (State::Planned, _) => {}
        (State::Open, Some(known)) if known.price == new.price && known.per_family == new.per_family => {
            let sold = count::sold(tx, &[market_id]).await?.get(&(market_id, item.id)).copied().unwrap_or(0);
            if new.allotted < sold {
                return Err(Refusal::conflict("market.already_sold").into());
            }
        }
        (State::Open, _) => return Err(Refusal::conflict("market.is_open").into()),
        (State::Closed | State::CalledOff, _) => return Err(Refusal::conflict("market.is_over").into()),
    }
    let row = good::ActiveModel {
        market_id: Set(market_id),
        item_id: Set(item.id),
        price: Set(new.price),
        per_family: Set(new.per_family),
        allotted: Set(new.allotted),
        ceiling: Set(ceiling),
        ..Default::default()
    };
    match known {
        Some(known) => {
            good::Entity::update(good::ActiveModel { id: Set(known.id), ..row }).exec(tx).await?;
        }
        None => {
            good::Entity::insert(row).exec_without_returning(tx).await?;
        }
    }
    let detail = json!({ "item": item.id, "price": new.price, "per_family": new.per_family, "allotted": new.allotted });
    remember(tx, clock, outlet, market_id, "offered", by, detail).await?;
    tx.changes_what_is_shown();
    Ok(())
}

async fn judge_good(
    tx: &Tx,
    outlet: &outlet::Model,
    market: &Model,
    (item, product): (&item::Model, &product::Model),
    new: &NewGood,
    ceiling: Option<Rupiah>,
) -> Result<()> {
    if !(1..=DEAREST).contains(&new.price.0) {
        return Err(Refusal::invalid("market.bad_price").into());
    }
    if let Some(most) = ceiling.filter(|most| new.price > *most) {
        return Err(Refusal::invalid("market.above_ceiling").with("most", most).into());
    }
    if new.price > item.price {
        return Err(Refusal::invalid("market.dearer_than_shop").with("price", item.price).into());
    }
    if !(1..=MOST).contains(&new.per_family) || !(1..=MOST).contains(&new.allotted) || new.per_family > new.allotted {
        return Err(Refusal::invalid("market.quantity").into());
    }
    let Some(commodity) = &product.commodity else { return Ok(()) };
    let day = clock::local_date(market.opens_at);
    if let Some(limit) = household_limit::on(tx, outlet.village_id, commodity, day).await? {
        match content_of(item, new.per_family) {
            None => return Err(Refusal::invalid("market.no_content").into()),
            Some(content) if content > limit.most => {
                let most = crate::page::kilograms(limit.most);
                return Err(Refusal::invalid("market.above_limit").with("most", most).with("days", limit.days).into());
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Takes goods out of a market that is planned.
pub async fn take_out(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    market_id: i64,
    item_id: i64,
    by: i64,
) -> Result<()> {
    let market = lock(tx, outlet.id, market_id).await?;
    if market.state != State::Planned {
        return Err(Refusal::conflict("market.not_planned").into());
    }
    must_be_unsold(tx, market_id, Some(item_id)).await?;
    good::Entity::delete_many()
        .filter(good::Column::MarketId.eq(market_id))
        .filter(good::Column::ItemId.eq(item_id))
        .exec(tx)
        .await?;
    tx.changes_what_is_shown();
    remember(tx, clock, outlet, market_id, "taken_out", by, json!({ "item": item_id })).await
}

/// It begins. What the law allows is looked at once more.
pub async fn open(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<()> {
    let market = lock(tx, outlet.id, id).await?;
    if market.state != State::Planned {
        return Err(Refusal::conflict("market.not_planned").into());
    }
    let now = clock.now();
    if clock::local_date(now) < clock::local_date(market.opens_at) {
        return Err(Refusal::conflict("market.too_early").into());
    }
    if now >= market.closes_at {
        return Err(Refusal::conflict("market.too_late").into());
    }
    let goods = good::Entity::find().filter(good::Column::MarketId.eq(id)).all(tx).await?;
    if goods.is_empty() {
        return Err(Refusal::conflict("market.no_goods").into());
    }
    let law = Law::of(tx, outlet).await?;
    for good in &goods {
        let (item, product) = sembako(tx, outlet.id, good.item_id).await?;
        let most = ceiling(&law, &item, &product, &market);
        if let Some(most) = most.filter(|most| good.price > *most) {
            return Err(Refusal::conflict("market.above_ceiling").with("most", most).into());
        }
    }
    let row = ActiveModel { id: Set(id), state: Set(State::Open), opened_at: Set(Some(now)), ..Default::default() };
    Entity::update(row).exec(tx).await?;
    tx.changes_what_is_shown();
    remember(tx, clock, outlet, id, "opened", by, json!({})).await
}

/// It ends, sold out or not.
pub async fn close(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<()> {
    let market = lock(tx, outlet.id, id).await?;
    if market.state != State::Open {
        return Err(Refusal::conflict("market.not_open").into());
    }
    end(tx, clock, outlet, id, State::Closed, "closed", by).await
}

/// It will not be, or was never opened.
pub async fn call_off(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<()> {
    let market = lock(tx, outlet.id, id).await?;
    if market.state != State::Planned {
        return Err(Refusal::conflict("market.not_planned").into());
    }
    must_be_unsold(tx, id, None).await?;
    end(tx, clock, outlet, id, State::CalledOff, "called_off", by).await
}

/// What a till sold of a market does not go out of it, whoever forgot to open it.
async fn must_be_unsold(tx: &Tx, market_id: i64, item_id: Option<i64>) -> Result<()> {
    let sold = count::sold(tx, &[market_id]).await?;
    let is_sold = |((_, item), n): (&(i64, i64), &i64)| *n != 0 && item_id.is_none_or(|id| id == *item);
    if sold.iter().any(is_sold) { Err(Refusal::conflict("market.has_sales").into()) } else { Ok(()) }
}

async fn end(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, state: State, verb: &str, by: i64) -> Result<()> {
    let row = ActiveModel { id: Set(id), state: Set(state), closed_at: Set(Some(clock.now())), ..Default::default() };
    Entity::update(row).exec(tx).await?;
    tx.changes_what_is_shown();
    remember(tx, clock, outlet, id, verb, by, json!({})).await
}

/// The goods of a market, in the order in which they were offered.
pub async fn goods(db: &impl ConnectionTrait, market_id: i64) -> Result<Vec<Good>> {
    let of = good::Entity::find().filter(good::Column::MarketId.eq(market_id)).order_by_asc(good::Column::Id);
    let rows = of.all(db).await?;
    let sold = count::sold(db, &[market_id]).await?;
    let ids = rows.iter().map(|row| row.item_id);
    let items = item::Entity::find().filter(item::Column::Id.is_in(ids)).find_also_related(product::Entity);
    let items = items.all(db).await?;
    let mut goods = Vec::with_capacity(rows.len());
    for row in rows {
        let found = items.iter().find(|(item, _)| item.id == row.item_id);
        let Some((item, Some(product))) = found else { continue };
        goods.push(Good {
            item_id: item.id,
            name: name(item, product),
            cover: product.cover.clone(),
            measure: item.measure,
            commodity: product.commodity.clone(),
            shop_price: item.price,
            price: row.price,
            ceiling: row.ceiling,
            per_family: row.per_family,
            allotted: row.allotted,
            sold: sold.get(&(market_id, item.id)).copied().unwrap_or(0),
            content: content_of(item, row.allotted),
            content_unit: if item.measure == Measure::Piece { item.content_unit } else { item.measure },
        });
    }
    Ok(goods)
}

/// Grams of SPHP rice in all, for the rule of two tonnes at once.
pub fn heaviest(goods: &[Good]) -> i64 {
    goods.iter().filter(|good| good.commodity.as_deref() == Some(SPHP)).filter_map(|good| good.content).sum()
}

/// What the outlet could offer at a market.
pub async fn offers(db: &impl ConnectionTrait, outlet: &outlet::Model, market: &Model) -> Result<Vec<Offer>> {
    let products = product::Entity::find()
        .filter(product::Column::OutletId.eq(outlet.id))
        .inner_join(category::Entity)
        .filter(category::Column::Kind.eq(category::Kind::Sembako))
        .order_by_asc(product::Column::Name)
        .order_by_asc(product::Column::Id)
        .all(db)
        .await?;
    let items = item::Entity::find()
        .filter(item::Column::ProductId.is_in(products.iter().map(|product| product.id)))
        .filter(item::Column::ArchivedAt.is_null())
        .order_by_asc(item::Column::Position)
        .order_by_asc(item::Column::Id)
        .all(db)
        .await?;
    let free = stock::available(db, &items.iter().map(|item| item.id).collect::<Vec<_>>()).await?;
    let limits = household_limit::by_commodity(&household_limit::rows(db, outlet.village_id).await?);
    let day = clock::local_date(market.opens_at);
    let law = Law::of(db, outlet).await?;
    let mut offers = Vec::new();
    for product in &products {
        for item in items.iter().filter(|item| item.product_id == product.id) {
            let limit = product.commodity.as_ref().and_then(|name| limits.get(name));
            let limit = limit.and_then(|limits| crate::prices::limit::on(limits, day)).map(|limit| limit.most);
            offers.push(Offer {
                name: name(item, product),
                cover: product.cover.clone(),
                commodity: product.commodity.clone(),
                free: free.get(&item.id).copied().unwrap_or(0),
                ceiling: ceiling(&law, item, product, market),
                limit: limit.zip(content_of(item, 1)).map(|(most, one)| most / one.max(1)),
                item: item.clone(),
            });
        }
    }
    Ok(offers)
}

fn name(item: &item::Model, product: &product::Model) -> String {
    if item.name.is_empty() { product.name.clone() } else { format!("{}, {}", product.name, item.name) }
}

/// Sembako of this outlet; anything else does not exist here.
async fn sembako(tx: &Tx, outlet_id: i64, item_id: i64) -> Result<(item::Model, product::Model)> {
    let found = item::Entity::find_by_id(item_id).find_also_related(product::Entity).one(tx).await?;
    let Some((item, Some(product))) = found.filter(|(item, _)| item.archived_at.is_none()) else {
        return Err(Error::NotFound);
    };
    let category = category::Entity::find_by_id(product.category_id).one(tx).await?;
    if product.outlet_id != outlet_id || category.is_none_or(|of| of.kind != category::Kind::Sembako) {
        return Err(Error::NotFound);
    }
    Ok((item, product))
}

pub(super) async fn remember(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    id: i64,
    verb: &str,
    by: i64,
    detail: Value,
) -> Result<()> {
    let about = Subject("market", id);
    history::remember(tx, clock, Some(outlet.village_id), about, verb, Some(by), detail).await
}
