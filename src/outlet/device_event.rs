//! Things that happened on a phone, told once or many times, in any order and in any pieces.
//!
//! What it promises: what a phone told is kept as it was told; each event gets one verdict, and asked again the same one;
//! the same id with another content is refused; and what was held waits for a person, who decides once.
mod told;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Map, Value, json};

pub use self::told::{MAX_BODY, Told};
use crate::{
    clock::Clock,
    db::{self, Tx},
    error::{Error, Refusal, Result},
    locale::{Lang, Said, Say, Words, fill, grouped},
    secret::sha256,
};
pub use entity::device_event::{Decision, Model, Verdict};
use entity::{
    Rupiah, device,
    device_event::{ActiveModel, Column, Entity},
};

/// So many held events are on a page.
const MOST: u64 = 50;

/// What became of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is in the books; the phone is told where.
    Accepted(Value),
    /// A person must decide; the value helps them.
    Held(Said, Value),
    /// All that is wrong, each by the field it is about; what is about no field has no name.
    Refused(BTreeMap<String, Said>),
}

impl Outcome {
    /// A no that is about no single field.
    pub fn refused(said: Said) -> Outcome {
        Outcome::Refused(BTreeMap::from([(String::new(), said)]))
    }
}

/// How a batch came in.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    pub device: &'a device::Model,
    pub sender_id: i64,
    pub at: DateTime<Utc>,
}

/// The row of an event that came from its phone.
pub fn row(arrival: Arrival<'_>, told: &Told, corrected_at: DateTime<Utc>, outcome: &Outcome) -> Model {
    let base = Model {
        source_key: told.id.clone(),
        event_id: told.id.clone(),
        counter: told.counter,
        kind: told.kind.clone(),
        recorded_at: told.recorded_at.clone(),
        corrected_at,
        person_id: Some(told.person),
        body: told.body.clone(),
        signature: told.signature.clone(),
        content_hash: told.content_hash(),
        ..blank(arrival)
    };
    with_outcome(base, outcome)
}

/// The row of something that did not prove to be an event of its phone: kept, and in nobody's way.
pub fn unproven(arrival: Arrival<'_>, value: &Value, said: Said) -> Model {
    let text = value.to_string().replace("\\u0000", "");
    let hash = sha256(text.as_bytes());
    let base = Model {
        source_key: unproven_key(arrival.device.id, value),
        event_id: value
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .replace('\0', "")
            .chars()
            .take(64)
            .collect(),
        body: text.chars().take(MAX_BODY * 2).collect(),
        content_hash: hash,
        ..blank(arrival)
    };
    with_outcome(base, &Outcome::refused(said))
}

/// Where such a row is found again.
pub fn unproven_key(device_id: i64, value: &Value) -> String {
    format!("unproven:{device_id}:{}", sha256(value.to_string().as_bytes()))
}

fn blank(arrival: Arrival<'_>) -> Model {
    Model {
        id: 0,
        device_id: arrival.device.id,
        outlet_id: arrival.device.outlet_id,
        source_key: String::new(),
        event_id: String::new(),
        counter: 0,
        kind: String::new(),
        recorded_at: String::new(),
        corrected_at: arrival.at,
        received_at: arrival.at,
        person_id: None,
        sender_id: arrival.sender_id,
        body: String::new(),
        signature: String::new(),
        content_hash: String::new(),
        verdict: Verdict::Refused,
        reason: None,
        reason_values: None,
        answer: None,
        decision: None,
        decided_by: None,
        decided_at: None,
    }
}

fn with_outcome(base: Model, outcome: &Outcome) -> Model {
    let (verdict, said, answer) = match outcome {
        Outcome::Accepted(answer) => (Verdict::Accepted, None, Some(answer.clone())),
        Outcome::Held(said, help) => (Verdict::Held, Some(said), Some(help.clone())),
        Outcome::Refused(all) => (Verdict::Refused, all.values().next(), Some(kept(all))),
    };
    let reason = said.map(|said| said.key.to_owned());
    Model { verdict, reason, reason_values: said.map(values), answer, ..base }
}

/// Rows of events and of unproven ones by their keys.
pub async fn known(db: &impl ConnectionTrait, keys: &[&str]) -> Result<HashMap<String, Model>> {
    let rows = db::find_all::<Entity>(db, Column::SourceKey, keys).await?;
    Ok(rows.into_iter().map(|row| (row.source_key.clone(), row)).collect())
}

/// Writes down what came.
pub async fn keep(tx: &Tx, rows: Vec<Model>) -> Result<()> {
    let rows = rows.into_iter().map(|row| {
        let mut new = ActiveModel::from(row).reset_all();
        new.id = NotSet;
        new
    });
    db::insert_all(tx, rows.collect()).await?;
    Ok(())
}

/// An event of an outlet by the id its phone gave it.
pub async fn by_event_id(db: &impl ConnectionTrait, outlets: &[i64], event_id: &str) -> Result<Model> {
    let found =
        Entity::find().filter(Column::SourceKey.eq(event_id)).filter(Column::OutletId.is_in(outlets.iter().copied()));
    found.one(db).await?.ok_or(Error::NotFound)
}

