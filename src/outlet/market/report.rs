//! What an operasi pasar came to: whom it reached, how much of what, when it was sold out, and who got nothing.
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::{Good, Model, count, goods};
use crate::{error::Result, outlet::family as families, prices::limit::Had};
use entity::{
    Rupiah, family, family_purchase as purchase, market_refusal as refusal, market_ticket as ticket, sale_line,
    till_return_line,
};

/// A dusun, and how many of its families with a card bought something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    pub dusun: String,
    pub reached: i64,
    pub known: i64,
    /// Those who had a place in the queue and bought nothing.
    pub got_nothing: i64,
}

/// What became of one kind of goods.
#[derive(Clone, Debug)]
pub struct Sold {
    pub good: Good,
    /// Families that bought it.
    pub families: i64,
    /// When the last of it was sold.
    pub sold_out_at: Option<DateTime<Utc>>,
    /// More than a family may have, over all families: tills that did not know of each other.
    pub too_much: i64,
    pub families_over: i64,
    pub takings: Rupiah,
}

/// The whole.
#[derive(Clone, Debug)]
pub struct Report {
    pub dusun: Vec<Reached>,
    pub goods: Vec<Sold>,
    pub families: i64,
    pub tickets: i64,
    pub got_nothing: i64,
    /// Those who wanted more than a family may have and were told.
    pub refused: i64,
    /// Sold without a card.
    pub without_card: i64,
}

/// Reads what came of a market.
pub async fn report(db: &impl ConnectionTrait, village_id: i64, market: &Model) -> Result<Report> {
    let rows = purchase::Entity::find()
        .filter(purchase::Column::MarketId.eq(market.id))
        .order_by_asc(purchase::Column::At)
        .order_by_asc(purchase::Column::Id)
        .all(db)
        .await?;
    // Moments are texts on SQLite; they are put in order here.
    let mut rows = rows;
    rows.sort_by_key(|row| (row.at, row.id));
    let mut net: BTreeMap<i64, i64> = BTreeMap::new();
    for row in &rows {
        if let Some(family_id) = row.family_id {
            *net.entry(family_id).or_default() += row.quantity;
        }
    }
    let bought: BTreeSet<i64> = net.into_iter().filter(|(_, sum)| *sum > 0).map(|(id, _)| id).collect();
    let tickets = ticket::Entity::find().filter(ticket::Column::MarketId.eq(market.id)).all(db).await?;
    let nothing: Vec<i64> = tickets.iter().map(|ticket| ticket.family_id).filter(|id| !bought.contains(id)).collect();
    let ids: Vec<i64> = bought.iter().copied().chain(nothing.iter().copied()).collect();
    let homes = homes(db, &ids).await?;
    // "krajan" is where "Krajan" is.
    let mut known: BTreeMap<String, (String, i64)> = BTreeMap::new();
    for (name, families) in families::by_dusun(db, village_id).await? {
        known.entry(name.to_lowercase()).or_insert_with(|| (name, 0)).1 += families;
    }
    let of = |ids: &mut dyn Iterator<Item = &i64>, dusun: &str| {
        ids.filter(|id| homes.get(*id).is_some_and(|home| home.to_lowercase() == dusun)).count() as i64
    };
    let dusun: Vec<Reached> = known
        .iter()
        .map(|(folded, (name, known))| Reached {
            dusun: name.clone(),
            reached: of(&mut bought.iter(), folded),
            known: *known,
            got_nothing: of(&mut nothing.iter(), folded),
        })
        .collect();
    let goods = goods(db, market.id).await?;
    let takings = takings(db, market.id).await?;
    let sold = |good: Good| {
        let taken = takings.get(&good.item_id).copied().unwrap_or_default();
        sold(good, &rows, taken)
    };
    let refused = refusal::Entity::find().filter(refusal::Column::MarketId.eq(market.id)).count(db).await?;
    Ok(Report {
        dusun,
        goods: goods.into_iter().map(sold).collect(),
        families: bought.len() as i64,
        tickets: tickets.len() as i64,
        got_nothing: nothing.len() as i64,
        refused: i64::try_from(refused).unwrap_or(i64::MAX),
        without_card: rows.iter().filter(|row| row.family_id.is_none() && row.quantity > 0).count() as i64,
    })
}

async fn homes(db: &impl ConnectionTrait, ids: &[i64]) -> Result<BTreeMap<i64, String>> {
    let mut homes = BTreeMap::new();
    for ids in ids.chunks(500) {
        let rows = family::Entity::find().filter(family::Column::Id.is_in(ids.iter().copied())).all(db).await?;
        homes.extend(rows.into_iter().map(|row| (row.id, row.dusun)));
    }
    Ok(homes)
}

/// What each kind of goods brought: as it was sold, less what was given back.
async fn takings(db: &impl ConnectionTrait, market_id: i64) -> Result<BTreeMap<i64, Rupiah>> {
    let lines = sale_line::Entity::find().filter(sale_line::Column::MarketId.eq(market_id)).all(db).await?;
    let mut sums: BTreeMap<i64, Rupiah> = BTreeMap::new();
    for line in &lines {
        *sums.entry(line.item_id).or_default() += line.amount;
    }
    let ids: Vec<i64> = lines.iter().map(|line| line.id).collect();
    for ids in ids.chunks(500) {
        let back = till_return_line::Column::SaleLineId.is_in(ids.iter().copied());
        for row in till_return_line::Entity::find().filter(back).all(db).await? {
            if let Some(line) = lines.iter().find(|line| line.id == row.sale_line_id) {
                *sums.entry(line.item_id).or_default() += -row.amount;
            }
        }
    }
    Ok(sums)
}

fn sold(good: Good, rows: &[purchase::Model], takings: Rupiah) -> Sold {
    let mut by_family: BTreeMap<i64, Vec<Had>> = BTreeMap::new();
    let (mut sum, mut sold_out_at) = (0, None);
    for row in rows.iter().filter(|row| row.item_id == good.item_id) {
        sum += row.quantity;
        // Goods that came back were there to be sold again.
        sold_out_at = if sum >= good.allotted { sold_out_at.or(Some(row.at)) } else { None };
        if let Some(family_id) = row.family_id {
            by_family.entry(family_id).or_default().push(Had { at: row.at, quantity: row.quantity });
        }
    }
    let over: Vec<i64> =
        by_family.values().map(|had| count::used(had) - good.per_family).filter(|over| *over > 0).collect();
    Sold {
        families: by_family.values().filter(|had| count::used(had) > 0).count() as i64,
        sold_out_at,
        too_much: over.iter().sum(),
        families_over: over.len() as i64,
        takings,
        good,
    }
}
