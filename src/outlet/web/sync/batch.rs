//! `POST /api/v1/sync`: a batch of events, each judged by itself, all in one transaction.
use std::collections::{HashMap, HashSet};

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Bytes, Data},
};
use chrono::{DateTime, Duration, Utc};
use sea_orm::DbErr;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    kinds::{self, Case},
    must_be_own, till,
};
use crate::{
    accounts::visit::Operator,
    app::App,
    db::{self, Tx},
    error::{Error, Refusal, Result},
    locale::Said,
    outlet::{
        device::{self, Standing},
        device_event::{self, Arrival, Model, Outcome, Told},
    },
    secret,
};
use entity::outlet;

/// The most events a batch may have.
const MAX_EVENTS: usize = 500;

/// A batch as it is sent; its events are read one by one, so that a damaged one harms no other.
#[derive(Deserialize)]
struct Batch {
    device: i64,
    /// What the phone's clock says while sending.
    now: String,
    events: Vec<Value>,
}

impl Batch {
    fn read(body: &[u8]) -> Result<(Batch, DateTime<Utc>)> {
        let not_understood = || Refusal::invalid("device.not_understood");
        let batch: Batch = serde_json::from_slice(body).map_err(|_| not_understood())?;
        let now = batch.now.parse().map_err(|_| not_understood())?;
        if batch.events.len() > MAX_EVENTS {
            return Err(Refusal::too_large("device.batch_too_large").with("n", MAX_EVENTS as i64).into());
        }
        Ok((batch, now))
    }
}

/// `POST /api/v1/sync`
pub(super) async fn take(
    operator: Operator,
    request: HttpRequest,
    body: Bytes,
    app: Data<App>,
) -> Result<HttpResponse> {
    must_be_own(&request, &app)?;
    let (batch, phone_now) = Batch::read(&body)?;
    let session_id = operator.visit.signed.as_ref().ok_or(Error::SignIn)?.session_id;
    let outlets: Vec<&outlet::Model> = operator.others.iter().chain([&operator.outlet]).collect();
    let ids: Vec<i64> = outlets.iter().map(|outlet| outlet.id).collect();
    let tx = db::begin(&app.db).await?;
    let device = device::lock(&tx, &ids, batch.device).await?;
    device::must_be_heard(&device)?;
    let outlet = outlets.into_iter().find(|outlet| outlet.id == device.outlet_id).ok_or(Error::NotFound)?;
    let at = app.clock.now();
    let ahead = phone_now - at;
    let arrival = Arrival { device: &device, sender_id: operator.person_id, at };
    let key = device::key(&app.config.secret, device.id);
    let events: Vec<Heard<'_>> = batch.events.iter().map(|value| Heard::of(value, device.id, &key)).collect();
    let mut desk = Desk::open(&tx, &app, outlet, arrival, ahead, &events).await?;
    desk.sell_ahead(&events).await?;
    let mut told = Vec::with_capacity(events.len());
    for heard in &events {
        told.push(desk.answer(heard, &operator).await?);
    }
    device_event::keep(&tx, desk.new).await?;
    device::heard(&tx, &app.clock, device.id, session_id, ahead).await?;
    tx.commit().await?;
    Ok(HttpResponse::Ok().json(json!({ "events": told, "now": at, "ahead_ms": ahead.num_milliseconds() })))
}

/// An event of a batch, read and proven once.
struct Heard<'a> {
    value: &'a Value,
    told: Result<Told, Said>,
    /// Where its row is found: by its id, or where it stands in nobody's way.
    row_key: String,
}

impl<'a> Heard<'a> {
    fn of(value: &'a Value, device_id: i64, key: &str) -> Heard<'a> {
        let told = match Told::read(value) {
            Some(told) if device::has_signed(key, &told.signed_text(device_id), &told.signature) => Ok(told),
            Some(_) => Err(Said::new("device.bad_signature")),
            None => Err(Said::new("device.event_not_understood")),
        };
        let row_key = match &told {
            Ok(told) => told.id.clone(),
            Err(_) => device_event::unproven_key(device_id, value),
        };
        Heard { value, told, row_key }
    }
}

/// Where the events of one batch are judged.
struct Desk<'a> {
    tx: &'a Tx,
    app: &'a App,
    outlet: &'a outlet::Model,
    arrival: Arrival<'a>,
    /// How far the phone's clock is ahead.
    ahead: Duration,
    known: HashMap<String, Model>,
    standing: HashMap<i64, Standing>,
    /// What became of sales that were booked together.
    sold: HashMap<&'a str, Outcome>,
    /// What is written down when all are judged.
    new: Vec<Model>,
}

impl<'a> Desk<'a> {
    /// Reads at once what the events need, and locks the goods they touch in the order everybody does.
    async fn open(
        tx: &'a Tx,
        app: &'a App,
        outlet: &'a outlet::Model,
        arrival: Arrival<'a>,
        ahead: Duration,
        events: &[Heard<'_>],
    ) -> Result<Desk<'a>> {
        let keys: Vec<&str> = events.iter().map(|heard| heard.row_key.as_str()).collect();
        let known = device_event::known(tx, &keys).await?;
        let told: Vec<&Told> = events.iter().filter_map(|heard| heard.told.as_ref().ok()).collect();
        let people: Vec<i64> = told.iter().map(|told| told.person).collect();
        let standing = device::operators(tx, outlet, &people).await?;
        let new: Vec<&Told> = told.into_iter().filter(|told| !known.contains_key(&told.id)).collect();
        kinds::lock_ahead(tx, &new).await?;
        Ok(Desk { tx, app, outlet, arrival, ahead, known, standing, sold: HashMap::new(), new: Vec::new() })
    }

