//! Payouts through Midtrans (Iris): asked for when a run is made, released when it is approved, each under a key that was
//! stored before the call. What the provider says counts, never what we asked for; a notice only says where to look.
//!
//! Money moves there only when a payout is approved by its number. So a payout whose number never reached us costs
//! nothing, and asking anew under another key, once the first key is forgotten, can pay nobody twice.
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{
    iris_call::{self, Asked},
    iris_inbox, payout,
    payout_run::lock_outlet,
};
use crate::{
    clock::Clock,
    db::{self, Db, Tx},
    error::{Error, Refusal, Result},
    gateway::midtrans::{
        Error as Trouble, MerchantKey,
        payouts::{Payout as Seen, PayoutKey, PayoutReference, PayoutStatus, Payouts},
    },
    outbox,
    payments::{effect::Job, schedule::next_night},
};
use entity::{
    iris_payout::{ActiveModel, Column, Entity, Model, Wanted},
    payout as row,
};

/// How many payouts one round looks at, so that other work gets its turn.
const ROUND: u64 = 4;
/// A bank may return a completed payout for so long.
const NIGHTS: Duration = Duration::days(7);
/// What the provider never took.
const REFUSED: &str = "refused";

/// How this shop asks for payouts, and how it knows the voice of their notices.
pub struct Door {
    pub payouts: Payouts,
    pub keys: Vec<MerchantKey>,
}

/// What a look brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// By this word.
    Stands(String),
    /// A newer answer was applied before this one.
    Overtaken,
    /// The provider does not know it, or not yet.
    Unknown,
    /// No answer.
    Lost(String),
    /// The answer fits nowhere: a person must look.
    SetAside(String),
}

/// Writes down that the provider shall hear of a payout; it does after the commit.
pub(super) async fn ask(tx: &Tx, clock: &Clock, payout_id: i64) -> Result<()> {
    let row = ActiveModel {
        payout_id: Set(payout_id),
        wanted: Set(Wanted::Queued),
        create_key: Set(PayoutKey::fresh().to_string()),
        decide_key: Set(PayoutKey::fresh().to_string()),
        fetch_seq: Set(0),
        applied_seq: Set(0),
        tries: Set(0),
        next_check_at: Set(Some(clock.now() + wait(0))),
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    queue(tx, clock, payout_id, "create").await
}

/// Writes down what the provider shall do with it now, under a key of its own.
pub(super) async fn want(tx: &Tx, clock: &Clock, payout_id: i64, wanted: Wanted) -> Result<()> {
    let row = of_payout(tx, payout_id).await?.ok_or(Error::NotFound)?;
    let change = ActiveModel {
        id: Set(row.id),
        wanted: Set(wanted),
        decide_key: Set(PayoutKey::fresh().to_string()),
        trouble: Set(None),
        tries: Set(0),
        next_check_at: Set(Some(clock.now() + wait(0))),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    queue(tx, clock, payout_id, if wanted == Wanted::Approved { "approve" } else { "reject" }).await
}

async fn queue(tx: &Tx, clock: &Clock, payout_id: i64, what: &str) -> Result<()> {
    let key = format!("payment.payout:{payout_id}:{what}");
    outbox::queue(tx, clock.now(), "payment.payout", &key, &Job { id: payout_id }).await?;
    Ok(())
}

/// Takes a payout back. `true` when the provider never heard of it, so that it is over at once; otherwise the provider
/// is told to reject it, and until it says so the money stays reserved.
pub(super) async fn take_back(tx: &Tx, clock: &Clock, payout_id: i64) -> Result<bool> {
    let row = of_payout(tx, payout_id).await?.ok_or(Error::NotFound)?;
    if row.sent_at.is_some() {
        want(tx, clock, payout_id, Wanted::Rejected).await?;
        return Ok(false);
    }
    let change =
        ActiveModel { id: Set(row.id), wanted: Set(Wanted::Rejected), next_check_at: Set(None), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    Ok(true)
}

/// A person gives up on an approved payout that the provider has not released, for lack of money there, say.
pub(super) async fn call_back(tx: &Tx, clock: &Clock, payout: &row::Model, reason: &str, by: i64) -> Result<()> {
    let iris = of_payout(tx, payout.id).await?.ok_or(Error::NotFound)?;
    if !matches!(iris.status.as_deref(), None | Some("queued")) || !payout::is_open(payout.state) {
        return Err(Refusal::conflict("payout.midtrans_tells").into());
    }
    if take_back(tx, clock, payout.id).await? {
        return payout::owe_again(tx, clock, payout, row::State::Failed, reason, Some(by)).await;
    }
    payout::keep_reason(tx, payout.id, reason).await
}

/// What is known of a payout at the provider.
pub async fn of_payout(db: &impl ConnectionTrait, payout_id: i64) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::PayoutId.eq(payout_id)).one(db).await?)
}

