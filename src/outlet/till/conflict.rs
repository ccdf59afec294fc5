//! What was odd about sales that happened: booked all the same, and shown until somebody has looked at it.
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::Value;

use crate::{
    clock::Clock,
    db::{self, Tx},
    error::{Error, Result},
};
pub use entity::sale_conflict::{Kind, Model};
use entity::{
    sale,
    sale_conflict::{ActiveModel, Column, Entity},
};

/// So many are on a page.
const MOST: u64 = 100;

/// Something odd about a sale.
#[derive(Clone, Debug, PartialEq)]
pub struct Odd {
    pub sale_id: i64,
    pub kind: Kind,
    /// What helps a person to understand it, by name.
    pub detail: Value,
}

/// Writes down what was odd.
pub async fn note(tx: &Tx, outlet_id: i64, at: DateTime<Utc>, all: Vec<Odd>) -> Result<()> {
    let rows = all.into_iter().map(|odd| ActiveModel {
        outlet_id: Set(outlet_id),
        sale_id: Set(odd.sale_id),
        kind: Set(odd.kind),
        detail: Set(odd.detail),
        at: Set(at),
        ..Default::default()
    });
    db::insert_all(tx, rows.collect()).await?;
    Ok(())
}

/// What nobody has looked at yet, the oldest first, with the sale it is about.
pub async fn open(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<(Model, Option<sale::Model>)>> {
    let waiting = waiting(outlet_id).find_also_related(sale::Entity);
    Ok(waiting.order_by_asc(Column::Id).limit(MOST).all(db).await?)
}

/// How many nobody has looked at.
pub async fn count(db: &impl ConnectionTrait, outlet_id: i64) -> Result<u64> {
    Ok(waiting(outlet_id).count(db).await?)
}

fn waiting(outlet_id: i64) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::OutletId.eq(outlet_id)).filter(Column::SeenAt.is_null())
}

/// Somebody has looked at it, and may say what came of it. Seen twice it was seen.
pub async fn seen(tx: &Tx, clock: &Clock, outlet_id: i64, id: i64, note: Option<String>, by: i64) -> Result<()> {
    let found = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).lock_exclusive().one(tx).await?;
    if found.ok_or(Error::NotFound)?.seen_at.is_some() {
        return Ok(());
    }
    let change = ActiveModel {
        id: Set(id),
        seen_by: Set(Some(by)),
        seen_at: Set(Some(clock.now())),
        note: Set(note),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    Ok(())
}
