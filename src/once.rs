//! The same tap twice gives the same answer: the first answer to a request key is kept with a hash of what was asked.
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
};
use entity::request;

/// The answer given before to this key in this scope. Another content under the same key is refused.
///
/// Call it after locking what the request judges, or a second tap at the same moment sees nothing yet.
pub async fn answered(tx: &Tx, scope: &str, key: &str, content_hash: &str) -> Result<Option<String>> {
    let row = request::Entity::find()
        .filter(request::Column::Scope.eq(scope))
        .filter(request::Column::Key.eq(key))
        .one(tx)
        .await?;
    match row {
        None => Ok(None),
        Some(row) if row.content_hash == content_hash => Ok(Some(row.answer)),
        Some(_) => Err(Refusal::conflict("form.other_content").into()),
    }
}

/// Keeps the answer. Two at once: the later one fails on the unique key and is rolled back whole.
pub async fn remember(tx: &Tx, clock: &Clock, scope: &str, key: &str, content_hash: &str, answer: &str) -> Result<()> {
    let row = request::ActiveModel {
        scope: Set(scope.to_owned()),
        key: Set(key.to_owned()),
        content_hash: Set(content_hash.to_owned()),
        answer: Set(answer.to_owned()),
        at: Set(clock.now()),
        ..Default::default()
    };
    request::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}
