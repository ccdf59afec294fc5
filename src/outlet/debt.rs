//! What crafters are given before they have earned it: material, or cash. One person asks for it, another gives it; it is
//! paid back out of payouts in the order the crafter agreed to, or in cash, and never below nothing.
//!
//! Material from the outlet's own store is a sale on credit: in these books only goods bought from crafters have a cost
//! on the shelf ([`Book::Goods`]), the outlet's own are its sales when they leave. Material that the outlet buys for the
//! crafter is money given, as a loan is.
use std::collections::BTreeMap;

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{payout_run::lock_outlet, repayment};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
    ledger::{self, Book, NewEntry},
};
use entity::{
    Rupiah, crafter,
    debt::{ActiveModel, Column, Entity, Kind, Model, Source, State},
    outlet,
};

/// Something to be given.
#[derive(Clone, Debug)]
pub struct NewDebt {
    pub crafter_id: i64,
    pub kind: Kind,
    pub source: Source,
    pub amount: Rupiah,
    pub reason: String,
    /// Whether the crafter agreed that it is set off before what they owe already.
    pub first: bool,
    pub most_per_payout: Option<Rupiah>,
}

/// A debt and what of it was paid back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub debt: Model,
    pub paid_back: Rupiah,
}

impl Standing {
    /// What is still owed.
    pub fn rest(&self) -> Rupiah {
        if self.debt.state == State::Given { self.debt.amount - self.paid_back } else { Rupiah::ZERO }
    }
}

/// What entries of a debt are about.
pub fn subject(id: i64) -> String {
    format!("debt:{id}")
}

fn given_key(id: i64) -> String {
    format!("debt:{id}:given")
}

/// Writes down what a crafter asks for. Nothing moves until another person gives it.
pub async fn ask(tx: &Tx, clock: &Clock, outlet: &outlet::Model, new: &NewDebt, by: i64) -> Result<i64> {
    let limit = lock_outlet(tx, outlet.id).await?.advance_max;
    if new.amount <= Rupiah::ZERO {
        return Err(Refusal::invalid("debt.not_positive").into());
    }
    if new.kind == Kind::Cash && new.source == Source::Stock {
        return Err(Refusal::invalid("debt.cash_from_stock").into());
    }
    let known = of_crafter(tx, new.crafter_id).await?;
    // What is asked for and not given yet counts too.
    let asked = known.iter().filter(|one| one.debt.state == State::Asked).map(|one| one.debt.amount);
    within(limit, known.iter().map(Standing::rest).chain(asked).sum(), new.amount)?;
    let places: Vec<i64> = known.iter().map(|one| one.debt.position).collect();
    let position = match new.first {
        true => places.iter().min().map_or(0, |least| least - 1),
        false => places.iter().max().map_or(0, |most| most + 1),
    };
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        crafter_id: Set(new.crafter_id),
        kind: Set(new.kind),
        source: Set(new.source),
        amount: Set(new.amount),
        reason: Set(new.reason.clone()),
        position: Set(position),
        most_per_payout: Set(new.most_per_payout),
        state: Set(State::Asked),
        asked_by: Set(by),
        asked_at: Set(clock.now()),
        ..Default::default()
    };
    let id = Entity::insert(row).exec(tx).await?.last_insert_id;
    let detail = json!({ "crafter": new.crafter_id, "amount": new.amount, "kind": new.kind, "source": new.source });
    remember(tx, clock, outlet, id, "asked", by, detail).await?;
    Ok(id)
}

/// Whether so much more stays within what one crafter may owe at once.
fn within(limit: Rupiah, owes: Rupiah, more: Rupiah) -> Result<(), Refusal> {
    if owes + more <= limit {
        return Ok(());
    }
    let left = std::cmp::max(limit - owes, Rupiah::ZERO);
    Err(Refusal::conflict("debt.above_limit").with("limit", limit).with("left", left))
}

/// Sets the most that one crafter may owe at once. What was given before stands, whatever it comes to.
pub async fn set_limit(tx: &Tx, clock: &Clock, outlet: &outlet::Model, limit: Rupiah, by: i64) -> Result<()> {
    let before = lock_outlet(tx, outlet.id).await?.advance_max;
    if limit < Rupiah::ZERO {
        return Err(Refusal::invalid("debt.not_positive").into());
    }
    let change = outlet::ActiveModel { id: Set(outlet.id), advance_max: Set(limit), ..Default::default() };
    outlet::Entity::update(change).exec(tx).await?;
    let about = Subject("outlet", outlet.id);
    let detail = json!({ "from": before, "to": limit });
    history::remember(tx, clock, Some(outlet.village_id), about, "advance_limit", Some(by), detail).await
}

