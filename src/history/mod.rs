//! Who did what, when, to what. Rows are only added, and sealed in chained blocks so that a later change shows.
pub mod seal;

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;

use crate::{clock::Clock, db::Tx, error::Result};
use entity::history;

/// What an act was about: the kind of thing and its id.
#[derive(Clone, Copy, Debug)]
pub struct Subject(pub &'static str, pub i64);

/// Writes down an act, in the transaction that does it. `person_id` is empty when the service acted by itself.
pub async fn remember(
    tx: &Tx,
    clock: &Clock,
    village_id: Option<i64>,
    subject: Subject,
    verb: &str,
    person_id: Option<i64>,
    detail: Value,
) -> Result<()> {
    let row = history::ActiveModel {
        village_id: Set(village_id),
        subject: Set(subject.0.to_owned()),
        subject_id: Set(subject.1),
        verb: Set(verb.to_owned()),
        person_id: Set(person_id),
        detail: Set(detail),
        at: Set(clock.now()),
        ..Default::default()
    };
    history::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Everything that happened to one thing, oldest first.
pub async fn of(db: &impl ConnectionTrait, subject: Subject) -> Result<Vec<history::Model>> {
    Ok(history::Entity::find()
        .filter(history::Column::Subject.eq(subject.0))
        .filter(history::Column::SubjectId.eq(subject.1))
        .order_by_asc(history::Column::Id)
        .all(db)
        .await?)
}