/// The same for several.
pub async fn of_payouts(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::PayoutId.is_in(ids.iter().copied())).all(db).await?)
}

pub(super) async fn by_reference(db: &impl ConnectionTrait, reference: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::ReferenceNo.eq(reference)).one(db).await?)
}

fn is_over(iris: &Model) -> bool {
    let ended = matches!(iris.status.as_deref(), Some("failed" | "rejected" | REFUSED));
    ended || (iris.wanted == Wanted::Rejected && iris.sent_at.is_none())
}

/// The job `payment.payout`, and the reconciler's: does whatever comes next for a payout. Done again after a crash or a
/// lost answer it asks under the same keys; what cannot be done now is tried again on the reconciler's clock.
pub async fn push(db: &Db, clock: &Clock, door: &Door, payout_id: i64) -> Result<Checked> {
    let checked = next_step(db, clock, door, payout_id).await?;
    if let Checked::SetAside(reason) = &checked {
        iris_inbox::set_aside(db, clock, &format!("payout:{payout_id}"), reason).await?;
    }
    Ok(checked)
}

async fn next_step(db: &Db, clock: &Clock, door: &Door, payout_id: i64) -> Result<Checked> {
    let Some(iris) = of_payout(db, payout_id).await? else { return Ok(Checked::Unknown) };
    if is_over(&iris) {
        return Ok(Checked::Stands(iris.status.unwrap_or_default()));
    }
    let iris = match (iris.reference_no.is_some(), iris) {
        (true, iris) => iris,
        (false, iris) => match iris_call::create(db, clock, door, &iris).await? {
            Asked::Known(iris) => *iris,
            Asked::Not(checked) => return Ok(checked),
        },
    };
    let trouble = match iris.status.as_deref() {
        None | Some("queued") => iris_call::decide(door, &iris).await?,
        _ => None,
    };
    check(db, clock, door, payout_id, None, trouble).await
}

/// Fetches how a payout stands and applies it. `told` may say why it failed; `trouble` is what a call before ended in.
pub(super) async fn check(
    db: &Db,
    clock: &Clock,
    door: &Door,
    payout_id: i64,
    told: Option<&str>,
    trouble: Option<String>,
) -> Result<Checked> {
    let Some((ticket, reference)) = ticket(db, payout_id).await? else { return Ok(Checked::Unknown) };
    match door.payouts.status(&reference).await {
        Ok(seen) => apply(db, clock, payout_id, ticket, &seen, told, trouble).await,
        Err(Trouble::NotFound) => {
            later(db, clock, payout_id, "Midtrans knows no such payout").await?;
            Ok(Checked::Unknown)
        }
        Err(e) => {
            later(db, clock, payout_id, &e.to_string()).await?;
            Ok(Checked::Lost(e.to_string()))
        }
    }
}

