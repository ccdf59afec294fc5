//! A shift: from the opening of a till's drawer until it is counted.
//!
//! Its drawer is a page of the books of its own ([`Book::Drawer`]), so that what should lie in it is a sum and not an
//! opinion. Events come in any order: a sale may be told before its shift was opened, or after it was closed; the
//! drawer of a closed shift is empty, and what comes late is set against the difference that was found.
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use serde_json::{Value, json};

use super::told;
use crate::{
    clock::{self, Clock},
    db::Tx,
    error::{Error, Refusal, Result},
    history,
    ledger::{self, Book, Line, NewEntry},
    locale,
};
pub use entity::shift::Model;
use entity::{
    Rupiah, outlet,
    shift::{ActiveModel, Column, Entity},
};

/// Who speaks of a shift, and when.
#[derive(Clone, Copy, Debug)]
pub struct Speaker {
    pub device_id: i64,
    pub person_id: i64,
    pub at: DateTime<Utc>,
}

/// How other modules call a shift.
pub fn subject(id: i64) -> String {
    format!("shift:{id}")
}

/// The shifts of these keys, locked in the order of their ids; those that nobody has spoken of before begin here.
pub async fn known(tx: &Tx, outlet_id: i64, keys: &[(&str, Speaker)]) -> Result<HashMap<String, Model>> {
    let of_keys = || Entity::find().filter(Column::Key.is_in(keys.iter().map(|(key, _)| *key)));
    let found: Vec<String> = of_keys().all(tx).await?.into_iter().map(|row| row.key).collect();
    for (key, speaker) in keys.iter().filter(|(key, _)| !found.iter().any(|known| known == key)) {
        let row = ActiveModel {
            outlet_id: Set(outlet_id),
            device_id: Set(Some(speaker.device_id)),
            key: Set((*key).to_owned()),
            opened_by: Set(speaker.person_id),
            opened_at: Set(speaker.at),
            ..Default::default()
        };
        let once = OnConflict::column(Column::Key).do_nothing().to_owned();
        Entity::insert(row).on_conflict(once).exec_without_returning(tx).await?;
    }
    let all = of_keys().order_by_asc(Column::Id).lock_exclusive().all(tx).await?;
    Ok(all.into_iter().filter(|row| row.outlet_id == outlet_id).map(|row| (row.key.clone(), row)).collect())
}

/// The shift of one key.
pub async fn of_key(tx: &Tx, outlet_id: i64, key: &str, speaker: Speaker) -> Result<Model> {
    let mut found = known(tx, outlet_id, &[(key, speaker)]).await?;
    // A key of another outlet's shift does not exist here.
    found.remove(key).ok_or(Error::NotFound)
}

/// The drawer was opened with so much in it, out of the outlet's cash box. Told twice it is the same; told otherwise it
/// is refused.
pub async fn open(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    told: &told::Open,
    speaker: Speaker,
) -> Result<Model> {
    let shift = of_key(tx, outlet.id, &told.shift, speaker).await?;
    match shift.float {
        Some(float) if float == told.float => return Ok(shift),
        Some(float) => return Err(Refusal::conflict("shift.other_float").with("amount", float).into()),
        None => {}
    }
    let key = format!("{}:opened", subject(shift.id));
    let lines = [(Book::Drawer(shift.id), told.float), (Book::Cash(outlet.id), -told.float)];
    post(tx, clock, &shift, &key, "shift_opened", &lines).await?;
    let change = ActiveModel {
        id: Set(shift.id),
        float: Set(Some(told.float)),
        opened_by: Set(speaker.person_id),
        opened_at: Set(std::cmp::min(shift.opened_at, speaker.at)),
        ..Default::default()
    };
    let shift = Entity::update(change).exec(tx).await?;
    remember(tx, clock, outlet, &shift, "opened", speaker.person_id, json!({ "float": told.float })).await?;
    Ok(shift)
}

