//! What families bought of goods with a limit and at markets, and what of it came back.
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, Duration, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Value, json};

use super::window;
use crate::{
    clock::{self, Clock},
    db::{self, Tx},
    error::Result,
    outlet::household_limit,
    prices::limit::{self, Had, Limit, Verdict},
};
use entity::{
    family,
    family_purchase::{ActiveModel, Column, Entity, Model},
    item, market, market_good, outlet,
};

/// Rows asked for at once: the engines bind only so many values.
const CHUNK: usize = 500;

/// A line of a sale that may be of a market or of goods with a limit.
#[derive(Clone, Debug)]
pub struct Bought {
    pub sale_id: i64,
    pub source_key: String,
    pub family_id: Option<i64>,
    pub market_id: Option<i64>,
    pub item_id: i64,
    pub commodity: Option<String>,
    /// In what the item counts.
    pub quantity: i64,
    pub at: DateTime<Utc>,
}

/// What a family had, by what it is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum About<'a> {
    Commodity(&'a str),
    OfMarket(i64, i64),
}

/// All that is known before the first line is judged.
struct Known {
    limits: BTreeMap<String, Vec<Limit>>,
    markets: BTreeMap<i64, market::Model>,
    goods: BTreeMap<(i64, i64), market_good::Model>,
    families: BTreeSet<i64>,
    items: BTreeMap<i64, item::Model>,
    had: Vec<Model>,
    /// What was sold at each market so far, all families together.
    sold: BTreeMap<(i64, i64), i64>,
}

