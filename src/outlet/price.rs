//! What is asked for sembako, and since when. [`post`] is the one way in which a person changes such a price.
//!
//! A legal ceiling forbids, unless another person approved something above it; a band warns, a loss asks for its reason,
//! and a price three times the present one, or a third of it, is asked about once more: 125000 is soon typed for 12500.
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    price_ceiling::{Bounds, Law},
    price_good::{self, Good},
    price_override,
};
use crate::{
    catalogue::{Hand, Side, item, price, price::Origin, product},
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    prices::selling::{self, Cost, Objection},
};
use entity::{Rupiah, outlet, posted_price, price_rule::Rule};

/// A price that a person wants.
#[derive(Clone, Debug, Default)]
pub struct NewPrice {
    pub price: Rupiah,
    /// The rule that made it, if one did.
    pub rule: Option<Rule>,
    pub reason: String,
    /// The price the person said yes to after being asked.
    pub sure: Option<Rupiah>,
}

/// What a person is asked before a price is posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// More than is thought fair.
    AboveBand { most: Rupiah },
    /// The outlet loses by it: needs a reason.
    BelowCost { cost: Rupiah },
    /// A zero too many or too few.
    FarOff { old: Rupiah },
}

/// What became of a price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It stood already.
    Same,
    Posted,
    /// Nothing is posted before the person has said yes. The caller does not commit.
    Asks(Vec<Doubt>),
}

/// What a price is judged by.
#[derive(Clone, Debug)]
pub struct Grounds {
    pub bounds: Bounds,
    pub cost: Option<Cost>,
}

/// Three times the present price or more, or a third of it or less.
pub fn is_far_off(old: Rupiah, new: Rupiah) -> bool {
    let (low, high) = (old.min(new), old.max(new));
    low > Rupiah::ZERO && high.0 / 3 >= low.0
}

/// What speaks against a price of some goods.
pub fn objections(good: &Good, price: Rupiah, grounds: &Grounds) -> Vec<Objection> {
    let cost = grounds.cost.map(|cost| cost.pooled);
    match good.content() {
        Some(content) => {
            let Bounds { ceiling, band } = &grounds.bounds;
            selling::judge(price, content, ceiling.as_ref(), band.as_ref(), cost)
        }
        None => cost.filter(|cost| price < *cost).map(|cost| Objection::BelowCost { cost }).into_iter().collect(),
    }
}

/// Posts a price that a person wants, or says what is to be asked before. Above the ceiling it is refused.
pub async fn post(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    by: i64,
    item_id: i64,
    new: &NewPrice,
) -> Result<Answer> {
    let good = locked(tx, outlet.id, item_id).await?;
    if !(price::MIN..=price::MAX).contains(&new.price) {
        return Err(Refusal::invalid("harga.out_of_range").into());
    }
    let day = clock.today();
    let bounds = Law::of(tx, outlet).await?.bounds(&good, day);
    let grounds = Grounds { bounds, cost: price_good::cost_of(tx, &good).await? };
    let mut doubts = Vec::new();
    let mut override_id = None;
    for objection in objections(&good, new.price, &grounds) {
        match objection {
            Objection::AboveCeiling { most } => {
                let above = price_override::in_force(tx, item_id, day).await?;
                let above = above.filter(|above| new.price <= above.price);
                override_id = Some(above.ok_or_else(|| too_dear(&good, most, &grounds.bounds))?.id);
            }
            Objection::AboveBand { most } => doubts.push(Doubt::AboveBand { most }),
            Objection::BelowCost { cost } => doubts.push(Doubt::BelowCost { cost }),
        }
    }
    if new.price == good.item.price {
        return Ok(Answer::Same);
    }
    if is_far_off(good.item.price, new.price) {
        doubts.push(Doubt::FarOff { old: good.item.price });
    }
    let has_reason = !new.reason.is_empty() || !doubts.iter().any(|doubt| matches!(doubt, Doubt::BelowCost { .. }));
    let is_sure = new.sure == Some(new.price) && has_reason;
    if !doubts.is_empty() && !is_sure {
        return Ok(Answer::Asks(doubts));
    }
    let origin = Origin { rule: new.rule, override_id, ..origin(&good, &grounds) };
    put(tx, clock, outlet, Some(by), &good, new.price, &new.reason, origin).await?;
    Ok(Answer::Posted)
}

/// The goods of an item, with their product locked: prices of one product change one after the other.
pub(super) async fn locked(tx: &Tx, outlet_id: i64, item_id: i64) -> Result<Good> {
    let good = price_good::read(tx, outlet_id, item_id).await?;
    product::lock(tx, good.product.id).await?;
    price_good::read(tx, outlet_id, item_id).await
}

fn too_dear(good: &Good, most: Rupiah, bounds: &Bounds) -> Refusal {
    let instrument = bounds.ceiling.as_ref().map(|row| row.instrument.as_str()).unwrap_or_default();
    Refusal::conflict("harga.above_ceiling")
        .with("name", good.name().as_str())
        .with("most", most)
        .with("instrument", instrument)
}

pub(super) fn origin(good: &Good, grounds: &Grounds) -> Origin {
    Origin { cost: grounds.cost.map(|cost| cost.pooled), ceiling: grounds.bounds.most(good), ..Origin::default() }
}

/// Writes a judged price wherever prices are looked for.
pub(super) async fn put(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    by: Option<i64>,
    good: &Good,
    price: Rupiah,
    reason: &str,
    origin: Origin,
) -> Result<()> {
    let hand = Hand { person_id: by, village_id: Some(outlet.village_id), side: Side::Operator };
    item::reprice(tx, clock, &hand, &good.item, price, reason, origin).await
}

/// The prices an item had, the newest first.
pub async fn history(db: &impl ConnectionTrait, item_id: i64, most: u64) -> Result<Vec<posted_price::Model>> {
    let of = posted_price::Entity::find().filter(posted_price::Column::ItemId.eq(item_id));
    Ok(of.order_by_desc(posted_price::Column::Id).limit(most).all(db).await?)
}

/// Whether a price was ever asked for an item: what a till without signal sold at may be old, but not made up.
pub async fn was_posted(db: &impl ConnectionTrait, item_id: i64, price: Rupiah) -> Result<bool> {
    let of = posted_price::Entity::find().filter(posted_price::Column::ItemId.eq(item_id));
    let known = of.filter(posted_price::Column::Price.eq(price)).one(db).await?.is_some();
    let now = entity::item::Entity::find_by_id(item_id).one(db).await?;
    Ok(known || now.is_some_and(|item| item.price == price))
}

/// The price that stands, as it was posted.
pub async fn latest(db: &impl ConnectionTrait, item_id: i64) -> Result<Option<posted_price::Model>> {
    Ok(history(db, item_id, 1).await?.into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zero_too_many_is_far_off_and_a_bad_year_is_not() {
        for (old, new) in [(12_500, 125_000), (12_500, 1_250), (10_000, 30_000), (30_000, 10_000)] {
            assert!(is_far_off(Rupiah(old), Rupiah(new)), "{old} {new}");
        }
        for (old, new) in [(12_500, 16_000), (10_000, 29_900), (30_000, 10_100), (0, 12_500)] {
            assert!(!is_far_off(Rupiah(old), Rupiah(new)), "{old} {new}");
        }
    }
}
