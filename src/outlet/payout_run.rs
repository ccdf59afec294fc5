//! A run of payouts: one person makes the list, another approves it, then the money goes out.
//!
//! The money is reserved when the list is made, not when it is approved: so two lists at once can never hold the same
//! rupiah, and what the second person approves is exactly what is there.
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::LockType,
};
use serde_json::json;

use super::{
    iris,
    payee::{self, Payee, bank_code},
    payout, payout_wallet,
    repayment::{self, SetOff},
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
    ledger::{self, Book, NewEntry},
};
use entity::{
    Rupiah, outlet,
    payout::{self as row, State as Payout, Way},
    payout_run::{ActiveModel, Column, Entity, Model, State},
};

/// So many runs are on the list.
const MOST: u64 = 50;

/// What one payee shall get, and what of their debts is set off against the rest of what they are owed.
#[derive(Clone, Debug)]
pub struct Line {
    pub payee: Payee,
    /// Nothing, when all that is owed is set off.
    pub amount: Rupiah,
    pub way: Way,
    pub set_offs: Vec<SetOff>,
}

impl Line {
    /// What this line takes out of what is owed.
    fn taken(&self) -> Rupiah {
        self.amount + self.set_offs.iter().map(|one| one.amount).sum()
    }
}

/// A run with its payouts, by name.
#[derive(Clone, Debug)]
pub struct Run {
    pub run: Model,
    pub payouts: Vec<row::Model>,
    pub set_offs: Vec<entity::repayment::Model>,
}

impl Run {
    /// All that is paid out.
    pub fn total(&self) -> Rupiah {
        self.payouts.iter().map(|payout| payout.amount).sum()
    }

    /// One of its payouts; another run's does not exist here.
    pub fn payout(&self, id: i64) -> Result<&row::Model> {
        self.payouts.iter().find(|payout| payout.id == id).ok_or(Error::NotFound)
    }
}

/// One person at a time changes what an outlet pays out. Orders of the outlet go on meanwhile.
pub async fn lock_outlet(tx: &Tx, outlet_id: i64) -> Result<outlet::Model> {
    let row = outlet::Entity::find_by_id(outlet_id).lock(LockType::NoKeyUpdate).one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// A run of this outlet, which is locked; another outlet's run does not exist here.
pub async fn lock(tx: &Tx, outlet_id: i64, id: i64) -> Result<Run> {
    lock_outlet(tx, outlet_id).await?;
    read(tx, outlet_id, id).await
}

/// A run of this outlet as it stands.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Run> {
    let run = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)?;
    let payouts = row::Entity::find()
        .filter(row::Column::RunId.eq(id))
        .order_by_asc(row::Column::Name)
        .order_by_asc(row::Column::Id)
        .all(db)
        .await?;
    let set_offs = repayment::of_runs(db, &[id]).await?;
    Ok(Run { run, payouts, set_offs })
}

/// The newest runs of an outlet.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Run>> {
    let runs = Entity::find().filter(Column::OutletId.eq(outlet_id)).order_by_desc(Column::Id).limit(MOST);
    let runs = runs.all(db).await?;
    let ids: Vec<i64> = runs.iter().map(|run| run.id).collect();
    let payouts = row::Entity::find().filter(row::Column::RunId.is_in(ids.iter().copied())).all(db).await?;
    let set_offs = repayment::of_runs(db, &ids).await?;
    let of = |id| payouts.iter().filter(|payout| payout.run_id == id).cloned().collect();
    let set_off = |id| set_offs.iter().filter(|one| one.run_id == Some(id)).cloned().collect();
    Ok(runs.into_iter().map(|run| Run { payouts: of(run.id), set_offs: set_off(run.id), run }).collect())
}

