//! Cash that goes into a drawer or out of it without a sale.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    shift::{self, Speaker},
    told,
};
use crate::{clock::Clock, db::Tx, error::Result, ledger::Book};
pub use entity::shift_cash::{Model, Way};
use entity::{
    outlet,
    shift_cash::{ActiveModel, Column, Entity},
};

/// Puts cash in or takes it out. The same source key moves nothing again.
pub async fn pass(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    told: &told::Cash,
    speaker: Speaker,
    source_key: &str,
) -> Result<Model> {
    let shift = shift::of_key(tx, outlet.id, &told.shift, speaker).await?;
    if let Some(known) = Entity::find().filter(Column::SourceKey.eq(source_key)).one(tx).await? {
        return Ok(known);
    }
    let row = ActiveModel {
        shift_id: Set(shift.id),
        way: Set(told.way),
        amount: Set(told.amount),
        reason: Set(told.reason.trim().to_owned()),
        person_id: Set(speaker.person_id),
        source_key: Set(source_key.to_owned()),
        at: Set(speaker.at),
        ..Default::default()
    };
    let passed = Entity::insert(row).exec_with_returning(tx).await?;
    let (other, into) = match told.way {
        Way::In => (Book::Cash(outlet.id), told.amount),
        Way::Out => (Book::Cash(outlet.id), -told.amount),
        Way::Spent => (Book::Expense(outlet.id), -told.amount),
    };
    let key = format!("shift_cash:{}", passed.id);
    shift::post(tx, clock, &shift, &key, "shift_cash", &[(Book::Drawer(shift.id), into), (other, -into)]).await?;
    Ok(passed)
}

/// What went in and out of a drawer, in its order.
pub async fn of_shift(db: &impl ConnectionTrait, shift_id: i64) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::ShiftId.eq(shift_id))
        .order_by_asc(Column::At)
        .order_by_asc(Column::Id)
        .all(db)
        .await?)
}
