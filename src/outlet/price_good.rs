//! Sembako as its price sees it: what the price is for, what is in it, and what it costs the outlet.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{cost, household_limit, price, price_ceiling::Law};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
    prices::{reference::Per, selling::Cost},
    stock,
};
use entity::{
    Rupiah, category,
    item::{self, Measure},
    outlet, product, purchase, purchase_line,
};

/// One kind of sembako of an outlet.
#[derive(Clone, Debug)]
pub struct Good {
    pub item: item::Model,
    pub product: product::Model,
}

impl Good {
    /// What the price is for, in what the item counts: a thousand grams of loose goods, or one piece.
    pub fn unit(&self) -> i64 {
        match self.item.measure {
            Measure::Piece => 1,
            Measure::Gram | Measure::Millilitre => 1_000,
        }
    }

    /// What is in that, as the law measures it; none when nobody said, or when it is sold by the piece.
    pub fn content(&self) -> Option<(i64, Per)> {
        let (content, unit) = match self.item.measure {
            Measure::Piece => (self.item.content, self.item.content_unit),
            loose => (1_000, loose),
        };
        match unit {
            Measure::Gram if content > 0 => Some((content, Per::Kilogram)),
            Measure::Millilitre if content > 0 => Some((content, Per::Litre)),
            _ => None,
        }
    }

    pub fn name(&self) -> String {
        match self.item.name.as_str() {
            "" => self.product.name.clone(),
            size => format!("{}, {size}", self.product.name),
        }
    }
}

/// A kind of sembako of this outlet; another outlet's does not exist here, and what is no sembako has no such price.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, item_id: i64) -> Result<Good> {
    let found = item::Entity::find_by_id(item_id).find_also_related(product::Entity).one(db).await?;
    let Some((item, Some(product))) = found.filter(|(item, _)| item.archived_at.is_none()) else {
        return Err(Error::NotFound);
    };
    let category = category::Entity::find_by_id(product.category_id).one(db).await?;
    if product.outlet_id != outlet_id || category.is_none_or(|of| of.kind != category::Kind::Sembako) {
        return Err(Error::NotFound);
    }
    Ok(Good { item, product })
}

/// All sembako of an outlet that was not taken out of the shop, by name.
pub async fn all(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Good>> {
    let categories =
        category::Entity::find().filter(category::Column::Kind.eq(category::Kind::Sembako)).all(db).await?;
    let rows = item::Entity::find()
        .find_also_related(product::Entity)
        .filter(item::Column::ArchivedAt.is_null())
        .filter(product::Column::OutletId.eq(outlet_id))
        .filter(product::Column::State.ne(product::State::Withdrawn))
        .filter(product::Column::CategoryId.is_in(categories.iter().map(|of| of.id)))
        .order_by_asc(product::Column::Name)
        .order_by_asc(item::Column::Position)
        .order_by_asc(item::Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(item, product)| Some(Good { item, product: product? })).collect())
}

/// What is said about goods so that their price can be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What the rows of the law call it.
    pub commodity: Option<String>,
    pub measure: Measure,
    /// What is in one piece; 0 when nobody said.
    pub content: i64,
    pub content_unit: Measure,
}

/// A pack of more than a tonne is a slip of the finger.
pub const MOST_CONTENT: i64 = 1_000_000;

