//! The same tap twice gives the same answer: the first answer to a request key is kept with a hash of what was asked.
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, Statement,
};

use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
};
use entity::request;

/// The answer given before to this key in this scope. Another content under the same key is refused.
///
/// Two taps at the same moment take turns: the second sees the answer to the first. SQLite has one writer anyway.
pub async fn answered(tx: &Tx, scope: &str, key: &str, content_hash: &str) -> Result<Option<String>> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 7281))";
        let turn = Statement::from_sql_and_values(DbBackend::Postgres, sql, [format!("{scope}\n{key}").into()]);
        tx.execute_raw(turn).await?;
    }
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

/// The answer given to this key, whatever was asked with it.
pub async fn first_answer(db: &impl ConnectionTrait, scope: &str, key: &str) -> Result<Option<String>> {
    let of_key = request::Entity::find().filter(request::Column::Scope.eq(scope)).filter(request::Column::Key.eq(key));
    Ok(of_key.one(db).await?.map(|row| row.answer))
}

/// Keeps the answer, after [`answered`] in the same transaction.
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

/// Forgets answers that nobody will ask for again. The seed's marks stay.
pub async fn sweep(tx: &Tx, now: DateTime<Utc>) -> Result<()> {
    request::Entity::delete_many()
        .filter(request::Column::At.lt(now - Duration::days(90)))
        .filter(request::Column::Scope.starts_with("seed.").not())
        .exec(tx)
        .await?;
    Ok(())
}
