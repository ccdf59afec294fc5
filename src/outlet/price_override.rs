//! A price above the legal ceiling: one person asks for it with a reason, another approves it beforehand, and it holds
//! until a day. Then the price is again what its rule makes.
use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use super::{
    price::{self, Grounds},
    price_ceiling::Law,
    price_good,
};
use crate::{
    catalogue::price::{MAX, Origin},
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
};
pub use entity::price_override::{Decision, Model};
use entity::{
    Rupiah, outlet,
    price_override::{ActiveModel, Column, Entity},
};

/// It holds for so many days at most.
pub const MOST_DAYS: u64 = 31;

/// Asks for a price above the ceiling. One question an item at a time.
pub async fn ask(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    by: i64,
    item_id: i64,
    (price, valid_until): (Rupiah, NaiveDate),
    reason: &str,
) -> Result<i64> {
    let good = price::locked(tx, outlet.id, item_id).await?;
    let today = clock.today();
    let last = today.checked_add_days(Days::new(MOST_DAYS)).unwrap_or(today);
    if !(today..=last).contains(&valid_until) {
        return Err(Refusal::invalid("harga.until_when").with("n", MOST_DAYS as i64).into());
    }
    let most = Law::of(tx, outlet).await?.most(&good, today);
    if most.is_none_or(|most| price <= most) || price > MAX {
        return Err(Refusal::invalid("harga.no_need").into());
    }
    if reason.trim().is_empty() {
        return Err(Refusal::invalid("harga.needs_reason").into());
    }
    let waits = Entity::find().filter(Column::ItemId.eq(item_id)).filter(Column::Decision.is_null());
    if waits.filter(Column::ValidUntil.gte(today)).one(tx).await?.is_some() {
        return Err(Refusal::conflict("harga.asked_already").into());
    }
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        item_id: Set(item_id),
        price: Set(price),
        reason: Set(reason.to_owned()),
        asked_by: Set(by),
        asked_at: Set(clock.now()),
        valid_until: Set(valid_until),
        ..Default::default()
    };
    let id = Entity::insert(row).exec(tx).await?.last_insert_id;
    let detail = json!({ "item": item_id, "price": price, "most": most, "until": valid_until, "reason": reason });
    remember(tx, clock, outlet, id, "asked", by, detail).await?;
    Ok(id)
}

/// Says yes or no, once. Yes comes from another person than asked, and posts the price at once; who asked may take it
/// back by saying no.
pub async fn decide(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    by: i64,
    id: i64,
    decision: Decision,
) -> Result<()> {
    let asked = read(tx, outlet.id, id).await?;
    let good = price::locked(tx, outlet.id, asked.item_id).await?;
    let asked = Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)?;
    if asked.decision.is_some() {
        return Err(Refusal::conflict("harga.decided").into());
    }
    if decision == Decision::Approved {
        if asked.asked_by == by {
            return Err(Refusal::conflict("harga.not_own").into());
        }
        if asked.valid_until < clock.today() {
            return Err(Refusal::conflict("harga.ask_over").into());
        }
    }
    let change = ActiveModel {
        id: Set(id),
        decision: Set(Some(decision)),
        decided_by: Set(Some(by)),
        decided_at: Set(Some(clock.now())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    let verb = if decision == Decision::Approved { "approved" } else { "refused" };
    remember(tx, clock, outlet, id, verb, by, json!({ "item": asked.item_id, "price": asked.price })).await?;
    if decision == Decision::Refused {
        return Ok(());
    }
    // Also when it is asked already: from now on it stands by this permission, for as long as this one holds.
    let bounds = Law::of(tx, outlet).await?.bounds(&good, clock.today());
    let grounds = Grounds { bounds, cost: price_good::cost_of(tx, &good).await? };
    let origin = Origin { override_id: Some(id), ..price::origin(&good, &grounds) };
    price::put(tx, clock, outlet, Some(by), &good, asked.price, &asked.reason, origin).await
}

async fn remember(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    id: i64,
    verb: &str,
    by: i64,
    detail: serde_json::Value,
) -> Result<()> {
    let subject = Subject("price_override", id);
    history::remember(tx, clock, Some(outlet.village_id), subject, verb, Some(by), detail).await
}

/// One of this outlet; another outlet's does not exist here.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Model> {
    Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)
}

/// What was approved for an item and holds on a day; of several the dearest.
pub async fn in_force(db: &impl ConnectionTrait, item_id: i64, day: NaiveDate) -> Result<Option<Model>> {
    let approved = Entity::find().filter(Column::ItemId.eq(item_id)).filter(Column::Decision.eq(Decision::Approved));
    Ok(approved.filter(Column::ValidUntil.gte(day)).order_by_desc(Column::Price).one(db).await?)
}

/// The highest approved price of each item of an outlet on a day.
pub async fn all_in_force(db: &impl ConnectionTrait, outlet_id: i64, day: NaiveDate) -> Result<HashMap<i64, Rupiah>> {
    let approved = Entity::find()
        .filter(Column::OutletId.eq(outlet_id))
        .filter(Column::Decision.eq(Decision::Approved))
        .filter(Column::ValidUntil.gte(day));
    // The highest comes last, and stays.
    let rows = approved.order_by_asc(Column::Price).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.item_id, row.price)).collect())
}

/// What waits for a second person and is not over.
pub async fn waiting(db: &impl ConnectionTrait, outlet_id: i64, today: NaiveDate) -> Result<Vec<Model>> {
    Ok(open(outlet_id, today).order_by_asc(Column::Id).all(db).await?)
}

/// How many wait.
pub async fn count(db: &impl ConnectionTrait, outlet_id: i64, today: NaiveDate) -> Result<i64> {
    Ok(open(outlet_id, today).count(db).await? as i64)
}

fn open(outlet_id: i64, today: NaiveDate) -> sea_orm::Select<Entity> {
    let here = Entity::find().filter(Column::OutletId.eq(outlet_id));
    here.filter(Column::Decision.is_null()).filter(Column::ValidUntil.gte(today))
}

/// What was asked for an item so far, the newest first.
pub async fn of_item(db: &impl ConnectionTrait, item_id: i64, most: u64) -> Result<Vec<Model>> {
    let of = Entity::find().filter(Column::ItemId.eq(item_id));
    Ok(of.order_by_desc(Column::Id).limit(most).all(db).await?)
}
