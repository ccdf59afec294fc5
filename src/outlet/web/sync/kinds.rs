//! What each kind of event means: one line here and one file beside it.
use chrono::{DateTime, Duration, Utc};
use entity::{outlet, photo::Subject};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::{intake, till, visit};
use crate::{
    app::App,
    db::Tx,
    error::{Refusal, Result},
    outlet::device_event::{Model, Outcome, Told},
};

/// Goods were handed in.
const INTAKE: &str = "intake";
/// A kiosk was visited.
const VISIT: &str = "visit";

/// An event that proved to be from its phone and of somebody who may do such things here.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    pub outlet: &'a outlet::Model,
    pub device_id: i64,
    pub person_id: i64,
    pub event_id: &'a str,
    pub kind: &'a str,
    pub body: &'a str,
    /// When it happened, by our clock.
    pub at: DateTime<Utc>,
    /// How far the phone's clock was ahead of that when it was written down.
    pub ahead: Duration,
    /// Who has looked at it and says that it is to be done.
    pub agreed_by: Option<i64>,
}

/// Does it. What is held must not have written anything.
pub async fn carry_out(tx: &Tx, app: &App, case: &Case<'_>) -> Result<Outcome> {
    match case.kind {
        INTAKE => intake::carry_out(tx, app, case).await,
        VISIT => visit::carry_out(tx, app, case).await,
        kind if till::KINDS.contains(&kind) => till::carry_out(tx, app, case).await,
        _ => Err(Refusal::invalid("device.unknown_kind").into()),
    }
}

/// Locks what the events of a batch will touch, in the order in which everybody does, before the first one is done.
pub async fn lock_ahead(tx: &Tx, told: &[&Told]) -> Result<()> {
    till::lock_sales(tx, told).await?;
    let bodies = |kind: &str| told.iter().filter(|told| told.kind == kind).map(|told| told.body.as_str()).collect();
    visit::lock_ahead(tx, bodies(VISIT)).await?;
    intake::lock_ahead(tx, bodies(INTAKE)).await?;
    till::lock_ahead(tx, told).await
}

/// Whose picture the photo of an event is, once the event stands.
pub fn pictured(event: &Model) -> Option<(Subject, i64)> {
    match event.kind.as_str() {
        INTAKE => intake::pictured(event),
        _ => None,
    }
}

/// What an event tells, for a person who decides about it, and what it may be the double of.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Story {
    pub facts: Vec<Fact>,
    pub other: Option<Other>,
}

/// One line: a word and what it is.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    pub key: &'static str,
    pub text: String,
}

/// What stands in the books already and looks the same.
#[derive(Clone, Debug, Serialize)]
pub struct Other {
    pub number: String,
    pub url: String,
    pub by: String,
    pub at: DateTime<Utc>,
    pub facts: Vec<Fact>,
}

/// Tells a held event.
pub async fn story(db: &impl ConnectionTrait, event: &Model) -> Result<Story> {
    match event.kind.as_str() {
        INTAKE => intake::story(db, event).await,
        kind if till::KINDS.contains(&kind) => till::story(db, event).await,
        _ => Ok(Story::default()),
    }
}
