//! Phones that work for an outlet without signal.
//!
//! A phone is registered once and gets a key, which is kept nowhere: it is drawn again from the secret and the phone's id
//! whenever a signature is looked at. The key is given only until it was first used. A revoked phone is never heard again,
//! and whoever holds it has to sign in anew.
mod numbers;

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use serde_json::json;
use sha2::Sha256;
use subtle::ConstantTimeEq;

pub use self::numbers::{Numbers, numbers};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
    secret::{Secret, hex},
};
pub use entity::device::Model;
use entity::{
    device::{ActiveModel, Column, Entity},
    outlet, person_role,
    person_role::Role,
    session,
};

/// A clock that is off by less than this is right: the way to us takes its time.
const PUNCTUAL: Duration = Duration::minutes(2);
/// Nobody has been without signal for longer than this before the phone was registered.
const LONGEST_SILENCE: Duration = Duration::days(45);

/// A phone that wants to work for an outlet.
#[derive(Clone, Copy, Debug)]
pub struct NewDevice<'a> {
    /// What it calls itself; asked again with the same name it gets the same key, until that was used.
    pub install: &'a str,
    pub name: &'a str,
    /// Browser and system.
    pub model: &'a str,
    pub session_id: i64,
}

/// Whether a phone may call itself so: random, and made for this.
pub fn is_install(text: &str) -> bool {
    (20..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Registers a phone; an answer that was lost is given again.
pub async fn register(tx: &Tx, clock: &Clock, outlet: &outlet::Model, by: i64, new: NewDevice<'_>) -> Result<Model> {
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        person_id: Set(by),
        session_id: Set(Some(new.session_id)),
        install: Set(new.install.to_owned()),
        name: Set(new.name.to_owned()),
        model: Set(new.model.to_owned()),
        created_at: Set(clock.now()),
        clock_ahead_ms: Set(0),
        ..Default::default()
    };
    let once = OnConflict::column(Column::Install).do_nothing().to_owned();
    let is_new = Entity::insert(row).on_conflict(once).exec_without_returning(tx).await? == 1;
    let device = Entity::find().filter(Column::Install.eq(new.install)).one(tx).await?.ok_or(Error::NotFound)?;
    if is_new {
        let detail = json!({ "name": device.name, "model": device.model });
        let subject = Subject("device", device.id);
        history::remember(tx, clock, Some(outlet.village_id), subject, "registered", Some(by), detail).await?;
        return Ok(device);
    }
    must_be_heard(&device)?;
    let is_theirs = (device.outlet_id, device.person_id) == (outlet.id, by);
    if is_theirs && device.seen_at.is_none() { Ok(device) } else { Err(Refusal::conflict("device.key_given").into()) }
}

/// The key of a phone: the text itself, letter for letter, is what it signs with.
pub fn key(secret: &Secret, id: i64) -> String {
    secret.mac("device", id.to_string().as_bytes())
}

/// What a phone that has this key writes under a text.
pub fn signature(key: &str, text: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        unreachable!("HMAC takes a key of any length")
    };
    mac.update(text.as_bytes());
    hex(&mac.finalize().into_bytes())
}

/// Whether the phone with this key signed this text, compared in constant time.
pub fn has_signed(key: &str, text: &str, written: &str) -> bool {
    signature(key, text).as_bytes().ct_eq(written.as_bytes()).into()
}

/// A phone of one of these outlets, locked: what it sends is taken one batch after the other.
pub async fn lock(tx: &Tx, outlets: &[i64], id: i64) -> Result<Model> {
    let found = Entity::find_by_id(id).filter(Column::OutletId.is_in(outlets.iter().copied()));
    found.lock_exclusive().one(tx).await?.ok_or_else(|| Refusal::conflict("device.unknown").into())
}

/// Says no to a phone that was revoked.
pub fn must_be_heard(device: &Model) -> Result<(), Refusal> {
    if device.revoked_at.is_none() { Ok(()) } else { Err(Refusal::conflict("device.revoked")) }
}

