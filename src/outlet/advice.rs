//! When to buy again, from what was really sold: the figures of each item, and what they advise. Buying is a person's.
use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

use super::{
    cost,
    price_rule::{self, Rule},
};
use crate::{
    clock::{self, Clock},
    error::Result,
    stock::reorder::{self, Advice, Habit, Plan},
};
use entity::{
    Rupiah, lot, place, purchase, purchase_line, stock as level, stock_move,
    stock_move::{Kind, Model as Move},
    supplier,
};

/// So many days back sales are looked at.
pub const DAYS: u64 = 56;
/// From fewer days, or fewer with a sale, nothing is concluded.
pub const LEAST_DAYS: usize = 14;
pub const LEAST_DAYS_SOLD: usize = 5;
/// Days from asking for goods to having them, when nobody said it of the supplier. A purchase is written when the goods
/// are here, so nothing tells when they were asked for.
const LEAD_DAYS: i64 = 3;
/// By what share of itself that wanders.
const LEAD_WANDERS: f64 = 1.0 / 3.0;
/// In so many of a hundred waits it must not run out.
const SERVICE: f64 = 0.95;
/// What one way to the wholesaler costs, and what keeping costs a year.
const ORDER_COST: Rupiah = Rupiah(25_000);
const HOLDING_A_YEAR: f64 = 0.24;

/// What is known of an item, and what it advises.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// None when too little was sold to tell.
    pub habit: Option<Habit>,
    /// Days with a sale among those looked at.
    pub days_sold: usize,
    pub days: usize,
    /// In all places where it is good, promised or not.
    pub here: i64,
    /// Days that new goods take to come.
    pub lead_days: i64,
}

impl Known {
    /// What goes on an average day.
    pub fn per_day(&self) -> Option<f64> {
        self.habit.map(|habit| habit.per_day).filter(|per_day| *per_day > 0.0)
    }

    pub fn plan(&self) -> Option<Plan> {
        self.habit.and_then(|habit| habit.plan())
    }

    pub fn advice(&self) -> Advice {
        self.habit.map_or(Advice::Unknown, |habit| habit.advise(self.here as f64))
    }
}

/// What is known of one item.
pub async fn of_item(db: &impl ConnectionTrait, clock: &Clock, outlet_id: i64, item_id: i64) -> Result<Known> {
    let all = of(db, clock, outlet_id, &[item_id]).await?;
    Ok(all.get(&item_id).copied().unwrap_or(Known {
        habit: None,
        days_sold: 0,
        days: 0,
        here: 0,
        lead_days: LEAD_DAYS,
    }))
}

/// What is known of some items of an outlet. A day that is not over is not looked at.
pub async fn of(
    db: &impl ConnectionTrait,
    clock: &Clock,
    outlet_id: i64,
    item_ids: &[i64],
) -> Result<BTreeMap<i64, Known>> {
    let today = clock.today();
    let from = today.checked_sub_days(Days::new(DAYS)).unwrap_or(today);
    let went = went(db, item_ids, (from, today)).await?;
    let first = first_days(db, item_ids).await?;
    let here = here(db, outlet_id, item_ids).await?;
    let keeps = keeps(db, item_ids).await?;
    let leads = leads(db, item_ids).await?;
    let cover = cover(db, item_ids).await?;
    let mut all = BTreeMap::new();
    for item_id in item_ids {
        let start = first.get(item_id).copied().unwrap_or(today).max(from);
        let days = usize::try_from((today - start).num_days()).unwrap_or(0);
        let none = BTreeMap::new();
        let sold = went.get(item_id).unwrap_or(&none);
        // Days without a sale count too.
        let sold: Vec<f64> =
            start.iter_days().take(days).map(|day| sold.get(&day).copied().unwrap_or(0).max(0) as f64).collect();
        let days_sold = sold.iter().filter(|sold| **sold > 0.0).count();
        let is_enough = days >= LEAST_DAYS && days_sold >= LEAST_DAYS_SOLD;
        let heap = cost::heap(db, *item_id).await?;
        let unit_cost = heap.last_value.0 as f64 / heap.last_quantity as f64;
        let (per_day, per_day_sd) = reorder::of_days(&sold);
        let lead_days = leads.get(item_id).copied().unwrap_or(LEAD_DAYS);
        let lead = lead_days as f64;
        let habit = Habit {
            per_day,
            per_day_sd,
            lead_days: lead,
            lead_days_sd: lead * LEAD_WANDERS,
            service: SERVICE,
            order_cost: ORDER_COST,
            unit_cost,
            holding_a_year: HOLDING_A_YEAR,
            shelf_life_days: keeps.get(item_id).copied(),
            cover_days: cover.get(item_id).copied().unwrap_or(0.0),
        };
        let here = here.get(item_id).copied().unwrap_or(0);
        all.insert(*item_id, Known { habit: is_enough.then_some(habit), days_sold, days, here, lead_days });
    }
    Ok(all)
}