/// Says what goods are. What was counted already goes on being counted as it was; and what was sold under a ceiling or
/// within a family's limit does not slip out of it by another name or a larger pack, unless somebody who `may_loosen`
/// says so: one person alone would lift the law.
pub async fn describe(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    (by, may_loosen): (i64, bool),
    item_id: i64,
    facts: &Facts,
) -> Result<()> {
    let good = price::locked(tx, outlet.id, item_id).await?;
    if !(0..=MOST_CONTENT).contains(&facts.content) {
        return Err(Refusal::invalid("harga.odd_content").into());
    }
    if facts.measure != good.item.measure && !stock::moves_of(tx, item_id, 1).await?.is_empty() {
        return Err(Refusal::conflict("harga.measure_stays").into());
    }
    if let Some(name) = &facts.commodity
        && !Law::of(tx, outlet).await?.commodities().contains(name)
    {
        return Err(Refusal::invalid("harga.unknown_commodity").into());
    }
    let known = Facts {
        commodity: good.product.commodity.clone(),
        measure: good.item.measure,
        content: good.item.content,
        content_unit: good.item.content_unit,
    };
    if known == *facts {
        return Ok(());
    }
    if !may_loosen && loosens(tx, clock, outlet, &good, facts).await? {
        return Err(Refusal::conflict("harga.facts_loosen").into());
    }
    let of_item = item::ActiveModel {
        id: Set(item_id),
        measure: Set(facts.measure),
        content: Set(facts.content),
        content_unit: Set(facts.content_unit),
        ..Default::default()
    };
    item::Entity::update(of_item).exec(tx).await?;
    let of_product = product::ActiveModel {
        id: Set(good.product.id),
        commodity: Set(facts.commodity.clone()),
        updated_at: Set(clock.now()),
        ..Default::default()
    };
    product::Entity::update(of_product).exec(tx).await?;
    tx.changes_what_is_shown();
    let detail = json!({ "commodity": facts.commodity, "measure": facts.measure, "content": facts.content });
    let village_id = Some(outlet.village_id);
    history::remember(tx, clock, village_id, Subject("item", item_id), "described", Some(by), detail).await
}

/// Whether other facts would allow more than those that goods were moved under.
async fn loosens(tx: &Tx, clock: &Clock, outlet: &outlet::Model, good: &Good, facts: &Facts) -> Result<bool> {
    if stock::moves_of(tx, good.item.id, 1).await?.is_empty() {
        return Ok(false);
    }
    let mut other = good.clone();
    other.product.commodity.clone_from(&facts.commodity);
    other.item.measure = facts.measure;
    (other.item.content, other.item.content_unit) = (facts.content, facts.content_unit);
    let (law, today) = (Law::of(tx, outlet).await?, clock.today());
    let is_dearer = match (law.most(good, today), law.most(&other, today)) {
        (Some(now), Some(then)) => then > now,
        (Some(_), None) => true,
        (None, _) => false,
    };
    let is_limited = match &good.product.commodity {
        Some(name) if facts.commodity.as_ref() != Some(name) => {
            household_limit::on(tx, outlet.village_id, name, today).await?.is_some()
        }
        _ => false,
    };
    Ok(is_dearer || is_limited)
}

/// What it costs the outlet, for what its price is for; none when there never was any.
pub async fn cost_of(db: &impl ConnectionTrait, good: &Good) -> Result<Option<Cost>> {
    let heap = cost::heap(db, good.item.id).await?;
    if heap.last_quantity == 0 {
        return Ok(None);
    }
    let pooled = heap.cost_of(good.unit());
    let last = last_purchase(db, good.item.id).await?;
    let last = last.map(|line| share(line.cost(), good.unit(), line.quantity()));
    Ok(Some(Cost { last: last.unwrap_or(pooled), pooled }))
}

/// The line of the newest day it was bought on, of those that stand.
async fn last_purchase(db: &impl ConnectionTrait, item_id: i64) -> Result<Option<purchase_line::Model>> {
    let found = purchase_line::Entity::find()
        .find_also_related(purchase::Entity)
        .filter(purchase_line::Column::ItemId.eq(item_id))
        .filter(purchase::Column::ReversedAt.is_null())
        .order_by_desc(purchase::Column::BoughtOn)
        .order_by_desc(purchase_line::Column::Id)
        .one(db)
        .await?;
    Ok(found.map(|(line, _)| line))
}

/// What `part` of `whole` costs when all of it costs so much, half a rupiah rounded up.
fn share(cost: Rupiah, part: i64, whole: i64) -> Rupiah {
    let (cost, part, whole) = (i128::from(cost.0), i128::from(part), i128::from(whole.max(1)));
    Rupiah(i64::try_from((2 * cost * part + whole).div_euclid(2 * whole)).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sack_says_what_a_kilogram_costs() {
        assert_eq!(share(Rupiah(600_000), 1_000, 50_000), Rupiah(12_000));
        assert_eq!(share(Rupiah(2_511_600), 1_000, 100_000), Rupiah(25_116));
        assert_eq!(share(Rupiah(100), 1, 3), Rupiah(33));
        assert_eq!(share(Rupiah(200), 1, 3), Rupiah(67));
    }
}
