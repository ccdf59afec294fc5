//! How a payout stands at Midtrans, and what that means for the books. The word `refused` is ours, for what the provider
//! never took; all others are the provider's.
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use super::{
    iris::{Door, locked},
    payout,
};
use crate::{
    clock::Clock,
    db::{self, Db, Tx},
    error::Result,
    gateway::midtrans::{
        Error as Trouble,
        payouts::{Payout as Seen, PayoutReference, PayoutStatus},
    },
    payments::schedule::next_night,
};
use entity::{
    iris_payout::{ActiveModel, Column, Entity, Model, Wanted},
    payout as row,
};

/// A bank may return a completed payout for so long.
const NIGHTS: Duration = Duration::days(7);

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
        Some("failed" | "rejected" | "refused") => None,
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
