//! Notices of the provider: kept before they are answered, then worked through. A notice changes nothing by itself; it
//! only says where to look.
use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use futures_util::future::join_all;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LockBehavior, LockType, OnConflict},
};
use serde_json::Value;

use super::{
    Gate,
    apply::{self, Checked},
    attempt,
};
use crate::{
    clock::Clock,
    db::{self, Db, Tx},
    error::{Error, Result},
    history::{self, Subject},
    secret::sha256,
};
use entity::payment_inbox::{ActiveModel, Column, Entity, Model};

/// How the outcome of what a person must look at begins.
const SET_ASIDE: &str = "set aside: ";
/// A notice whose status cannot be had for so long is set aside.
const PATIENCE: i64 = 24;
/// How many notices one round takes, and how many looks at the provider go beside each other.
const ROUND: u64 = 32;
const BESIDE: usize = 4;
/// How long a worker may take over a notice before another may try it.
const LEASE: Duration = Duration::minutes(2);

/// What became of a notice at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// New, or had before: 200 either way.
    Kept,
    /// Not a notice at all: 400.
    Malformed,
    /// Signed by somebody else: 403. Midtrans tries again, which saves us when it was our key that was wrong.
    Forged,
}

/// Judges the raw bytes and keeps them. An error means that they are not kept, and must not be answered as if.
pub async fn receive(db: &Db, clock: &Clock, gate: &Gate, headers: Value, bytes: &[u8]) -> Result<Received> {
    let (Some(_), Ok(body)) = (gate.provider.read(bytes), std::str::from_utf8(bytes)) else {
        return Ok(Received::Malformed);
    };
    if !gate.provider.is_signed(&headers, bytes) {
        return Ok(Received::Forged);
    }
    let now = clock.now();
    let row = ActiveModel {
        body_hash: Set(sha256(bytes)),
        headers: Set(headers),
        body: Set(body.to_owned()),
        received_at: Set(now),
        run_at: Set(now),
        tries: Set(0),
        ..Default::default()
    };
    let tx = db::begin(db).await?;
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::BodyHash).do_nothing().to_owned())
        .exec_without_returning(&tx)
        .await?;
    tx.queues_work();
    tx.commit().await?;
    Ok(Received::Kept)
}

/// One round of notices that wait to be worked through, some beside each other. Says how many.
pub(super) async fn tick(db: &Db, clock: &Clock, gate: &Gate) -> Result<usize> {
    let rows = claim(db, clock.now()).await?;
    // All were here before the first look, so one look answers all that ask the same.
    let mut alike: Vec<(Vec<&Model>, Question)> = Vec::new();
    let mut outcomes: Vec<(&Model, Looked)> = Vec::new();
    for row in &rows {
        match question(db, gate, row).await? {
            Err(reason) => outcomes.push((row, Looked::SetAside(reason))),
            Ok(question) => match alike.iter_mut().find(|(_, known)| *known == question) {
                Some((asking, _)) => asking.push(row),
                None => alike.push((vec![row], question)),
            },
        }
    }
    for some in alike.chunks(BESIDE) {
        let looks = some.iter().map(|(_, question)| look(db, clock, gate, question));
        for ((asking, _), looked) in some.iter().zip(join_all(looks).await) {
            match looked {
                Ok(looked) => outcomes.extend(asking.iter().map(|row| (*row, looked.clone()))),
                // They stay claimed for a while and come again.
                Err(e) => tracing::error!("a notice could not be worked through: {e}"),
            }
        }
    }
    keep_outcomes(db, clock, outcomes).await?;
    Ok(rows.len())
}