/// Counts what was sold of markets and of goods with a limit, in the order in which it happened, and tells for each line
/// (by its place in `bought`) what it passed. It never refuses: the sale has happened. Families are locked, then markets.
pub async fn count(tx: &Tx, clock: &Clock, outlet: &outlet::Model, bought: &[Bought]) -> Result<Vec<(usize, Value)>> {
    let limits = if bought.iter().any(|one| one.commodity.is_some()) {
        household_limit::by_commodity(&household_limit::rows(tx, outlet.village_id).await?)
    } else {
        BTreeMap::new()
    };
    // Nothing is sold later than it is told: a clock that runs ahead gives no new day.
    let now = clock.now();
    let limit_of = |one: &Bought| {
        let limits = limits.get(one.commodity.as_deref()?)?;
        limit::on(limits, clock::local_date(one.at.min(now))).cloned()
    };
    let mut lines: Vec<(usize, &Bought)> =
        bought.iter().enumerate().filter(|(_, one)| one.market_id.is_some() || limit_of(one).is_some()).collect();
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<&str> = lines.iter().map(|(_, one)| one.source_key.as_str()).collect();
    let counted = counted(tx, &keys).await?;
    lines.retain(|(_, one)| !counted.contains(&one.source_key));
    lines.sort_by_key(|(n, one)| (one.at, *n));
    let known = Known::read(tx, outlet, limits.clone(), &lines, now).await?;
    let mut had: BTreeMap<(i64, About<'_>), Vec<Had>> = BTreeMap::new();
    for row in &known.had {
        let Some(family_id) = row.family_id else { continue };
        for (about, quantity) in known.abouts(row.market_id, row.item_id, row.commodity.as_deref(), row) {
            had.entry((family_id, about)).or_default().push(Had { at: row.at, quantity });
        }
    }
    let mut sold = known.sold.clone();
    let (mut odd, mut rows) = (Vec::new(), Vec::with_capacity(lines.len()));
    for (n, one) in lines {
        let at = one.at.min(now);
        let family_id = one.family_id.filter(|id| known.families.contains(id));
        let limit = limit_of(one);
        let content = known.content(one.item_id, one.quantity);
        if family_id.is_none() {
            odd.push((n, json!({ "rule": "no_card", "item": one.item_id, "market": one.market_id })));
        }
        if let Some(market_id) = one.market_id {
            odd.extend(known.of_market(one, market_id, family_id, at, &had, &sold).into_iter().map(|odd| (n, odd)));
            *sold.entry((market_id, one.item_id)).or_default() += one.quantity;
        }
        if let (Some(limit), Some(commodity)) = (&limit, one.commodity.as_deref()) {
            let before = family_id.and_then(|id| had.get(&(id, About::Commodity(commodity))));
            odd.extend(of_limit(limit, commodity, one, family_id, before, content, at).map(|odd| (n, odd)));
        }
        let row = Model {
            id: 0,
            family_id,
            outlet_id: outlet.id,
            sale_id: Some(one.sale_id),
            market_id: one.market_id.filter(|id| known.markets.contains_key(id)),
            item_id: one.item_id,
            commodity: limit.is_some().then(|| one.commodity.clone()).flatten(),
            quantity: one.quantity,
            content: content.unwrap_or(0),
            at,
            source_key: one.source_key.clone(),
        };
        if let Some(family_id) = family_id {
            if let Some(commodity) = one.commodity.as_deref().filter(|_| limit.is_some()) {
                let now = Had { at, quantity: row.content };
                had.entry((family_id, About::Commodity(commodity))).or_default().push(now);
            }
            if let Some(market_id) = row.market_id {
                let now = Had { at, quantity: row.quantity };
                had.entry((family_id, About::OfMarket(market_id, one.item_id))).or_default().push(now);
            }
        }
        rows.push(row);
    }
    if !known.markets.is_empty() {
        tx.changes_what_is_shown();
    }
    write(tx, rows).await?;
    Ok(odd)
}

/// What passed the limit of a commodity, if anything did.
fn of_limit(
    limit: &Limit,
    commodity: &str,
    one: &Bought,
    family_id: Option<i64>,
    had: Option<&Vec<Had>>,
    content: Option<i64>,
    at: DateTime<Utc>,
) -> Option<Value> {
    let Some(content) = content else {
        return Some(json!({ "rule": "no_content", "commodity": commodity, "item": one.item_id }));
    };
    family_id?;
    let verdict = strictest(limit, had.map_or(&[], Vec::as_slice), content, at);
    (verdict.refused > 0).then(|| {
        json!({
            "rule": "limit", "commodity": commodity, "item": one.item_id, "most": limit.most, "days": limit.days,
            "allowed": verdict.allowed, "asked": content, "next": verdict.next,
        })
    })
}

/// What is told late is judged within each stretch of days that it is part of.
fn strictest(limit: &Limit, had: &[Had], wanted: i64, at: DateTime<Utc>) -> Verdict {
    let mut worst = limit::judge(limit, had, wanted, at);
    for later in 1..limit.days {
        let verdict = limit::judge(limit, had, wanted, at + Duration::days(later));
        if verdict.allowed < worst.allowed {
            worst = verdict;
        }
    }
    worst
}

/// What a family had within a market: what came back gives room on its own day only.
pub(super) fn used(had: &[Had]) -> i64 {
    let mut days: BTreeMap<chrono::NaiveDate, i64> = BTreeMap::new();
    for one in had {
        *days.entry(clock::local_date(one.at)).or_default() += one.quantity;
    }
    days.values().map(|day| (*day).max(0)).sum()
}

impl Known {
    async fn read(
        tx: &Tx,
        outlet: &outlet::Model,
        limits: BTreeMap<String, Vec<Limit>>,
        lines: &[(usize, &Bought)],
        now: DateTime<Utc>,
    ) -> Result<Known> {
        let ids = |of: &dyn Fn(&Bought) -> Option<i64>| -> BTreeSet<i64> {
            lines.iter().filter_map(|(_, one)| of(one)).collect()
        };
        let families = locked_families(tx, outlet.village_id, ids(&|one| one.family_id)).await?;
        let markets = market::Entity::find()
            .filter(market::Column::Id.is_in(ids(&|one| one.market_id)))
            .filter(market::Column::OutletId.eq(outlet.id))
            .order_by_asc(market::Column::Id)
            .lock_exclusive()
            .all(tx)
            .await?;
        let market_ids: Vec<i64> = markets.iter().map(|market| market.id).collect();
        let goods = market_good::Entity::find().filter(market_good::Column::MarketId.is_in(market_ids.clone()));
        let items = item::Entity::find().filter(item::Column::Id.is_in(ids(&|one| Some(one.item_id))));
        let first = lines.iter().map(|(_, one)| one.at.min(now)).min().unwrap_or(now);
        let days = limits.values().flatten().map(|limit| limit.days).max().unwrap_or(1);
        let from = clock::local_date(first).checked_sub_days(Days::new(days.unsigned_abs()));
        let from = from.map_or(first, clock::start_of);
        Ok(Known {
            limits,
            goods: goods.all(tx).await?.into_iter().map(|good| ((good.market_id, good.item_id), good)).collect(),
            items: items.all(tx).await?.into_iter().map(|item| (item.id, item)).collect(),
            had: had(tx, &families, from, &market_ids).await?,
            sold: sold(tx, &market_ids).await?,
            markets: markets.into_iter().map(|market| (market.id, market)).collect(),
            families,
        })
    }

    /// In the grams or millilitres of a limit; none when nobody said what is in a piece.
    fn content(&self, item_id: i64, quantity: i64) -> Option<i64> {
        super::content_of(self.items.get(&item_id)?, quantity)
    }

    fn abouts<'a>(
        &self,
        market_id: Option<i64>,
        item_id: i64,
        commodity: Option<&'a str>,
        row: &Model,
    ) -> Vec<(About<'a>, i64)> {
        let of_market = market_id.map(|id| (About::OfMarket(id, item_id), row.quantity));
        let of_limit = commodity.filter(|name| self.limits.contains_key(*name));
        of_market.into_iter().chain(of_limit.map(|name| (About::Commodity(name), row.content))).collect()
    }

    /// What a line passed at its market.
    fn of_market(
        &self,
        one: &Bought,
        market_id: i64,
        family_id: Option<i64>,
        at: DateTime<Utc>,
        had: &BTreeMap<(i64, About<'_>), Vec<Had>>,
        sold: &BTreeMap<(i64, i64), i64>,
    ) -> Vec<Value> {
        let about = |rule: &str| json!({ "rule": rule, "market": market_id, "item": one.item_id });
        let key = (market_id, one.item_id);
        let (Some(market), Some(good)) = (self.markets.get(&market_id), self.goods.get(&key)) else {
            return vec![about("not_offered")];
        };
        let mut odd = Vec::new();
        let (from, to) = window(market);
        if at < from || at > to {
            odd.push(json!({ "rule": "window", "market": market_id, "item": one.item_id, "from": from, "to": to }));
        }
        if let Some(family_id) = family_id {
            let had = had.get(&(family_id, About::OfMarket(market_id, one.item_id)));
            let left = (good.per_family - had.map_or(0, |had| used(had))).max(0);
            if one.quantity > left {
                odd.push(json!({
                    "rule": "per_family", "market": market_id, "item": one.item_id, "most": good.per_family,
                    "allowed": left, "asked": one.quantity, "next": null,
                }));
            }
        }
        let left = (good.allotted - sold.get(&key).copied().unwrap_or(0)).max(0);
        if one.quantity > left {
            odd.push(json!({
                "rule": "allotted", "market": market_id, "item": one.item_id, "most": good.allotted,
                "allowed": left, "asked": one.quantity, "next": null,
            }));
        }
        odd
    }
}

async fn locked_families(tx: &Tx, village_id: i64, ids: BTreeSet<i64>) -> Result<BTreeSet<i64>> {
    let (ids, mut locked): (Vec<i64>, BTreeSet<i64>) = (ids.into_iter().collect(), BTreeSet::new());
    for ids in ids.chunks(CHUNK) {
        let rows = family::Entity::find()
            .filter(family::Column::Id.is_in(ids.iter().copied()))
            .filter(family::Column::VillageId.eq(village_id))
            .order_by_asc(family::Column::Id)
            .lock_exclusive();
        locked.extend(rows.all(tx).await?.into_iter().map(|row| row.id));
    }
    Ok(locked)
}

async fn counted(tx: &Tx, keys: &[&str]) -> Result<BTreeSet<String>> {
    let mut known = BTreeSet::new();
    for keys in keys.chunks(CHUNK) {
        let rows = Entity::find()
            .filter(Column::SourceKey.is_in(keys.iter().copied()))
            .select_only()
            .column(Column::SourceKey);
        known.extend(rows.into_tuple::<String>().all(tx).await?);
    }
    Ok(known)
}

/// What families had since some day, and at markets whenever it was.
async fn had(tx: &Tx, families: &BTreeSet<i64>, from: DateTime<Utc>, markets: &[i64]) -> Result<Vec<Model>> {
    let (ids, mut rows): (Vec<i64>, Vec<Model>) = (families.iter().copied().collect(), Vec::new());
    for ids in ids.chunks(CHUNK) {
        let lately = Condition::any().add(Column::At.gte(from)).add(Column::MarketId.is_in(markets.iter().copied()));
        let of = Entity::find().filter(Column::FamilyId.is_in(ids.iter().copied())).filter(lately);
        rows.extend(of.order_by_asc(Column::Id).all(tx).await?);
    }
    Ok(rows)
}

#[derive(FromQueryResult)]
struct SoldRow {
    market_id: i64,
    item_id: i64,
    quantity: i64,
}

/// What was sold at markets, less what came back, by market and item.
pub(super) async fn sold(db: &impl ConnectionTrait, markets: &[i64]) -> Result<BTreeMap<(i64, i64), i64>> {
    use sea_orm::ExprTrait;
    if markets.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sums = Entity::find()
        .filter(Column::MarketId.is_in(markets.iter().copied()))
        .select_only()
        .column(Column::MarketId)
        .column(Column::ItemId)
        .column_as(Column::Quantity.sum().cast_as("bigint"), "quantity")
        .group_by(Column::MarketId)
        .group_by(Column::ItemId);
    let rows = sums.into_model::<SoldRow>().all(db).await?;
    Ok(rows.into_iter().map(|row| ((row.market_id, row.item_id), row.quantity)).collect())
}

async fn write(tx: &Tx, rows: Vec<Model>) -> Result<()> {
    let rows = rows.into_iter().map(|row| {
        let mut new = ActiveModel::from(row).reset_all();
        new.id = NotSet;
        new
    });
    db::insert_missing(tx, rows.collect(), Column::SourceKey).await?;
    Ok(())
}

/// So much of a line of a sale that comes back.
#[derive(Clone, Debug)]
pub struct Back {
    pub sale_id: i64,
    pub source_key: String,
    pub item_id: i64,
    pub market_id: Option<i64>,
    /// More than nothing, in what the item counts.
    pub quantity: i64,
    pub at: DateTime<Utc>,
}

/// Goods of a market or with a limit came back: their family had so much less, never less than nothing of that sale. It
/// gives room on the day it came back only. What was not counted when it was sold is passed over.
pub async fn gave_back(tx: &Tx, clock: &Clock, outlet: &outlet::Model, back: &[Back]) -> Result<()> {
    let sales: BTreeSet<i64> = back.iter().map(|one| one.sale_id).collect();
    let of_sales = || {
        Entity::find()
            .filter(Column::SaleId.is_in(sales.iter().copied()))
            .filter(Column::OutletId.eq(outlet.id))
            .order_by_asc(Column::Id)
    };
    let families: BTreeSet<i64> = of_sales().all(tx).await?.iter().filter_map(|row| row.family_id).collect();
    locked_families(tx, outlet.village_id, families).await?;
    let mut known = of_sales().all(tx).await?;
    for one in back {
        let is_of = |row: &&Model| {
            row.sale_id == Some(one.sale_id) && row.item_id == one.item_id && row.market_id == one.market_id
        };
        if known.iter().any(|row| row.source_key == one.source_key) {
            continue;
        }
        let net: i64 = known.iter().filter(is_of).map(|row| row.quantity).sum();
        let Some(first) = known.iter().find(is_of).cloned() else { continue };
        let quantity = one.quantity.min(net);
        if quantity < 1 {
            continue;
        }
        let row = Model {
            id: 0,
            quantity: -quantity,
            content: -(quantity * (first.content / first.quantity.max(1))),
            at: one.at.min(clock.now()),
            source_key: one.source_key.clone(),
            ..first
        };
        write(tx, vec![row.clone()]).await?;
        if row.market_id.is_some() {
            tx.changes_what_is_shown();
        }
        known.push(row);
    }
    Ok(())
}
