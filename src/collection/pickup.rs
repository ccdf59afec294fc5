//! Goods that a household says are ready, so that somebody walks by and collects them.
//!
//! One line a household and product. It says how many and since when, and goes away by the hand-over, or when it is called
//! off. The list is in walking order: RT by RT as the outlet goes, the unknown ones last, by their names.
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::LockType,
};
use serde_json::json;

use super::amount;
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history,
};
pub use entity::pickup::{Model, State};
use entity::{
    crafter, person,
    pickup::{ActiveModel, Column, Entity},
    product, walk,
};

/// Where a household lives.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Neighbourhood {
    pub dusun: String,
    pub rw: String,
    pub rt: String,
}

impl Neighbourhood {
    pub fn of(crafter: &crafter::Model) -> Neighbourhood {
        // "3", "03" and "003" are one RT.
        let number = |text: &str| text.trim_start_matches('0').to_owned();
        Neighbourhood { dusun: crafter.dusun.clone(), rw: number(&crafter.rw), rt: number(&crafter.rt) }
    }

    /// By dusun, RW and RT, as numbers where they are numbers.
    fn by_name(&self) -> (&str, i64, i64, &str) {
        let number = |text: &str| text.parse().unwrap_or(i64::MAX);
        (&self.dusun, number(&self.rw), number(&self.rt), &self.rt)
    }
}

/// What waits at a household.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub pickup: Model,
    pub crafter: crafter::Model,
    pub phone: Option<String>,
    pub product: product::Model,
}

/// Notes how many of a product are ready at a household; none calls it off. Said again it is the new number, since when
/// it was first said.
pub async fn say(
    tx: &Tx,
    clock: &Clock,
    crafter: &crafter::Model,
    product_id: i64,
    quantity: i64,
    person_id: i64,
) -> Result<()> {
    if !(0..=amount::MOST).contains(&quantity) {
        return Err(Refusal::invalid("ready.odd_number").into());
    }
    let product = product::Entity::find_by_id(product_id).one(tx).await?;
    let product = product.filter(|product| product.outlet_id == crafter.outlet_id).ok_or(Error::NotFound)?;
    if product.crafter_id.is_none() || product.state == product::State::Withdrawn {
        return Err(Refusal::conflict("ready.not_collected").into());
    }
    // Two taps at once come one after the other.
    crafter::Entity::find_by_id(crafter.id).lock(LockType::NoKeyUpdate).one(tx).await?;
    let open = open(tx, crafter.id, product_id).await?;
    let verb = match (open, quantity) {
        (None, 0) => return Ok(()),
        (Some(known), 0) => return end(tx, clock, &known, State::CalledOff, person_id).await,
        (Some(known), _) if known.quantity == quantity => return Ok(()),
        (Some(known), _) => {
            let change = ActiveModel { id: Set(known.id), quantity: Set(quantity), ..Default::default() };
            Entity::update(change).exec(tx).await?;
            "ready_changed"
        }
        (None, _) => {
            let row = ActiveModel {
                outlet_id: Set(crafter.outlet_id),
                crafter_id: Set(crafter.id),
                product_id: Set(product_id),
                quantity: Set(quantity),
                state: Set(State::Waiting),
                person_id: Set(person_id),
                since: Set(clock.now()),
                ..Default::default()
            };
            Entity::insert(row).exec_without_returning(tx).await?;
            "ready"
        }
    };
    let about = history::Subject("crafter", crafter.id);
    let detail = json!({ "product": product_id, "quantity": quantity });
    history::remember(tx, clock, Some(crafter.village_id), about, verb, Some(person_id), detail).await
}

async fn open(db: &impl ConnectionTrait, crafter_id: i64, product_id: i64) -> Result<Option<Model>> {
    let waiting = Entity::find().filter(Column::State.eq(State::Waiting));
    let of = waiting.filter(Column::CrafterId.eq(crafter_id)).filter(Column::ProductId.eq(product_id));
    Ok(of.one(db).await?)
}