/// What went each day: sold, less what came back, and packed into other goods.
async fn went(
    db: &impl ConnectionTrait,
    item_ids: &[i64],
    (from, until): (NaiveDate, NaiveDate),
) -> Result<BTreeMap<i64, BTreeMap<NaiveDate, i64>>> {
    let moves = stock_move::Entity::find()
        .filter(stock_move::Column::ItemId.is_in(item_ids.iter().copied()))
        .filter(stock_move::Column::Kind.is_in([Kind::Sold, Kind::Returned, Kind::Repacked]))
        .filter(stock_move::Column::HappenedAt.gte(clock::start_of(from)))
        .filter(stock_move::Column::HappenedAt.lt(clock::start_of(until)))
        .all(db)
        .await?;
    let mut went: BTreeMap<i64, BTreeMap<NaiveDate, i64>> = BTreeMap::new();
    let is_use = |row: &&Move| row.kind != Kind::Repacked || row.quantity < 0;
    for row in moves.iter().filter(is_use) {
        let days = went.entry(row.item_id).or_default();
        *days.entry(clock::local_date(row.happened_at)).or_default() -= row.quantity;
    }
    Ok(went)
}

/// Since when each item is here.
async fn first_days(db: &impl ConnectionTrait, item_ids: &[i64]) -> Result<BTreeMap<i64, NaiveDate>> {
    let first: Vec<(i64, chrono::DateTime<chrono::Utc>)> = stock_move::Entity::find()
        .select_only()
        .column(stock_move::Column::ItemId)
        .column_as(stock_move::Column::HappenedAt.min(), "first")
        .filter(stock_move::Column::ItemId.is_in(item_ids.iter().copied()))
        .group_by(stock_move::Column::ItemId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(first.into_iter().map(|(item_id, at)| (item_id, clock::local_date(at))).collect())
}

/// What can still be sold, wherever it stands in the outlet.
async fn here(db: &impl ConnectionTrait, outlet_id: i64, item_ids: &[i64]) -> Result<BTreeMap<i64, i64>> {
    let own = [place::Kind::Shelf, place::Kind::Store, place::Kind::Reserve];
    let rows = level::Entity::find()
        .find_also_related(place::Entity)
        .filter(level::Column::ItemId.is_in(item_ids.iter().copied()))
        .filter(place::Column::OutletId.eq(outlet_id))
        .filter(place::Column::Kind.is_in(own))
        .all(db)
        .await?;
    Ok(rows.iter().fold(BTreeMap::new(), |mut sums, (row, _)| {
        *sums.entry(row.item_id).or_default() += row.on_hand;
        sums
    }))
}

/// How many days goods take to come: as it was said of whoever sold them last.
async fn leads(db: &impl ConnectionTrait, item_ids: &[i64]) -> Result<BTreeMap<i64, i64>> {
    let bought: Vec<(i64, Option<i64>)> = purchase_line::Entity::find()
        .select_only()
        .column(purchase_line::Column::ItemId)
        .column(supplier::Column::LeadDays)
        .inner_join(purchase::Entity)
        .join(JoinType::InnerJoin, purchase::Relation::Supplier.def())
        .filter(purchase_line::Column::ItemId.is_in(item_ids.iter().copied()))
        .filter(purchase::Column::ReversedAt.is_null())
        .order_by_asc(purchase::Column::BoughtOn)
        .order_by_asc(purchase_line::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    // The last of each item decides, also when nothing was said of its supplier.
    let last: BTreeMap<i64, Option<i64>> = bought.into_iter().collect();
    Ok(last.into_iter().filter_map(|(item_id, days)| Some((item_id, days?))).collect())
}

/// How many days of sales a steady price wants in store.
async fn cover(db: &impl ConnectionTrait, item_ids: &[i64]) -> Result<BTreeMap<i64, f64>> {
    let rules = price_rule::of(db, item_ids).await?;
    let steady = rules.iter().filter(|rule| rule.rule == Rule::Pooled);
    Ok(steady.map(|rule| (rule.item_id, (rule.cover_weeks * 7) as f64)).collect())
}

/// For how many days goods keep, as the last that came did.
async fn keeps(db: &impl ConnectionTrait, item_ids: &[i64]) -> Result<BTreeMap<i64, f64>> {
    let lots = lot::Entity::find()
        .filter(lot::Column::ItemId.is_in(item_ids.iter().copied()))
        .filter(lot::Column::OriginId.is_null())
        .filter(lot::Column::ExpiresOn.is_not_null())
        .order_by_asc(lot::Column::ReceivedAt)
        .order_by_asc(lot::Column::Id)
        .all(db)
        .await?;
    let days = |lot: &lot::Model| Some((lot.expires_on? - clock::local_date(lot.received_at)).num_days().max(0) as f64);
    Ok(lots.iter().filter_map(|lot| Some((lot.item_id, days(lot)?))).collect())
}
