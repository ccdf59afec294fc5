//! Lots that are sold for less because their day is near. Never for more than what is posted or the law lets, and for
//! less than they cost only on purpose. It ends with the lot, or with its day.
use chrono::Days;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait, sea_query::Expr,
};
use serde_json::json;

use super::{cost, price_ceiling, repacking, weighed};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history,
    stock::{self, average::Heap},
};
pub use entity::markdown::Model;
use entity::{
    Rupiah,
    item::{self, Measure},
    lot,
    markdown::{ActiveModel, Column, Entity},
    outlet, place,
};

/// A lot is near its day when it is so many days away.
pub const NEAR_DAYS: u64 = 14;

/// The markdown of each lot that has one; those that [rest](rests) are sold for what is posted.
pub async fn open(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Model>> {
    let open = Entity::find().filter(Column::OutletId.eq(outlet_id)).filter(Column::EndedAt.is_null());
    Ok(open.order_by_asc(Column::Id).all(db).await?)
}

/// Whether a markdown rests: the posted price fell to its own or below, so nobody is to pay it.
pub fn rests(marked: &Model, posted: Rupiah) -> bool {
    marked.price >= posted
}

/// Lots on the shelf of an outlet that expire within so many days and still may be sold, the nearest day first.
pub async fn near(db: &impl ConnectionTrait, clock: &Clock, outlet_id: i64, days: u64) -> Result<Vec<lot::Model>> {
    let today = clock.today();
    let last = today.checked_add_days(Days::new(days)).unwrap_or(today);
    Ok(lot::Entity::find()
        .join(JoinType::InnerJoin, lot::Relation::Place.def())
        .filter(place::Column::OutletId.eq(outlet_id))
        .filter(place::Column::Kind.eq(place::Kind::Shelf))
        .filter(lot::Column::Remaining.gt(0))
        .filter(lot::Column::OwnerId.is_null())
        .filter(lot::Column::ExpiresOn.gte(today))
        .filter(lot::Column::ExpiresOn.lte(last))
        .order_by_asc(lot::Column::ExpiresOn)
        .order_by_asc(lot::Column::Id)
        .all(db)
        .await?)
}

/// A price that so few days speak for, in whole hundreds: a tenth less within two weeks, a fifth within one, three
/// tenths in the last three days, and only then less than the goods cost.
pub fn suggested(posted: Rupiah, cost: Rupiah, days_left: i64) -> Rupiah {
    let percent = match days_left {
        ..=3 => 70,
        4..=7 => 80,
        _ => 90,
    };
    let less = posted.0 * percent / 10_000 * 100;
    // Rounded up, so that rounding loses nothing.
    let floor = if days_left > 3 { (cost.0 + 99) / 100 * 100 } else { 0 };
    Rupiah(less.max(floor).max(100).min(posted.0))
}

/// What so much of an item as is priced at once costs on average.
pub fn cost_of(heap: &Heap, of: Measure) -> Rupiah {
    heap.cost_of(weighed::priced(of))
}

/// A lower price for a lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub lot_id: i64,
    /// Of a piece, a kilogram or a litre.
    pub price: Rupiah,
    pub reason: String,
    /// Whether it is meant to be less than the goods cost.
    pub is_sure: bool,
}

