//! Notices of payouts: kept before they are answered, then worked through. A notice changes nothing by itself; it only
//! says where to look, and why a payout failed.
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use serde_json::{Value, json};

use super::{
    iris::{self, Door},
    iris_status::{Checked, check, wait},
};
use crate::{
    clock::Clock,
    db::{self, Db, Tx},
    error::Result,
    gateway::midtrans::payouts::{PayoutNotice, PayoutNotification, PayoutNotificationError},
    history::{self, Subject},
    outbox,
    payments::{effect::Job, inbox::Received},
    secret::sha256,
};
use entity::payout_inbox::{ActiveModel, Column, Entity, Model};

/// How the outcome of what a person must look at begins.
const SET_ASIDE: &str = "set aside: ";
/// A notice whose status cannot be had for so long is set aside.
const PATIENCE: i64 = 24;

/// Judges the raw bytes by their signature and keeps them. An error means that they are not kept, and must not be
/// answered as if.
pub async fn receive(
    db: &Db,
    clock: &Clock,
    door: &Door,
    headers: Value,
    signature: &str,
    bytes: &[u8],
) -> Result<Received> {
    let body = match PayoutNotification::open(bytes, signature, &door.keys) {
        Ok(_) => String::from_utf8_lossy(bytes).into_owned(),
        Err(PayoutNotificationError::Forged) => return Ok(Received::Forged),
        Err(_) => return Ok(Received::Malformed),
    };
    let hash = sha256(bytes);
    if Entity::find().filter(Column::BodyHash.eq(&hash)).one(db).await?.is_some() {
        return Ok(Received::Kept);
    }
    let now = clock.now();
    let tx = db::begin(db).await?;
    let row = ActiveModel {
        body_hash: Set(hash.clone()),
        headers: Set(headers),
        body: Set(body),
        received_at: Set(now),
        run_at: Set(now + wait(0)),
        tries: Set(0),
        ..Default::default()
    };
    insert(&tx, row).await?;
    if let Some(row) = Entity::find().filter(Column::BodyHash.eq(&hash)).one(&tx).await? {
        let id = row.id;
        let key = format!("payment.payout_inbox:{id}");
        outbox::queue(&tx, now, "payment.payout_inbox", &key, &Job { id }).await?;
    }
    tx.commit().await?;
    Ok(Received::Kept)
}

async fn insert(tx: &Tx, row: ActiveModel) -> Result<()> {
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::BodyHash).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// The job `payment.payout_inbox`, and the reconciler's for what could not be settled at once.
pub async fn handle(db: &Db, clock: &Clock, door: &Door, id: i64) -> Result<()> {
    let Some(row) = Entity::find_by_id(id).one(db).await?.filter(|row| row.handled_at.is_none()) else {
        return Ok(());
    };
    let (is_done, outcome) = match look(db, clock, door, &row).await? {
        Looked::Done(outcome) => (true, outcome),
        Looked::SetAside(reason) => {
            tracing::warn!(notice = row.id, "a payout's notice was set aside: {reason}");
            (true, format!("{SET_ASIDE}{reason}"))
        }
        Looked::Later(reason) if row.tries >= PATIENCE => (true, format!("{SET_ASIDE}{reason}")),
        Looked::Later(reason) => (false, reason),
    };
    let now = clock.now();
    let tx = db::begin(db).await?;
    let change = ActiveModel {
        id: Set(row.id),
        tries: Set(row.tries + 1),
        run_at: Set(now + wait(row.tries)),
        handled_at: Set(is_done.then_some(now)),
        outcome: Set(Some(outcome)),
        ..Default::default()
    };
    Entity::update(change).exec(&tx).await?;
    Ok(tx.commit().await?)
}

enum Looked {
    Done(String),
    SetAside(String),
    Later(String),
}