/// Notes that a phone was heard of, in which session, and how its clock goes.
pub async fn heard(tx: &Tx, clock: &Clock, id: i64, session_id: i64, ahead: Duration) -> Result<()> {
    let change = ActiveModel {
        id: Set(id),
        session_id: Set(Some(session_id)),
        seen_at: Set(Some(clock.now())),
        clock_ahead_ms: Set(ahead.num_milliseconds()),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    Ok(())
}

/// When something happened by our clock, told by a clock that is `ahead` of it now.
///
/// A clock that was set right in between says something that cannot have been: then it is the hour it came in.
pub fn corrected(device: &Model, recorded: DateTime<Utc>, ahead: Duration, now: DateTime<Utc>) -> DateTime<Utc> {
    let at = if ahead.abs() < PUNCTUAL { recorded } else { recorded.checked_sub_signed(ahead).unwrap_or(now) };
    if at > now || at < device.created_at - LONGEST_SILENCE { now } else { at }
}

/// The phones of an outlet, those in use first.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Model>> {
    let mut devices = Entity::find().filter(Column::OutletId.eq(outlet_id)).order_by_desc(Column::Id).all(db).await?;
    devices.sort_by_key(|device| device.revoked_at.is_some());
    Ok(devices)
}

/// A phone of this outlet; another outlet's does not exist here.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Model> {
    Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)
}

/// Calls a phone something that people know it by.
pub async fn rename(tx: &Tx, outlet_id: i64, id: i64, name: &str) -> Result<()> {
    let device = read(tx, outlet_id, id).await?;
    let change = ActiveModel { id: Set(device.id), name: Set(name.to_owned()), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Nothing more is taken from this phone, and its session ends. Done twice it is done.
pub async fn revoke(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<()> {
    let device = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet.id)).lock_exclusive().one(tx).await?;
    let device = device.ok_or(Error::NotFound)?;
    if device.revoked_at.is_some() {
        return Ok(());
    }
    let change = ActiveModel {
        id: Set(id),
        revoked_at: Set(Some(clock.now())),
        revoked_by: Set(Some(by)),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    if let Some(session_id) = device.session_id {
        session::Entity::delete_by_id(session_id).exec(tx).await?;
    }
    let detail = json!({ "name": device.name });
    history::remember(tx, clock, Some(outlet.village_id), Subject("device", id), "revoked", Some(by), detail).await
}

/// Whether somebody runs an outlet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Now,
    /// They did once.
    Once,
}

/// Which of these people run an outlet, or did.
pub async fn operators(
    db: &impl ConnectionTrait,
    outlet: &outlet::Model,
    people: &[i64],
) -> Result<HashMap<i64, Standing>> {
    use person_role::Column as Held;
    let here = Condition::any()
        .add(Held::OutletId.eq(outlet.id))
        .add(Condition::all().add(Held::OutletId.is_null()).add(Held::VillageId.eq(outlet.village_id)))
        .add(Condition::all().add(Held::OutletId.is_null()).add(Held::VillageId.is_null()));
    let roles = person_role::Entity::find()
        .filter(Held::PersonId.is_in(people.iter().copied()))
        .filter(Held::Role.eq(Role::Operator))
        .filter(here)
        .all(db)
        .await?;
    let mut found = HashMap::new();
    for role in roles {
        let standing = if role.revoked_at.is_none() { Standing::Now } else { Standing::Once };
        let known = found.entry(role.person_id).or_insert(standing);
        if standing == Standing::Now {
            *known = standing;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device() -> Model {
        Model {
            id: 1,
            outlet_id: 1,
            person_id: 1,
            session_id: None,
            install: String::new(),
            name: String::new(),
            model: String::new(),
            created_at: at("2026-11-20T00:00:00Z"),
            seen_at: None,
            clock_ahead_ms: 0,
            revoked_at: None,
            revoked_by: None,
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_that_is_off_is_set_right() {
        let now = at("2026-11-21T03:00:00Z");
        let hour_ago = at("2026-11-21T02:00:00Z");
        for days in [365, -365, 1, 0] {
            let ahead = Duration::days(days);
            assert_eq!(corrected(&device(), hour_ago + ahead, ahead, now), hour_ago, "{days} days");
        }
        let late = hour_ago + Duration::seconds(40);
        assert_eq!(corrected(&device(), late, Duration::seconds(40), now), late, "the way takes its time");
        assert_eq!(corrected(&device(), hour_ago - Duration::days(365), Duration::zero(), now), now, "set in between");
        assert_eq!(corrected(&device(), now + Duration::hours(3), Duration::zero(), now), now, "not yet");
        assert_eq!(corrected(&device(), DateTime::<Utc>::MIN_UTC, Duration::days(365), now), now);
    }

    #[test]
    fn a_signature_is_of_one_phone_and_one_text() {
        let secret = Secret::new(vec![7; 32]);
        let written = signature(&key(&secret, 1), "apa");
        assert!(has_signed(&key(&secret, 1), "apa", &written));
        assert!(!has_signed(&key(&secret, 2), "apa", &written));
        assert!(!has_signed(&key(&secret, 1), "lain", &written));
        assert!(!has_signed(&key(&secret, 1), "apa", ""));
    }
}
