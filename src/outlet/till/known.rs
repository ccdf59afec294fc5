//! What the sales of a batch are judged by, read once for all of them.
use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    shift::{self, Speaker},
    told,
};
use crate::{
    clock,
    db::Tx,
    error::Result,
    outlet::{market, member as members, price_ceiling::Law, price_good, price_override},
};
use entity::{
    Rupiah, bill, category, family, item, markdown, market_good, member, outlet, posted_price, product, product::State,
    sale, sale_tender, sale_tender::By, shift as row,
};

/// So many prices of an item are looked back upon.
const MOST_PRICES: usize = 100;

/// Goods of this outlet.
#[derive(Clone, Debug)]
pub struct Good {
    pub item: item::Model,
    pub product: product::Model,
    /// Made by households, and sold by turns.
    pub is_craft: bool,
    pub is_withdrawn: bool,
    /// What was asked for it, the newest first: since when, and how much.
    pub prices: Vec<(DateTime<Utc>, Rupiah)>,
}

/// A bill of this outlet, and whether it has paid a sale.
#[derive(Clone, Debug)]
pub struct Bill {
    pub bill: bill::Model,
    pub is_used: bool,
}

#[derive(Clone, Debug)]
pub struct Member {
    pub member: member::Model,
    /// What its family may still buy on account; less than nothing when more is owed than is allowed.
    pub room: Rupiah,
}

/// All of it.
#[derive(Debug, Default)]
pub struct Known {
    pub goods: HashMap<i64, Good>,
    pub ceilings: HashMap<(i64, NaiveDate), Rupiah>,
    pub markdowns: HashMap<i64, markdown::Model>,
    pub shifts: HashMap<String, row::Model>,
    pub bills: HashMap<i64, Bill>,
    pub members: HashMap<i64, Member>,
    pub families: HashMap<String, family::Model>,
    /// What goods cost at a market, by market and item.
    pub offers: HashMap<(i64, i64), Rupiah>,
}

impl Known {
    /// Reads what some sales need. Shifts and bills are locked, each in the order of their ids.
    pub async fn read(tx: &Tx, outlet: &outlet::Model, sales: &[(&told::Sale, Speaker)]) -> Result<Known> {
        let lines = || sales.iter().flat_map(|(sale, _)| &sale.lines);
        let tenders = || sales.iter().flat_map(|(sale, _)| &sale.tenders);
        let mut shifts: Vec<(&str, Speaker)> = sales.iter().map(|(sale, by)| (sale.shift.as_str(), *by)).collect();
        shifts.sort_by(|one, other| one.0.cmp(other.0));
        shifts.dedup_by(|one, other| one.0 == other.0);
        let markdowns: HashSet<i64> = lines().filter_map(|line| line.markdown).collect();
        let goods = goods(tx, outlet.id, lines().map(|line| line.item).collect()).await?;
        Ok(Known {
            ceilings: ceilings(tx, outlet, &goods, sales).await?,
            shifts: shift::known(tx, outlet.id, &shifts).await?,
            bills: bills(tx, outlet.id, tenders().filter_map(|tender| tender.bill).collect()).await?,
            goods,
            markdowns: some_markdowns(tx, outlet.id, markdowns).await?,
            members: members(tx, outlet.id, sales.iter().filter_map(|(sale, _)| sale.member).collect()).await?,
            families: families(tx, outlet, sales.iter().filter_map(|(sale, _)| sale.family.clone()).collect()).await?,
            offers: offers(tx, outlet.id, sales).await?,
        })
    }
}

impl Known {
    /// A sale was judged fit: the next one is judged knowing it.
    pub fn note(&mut self, told: &told::Sale) {
        for tender in &told.tenders {
            if let Some(bill) = tender.bill.and_then(|id| self.bills.get_mut(&id)) {
                bill.is_used = true;
            }
            if tender.by == By::Account
                && let Some(id) = told.member
                && let Some(member) = self.members.get(&id).map(|one| one.member.clone())
            {
                // A family has one limit together.
                let shares = |one: &&mut Member| {
                    one.member.id == id || (one.member.family_id.is_some() && one.member.family_id == member.family_id)
                };
                self.members.values_mut().filter(shares).for_each(|one| one.room -= tender.amount);
            }
        }
    }
}

/// Goods of an outlet by their ids; another outlet's do not exist here.
pub async fn goods(db: &impl ConnectionTrait, outlet_id: i64, ids: HashSet<i64>) -> Result<HashMap<i64, Good>> {
    let found = item::Entity::find()
        .find_also_related(product::Entity)
        .filter(item::Column::Id.is_in(ids))
        .filter(product::Column::OutletId.eq(outlet_id))
        .all(db)
        .await?;
    let of = found.iter().filter_map(|(_, product)| Some(product.as_ref()?.category_id));
    let craft = category::Entity::find().filter(category::Column::Id.is_in(of.collect::<HashSet<_>>()));
    let craft = craft.filter(category::Column::Kind.eq(category::Kind::Craft)).all(db).await?;
    let craft: HashSet<i64> = craft.into_iter().map(|row| row.id).collect();
    let posted = posted(db, &found.iter().map(|(item, _)| item.id).collect::<Vec<_>>()).await?;
    let good = |(item, product): (item::Model, Option<product::Model>)| {
        let product = product?;
        let good = Good {
            is_craft: craft.contains(&product.category_id),
            is_withdrawn: item.archived_at.is_some() || product.state == State::Withdrawn,
            prices: posted.get(&item.id).cloned().unwrap_or_else(|| vec![(DateTime::UNIX_EPOCH, item.price)]),
            product,
            item,
        };
        Some((good.item.id, good))
    };
    Ok(found.into_iter().filter_map(good).collect())
}