    /// Books the sales of the batch together: what one by one is many questions to the database is few so. When they
    /// cannot be booked together, each is tried by itself.
    async fn sell_ahead(&mut self, events: &'a [Heard<'_>]) -> Result<()> {
        let mut seen = HashSet::new();
        let told: Vec<&Told> = events
            .iter()
            .filter_map(|heard| heard.told.as_ref().ok())
            .filter(|told| told.kind == till::SALE && !self.known.contains_key(&told.id))
            .filter(|told| self.standing.get(&told.person) == Some(&Standing::Now))
            .filter(|told| seen.insert(told.id.as_str()))
            .collect();
        let cases: Vec<Case<'_>> = told.iter().map(|told| self.case(told, self.corrected(told))).collect();
        match self.tx.part(till::sell_together(self.tx, self.app, &cases)).await? {
            Ok(outcomes) => self.sold = told.into_iter().map(|told| told.id.as_str()).zip(outcomes).collect(),
            Err(Error::Fault(fault)) if is_passing(&fault) => return Err(Error::Fault(fault)),
            Err(e) => tracing::warn!("sales of a batch are booked one by one: {e:?}"),
        }
        Ok(())
    }

    /// The verdict of one event, the first one if it has come before.
    async fn answer(&mut self, heard: &Heard<'_>, operator: &Operator) -> Result<Value> {
        let (words, lang) = (self.app.templates.words(), operator.visit.lang);
        if let Some(row) = self.known.get(&heard.row_key) {
            let is_other = |told: &Told| row.content_hash != told.content_hash() || row.outlet_id != self.outlet.id;
            return Ok(match &heard.told {
                Ok(told) if is_other(told) => device_event::other_content(&told.id, words, lang),
                _ => device_event::verdict(row, words, lang),
            });
        }
        let row = match &heard.told {
            Err(said) => device_event::unproven(self.arrival, heard.value, said.clone()),
            Ok(told) => {
                let corrected_at = self.corrected(told);
                let outcome = match self.sold.remove(told.id.as_str()) {
                    Some(outcome) => outcome,
                    None => self.judge(told, corrected_at).await?,
                };
                device_event::row(self.arrival, told, corrected_at, &outcome)
            }
        };
        let answer = device_event::verdict(&row, words, lang);
        self.known.insert(row.source_key.clone(), row.clone());
        self.new.push(row);
        Ok(answer)
    }

    fn corrected(&self, told: &Told) -> DateTime<Utc> {
        let Arrival { device, at, .. } = self.arrival;
        told.at().map_or(at, |recorded| device::corrected(device, recorded, self.ahead, at))
    }

    async fn judge(&self, told: &Told, at: DateTime<Utc>) -> Result<Outcome> {
        match self.standing.get(&told.person) {
            None => return Ok(Outcome::refused(Said::new("device.not_an_operator"))),
            Some(Standing::Once) => return Ok(Outcome::Held(Said::new("device.held_role_ended"), json!({}))),
            Some(Standing::Now) => {}
        }
        carry_out(self.tx, self.app, &self.case(told, at)).await
    }

    fn case<'b>(&'b self, told: &'b Told, at: DateTime<Utc>) -> Case<'b> {
        Case {
            outlet: self.outlet,
            device_id: self.arrival.device.id,
            person_id: told.person,
            event_id: &told.id,
            kind: &told.kind,
            body: &told.body,
            at,
            ahead: told.at().map_or(Duration::zero(), |recorded| recorded - at),
            agreed_by: None,
        }
    }
}

/// Does what an event says, or undoes all of it and says why not.
pub async fn carry_out(tx: &Tx, app: &App, case: &Case<'_>) -> Result<Outcome> {
    match tx.part(kinds::carry_out(tx, app, case)).await? {
        Ok(outcome) => Ok(outcome),
        Err(Error::Refused(refusal)) => Ok(Outcome::refused(refusal.said)),
        Err(Error::NotFound) => Ok(Outcome::refused(Said::new("device.not_here"))),
        Err(Error::Forbidden | Error::SignIn) => Ok(Outcome::refused(Said::new("device.not_allowed"))),
        // The phone sends the whole batch again in a moment.
        Err(Error::Fault(fault)) if is_passing(&fault) => Err(Error::Fault(fault)),
        Err(Error::Fault(fault)) => {
            let number = secret::short_token().chars().filter(char::is_ascii_alphanumeric).take(6).collect::<String>();
            tracing::error!(fault = %number, event = case.event_id, kind = case.kind, "{fault:#}");
            Ok(Outcome::Held(Said::new("device.held_fault").with("number", number), json!({})))
        }
    }
}

/// Whether a fault is one of the moment: two who waited for each other, a connection that was lost.
fn is_passing(fault: &anyhow::Error) -> bool {
    let Some(fault) = fault.downcast_ref::<DbErr>() else { return false };
    let text = fault.to_string();
    let of_the_moment = ["deadlock detected", "could not serialize", "lock timeout", "database is locked"];
    matches!(fault, DbErr::Conn(_) | DbErr::ConnectionAcquire(_))
        || of_the_moment.iter().any(|mark| text.contains(mark))
}