async fn end(tx: &Tx, clock: &Clock, pickup: &Model, state: State, person_id: i64) -> Result<()> {
    let change = ActiveModel {
        id: Set(pickup.id),
        state: Set(state),
        ended_at: Set(Some(clock.now())),
        ended_by: Set(Some(person_id)),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Calls a line off; one that is over already is as good.
pub async fn call_off(tx: &Tx, clock: &Clock, outlet_id: i64, id: i64, person_id: i64) -> Result<()> {
    let found = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).lock_exclusive().one(tx).await?;
    let pickup = found.ok_or(Error::NotFound)?;
    if pickup.state == State::Waiting { end(tx, clock, &pickup, State::CalledOff, person_id).await } else { Ok(()) }
}

/// Goods were handed in: what waited of them waits no more, or fewer do.
pub(super) async fn collected(
    tx: &Tx,
    clock: &Clock,
    (crafter_id, product_id): (i64, i64),
    pieces: i64,
    person_id: i64,
) -> Result<()> {
    let Some(known) = open(tx, crafter_id, product_id).await? else { return Ok(()) };
    if known.quantity <= pieces {
        return end(tx, clock, &known, State::Collected, person_id).await;
    }
    let change = ActiveModel { id: Set(known.id), quantity: Set(known.quantity - pieces), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    Ok(())
}

/// What is ready at one household, by product.
pub async fn of_crafter(db: &impl ConnectionTrait, crafter_id: i64) -> Result<HashMap<i64, Model>> {
    let rows = Entity::find().filter(Column::CrafterId.eq(crafter_id)).filter(Column::State.eq(State::Waiting));
    Ok(rows.all(db).await?.into_iter().map(|row| (row.product_id, row)).collect())
}

/// Everything that waits, in walking order; at one household the oldest first.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Waiting>> {
    let rows = Entity::find()
        .filter(Column::OutletId.eq(outlet_id))
        .filter(Column::State.eq(State::Waiting))
        .order_by_asc(Column::Since)
        .order_by_asc(Column::Id)
        .find_also_related(product::Entity)
        .all(db)
        .await?;
    let ids: Vec<i64> = rows.iter().map(|(pickup, _)| pickup.crafter_id).collect();
    let crafters: HashMap<i64, (crafter::Model, Option<person::Model>)> = crafter::Entity::find()
        .filter(crafter::Column::Id.is_in(ids))
        .find_also_related(person::Entity)
        .all(db)
        .await?
        .into_iter()
        .map(|(crafter, person)| (crafter.id, (crafter, person)))
        .collect();
    let mut list: Vec<Waiting> = rows
        .into_iter()
        .filter_map(|(pickup, product)| {
            let (crafter, person) = crafters.get(&pickup.crafter_id)?.clone();
            Some(Waiting { pickup, crafter, phone: person.and_then(|person| person.phone), product: product? })
        })
        .collect();
    let walk = walk(db, outlet_id).await?;
    let place = |of: &Neighbourhood| walk.iter().position(|known| known == of).unwrap_or(usize::MAX);
    list.sort_by_cached_key(|one| {
        let home = Neighbourhood::of(&one.crafter);
        let (dusun, rw, rt, text) = home.by_name();
        let name = (dusun.to_owned(), rw, rt, text.to_owned());
        (place(&home), name, one.crafter.name.clone(), one.crafter.id, one.pickup.since)
    });
    Ok(list)
}

/// How many households wait.
pub async fn count(db: &impl ConnectionTrait, outlet_id: i64) -> Result<usize> {
    let mut ids: Vec<i64> = Entity::find()
        .filter(Column::OutletId.eq(outlet_id))
        .filter(Column::State.eq(State::Waiting))
        .select_only()
        .column(Column::CrafterId)
        .into_tuple()
        .all(db)
        .await?;
    ids.sort_unstable();
    ids.dedup();
    Ok(ids.len())
}

/// The neighbourhoods of this outlet's crafters in walking order: as it was put, then by name.
pub async fn neighbourhoods(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Neighbourhood>> {
    let crafters = crafter::Entity::find().filter(crafter::Column::OutletId.eq(outlet_id)).all(db).await?;
    let walk = walk(db, outlet_id).await?;
    let mut all: Vec<Neighbourhood> = crafters.iter().map(Neighbourhood::of).collect();
    let place = |of: &Neighbourhood| walk.iter().position(|known| known == of).unwrap_or(usize::MAX);
    all.sort_by(|a, b| (place(a), a.by_name()).cmp(&(place(b), b.by_name())));
    all.dedup();
    Ok(all)
}

async fn walk(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Neighbourhood>> {
    let rows = walk::Entity::find()
        .filter(walk::Column::OutletId.eq(outlet_id))
        .order_by_asc(walk::Column::Position)
        .order_by_asc(walk::Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| Neighbourhood { dusun: row.dusun, rw: row.rw, rt: row.rt }).collect())
}

/// Puts the neighbourhoods in the order they are walked from now on.
pub async fn walk_in_order(tx: &Tx, outlet_id: i64, order: &[Neighbourhood]) -> Result<()> {
    // Two who put them in order at once come one after the other.
    entity::outlet::Entity::find_by_id(outlet_id).lock(LockType::NoKeyUpdate).one(tx).await?;
    walk::Entity::delete_many().filter(walk::Column::OutletId.eq(outlet_id)).exec(tx).await?;
    let rows = order.iter().zip(1..).map(|(home, position)| walk::ActiveModel {
        outlet_id: Set(outlet_id),
        dusun: Set(home.dusun.clone()),
        rw: Set(home.rw.clone()),
        rt: Set(home.rt.clone()),
        position: Set(position),
        ..Default::default()
    });
    if !order.is_empty() {
        walk::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// How long something waits, in whole days.
pub fn days(since: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    (crate::clock::local_date(now) - crate::clock::local_date(since)).num_days().max(0)
}
