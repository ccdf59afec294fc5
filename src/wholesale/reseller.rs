//! Who sells our goods elsewhere: somebody asks, the outlet says yes or no with a reason, and may suspend later.
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use crate::{
    accounts::person,
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
};
pub use entity::reseller::{Model, State};
use entity::{
    outlet, quote,
    reseller::{ActiveModel, Column, Entity},
};

/// What somebody says of their business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Business {
    pub name: String,
    /// Town and island.
    pub town: String,
    pub sells: String,
}

/// What an outlet says to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Approve,
    Refuse(String),
    Suspend(String),
}

/// Asks to become a reseller. Who was refused may ask again; who waits may correct what they wrote.
pub async fn ask(tx: &Tx, clock: &Clock, outlet: &outlet::Model, person_id: i64, said: &Business) -> Result<Model> {
    // One at a time: two taps make one row.
    person::locked(tx, person_id).await?;
    let known = of_person(tx, outlet.id, person_id).await?;
    if let Some(no) = known.as_ref().and_then(|row| may_not_ask(row.state)) {
        return Err(Refusal::conflict(no).into());
    }
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        person_id: Set(person_id),
        business: Set(said.name.clone()),
        town: Set(said.town.clone()),
        sells: Set(said.sells.clone()),
        state: Set(State::Asked),
        reason: Set(None),
        asked_at: Set(clock.now()),
        decided_at: Set(None),
        decided_by: Set(None),
        ..Default::default()
    };
    let row = match known {
        Some(known) => Entity::update(ActiveModel { id: Set(known.id), ..row }).exec(tx).await?,
        None => Entity::insert(row).exec_with_returning(tx).await?,
    };
    let detail = json!({ "name": said.name });
    let subject = Subject("reseller", row.id);
    history::remember(tx, clock, Some(outlet.village_id), subject, "asked", Some(person_id), detail).await?;
    Ok(row)
}

fn may_not_ask(state: State) -> Option<&'static str> {
    match state {
        State::Asked | State::Refused => None,
        State::Approved => Some("reseller.already"),
        State::Suspended => Some("reseller.is_suspended"),
    }
}

/// What may be decided of somebody who stands like this.
pub fn next(from: State, decision: &Decision) -> Option<State> {
    match (from, decision) {
        (State::Asked | State::Refused | State::Suspended, Decision::Approve) => Some(State::Approved),
        (State::Asked, Decision::Refuse(_)) => Some(State::Refused),
        (State::Approved, Decision::Suspend(_)) => Some(State::Suspended),
        _ => None,
    }
}

/// An operator decides, with a reason for every no.
pub async fn decide(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    id: i64,
    decision: &Decision,
    by: i64,
) -> Result<Model> {
    let found = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet.id)).lock_exclusive().one(tx).await?;
    let row = found.ok_or(Error::NotFound)?;
    let Some(state) = next(row.state, decision) else {
        return Err(Refusal::conflict("wholesale.decided_already").into());
    };
    let (verb, reason) = match decision {
        Decision::Approve => ("approved", None),
        Decision::Refuse(reason) => ("refused", Some(reason.clone())),
        Decision::Suspend(reason) => ("suspended", Some(reason.clone())),
    };
    let change = ActiveModel {
        id: Set(id),
        state: Set(state),
        reason: Set(reason.clone()),
        decided_at: Set(Some(clock.now())),
        decided_by: Set(Some(by)),
        ..Default::default()
    };
    let row = Entity::update(change).exec(tx).await?;
    let detail = json!({ "reason": reason });
    let subject = Subject("reseller", id);
    history::remember(tx, clock, Some(outlet.village_id), subject, verb, Some(by), detail).await?;
    Ok(row)
}

/// How somebody stands with an outlet.
pub async fn of_person(db: &impl ConnectionTrait, outlet_id: i64, person_id: i64) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::OutletId.eq(outlet_id)).filter(Column::PersonId.eq(person_id)).one(db).await?)
}

/// The same, if the outlet has agreed.
pub async fn approved(db: &impl ConnectionTrait, outlet_id: i64, person_id: i64) -> Result<Option<Model>> {
    Ok(of_person(db, outlet_id, person_id).await?.filter(|row| row.state == State::Approved))
}

/// One of an outlet's; another's does not exist here.
pub async fn by_id(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Model> {
    Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)
}

/// All of an outlet's, those who wait first.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Model>> {
    let mut all = Entity::find().filter(Column::OutletId.eq(outlet_id)).order_by_desc(Column::Id).all(db).await?;
    all.sort_by_key(|row| row.state != State::Asked);
    Ok(all)
}

/// What of resellers waits for a person: who asks to be one, and quotes they asked for.
pub async fn waiting(db: &impl ConnectionTrait, outlet_id: i64) -> Result<u64> {
    let asked = Entity::find().filter(Column::OutletId.eq(outlet_id)).filter(Column::State.eq(State::Asked));
    let drafts = quote::Entity::find()
        .filter(quote::Column::OutletId.eq(outlet_id))
        .filter(quote::Column::ResellerId.is_not_null())
        .filter(quote::Column::State.eq(quote::State::Draft));
    Ok(asked.count(db).await? + drafts.count(db).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_some_decisions_follow() {
        let no = || Decision::Refuse("Belum ada tokonya".into());
        let stop = || Decision::Suspend("Tidak bayar".into());
        assert_eq!(next(State::Asked, &Decision::Approve), Some(State::Approved));
        assert_eq!(next(State::Asked, &no()), Some(State::Refused));
        assert_eq!(next(State::Suspended, &Decision::Approve), Some(State::Approved));
        assert_eq!(next(State::Approved, &stop()), Some(State::Suspended));
        for (from, decision) in [
            (State::Approved, Decision::Approve),
            (State::Approved, no()),
            (State::Asked, stop()),
            (State::Refused, no()),
            (State::Suspended, stop()),
        ] {
            assert_eq!(next(from, &decision), None, "{from:?} {decision:?}");
        }
    }
}
