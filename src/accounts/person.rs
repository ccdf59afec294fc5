//! People by name and phone. A phone belongs to one person; a person may have none.
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, SqlErr,
    sea_query::{Expr, Func},
};

use super::{role, session};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    locale::Lang,
};
use entity::{person, person_role};

/// A PIN that somebody else chose is good for so long.
const LENT: Duration = Duration::days(7);

/// Writes down a person. With a phone and the hash of a PIN they can sign in.
pub async fn create(
    tx: &Tx,
    clock: &Clock,
    name: &str,
    phone: Option<&str>,
    secret_hash: Option<String>,
) -> Result<i64> {
    let row = person::ActiveModel {
        name: Set(name.to_owned()),
        phone: Set(phone.map(str::to_owned)),
        secret_hash: Set(secret_hash),
        language: Set(Lang::Id),
        failed_count: Set(0),
        created_at: Set(clock.now()),
        ..Default::default()
    };
    match person::Entity::insert(row).exec(tx).await {
        Ok(made) => Ok(made.last_insert_id),
        Err(e) if matches!(e.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            Err(Refusal::conflict("account.phone_taken").into())
        }
        Err(e) => Err(e.into()),
    }
}

/// Whoever has this phone, written 62…
pub async fn by_phone(db: &impl ConnectionTrait, phone: &str) -> Result<Option<person::Model>> {
    Ok(person::Entity::find().filter(person::Column::Phone.eq(phone)).one(db).await?)
}

/// A person by number.
pub async fn get(db: &impl ConnectionTrait, id: i64) -> Result<person::Model> {
    person::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// The same, and nobody else changes them meanwhile.
pub async fn locked(tx: &Tx, id: i64) -> Result<person::Model> {
    person::Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)
}

/// People whose name or phone contains this, the newest first; and how many there are in all.
pub async fn search(db: &impl ConnectionTrait, sought: &str, most: u64) -> Result<(Vec<person::Model>, u64)> {
    let mut query = person::Entity::find();
    let sought = sought.trim().to_lowercase();
    if !sought.is_empty() {
        let mut any =
            Condition::any().add(Expr::expr(Func::lower(Expr::col(person::Column::Name))).like(containing(&sought)));
        let digits: String = sought.chars().filter(char::is_ascii_digit).collect();
        if digits.len() >= 3 {
            any = any.add(person::Column::Phone.contains(digits.strip_prefix('0').unwrap_or(&digits)));
        }
        query = query.filter(any);
    }
    let count = query.clone().count(db).await?;
    Ok((query.order_by_desc(person::Column::Id).limit(most).all(db).await?, count))
}

/// A LIKE pattern for a text that may itself hold `%` or `_`.
pub(super) fn containing(text: &str) -> sea_orm::sea_query::LikeExpr {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    sea_orm::sea_query::LikeExpr::new(format!("%{escaped}%")).escape('\\')
}

/// Gives a person another PIN and opens the door that wrong ones had closed.
pub async fn set_secret(tx: &Tx, id: i64, hash: String, until: Option<DateTime<Utc>>) -> Result<()> {
    let change = person::ActiveModel {
        id: Set(id),
        secret_hash: Set(Some(hash)),
        secret_until: Set(until),
        failed_count: Set(0),
        locked_until: Set(None),
        ..Default::default()
    };
    person::Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Lends a person a PIN that somebody else chose: it ends after a week, and all their devices are signed out.
pub async fn lend_secret(tx: &Tx, clock: &Clock, id: i64, hash: String) -> Result<()> {
    set_secret(tx, id, hash, Some(lent_until(clock))).await?;
    session::end_all(tx, id, None).await?;
    Ok(())
}

/// When a PIN that is lent now ends.
pub fn lent_until(clock: &Clock) -> DateTime<Utc> {
    clock.now() + LENT
}

/// The language a person reads.
pub async fn set_language(tx: &Tx, id: i64, language: Lang) -> Result<()> {
    let change = person::ActiveModel { id: Set(id), language: Set(language), ..Default::default() };
    person::Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Closes the door to somebody; says whether it was open. The last administrator stays.
pub async fn disable(tx: &Tx, clock: &Clock, id: i64) -> Result<bool> {
    role::keeps_an_administrator(tx, id, None).await?;
    let person = locked(tx, id).await?;
    if person.disabled_at.is_some() {
        return Ok(false);
    }
    let change = person::ActiveModel { id: Set(id), disabled_at: Set(Some(clock.now())), ..Default::default() };
    person::Entity::update(change).exec(tx).await?;
    session::end_all(tx, id, None).await?;
    Ok(true)
}

/// Opens it again; says whether it was closed.
pub async fn enable(tx: &Tx, id: i64) -> Result<bool> {
    let person = locked(tx, id).await?;
    let change = person::ActiveModel {
        id: Set(id),
        disabled_at: Set(None),
        failed_count: Set(0),
        locked_until: Set(None),
        ..Default::default()
    };
    person::Entity::update(change).exec(tx).await?;
    Ok(person.disabled_at.is_some())
}

/// The cast of the demonstration, in the order it was written down.
pub async fn demonstration(db: &impl ConnectionTrait) -> Result<Vec<(person::Model, Vec<person_role::Model>)>> {
    let people = person::Entity::find()
        .filter(person::Column::Phone.starts_with("62812000000"))
        .filter(person::Column::SecretHash.is_not_null())
        .order_by_asc(person::Column::Phone)
        .limit(12)
        .all(db)
        .await?;
    let roles = role::of_people(db, &people.iter().map(|person| person.id).collect::<Vec<_>>()).await?;
    Ok(people
        .into_iter()
        .map(|person| {
            let held = roles.iter().filter(|role| role.person_id == person.id).cloned().collect();
            (person, held)
        })
        .collect())
}
