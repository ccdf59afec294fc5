//! The calls that make, release and refuse a payout at Midtrans. A lost answer is asked for again under the same key
//! with the same body, which is built from what was copied when the run was made; a key the provider has forgotten
//! (at midnight UTC) is only replaced after a look at what has moved.
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};

use super::{
    iris::{Door, by_reference, locked},
    iris_status::{Checked, ended_as, later},
    payee::bank_code,
    payout,
};
use crate::{
    clock::Clock,
    db::{self, Db},
    error::Result,
    gateway::midtrans::{
        Error as Trouble, Sen,
        payouts::{Account, BankCode, Direction, NewPayout, PayoutKey, PayoutReference, StatementKind},
    },
};
use entity::{
    iris_payout::{ActiveModel, Entity, Model, Wanted},
    payout as row,
};

/// Whether the provider has it.
pub(super) enum Asked {
    Known(Box<Model>),
    Not(Checked),
}

/// Tells the provider of a payout, and keeps its number.
pub(super) async fn create(db: &Db, clock: &Clock, door: &Door, iris: &Model) -> Result<Asked> {
    let Some((iris, payout)) = sending(db, clock, iris.payout_id).await? else {
        return Ok(Asked::Not(Checked::Overtaken));
    };
    if iris.reference_no.is_some() {
        return Ok(Asked::Known(Box::new(iris)));
    }
    let iris = match iris.sent_at {
        Some(sent_at) if is_forgotten(sent_at, clock.now()) => {
            match look_for(db, clock, door, &iris, &payout, sent_at).await? {
                Asked::Known(iris) if iris.reference_no.is_none() => *iris,
                found => return Ok(found),
            }
        }
        _ => iris,
    };
    let new = match body(&payout) {
        Ok(new) => new,
        Err(reason) => return refused(db, clock, &iris, &reason).await,
    };
    match door.payouts.create(&[new], &key(&iris.create_key)?).await {
        Ok(queued) => match queued.first() {
            Some(queued) => known(db, &iris, &queued.reference_no).await,
            None => lost(db, clock, &iris, "the answer names no payout").await,
        },
        Err(Trouble::Validation { messages }) => refused(db, clock, &iris, &messages.join("; ")).await,
        Err(Trouble::KeyReused) => {
            later(db, clock, iris.payout_id, &Trouble::KeyReused.to_string()).await?;
            Ok(Asked::Not(Checked::SetAside("its key was used for something else".into())))
        }
        Err(e) => lost(db, clock, &iris, &e.to_string()).await,
    }
}

/// Releases or refuses a payout that waits at the provider. Says what went wrong; how it stands then, the status tells.
pub(super) async fn decide(door: &Door, iris: &Model) -> Result<Option<String>> {
    let Some(reference) = iris.reference_no.as_deref().and_then(|text| PayoutReference::parse(text).ok()) else {
        return Ok(None);
    };
    let (references, key) = ([reference], key(&iris.decide_key)?);
    let done = match iris.wanted {
        Wanted::Queued => return Ok(None),
        Wanted::Approved => door.payouts.approve(&references, None, &key).await,
        Wanted::Rejected => door.payouts.reject(&references, "Dibatalkan warong", &key).await,
    };
    Ok(done.err().map(|e| e.to_string()))
}

fn key(text: &str) -> Result<PayoutKey> {
    Ok(PayoutKey::parse(text).map_err(anyhow::Error::new)?)
}

/// The same for every try: all of it was copied into the payout.
fn body(payout: &row::Model) -> Result<NewPayout, String> {
    let (bank, number) = (payout.bank.as_deref().unwrap_or_default(), payout.number.as_deref().unwrap_or_default());
    let code = bank_code(bank).ok_or_else(|| format!("{bank} is not known to Midtrans"))?;
    let bank = BankCode::parse(code).map_err(|e| e.to_string())?;
    let account = Account::new(bank, number).map_err(|e| e.to_string())?;
    let holder = payout.holder.as_deref().unwrap_or(&payout.name);
    NewPayout::new(holder, account, payout.amount, &note(payout)).map_err(|e| e.to_string())
}

/// Tells this payout from every other.
fn note(payout: &row::Model) -> String {
    format!("Warong UEP bayar {}", payout.id)
}

/// The provider forgets keys at midnight UTC.
fn is_forgotten(sent_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    sent_at.date_naive() < now.date_naive()
}