/// Sells a lot for less from now on, in place of what it was sold for before.
pub async fn offer(tx: &Tx, clock: &Clock, outlet: &outlet::Model, new: &Offer, by: i64) -> Result<i64> {
    let found = lot::Entity::find_by_id(new.lot_id).find_also_related(place::Entity).one(tx).await?;
    let Some((lot, Some(place))) = found else { return Err(Error::NotFound) };
    if place.outlet_id != outlet.id || place.kind != place::Kind::Shelf {
        return Err(Error::NotFound);
    }
    let (item, _) = repacking::sembako(tx, outlet.id, lot.item_id).await?;
    stock::lock(tx, &[item.id]).await?;
    let lot = lot::Entity::find_by_id(lot.id).one(tx).await?.ok_or(Error::NotFound)?;
    if lot.remaining == 0 || lot.expires_on.is_none_or(|last| last < clock.today()) {
        return Err(Refusal::conflict("markdown.gone").into());
    }
    judge(tx, clock, outlet, &item, new).await?;
    let open = Entity::find().filter(Column::LotId.eq(lot.id)).filter(Column::EndedAt.is_null());
    for old in open.all(tx).await? {
        close(tx, clock, old.id).await?;
    }
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        item_id: Set(item.id),
        lot_id: Set(lot.id),
        price: Set(new.price),
        from_at: Set(clock.now()),
        person_id: Set(by),
        reason: Set(new.reason.clone()),
        ..Default::default()
    };
    let id = Entity::insert(row).exec(tx).await?.last_insert_id;
    let detail = json!({ "lot": lot.id, "price": new.price, "posted": item.price, "reason": new.reason });
    let about = history::Subject("item", item.id);
    history::remember(tx, clock, Some(outlet.village_id), about, "marked_down", Some(by), detail).await?;
    tx.changes_what_is_shown();
    Ok(id)
}

async fn judge(tx: &Tx, clock: &Clock, outlet: &outlet::Model, item: &item::Model, new: &Offer) -> Result<()> {
    if new.price < Rupiah(1) || new.price >= item.price {
        return Err(Refusal::invalid("markdown.not_less").with("price", item.price).into());
    }
    if let Some(most) = price_ceiling::most(tx, outlet, item, clock.today()).await?.filter(|most| *most < new.price) {
        return Err(Refusal::invalid("markdown.above_ceiling").with("price", most).into());
    }
    if new.reason.is_empty() {
        return Err(Refusal::invalid("form.required").into());
    }
    let cost = cost_of(&cost::heap(tx, item.id).await?, item.measure);
    if new.price < cost && !new.is_sure {
        return Err(Refusal::invalid("markdown.below_cost").with("cost", cost).into());
    }
    Ok(())
}

async fn close(tx: &Tx, clock: &Clock, id: i64) -> Result<()> {
    let change = ActiveModel { id: Set(id), ended_at: Set(Some(clock.now())), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Sells a lot for what is posted again. Once.
pub async fn end(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<()> {
    let row = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet.id)).lock_exclusive().one(tx).await?;
    let row = row.ok_or(Error::NotFound)?;
    if row.ended_at.is_some() {
        return Err(Refusal::conflict("markdown.over").into());
    }
    close(tx, clock, id).await?;
    let about = history::Subject("item", row.item_id);
    let detail = json!({ "lot": row.lot_id });
    history::remember(tx, clock, Some(outlet.village_id), about, "markdown_ended", Some(by), detail).await?;
    tx.changes_what_is_shown();
    Ok(())
}

/// Markdowns whose lot is empty, past its day or no longer on the shelf.
fn over(clock: &Clock) -> sea_orm::Select<Entity> {
    let gone = Condition::any().add(lot::Column::Remaining.lte(0)).add(lot::Column::ExpiresOn.lt(clock.today()));
    Entity::find()
        .join(JoinType::InnerJoin, entity::markdown::Relation::Lot.def())
        .filter(Column::EndedAt.is_null())
        .filter(gone)
}

/// Whether any markdown should end.
pub async fn is_any_over(db: &impl ConnectionTrait, clock: &Clock) -> Result<bool> {
    Ok(over(clock).count(db).await? > 0)
}

/// Ends markdowns whose lot is empty or past its day.
pub async fn end_over(tx: &Tx, clock: &Clock) -> Result<()> {
    let ids: Vec<i64> = over(clock).all(tx).await?.into_iter().map(|row| row.id).collect();
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(Some(clock.now())))
        .filter(Column::Id.is_in(ids))
        .exec(tx)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_the_day_the_lower_the_price_and_below_cost_only_at_the_end() {
        let price = |days| suggested(Rupiah(28_500), Rupiah(25_050), days).0;
        assert_eq!([14, 8, 7, 4, 3, 0].map(price), [25_600, 25_600, 25_100, 25_100, 19_900, 19_900]);
        assert_eq!(suggested(Rupiah(1_000), Rupiah(1_200), 10), Rupiah(1_000), "never more than what is posted");
    }
}