/// Taken before the call, so that of two answers the one asked for last counts.
async fn ticket(db: &Db, payout_id: i64) -> Result<Option<(i64, PayoutReference)>> {
    let tx = db::begin(db).await?;
    let Some(iris) = Entity::find().filter(Column::PayoutId.eq(payout_id)).lock_exclusive().one(&tx).await? else {
        return Ok(None);
    };
    let Some(reference) = iris.reference_no.as_deref().and_then(|text| PayoutReference::parse(text).ok()) else {
        return Ok(None);
    };
    let seq = iris.fetch_seq + 1;
    Entity::update(ActiveModel { id: Set(iris.id), fetch_seq: Set(seq), ..Default::default() }).exec(&tx).await?;
    tx.commit().await?;
    Ok(Some((seq, reference)))
}

async fn apply(
    db: &Db,
    clock: &Clock,
    payout_id: i64,
    ticket: i64,
    seen: &Seen,
    told: Option<&str>,
    trouble: Option<String>,
) -> Result<Checked> {
    let tx = db::begin(db).await?;
    let (mut iris, payout) = locked(&tx, payout_id).await?;
    if ticket < iris.applied_seq {
        return Ok(Checked::Overtaken);
    }
    iris.applied_seq = ticket;
    let misfit = misfit(&iris, &payout, seen);
    match &misfit {
        Some(reason) => iris.trouble = Some(reason.clone()),
        None => {
            let moved = iris.status.as_deref() != Some(seen.status.as_str());
            iris.status = Some(seen.status.as_str().to_owned());
            let waits = iris.wanted != Wanted::Queued && seen.status == PayoutStatus::Queued;
            iris.trouble = trouble.filter(|_| waits);
            if moved {
                take_effect(&tx, clock, &payout, &iris, seen, told).await?;
                iris.tries = 0;
            }
        }
    }
    iris.tries += 1;
    iris.next_check_at = next(&iris, payout.paid_at, clock.now());
    Entity::update(iris.into_active_model().reset_all()).exec(&tx).await?;
    tx.commit().await?;
    Ok(match misfit {
        Some(reason) => Checked::SetAside(reason),
        None => Checked::Stands(seen.status.as_str().to_owned()),
    })
}

/// Why an answer cannot be about this payout, or cannot come after what was known; none when it can.
fn misfit(iris: &Model, payout: &row::Model, seen: &Seen) -> Option<String> {
    if iris.reference_no.as_deref() != Some(seen.reference_no.as_str()) {
        return Some(format!("the answer is about {}", seen.reference_no));
    }
    if seen.amount != Some(payout.amount) {
        return Some(format!("the amount there is {:?}, ours is {}", seen.amount, payout.amount));
    }
    if seen.beneficiary_account.is_some() && seen.beneficiary_account != payout.number {
        return Some("it goes to another account".into());
    }
    let known = iris.status.as_deref().map(PayoutStatus::parse);
    match known {
        Some(known) if known != seen.status && !known.may_become(&seen.status) => {
            Some(format!("{:?} cannot come after {:?}", seen.status.as_str(), known.as_str()))
        }
        None | Some(_) => match &seen.status {
            PayoutStatus::Other(word) => Some(format!("nobody here knows the status {word:?}")),
            _ => None,
        },
    }
}

/// What a new word means for the books. The outlet is locked.
async fn take_effect(
    tx: &Tx,
    clock: &Clock,
    payout: &row::Model,
    iris: &Model,
    seen: &Seen,
    told: Option<&str>,
) -> Result<()> {
    match seen.status {
        PayoutStatus::Completed if payout::is_open(payout.state) => payout::arrived(tx, clock, payout, None).await,
        PayoutStatus::Failed | PayoutStatus::Rejected if can_fail(payout.state) => {
            let shown = seen.raw.get("error_message").and_then(|text| text.as_str());
            let ours = payout.reason.as_deref();
            let reason = told.or(shown).or(ours).unwrap_or(seen.status.as_str());
            payout::owe_again(tx, clock, payout, ended_as(payout, iris), reason, None).await
        }
        _ => Ok(()),
    }
}