/// The drawer was counted: what lies in it goes into the cash box, and what is missing or too much is a loss or a gain.
/// Only one person closes a shift.
pub async fn close(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    told: &told::Close,
    speaker: Speaker,
) -> Result<Model> {
    let shift = of_key(tx, outlet.id, &told.shift, speaker).await?;
    if let Some(at) = shift.closed_at {
        let said = Refusal::conflict("shift.closed").with("at", locale::hour(at, clock::wib()));
        return Err(said.with("amount", shift.counted.unwrap_or_default()).into());
    }
    let expected = ledger::balance(tx, Book::Drawer(shift.id)).await?;
    let key = format!("{}:closed", subject(shift.id));
    let lines = [
        (Book::Cash(outlet.id), told.counted),
        (Book::Loss(outlet.id), expected - told.counted),
        (Book::Drawer(shift.id), -expected),
    ];
    write(tx, clock, &shift, &key, "shift_closed", &lines).await?;
    let change = ActiveModel {
        id: Set(shift.id),
        closed_by: Set(Some(speaker.person_id)),
        closed_at: Set(Some(speaker.at)),
        notes: Set(Some(json!(told.notes))),
        expected: Set(Some(expected)),
        counted: Set(Some(told.counted)),
        explanation: Set(told.explanation.clone().filter(|text| !text.trim().is_empty())),
        ..Default::default()
    };
    let shift = Entity::update(change).exec(tx).await?;
    let detail = json!({ "expected": expected, "counted": told.counted });
    remember(tx, clock, outlet, &shift, "closed", speaker.person_id, detail).await?;
    Ok(shift)
}

/// Posts to the books of a shift; when it is closed already, what is added to its drawer is taken out of the difference
/// that was found, for it lay there when it was counted.
pub async fn post(tx: &Tx, clock: &Clock, shift: &Model, key: &str, kind: &str, lines: &[Line]) -> Result<()> {
    if !write(tx, clock, shift, key, kind, lines).await? {
        return Ok(());
    }
    let added = lines.iter().filter(|(book, _)| *book == Book::Drawer(shift.id)).map(|(_, amount)| *amount).sum();
    late(tx, clock, shift, key, added).await
}

/// What came to the drawer of a closed shift after it was counted.
pub async fn late(tx: &Tx, clock: &Clock, shift: &Model, key: &str, added: Rupiah) -> Result<()> {
    if shift.closed_at.is_none() || added == Rupiah::ZERO {
        return Ok(());
    }
    let lines = [(Book::Loss(shift.outlet_id), added), (Book::Drawer(shift.id), -added)];
    let key = format!("{key}:late");
    if !write(tx, clock, shift, &key, "shift_late", &lines).await? {
        return Ok(());
    }
    let now = Entity::find_by_id(shift.id).one(tx).await?.ok_or(Error::NotFound)?;
    let expected = now.expected.unwrap_or_default() + added;
    Entity::update(ActiveModel { id: Set(shift.id), expected: Set(Some(expected)), ..Default::default() })
        .exec(tx)
        .await?;
    Ok(())
}

async fn write(tx: &Tx, clock: &Clock, shift: &Model, key: &str, kind: &str, lines: &[Line]) -> Result<bool> {
    let subject = subject(shift.id);
    ledger::post(tx, clock, NewEntry { source_key: key, kind, subject: &subject, memo: "", lines }).await
}

async fn remember(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    shift: &Model,
    verb: &str,
    by: i64,
    detail: Value,
) -> Result<()> {
    let about = history::Subject("shift", shift.id);
    history::remember(tx, clock, Some(outlet.village_id), about, verb, Some(by), detail).await
}

/// A shift of this outlet; another outlet's does not exist here.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Model> {
    Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)
}

/// The shifts of an outlet, the newest first.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64, most: u64) -> Result<Vec<Model>> {
    let of_outlet = Entity::find().filter(Column::OutletId.eq(outlet_id));
    Ok(of_outlet.order_by_desc(Column::OpenedAt).order_by_desc(Column::Id).limit(most).all(db).await?)
}

/// What tills call the shifts of an outlet that were closed since a time, whether they know of it or not.
pub async fn closed_since(db: &impl ConnectionTrait, outlet_id: i64, since: DateTime<Utc>) -> Result<Vec<String>> {
    let closed = Entity::find().filter(Column::OutletId.eq(outlet_id)).filter(Column::ClosedAt.gte(since));
    Ok(closed.order_by_asc(Column::Id).all(db).await?.into_iter().map(|row| row.key).collect())
}

/// What was found too much (more than nothing) or missing when it was counted.
pub fn difference(shift: &Model) -> Option<Rupiah> {
    Some(shift.counted? - shift.expected?)
}