/// Events of an outlet that wait for a person, the oldest first.
pub async fn held(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Model>> {
    Ok(waiting(outlet_id).order_by_asc(Column::Id).limit(MOST).all(db).await?)
}

/// How many wait.
pub async fn held_count(db: &impl ConnectionTrait, outlet_id: i64) -> Result<u64> {
    Ok(waiting(outlet_id).count(db).await?)
}

fn waiting(outlet_id: i64) -> sea_orm::Select<Entity> {
    Entity::find()
        .filter(Column::OutletId.eq(outlet_id))
        .filter(Column::Verdict.eq(Verdict::Held))
        .filter(Column::Decision.is_null())
}

/// A held event of this outlet, locked, that nobody has decided yet.
pub async fn lock_held(tx: &Tx, outlet_id: i64, id: i64) -> Result<Model> {
    let found = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).lock_exclusive().one(tx).await?;
    let row = found.filter(|row| row.verdict == Verdict::Held).ok_or(Error::NotFound)?;
    if row.decision.is_some() {
        return Err(Refusal::conflict("device.already_decided").into());
    }
    Ok(row)
}

/// Writes down what a person made of a held event.
pub async fn decide(tx: &Tx, clock: &Clock, id: i64, decision: Decision, answer: Option<Value>, by: i64) -> Result<()> {
    let mut change = ActiveModel {
        id: Set(id),
        decision: Set(Some(decision)),
        decided_by: Set(Some(by)),
        decided_at: Set(Some(clock.now())),
        ..Default::default()
    };
    if answer.is_some() {
        change.answer = Set(answer);
    }
    Entity::update(change).exec(tx).await?;
    Ok(())
}

/// What a phone is told of an event, in the language of whoever reads it.
pub fn verdict(row: &Model, words: &Words, lang: Lang) -> Value {
    let is_booked = row.verdict == Verdict::Accepted || row.decision == Some(Decision::Accepted);
    let mut told = json!({ "id": row.event_id, "verdict": row.verdict });
    if is_booked && let Some(answer) = &row.answer {
        told["answer"] = answer.clone();
    }
    if let Some(decision) = row.decision {
        told["decision"] = json!(decision);
    }
    if let Some(key) = &row.reason {
        told["reason"] = json!(key);
        told["sentence"] = json!(sentence(row, words, lang));
    }
    if row.verdict == Verdict::Refused
        && let Some(all) = row.answer.as_ref().and_then(|answer| answer.get("wrong")?.as_object())
    {
        let sentence = |said: &Value| Some(json!(worded(said.get("key")?.as_str()?, said.get("values"), words, lang)));
        let all = all.iter().filter_map(|(name, said)| Some((name.clone(), sentence(said)?)));
        told["sentences"] = all.collect::<Map<_, _>>().into();
    }
    told
}

/// All that is wrong with a refused event, as it is kept with it: it may be read in another language, much later.
fn kept(all: &BTreeMap<String, Said>) -> Value {
    let said = |said: &Said| json!({ "key": said.key, "values": values(said) });
    json!({ "wrong": all.iter().map(|(name, one)| (name.clone(), said(one))).collect::<Map<_, _>>() })
}

/// What a phone is told when it says something else under an id that is taken.
pub fn other_content(id: &str, words: &Words, lang: Lang) -> Value {
    let said = Said::new("device.other_content");
    json!({ "id": id, "verdict": Verdict::Refused, "reason": said.key, "sentence": words.say(lang, &said) })
}

/// The sentence of a row, if it has one.
pub fn sentence(row: &Model, words: &Words, lang: Lang) -> Option<String> {
    Some(worded(row.reason.as_deref()?, row.reason_values.as_ref(), words, lang))
}

fn worded(key: &str, values: Option<&Value>, words: &Words, lang: Lang) -> String {
    let values = values.and_then(Value::as_object);
    let n = values.and_then(|values| values.get("n")?.get("number")?.as_i64());
    let text = words.text(lang, key, n).unwrap_or(key);
    fill(text, |name| values.and_then(|values| spoken(values.get(name)?)))
}

/// The values of a sentence as they are kept with it.
fn values(said: &Said) -> Value {
    let value = |value: &Say| match value {
        Say::Text(text) => json!({ "text": text }),
        Say::Number(number) => json!({ "number": number }),
        Say::Rupiah(amount) => json!({ "rupiah": amount }),
    };
    Value::Object(said.values.iter().map(|(name, kept)| ((*name).to_owned(), value(kept))).collect::<Map<_, _>>())
}

fn spoken(value: &Value) -> Option<String> {
    if let Some(text) = value.get("text") {
        return text.as_str().map(str::to_owned);
    }
    if let Some(number) = value.get("number") {
        return number.as_i64().map(grouped);
    }
    value.get("rupiah")?.as_i64().map(|amount| Rupiah(amount).to_string())
}