/// Makes a list and reserves its money. With `through_midtrans` off nothing may go that way.
pub async fn make(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    lines: &[Line],
    through_midtrans: bool,
    by: i64,
) -> Result<i64> {
    lock_outlet(tx, outlet.id).await?;
    let payees: BTreeSet<Payee> = lines.iter().map(|line| line.payee).collect();
    if lines.is_empty() || payees.len() != lines.len() {
        return Err(Refusal::invalid("payout.nobody_chosen").into());
    }
    let run = ActiveModel {
        outlet_id: Set(outlet.id),
        state: Set(State::Draft),
        made_by: Set(by),
        made_at: Set(clock.now()),
        ..Default::default()
    };
    let run_id = Entity::insert(run).exec(tx).await?.last_insert_id;
    let owed = payee::owed(tx, outlet.id).await?;
    for line in lines {
        let owed = owed.iter().find(|owed| owed.payee == line.payee);
        reserve(tx, clock, outlet, run_id, line, owed, through_midtrans, by).await?;
    }
    let total: Rupiah = lines.iter().map(|line| line.amount).sum();
    remember(tx, clock, outlet, run_id, "made", Some(by), json!({ "payouts": lines.len(), "total": total })).await?;
    Ok(run_id)
}

/// Takes one line out of what is owed: what is set off of debts, and what is paid out.
async fn reserve(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    run_id: i64,
    line: &Line,
    owed: Option<&payee::Owed>,
    through_midtrans: bool,
    by: i64,
) -> Result<()> {
    let Some(owed) = owed else { return Err(Refusal::conflict("payout.nothing_owed").into()) };
    let sets_off = line.set_offs.iter().any(|one| one.amount > Rupiah::ZERO);
    if line.amount < Rupiah::ZERO || (line.amount == Rupiah::ZERO && !sets_off) {
        return Err(Refusal::invalid("payout.not_positive").with("name", owed.name.as_str()).into());
    }
    if line.taken() > owed.amount {
        let refusal = Refusal::conflict("payout.more_than_owed");
        return Err(refusal.with("name", owed.name.as_str()).with("owed", owed.amount).into());
    }
    let payout_id = match line.amount {
        Rupiah::ZERO => None,
        _ => Some(write(tx, outlet.id, run_id, line, owed, through_midtrans).await?),
    };
    let Payee::Crafter(crafter_id) = line.payee;
    repayment::set_off(tx, clock, outlet, (run_id, payout_id), crafter_id, &line.set_offs, by).await?;
    match payout_id {
        Some(id) => set_aside(tx, clock, outlet.id, id, line).await,
        None => Ok(()),
    }
}

/// Writes one payout down, with the account as it is now.
async fn write(
    tx: &Tx,
    outlet_id: i64,
    run_id: i64,
    line: &Line,
    owed: &payee::Owed,
    through_midtrans: bool,
) -> Result<i64> {
    let account = owed.account.as_ref().filter(|_| line.way != Way::Cash);
    if account.is_none() && line.way != Way::Cash {
        return Err(Refusal::conflict("payout.no_account").with("name", owed.name.as_str()).into());
    }
    let is_known = account.is_some_and(|account| bank_code(&account.bank).is_some() && account.number.len() > 5);
    if line.way == Way::Midtrans && !(through_midtrans && is_known) {
        return Err(Refusal::conflict("payout.not_by_midtrans").with("name", owed.name.as_str()).into());
    }
    let payout = row::ActiveModel {
        run_id: Set(run_id),
        outlet_id: Set(outlet_id),
        payee: Set(line.payee.code()),
        name: Set(owed.name.clone()),
        amount: Set(line.amount),
        way: Set(line.way),
        bank: Set(account.map(|account| account.bank.clone())),
        number: Set(account.map(|account| account.number.clone())),
        holder: Set(account.map(|account| account.holder.clone())),
        state: Set(Payout::Waiting),
        ..Default::default()
    };
    Ok(row::Entity::insert(payout).exec(tx).await?.last_insert_id)
}