/// Stores that the call is about to be made. None when it must not be made any more.
async fn sending(db: &Db, clock: &Clock, payout_id: i64) -> Result<Option<(Model, row::Model)>> {
    let tx = db::begin(db).await?;
    let (mut iris, payout) = locked(&tx, payout_id).await?;
    if iris.sent_at.is_none() {
        if iris.wanted == Wanted::Rejected || !payout::is_open(payout.state) {
            return Ok(None);
        }
        iris.sent_at = Some(clock.now());
        let change = ActiveModel { id: Set(iris.id), sent_at: Set(iris.sent_at), ..Default::default() };
        Entity::update(change).exec(&tx).await?;
        tx.commit().await?;
    }
    Ok(Some((iris, payout)))
}

async fn known(db: &Db, iris: &Model, reference: &PayoutReference) -> Result<Asked> {
    let tx = db::begin(db).await?;
    let (mut iris, _) = locked(&tx, iris.payout_id).await?;
    if iris.reference_no.is_none() {
        iris.reference_no = Some(reference.as_str().to_owned());
        iris.status = Some("queued".into());
        iris.trouble = None;
        Entity::update(iris.clone().into_active_model().reset_all()).exec(&tx).await?;
        tx.commit().await?;
    }
    Ok(Asked::Known(Box::new(iris)))
}

async fn lost(db: &Db, clock: &Clock, iris: &Model, trouble: &str) -> Result<Asked> {
    later(db, clock, iris.payout_id, trouble).await?;
    Ok(Asked::Not(Checked::Lost(trouble.to_owned())))
}

/// The provider does not take it: nothing has moved, and it is owed again.
async fn refused(db: &Db, clock: &Clock, iris: &Model, reason: &str) -> Result<Asked> {
    let tx = db::begin(db).await?;
    let (mut iris, payout) = locked(&tx, iris.payout_id).await?;
    if iris.reference_no.is_none() && payout::is_open(payout.state) {
        payout::owe_again(&tx, clock, &payout, ended_as(&payout, &iris), reason, None).await?;
        iris.status = Some("refused".into());
        iris.trouble = Some(reason.chars().take(300).collect());
        iris.next_check_at = None;
        Entity::update(iris.into_active_model().reset_all()).exec(&tx).await?;
        tx.commit().await?;
    }
    Ok(Asked::Not(Checked::Stands("refused".into())))
}

/// A call was made, its answer never came, and its key is forgotten: has it been done? Money that moved stands in the
/// statements. When it did not move, a draft that was called off is over, and any other is asked for under a new key.
async fn look_for(
    db: &Db,
    clock: &Clock,
    door: &Door,
    iris: &Model,
    payout: &row::Model,
    sent_at: DateTime<Utc>,
) -> Result<Asked> {
    let today = clock.now().date_naive();
    let from = sent_at.date_naive().max(today - Duration::days(30));
    let lines = match door.payouts.statements(from, today).await {
        Ok(lines) => lines,
        Err(e) => return lost(db, clock, iris, &e.to_string()).await,
    };
    for line in lines {
        let fits = line.kind == StatementKind::Payout
            && line.direction == Direction::Debit
            && line.amount.and_then(Sen::whole) == Some(payout.amount);
        let Some(reference) = line.reference_no.filter(|_| fits) else { continue };
        if by_reference(db, &reference).await?.is_some() {
            continue;
        }
        let Ok(reference) = PayoutReference::parse(reference) else { continue };
        match door.payouts.status(&reference).await {
            Ok(seen) if seen.notes.as_deref() == Some(&*note(payout)) => return known(db, iris, &reference).await,
            Ok(_) | Err(Trouble::NotFound) => {}
            Err(e) => return lost(db, clock, iris, &e.to_string()).await,
        }
    }
    if iris.wanted == Wanted::Rejected {
        return refused(db, clock, iris, "Midtrans never had it").await;
    }
    let tx = db::begin(db).await?;
    let (mut now, _) = locked(&tx, iris.payout_id).await?;
    if now.create_key == iris.create_key {
        now.create_key = PayoutKey::fresh().to_string();
        now.sent_at = Some(clock.now());
        Entity::update(now.clone().into_active_model().reset_all()).exec(&tx).await?;
        tx.commit().await?;
    }
    Ok(Asked::Known(Box::new(now)))
}