/// Another person than who asked gives it: from now on the crafter owes it.
pub async fn give(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<()> {
    let debt = lock(tx, outlet.id, id).await?;
    if debt.state != State::Asked {
        return Err(Refusal::conflict("debt.already_decided").into());
    }
    if debt.asked_by == by {
        return Err(Refusal::conflict("debt.own_asking").into());
    }
    // The limit may have been lowered since it was asked for.
    let limit = outlet::Entity::find_by_id(outlet.id).one(tx).await?.ok_or(Error::NotFound)?.advance_max;
    within(limit, of_crafter(tx, debt.crafter_id).await?.iter().map(Standing::rest).sum(), debt.amount)?;
    let from = match debt.source {
        Source::Cash => Book::Cash(outlet.id),
        Source::Bank => Book::Bank(outlet.id),
        Source::Stock => Book::OwnSales(outlet.id),
    };
    let entry = NewEntry {
        source_key: &given_key(id),
        kind: "debt",
        subject: &subject(id),
        memo: "given",
        lines: &[(Book::Advance(debt.crafter_id), debt.amount), (from, -debt.amount)],
    };
    ledger::post(tx, clock, entry).await?;
    decide(tx, clock, id, State::Given, None, by).await?;
    remember(tx, clock, outlet, id, "given", by, json!({ "amount": debt.amount })).await
}

/// It will not be given: whoever asked takes it back, or somebody else says no.
pub async fn refuse(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, note: &str, by: i64) -> Result<()> {
    let debt = lock(tx, outlet.id, id).await?;
    if debt.state != State::Asked {
        return Err(Refusal::conflict("debt.already_decided").into());
    }
    decide(tx, clock, id, State::Refused, Some(note), by).await?;
    remember(tx, clock, outlet, id, "refused", by, json!({ "note": note })).await
}

/// It was given by mistake and is back whole. Once something of it was paid back, it stands.
pub async fn undo(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, note: &str, by: i64) -> Result<()> {
    let debt = lock(tx, outlet.id, id).await?;
    if debt.state != State::Given {
        return Err(Refusal::conflict("debt.not_given").into());
    }
    if repayment::sums(tx, &[id]).await?.contains_key(&id) {
        return Err(Refusal::conflict("debt.partly_paid").into());
    }
    ledger::reverse(tx, clock, &given_key(id)).await?;
    let change =
        ActiveModel { id: Set(id), state: Set(State::Undone), note: Set(Some(note.to_owned())), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    remember(tx, clock, outlet, id, "undone", by, json!({ "note": note })).await
}

/// The crafter agrees anew to how it is paid back: how much at most of one payout, and whether before all others.
pub async fn agree(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    id: i64,
    (most_per_payout, first): (Option<Rupiah>, bool),
    by: i64,
) -> Result<()> {
    let debt = lock(tx, outlet.id, id).await?;
    let mut change = ActiveModel { id: Set(id), most_per_payout: Set(most_per_payout), ..Default::default() };
    if first {
        let others = Entity::find().filter(Column::CrafterId.eq(debt.crafter_id)).filter(Column::Id.ne(id));
        let least = others.all(tx).await?.iter().map(|other| other.position).min();
        change.position = Set(least.map_or(debt.position, |least| least.min(debt.position + 1) - 1));
    }
    Entity::update(change).exec(tx).await?;
    remember(tx, clock, outlet, id, "agreed", by, json!({ "most": most_per_payout, "first": first })).await
}

async fn decide(tx: &Tx, clock: &Clock, id: i64, state: State, note: Option<&str>, by: i64) -> Result<()> {
    let change = ActiveModel {
        id: Set(id),
        state: Set(state),
        decided_by: Set(Some(by)),
        decided_at: Set(Some(clock.now())),
        note: Set(note.map(str::to_owned)),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    Ok(())
}

/// A debt of this outlet, which is locked.
pub(super) async fn lock(tx: &Tx, outlet_id: i64, id: i64) -> Result<Model> {
    lock_outlet(tx, outlet_id).await?;
    Ok(read(tx, outlet_id, id).await?.debt)
}

/// A debt of this outlet; another outlet's does not exist here.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Standing> {
    let debt = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)?;
    let mut all = standing(db, vec![debt]).await?;
    all.pop().ok_or(Error::NotFound)
}

/// All debts of an outlet that wait for somebody or are not paid back yet, with whose they are, by name.
pub async fn open(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<(crafter::Model, Standing)>> {
    let open = Entity::find()
        .filter(Column::OutletId.eq(outlet_id))
        .filter(Column::State.is_in([State::Asked, State::Given]))
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id);
    let all = standing(db, open.all(db).await?).await?;
    let ids = all.iter().map(|one| one.debt.crafter_id);
    let people = crafter::Entity::find().filter(crafter::Column::Id.is_in(ids)).all(db).await?;
    let people: BTreeMap<i64, crafter::Model> = people.into_iter().map(|one| (one.id, one)).collect();
    let is_open = |one: &Standing| one.debt.state == State::Asked || one.rest() > Rupiah::ZERO;
    let with_name = |one: Standing| Some((people.get(&one.debt.crafter_id)?.clone(), one));
    let mut open: Vec<_> = all.into_iter().filter(is_open).filter_map(with_name).collect();
    open.sort_by(|(a, _), (b, _)| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(open)
}

/// What a crafter was ever given, in the order it is set off.
pub async fn of_crafter(db: &impl ConnectionTrait, crafter_id: i64) -> Result<Vec<Standing>> {
    let all = Entity::find()
        .filter(Column::CrafterId.eq(crafter_id))
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id)
        .all(db)
        .await?;
    standing(db, all).await
}

async fn standing(db: &impl ConnectionTrait, debts: Vec<Model>) -> Result<Vec<Standing>> {
    let ids: Vec<i64> = debts.iter().map(|debt| debt.id).collect();
    let sums = repayment::sums(db, &ids).await?;
    let with_sum = |debt: Model| Standing { paid_back: sums.get(&debt.id).copied().unwrap_or_default(), debt };
    Ok(debts.into_iter().map(with_sum).collect())
}

pub(super) async fn remember(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    id: i64,
    verb: &str,
    by: i64,
    detail: Value,
) -> Result<()> {
    history::remember(tx, clock, Some(outlet.village_id), Subject("debt", id), verb, Some(by), detail).await
}