/// Takes notices that are due; they are this worker's until the lease ends.
async fn claim(db: &Db, now: DateTime<Utc>) -> Result<Vec<Model>> {
    let due = Entity::find()
        .filter(Column::HandledAt.is_null())
        .filter(Column::RunAt.lte(now))
        .order_by_asc(Column::RunAt)
        .order_by_asc(Column::Id)
        .limit(ROUND);
    if due.clone().one(db).await?.is_none() {
        return Ok(Vec::new());
    }
    let tx = db::begin(db).await?;
    let rows = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).all(&tx).await?;
    Entity::update_many()
        .col_expr(Column::RunAt, Expr::value(now + LEASE))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(rows)
}

/// Writes down what became of each. The provider may have taken long, so the hour is read anew.
async fn keep_outcomes(db: &Db, clock: &Clock, outcomes: Vec<(&Model, Looked)>) -> Result<()> {
    if outcomes.is_empty() {
        return Ok(());
    }
    let now = clock.now();
    let tx = db::begin(db).await?;
    for (row, looked) in outcomes {
        let (is_done, outcome) = match looked {
            Looked::Done(outcome) => (true, outcome),
            Looked::SetAside(reason) => {
                tracing::warn!(notice = row.id, "set aside: {reason}");
                (true, format!("{SET_ASIDE}{reason}"))
            }
            Looked::Later(reason) if row.tries >= PATIENCE => (true, format!("{SET_ASIDE}{reason}")),
            Looked::Later(reason) => (false, reason),
        };
        let change = ActiveModel {
            id: Set(row.id),
            tries: Set(row.tries + 1),
            run_at: Set(now + wait(row.tries)),
            handled_at: Set(is_done.then_some(now)),
            outcome: Set(Some(outcome)),
            ..Default::default()
        };
        Entity::update(change).exec(&tx).await?;
    }
    Ok(tx.commit().await?)
}

/// The reconciler's steps: 30 seconds, 2, 5 and 15 minutes, then every hour.
fn wait(tries: i64) -> Duration {
    match tries {
        0 => Duration::seconds(30),
        1 => Duration::minutes(2),
        2 => Duration::minutes(5),
        3 => Duration::minutes(15),
        _ => Duration::hours(1),
    }
}

#[derive(Clone)]
enum Looked {
    Done(String),
    SetAside(String),
    Later(String),
}

/// What to ask the provider because of a notice: about which attempt, and by which transaction if it named one.
#[derive(PartialEq, Eq)]
struct Question {
    attempt_id: i64,
    reference: String,
    transaction_id: Option<String>,
}

/// What a notice gives reason to ask, or why a person must look at it.
async fn question(db: &Db, gate: &Gate, row: &Model) -> Result<std::result::Result<Question, String>> {
    let Some(notice) = gate.provider.read(row.body.as_bytes()) else {
        return Ok(Err("the kept body cannot be read".into()));
    };
    let Some(attempt) = attempt::of_notice(db, &notice.order_id, notice.transaction_id.as_deref()).await? else {
        // The provider's test button, a printed QRIS, or another shop on the same key.
        return Ok(Err(format!("nobody here knows order {}", notice.order_id)));
    };
    if let Some(oddity) = notice.oddity {
        return Ok(Err(oddity));
    }
    if notice.currency.is_some_and(|currency| currency != "IDR") {
        return Ok(Err("the currency is not IDR".into()));
    }
    if let (Some(theirs), Some(ours)) = (&notice.merchant_id, &gate.merchant_id)
        && theirs != ours
    {
        return Ok(Err("it is for another merchant".into()));
    }
    let (attempt_id, reference) = (attempt.id, attempt.provider_order_id);
    Ok(Ok(Question { attempt_id, reference, transaction_id: notice.transaction_id }))
}

async fn look(db: &Db, clock: &Clock, gate: &Gate, question: &Question) -> Result<Looked> {
    let Question { attempt_id, reference, transaction_id } = question;
    Ok(match apply::check(db, clock, gate, *attempt_id, transaction_id.as_deref()).await? {
        Checked::Stands(state) => Looked::Done(format!("{reference} stands as {state:?}")),
        Checked::Doubtful => Looked::Done(format!("{reference} will be looked at again")),
        Checked::Overtaken => Looked::Later("newer answers keep coming".into()),
        Checked::Unknown => Looked::Later("the provider does not know it yet".into()),
        Checked::Lost(reason) => Looked::Later(reason),
        Checked::SetAside(reason) => Looked::SetAside(reason),
    })
}

