//! Ways in for programs: a bearer token that stands for one role of one person, and ends with it.
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Result},
    secret::{self, Secret},
};
use entity::{api_token, person, person_role};

/// What every token begins with, so that one that leaked is recognised.
const MARK: &str = "warong_";

/// A token as a list shows it: never the token itself.
#[derive(Clone, Debug)]
pub struct Listed {
    pub token: api_token::Model,
    pub role: person_role::Model,
    pub person: person::Model,
}

/// Makes a token for a role. The same `request_key` makes the same token again, so that a second tap shows what the
/// first one did; says also whether it is new.
pub async fn issue(
    tx: &Tx,
    clock: &Clock,
    with: &Secret,
    role: &person_role::Model,
    name: &str,
    request_key: &str,
) -> Result<(String, bool)> {
    let token = format!("{MARK}{}", with.mac("api-token", format!("{}/{request_key}", role.id).as_bytes()));
    let row = api_token::ActiveModel {
        token_hash: Set(secret::sha256(token.as_bytes())),
        person_role_id: Set(role.id),
        name: Set(name.to_owned()),
        created_at: Set(clock.now()),
        ..Default::default()
    };
    let added = api_token::Entity::insert(row)
        .on_conflict(OnConflict::column(api_token::Column::TokenHash).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok((token, added == 1))
}

/// Ends a token; ending it twice is as good. Says whose role it stood for and whether it was still good.
pub async fn revoke(tx: &Tx, clock: &Clock, id: i64) -> Result<(person_role::Model, bool)> {
    let found = api_token::Entity::find_by_id(id).find_also_related(person_role::Entity).one(tx).await?;
    let Some((_, Some(role))) = found else { return Err(Error::NotFound) };
    let ended = api_token::Entity::update_many()
        .col_expr(api_token::Column::RevokedAt, Expr::value(Some(clock.now())))
        .filter(api_token::Column::Id.eq(id))
        .filter(api_token::Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok((role, ended.rows_affected == 1))
}

/// All tokens that are good, the newest first.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Listed>> {
    let tokens = api_token::Entity::find()
        .filter(api_token::Column::RevokedAt.is_null())
        .find_also_related(person_role::Entity)
        .order_by_desc(api_token::Column::Id)
        .all(db)
        .await?;
    let ids = tokens.iter().filter_map(|(_, role)| Some(role.as_ref()?.person_id));
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    Ok(tokens
        .into_iter()
        .filter_map(|(token, role)| {
            let role = role.filter(|role| role.revoked_at.is_none())?;
            let person = people.iter().find(|person| person.id == role.person_id)?.clone();
            Some(Listed { token, role, person })
        })
        .collect())
}

/// The role a token stands for; `None` once the token, the role or the person is out of force.
pub async fn role_of(db: &impl ConnectionTrait, token: &str) -> Result<Option<(api_token::Model, person_role::Model)>> {
    if !token.starts_with(MARK) {
        return Ok(None);
    }
    let found = api_token::Entity::find()
        .filter(api_token::Column::TokenHash.eq(secret::sha256(token.as_bytes())))
        .filter(api_token::Column::RevokedAt.is_null())
        .find_also_related(person_role::Entity)
        .one(db)
        .await?;
    let Some((token, Some(role))) = found else { return Ok(None) };
    let person = person::Entity::find_by_id(role.person_id).one(db).await?;
    let in_force = role.revoked_at.is_none() && person.is_some_and(|person| person.disabled_at.is_none());
    Ok(in_force.then_some((token, role)))
}