fn can_fail(state: row::State) -> bool {
    payout::is_open(state) || state == row::State::Paid
}

/// A payout of a draft that was called off was dropped; any other that does not arrive has failed.
pub(super) fn ended_as(payout: &row::Model, iris: &Model) -> row::State {
    match (payout.state, iris.wanted) {
        (row::State::Waiting, Wanted::Rejected) => row::State::Dropped,
        _ => row::State::Failed,
    }
}

/// A payout and what is known of it at the provider; their outlet is locked.
pub(super) async fn locked(tx: &Tx, payout_id: i64) -> Result<(Model, row::Model)> {
    let find = || row::Entity::find_by_id(payout_id).one(tx);
    let outlet_id = find().await?.ok_or(Error::NotFound)?.outlet_id;
    lock_outlet(tx, outlet_id).await?;
    let iris = Entity::find().filter(Column::PayoutId.eq(payout_id)).lock_exclusive().one(tx).await?;
    match (iris, find().await?) {
        (Some(iris), Some(payout)) => Ok((iris, payout)),
        _ => Err(Error::NotFound),
    }
}

/// Keeps why it did not go on, and when it is tried again.
pub(super) async fn later(db: &Db, clock: &Clock, payout_id: i64, trouble: &str) -> Result<()> {
    let tx = db::begin(db).await?;
    let (iris, payout) = locked(&tx, payout_id).await?;
    let trouble = Some(trouble.chars().take(300).collect());
    let mut iris = Model { trouble, tries: iris.tries + 1, ..iris };
    iris.next_check_at = next(&iris, payout.paid_at, clock.now());
    Entity::update(iris.into_active_model().reset_all()).exec(&tx).await?;
    Ok(tx.commit().await?)
}

/// The next look after `now`; none when nothing more can happen.
fn next(iris: &Model, paid_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match iris.status.as_deref() {
        Some("failed" | "rejected" | REFUSED) => None,
        Some("completed") => Some(next_night(now)).filter(|night| *night <= paid_at.unwrap_or(now) + NIGHTS),
        Some("queued") if iris.wanted == Wanted::Queued => Some(now + Duration::hours(1)),
        _ => Some(now + wait(iris.tries)),
    }
}

/// 30 seconds, 2, 5 and 15 minutes, then every hour.
pub(super) fn wait(tries: i64) -> Duration {
    match tries {
        i64::MIN..=0 => Duration::seconds(30),
        1 => Duration::minutes(2),
        2 => Duration::minutes(5),
        3 => Duration::minutes(15),
        _ => Duration::hours(1),
    }
}

/// One round of what is due; says how much was done.
pub async fn tick(db: &Db, clock: &Clock, door: &Door) -> Result<usize> {
    let mut done = 0;
    for id in iris_inbox::due(db, clock.now(), ROUND).await? {
        iris_inbox::handle(db, clock, door, id).await?;
        done += 1;
    }
    let due = Entity::find().filter(Column::NextCheckAt.lte(clock.now())).order_by_asc(Column::NextCheckAt);
    for iris in due.limit(ROUND).all(db).await? {
        if claim(db, clock, &iris).await? {
            push(db, clock, door, iris.payout_id).await?;
            done += 1;
        }
    }
    Ok(done)
}

/// Takes a row for this worker by moving its next look; another worker that saw the same row comes too late.
async fn claim(db: &Db, clock: &Clock, iris: &Model) -> Result<bool> {
    let tx = db::begin(db).await?;
    let taken = Entity::update_many()
        .col_expr(Column::NextCheckAt, Expr::value(Some(clock.now() + Duration::minutes(5))))
        .filter(Column::Id.eq(iris.id).and(Column::NextCheckAt.eq(iris.next_check_at)))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(taken.rows_affected == 1)
}