/// Sets aside something nobody sent us a notice of: an answer that fits nowhere. The same answer is kept once.
pub(super) async fn set_aside(db: &Db, clock: &Clock, about: &str, reason: &str) -> Result<()> {
    let tx = db::begin(db).await?;
    keep_aside(&tx, clock, about, reason).await?;
    Ok(tx.commit().await?)
}

/// Puts something about an attempt before a person; the same once.
pub async fn keep_aside(tx: &Tx, clock: &Clock, about: &str, reason: &str) -> Result<()> {
    tracing::warn!(about, "set aside: {reason}");
    let now = clock.now();
    let body = serde_json::json!({ "order_id": about, "reason": reason }).to_string();
    let row = ActiveModel {
        body_hash: Set(sha256(body.as_bytes())),
        headers: Set(serde_json::json!({ "from": "reconciler" })),
        body: Set(body),
        received_at: Set(now),
        run_at: Set(now),
        tries: Set(1),
        handled_at: Set(Some(now)),
        outcome: Set(Some(format!("{SET_ASIDE}{reason}"))),
        ..Default::default()
    };
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::BodyHash).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Why a notice was set aside.
pub fn reason(row: &Model) -> &str {
    row.outcome.as_deref().and_then(|outcome| outcome.strip_prefix(SET_ASIDE)).unwrap_or_default()
}

/// A row that was set aside and is not settled yet.
pub(super) async fn set_aside_row(db: &impl ConnectionTrait, id: i64) -> Result<Model> {
    let row = Entity::find_by_id(id).filter(Column::Outcome.starts_with(SET_ASIDE)).one(db).await?;
    row.ok_or(Error::NotFound)
}

/// The order id that a kept body speaks of, as far as it can be read.
pub fn reference(row: &Model) -> String {
    let body: Value = serde_json::from_str(&row.body).unwrap_or_default();
    body.get("order_id").and_then(Value::as_str).unwrap_or_default().chars().take(60).collect()
}

/// Somebody has found out what it was about; the note stands with it from then on, and with every other row that says
/// the same of the same payment.
pub async fn looked_at(tx: &Tx, clock: &Clock, id: i64, note: &str, by: i64) -> Result<()> {
    let Some(row) = Entity::find_by_id(id).lock_exclusive().one(tx).await? else { return Ok(()) };
    let Some(outcome) = row.outcome.as_deref().filter(|outcome| outcome.starts_with(SET_ASIDE)) else { return Ok(()) };
    let same = Entity::find().filter(Column::Outcome.eq(outcome)).order_by_asc(Column::Id).lock_exclusive().all(tx);
    for other in same.await?.iter().filter(|other| reference(other) == reference(&row)) {
        let outcome = format!("looked at: {note} ({outcome})");
        let change = ActiveModel { id: Set(other.id), outcome: Set(Some(outcome)), ..Default::default() };
        Entity::update(change).exec(tx).await?;
    }
    let detail = serde_json::json!({ "note": note });
    history::remember(tx, clock, None, Subject("payment_inbox", id), "looked_at", Some(by), detail).await
}

/// What a person must look at, newest first; what two rows say of the same payment stands here once.
pub async fn for_a_person(db: &impl ConnectionTrait, n: u64) -> Result<Vec<Model>> {
    let waits = Entity::find().filter(Column::Outcome.starts_with(SET_ASIDE)).order_by_desc(Column::Id);
    let mut rows = waits.limit(n).all(db).await?;
    let mut seen = HashSet::new();
    rows.retain(|row| seen.insert((reference(row), row.outcome.clone())));
    Ok(rows)
}