/// Takes a payout's amount out of what is owed, and tells the provider where it goes that way.
async fn set_aside(tx: &Tx, clock: &Clock, outlet_id: i64, id: i64, line: &Line) -> Result<()> {
    let entry = NewEntry {
        source_key: &payout::reserved_key(id),
        kind: "payout",
        subject: &payout::subject(id),
        memo: "reserved",
        lines: &[(line.payee.book(), line.amount), (Book::PayoutsUnderway(outlet_id), -line.amount)],
    };
    ledger::post(tx, clock, entry).await?;
    if line.way == Way::Midtrans {
        iris::ask(tx, clock, id).await?;
    }
    Ok(())
}

/// Another person than the maker lets the money go.
pub async fn approve(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<()> {
    let run = lock(tx, outlet.id, id).await?;
    if run.run.state != State::Draft {
        return Err(Refusal::conflict("payout.already_decided").into());
    }
    if run.run.made_by == by {
        return Err(Refusal::conflict("payout.own_run").into());
    }
    payout_wallet::judge(tx, &run).await?;
    decide(tx, clock, &run, State::Approved, None, by).await?;
    for payout in run.payouts.iter().filter(|payout| payout.state == Payout::Waiting) {
        payout::set_state(tx, payout.id, Payout::Approved).await?;
        if payout.way == Way::Midtrans {
            iris::want(tx, clock, payout.id, entity::iris_payout::Wanted::Approved).await?;
        }
    }
    // A run that only sets debts off has nothing left to do.
    close_if_over(tx, clock, outlet.id, id).await?;
    remember(tx, clock, outlet, id, "approved", Some(by), json!({ "total": run.total() })).await
}

/// The maker takes a draft back, or somebody else refuses it: all of it is owed again. What Midtrans may have heard of
/// stays reserved until it says that it will never pay it.
pub async fn call_off(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, reason: &str, by: i64) -> Result<()> {
    let run = lock(tx, outlet.id, id).await?;
    if run.run.state != State::Draft {
        return Err(Refusal::conflict("payout.already_decided").into());
    }
    let (state, verb) = match run.run.made_by == by {
        true => (State::Withdrawn, "withdrawn"),
        false => (State::Rejected, "rejected"),
    };
    decide(tx, clock, &run, state, Some(reason), by).await?;
    for payout in run.payouts.iter().filter(|payout| payout.state == Payout::Waiting) {
        if payout.way != Way::Midtrans || iris::take_back(tx, clock, payout.id).await? {
            payout::owe_again(tx, clock, payout, Payout::Dropped, reason, Some(by)).await?;
        } else {
            payout::keep_reason(tx, payout.id, reason).await?;
        }
    }
    repayment::undo_without_payout(tx, clock, id).await?;
    remember(tx, clock, outlet, id, verb, Some(by), json!({ "reason": reason })).await
}

async fn decide(tx: &Tx, clock: &Clock, run: &Run, state: State, reason: Option<&str>, by: i64) -> Result<()> {
    let now = clock.now();
    let closed: Option<DateTime<Utc>> = (state != State::Approved).then_some(now);
    let change = ActiveModel {
        id: Set(run.run.id),
        state: Set(state),
        decided_by: Set(Some(by)),
        decided_at: Set(Some(now)),
        reason: Set(reason.map(str::to_owned)),
        closed_at: Set(closed),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    Ok(())
}

/// A run is over when its last payout has ended, and what it only sets off was approved. The outlet is locked.
pub(super) async fn close_if_over(tx: &Tx, clock: &Clock, outlet_id: i64, id: i64) -> Result<()> {
    let run = read(tx, outlet_id, id).await?;
    let is_open = run.payouts.iter().any(|payout| payout::is_open(payout.state));
    let waits = run.set_offs.iter().any(|one| one.payout_id.is_none()) && run.run.state == State::Draft;
    if is_open || waits || !matches!(run.run.state, State::Draft | State::Approved) {
        return Ok(());
    }
    let change =
        ActiveModel { id: Set(id), state: Set(State::Done), closed_at: Set(Some(clock.now())), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    Ok(())
}

async fn remember(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    id: i64,
    verb: &str,
    by: Option<i64>,
    detail: serde_json::Value,
) -> Result<()> {
    history::remember(tx, clock, Some(outlet.village_id), Subject("payout_run", id), verb, by, detail).await
}