/// Every price that some items ever had, the newest first; those before the last hundred nobody asks for any more.
async fn posted(db: &impl ConnectionTrait, ids: &[i64]) -> Result<HashMap<i64, Vec<(DateTime<Utc>, Rupiah)>>> {
    let mut all: HashMap<i64, Vec<(DateTime<Utc>, Rupiah)>> = HashMap::new();
    let rows = posted_price::Entity::find().filter(posted_price::Column::ItemId.is_in(ids.iter().copied()));
    for row in rows.order_by_desc(posted_price::Column::Id).all(db).await? {
        let of = all.entry(row.item_id).or_default();
        if of.len() < MOST_PRICES {
            of.push((row.posted_at, row.price));
        }
    }
    Ok(all)
}

/// The most that the law lets be asked for some goods, or that was approved, by item and day of sale.
async fn ceilings(
    tx: &Tx,
    outlet: &outlet::Model,
    goods: &HashMap<i64, Good>,
    sales: &[(&told::Sale, Speaker)],
) -> Result<HashMap<(i64, NaiveDate), Rupiah>> {
    let mut asked: BTreeMap<NaiveDate, HashSet<i64>> = BTreeMap::new();
    for (sale, speaker) in sales {
        let with_law = |id: &i64| goods.get(id).is_some_and(|good| good.product.commodity.is_some());
        let items = sale.lines.iter().map(|line| line.item).filter(with_law);
        asked.entry(clock::local_date(speaker.at)).or_default().extend(items);
    }
    asked.retain(|_, items| !items.is_empty());
    let mut all = HashMap::new();
    if asked.is_empty() {
        return Ok(all);
    }
    let law = Law::of(tx, outlet).await?;
    for (day, items) in asked {
        let above = price_override::all_in_force(tx, outlet.id, day).await?;
        for good in items.iter().filter_map(|id| goods.get(id)) {
            let id = good.item.id;
            let of = price_good::Good { item: good.item.clone(), product: good.product.clone() };
            all.extend(
                law.most(&of, day).map(|most| ((id, day), above.get(&id).map_or(most, |price| most.max(*price)))),
            );
        }
    }
    Ok(all)
}

async fn bills(tx: &Tx, outlet_id: i64, ids: HashSet<i64>) -> Result<HashMap<i64, Bill>> {
    use sea_orm::QuerySelect;
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = bill::Entity::find().filter(bill::Column::Id.is_in(ids.iter().copied()));
    let found = found.filter(bill::Column::OutletId.eq(outlet_id)).order_by_asc(bill::Column::Id);
    let found = found.lock_exclusive().all(tx).await?;
    let by_sales = sale::Entity::find().filter(sale::Column::BillId.is_in(ids.iter().copied())).all(tx).await?;
    let by_tenders = sale_tender::Entity::find().filter(sale_tender::Column::BillId.is_in(ids)).all(tx).await?;
    let used: HashSet<i64> = by_sales
        .iter()
        .filter_map(|sale| sale.bill_id)
        .chain(by_tenders.iter().filter_map(|one| one.bill_id))
        .collect();
    Ok(found.into_iter().map(|bill| (bill.id, Bill { is_used: used.contains(&bill.id), bill })).collect())
}

async fn some_markdowns(tx: &Tx, outlet_id: i64, ids: HashSet<i64>) -> Result<HashMap<i64, markdown::Model>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = markdown::Entity::find().filter(markdown::Column::Id.is_in(ids));
    let found = found.filter(markdown::Column::OutletId.eq(outlet_id)).all(tx).await?;
    Ok(found.into_iter().map(|row| (row.id, row)).collect())
}

async fn members(tx: &Tx, outlet_id: i64, ids: HashSet<i64>) -> Result<HashMap<i64, Member>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = member::Entity::find().filter(member::Column::Id.is_in(ids));
    let found = found.filter(member::Column::OutletId.eq(outlet_id)).all(tx).await?;
    let rooms = members::room(tx, &found.iter().map(|one| one.id).collect::<Vec<_>>()).await?;
    let room = |id: i64| rooms.get(&id).copied().unwrap_or_default();
    Ok(found.into_iter().map(|member| (member.id, Member { room: room(member.id), member })).collect())
}

/// The families of some cards.
async fn families(tx: &Tx, outlet: &outlet::Model, tokens: HashSet<String>) -> Result<HashMap<String, family::Model>> {
    let mut known = HashMap::new();
    for token in tokens {
        if let Some(family) = market::family_by_token(tx, outlet.village_id, &token).await? {
            known.insert(token, family);
        }
    }
    Ok(known)
}

/// What goods cost at the markets that were sold at.
async fn offers(tx: &Tx, outlet_id: i64, sales: &[(&told::Sale, Speaker)]) -> Result<HashMap<(i64, i64), Rupiah>> {
    let ids: HashSet<i64> = sales.iter().flat_map(|(sale, _)| &sale.lines).filter_map(|line| line.market).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let goods = market_good::Entity::find()
        .inner_join(entity::market::Entity)
        .filter(entity::market::Column::OutletId.eq(outlet_id))
        .filter(market_good::Column::MarketId.is_in(ids))
        .all(tx)
        .await?;
    Ok(goods.into_iter().map(|good| ((good.market_id, good.item_id), good.price)).collect())
}
