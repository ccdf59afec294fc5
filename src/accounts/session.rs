//! One signed-in device: the browser keeps a random token, the row only its hash.
use actix_web::cookie::{Cookie, SameSite, time};
use chrono::Duration;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{
    clock::Clock,
    config::Config,
    db::{self, Db, Tx},
    error::{Error, Result},
    form::SESSION_COOKIE,
    secret,
};
use entity::session;

/// How long a device stays signed in.
const DAYS: i64 = 90;

/// Signs a device in; the answer is the token for its cookie, which is kept nowhere else.
pub async fn open(tx: &Tx, clock: &Clock, person_id: i64, device: &str) -> Result<String> {
    let token = secret::token();
    let now = clock.now();
    let row = session::ActiveModel {
        token_hash: Set(secret::sha256(token.as_bytes())),
        person_id: Set(person_id),
        device: Set(device.to_owned()),
        created_at: Set(now),
        seen_at: Set(now),
        expires_at: Set(now + Duration::days(DAYS)),
        ..Default::default()
    };
    session::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(token)
}

/// Ends one device of a person.
pub async fn end(tx: &Tx, person_id: i64, id: i64) -> Result<()> {
    let ended = session::Entity::delete_many()
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::PersonId.eq(person_id))
        .exec(tx)
        .await?;
    if ended.rows_affected == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Ends the session of a token, if there is one.
pub async fn end_token(tx: &Tx, token: &str) -> Result<()> {
    session::Entity::delete_many()
        .filter(session::Column::TokenHash.eq(secret::sha256(token.as_bytes())))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends all devices of a person but one, if one is named.
pub async fn end_all(tx: &Tx, person_id: i64, but: Option<i64>) -> Result<u64> {
    let mut ended = session::Entity::delete_many().filter(session::Column::PersonId.eq(person_id));
    if let Some(id) = but {
        ended = ended.filter(session::Column::Id.ne(id));
    }
    Ok(ended.exec(tx).await?.rows_affected)
}

/// The devices a person is signed in on, the last seen first.
pub async fn devices(db: &impl ConnectionTrait, clock: &Clock, person_id: i64) -> Result<Vec<session::Model>> {
    Ok(session::Entity::find()
        .filter(session::Column::PersonId.eq(person_id))
        .filter(session::Column::ExpiresAt.gt(clock.now()))
        .order_by_desc(session::Column::SeenAt)
        .order_by_desc(session::Column::Id)
        .all(db)
        .await?)
}

/// Notes that a device was seen. Called at most once an hour, beside the page rather than before it.
pub async fn touch(db: &Db, clock: &Clock, id: i64) -> Result<()> {
    let tx = db::begin(db).await?;
    session::Entity::update_many()
        .col_expr(session::Column::SeenAt, Expr::value(clock.now()))
        .filter(session::Column::Id.eq(id))
        .exec(&tx)
        .await?;
    Ok(tx.commit().await?)
}

/// Forgets sessions that are over.
pub async fn sweep(tx: &Tx, clock: &Clock) -> Result<u64> {
    let swept = session::Entity::delete_many().filter(session::Column::ExpiresAt.lte(clock.now())).exec(tx).await?;
    Ok(swept.rows_affected)
}

/// The cookie of a signed-in device.
pub fn cookie(config: &Config, token: String) -> Cookie<'static> {
    kept(config, SESSION_COOKIE, token, DAYS * 24 * 3600)
}

/// A cookie that scripts cannot read and other sites cannot send along with a form.
pub fn kept(config: &Config, name: &'static str, value: String, seconds: i64) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.public_url.starts_with("https://"))
        .max_age(time::Duration::seconds(seconds))
        .finish()
}

/// The same cookie, taken away.
pub fn gone(name: &'static str) -> Cookie<'static> {
    let mut cookie = Cookie::build(name, "").path("/").http_only(true).finish();
    cookie.make_removal();
    cookie
}

/// What a device is called in its owner's list: "Chrome, Android".
pub fn device(user_agent: &str) -> String {
    let known = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = known(&[
        ("SamsungBrowser", "Samsung Internet"),
        ("OPR/", "Opera"),
        ("Opera Mini", "Opera Mini"),
        ("UCBrowser", "UC Browser"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = known(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_called_by_browser_and_system() {
        let phone = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile";
        assert_eq!(device(phone), "Chrome, Android");
        assert_eq!(device("curl/8.0"), "?");
    }

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let mut config = Config::read(&|name| (name == "WARONG_DATA").then(|| "/tmp".into())).unwrap();
        let open = cookie(&config, "abc".into()).to_string();
        assert!(open.contains("HttpOnly") && open.contains("SameSite=Lax") && !open.contains("Secure"), "{open}");
        config.public_url = "https://warong.example".into();
        assert!(cookie(&config, "abc".into()).to_string().contains("Secure"));
    }
}