async fn look(db: &Db, clock: &Clock, door: &Door, row: &Model) -> Result<Looked> {
    let notice = match PayoutNotification::kept(row.body.as_bytes()) {
        Ok(PayoutNotification::Payout(notice)) => notice,
        // Filling the wallet is written down by whoever does it, with the bank's reference.
        Ok(PayoutNotification::TopUp(_)) => return Ok(Looked::Done("the wallet was filled".into())),
        Err(_) => return Ok(Looked::SetAside("the kept body cannot be read".into())),
    };
    let Some(payout) = iris::by_reference(db, notice.reference_no.as_str()).await? else {
        // The answer to our own call may be on its way, or lost; or it is somebody else's on the same key.
        return Ok(Looked::Later(format!("nobody here knows payout {}", notice.reference_no)));
    };
    let told = reason_of(&notice);
    Ok(match check(db, clock, door, payout.payout_id, told.as_deref(), None).await? {
        Checked::Stands(word) => Looked::Done(format!("payout {} is {word}", payout.payout_id)),
        Checked::Overtaken => Looked::Later("newer answers keep coming".into()),
        Checked::Unknown => Looked::Later("the provider does not know it yet".into()),
        Checked::Lost(reason) => Looked::Later(reason),
        Checked::SetAside(reason) => Looked::SetAside(reason),
    })
}

fn reason_of(notice: &PayoutNotice) -> Option<String> {
    let code = notice.fault.as_ref().map(|fault| format!(" ({})", fault.code())).unwrap_or_default();
    notice.error_message.as_ref().map(|message| format!("{message}{code}"))
}

/// Notices that wait for another try.
pub(super) async fn due(db: &impl ConnectionTrait, now: DateTime<Utc>, n: u64) -> Result<Vec<i64>> {
    let due = Entity::find().filter(Column::HandledAt.is_null()).filter(Column::RunAt.lte(now));
    Ok(due.order_by_asc(Column::RunAt).limit(n).all(db).await?.into_iter().map(|row| row.id).collect())
}

/// Sets aside something nobody sent us a notice of: an answer that fits nowhere. The same answer is kept once.
pub(super) async fn set_aside(db: &Db, clock: &Clock, about: &str, reason: &str) -> Result<()> {
    tracing::warn!(about, "set aside: {reason}");
    let now = clock.now();
    let body = json!({ "reference_no": about, "reason": reason }).to_string();
    let row = ActiveModel {
        body_hash: Set(sha256(body.as_bytes())),
        headers: Set(json!({ "from": "reconciler" })),
        body: Set(body),
        received_at: Set(now),
        run_at: Set(now),
        tries: Set(1),
        handled_at: Set(Some(now)),
        outcome: Set(Some(format!("{SET_ASIDE}{reason}"))),
        ..Default::default()
    };
    let tx = db::begin(db).await?;
    insert(&tx, row).await?;
    Ok(tx.commit().await?)
}

/// What a notice was about: the provider's number of a payout, or our own "payout:12".
pub fn about(row: &Model) -> String {
    let body: Value = serde_json::from_str(&row.body).unwrap_or_default();
    body.get("reference_no").and_then(Value::as_str).unwrap_or_default().chars().take(60).collect()
}

/// Why it was set aside.
pub fn reason(row: &Model) -> &str {
    row.outcome.as_deref().and_then(|outcome| outcome.strip_prefix(SET_ASIDE)).unwrap_or_default()
}

/// What a person must look at, newest first.
pub async fn for_a_person(db: &impl ConnectionTrait, n: u64) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::Outcome.starts_with(SET_ASIDE)).order_by_desc(Column::Id).limit(n).all(db).await?)
}

/// Somebody has found out what it was about; the note stands with it from then on.
pub async fn looked_at(tx: &Tx, clock: &Clock, id: i64, note: &str, by: i64) -> Result<()> {
    let Some(row) = Entity::find_by_id(id).lock_exclusive().one(tx).await? else { return Ok(()) };
    let Some(outcome) = row.outcome.as_deref().filter(|outcome| outcome.starts_with(SET_ASIDE)) else { return Ok(()) };
    let outcome = format!("looked at: {note} ({outcome})");
    Entity::update(ActiveModel { id: Set(id), outcome: Set(Some(outcome)), ..Default::default() }).exec(tx).await?;
    history::remember(tx, clock, None, Subject("payout_inbox", id), "looked_at", Some(by), json!({ "note": note }))
        .await
}
