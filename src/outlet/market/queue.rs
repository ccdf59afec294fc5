//! The queue of an operasi pasar: a number and a time for each family, so that nobody stands for hours.
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{Model, State, count, lock};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    outlet::family,
    prices::limit::Had,
};
pub use entity::market_ticket::Model as Ticket;
use entity::{
    family_purchase as purchase, market_good as good, market_refusal as refusal,
    market_ticket::{ActiveModel, Column, Entity},
    outlet,
};

/// A part of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    pub n: i64,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub taken: i64,
    pub room: i64,
}

/// What came of asking for a place in the queue.
#[derive(Clone, Debug)]
pub enum Given {
    New(Ticket),
    /// They have one already, and did not have all that they may: the same again.
    Again(Ticket),
    /// They had all that a family may have here.
    HadAll(Ticket),
}

/// Where the queue is.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The last number that was called, with its part of the queue.
    pub serving: Option<Ticket>,
    pub next: Option<Ticket>,
    pub waiting: i64,
    pub given: i64,
}

/// The parts of the queue, from the planned opening to the end.
pub fn times(market: &Model) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let step = Duration::minutes(market.slot_minutes.max(5));
    let mut all = Vec::new();
    let mut from = market.opens_at;
    while from < market.closes_at && all.len() < 200 {
        let to = (from + step).min(market.closes_at);
        all.push((from, to));
        from = to;
    }
    all
}

/// The same with who is in them.
pub async fn slots(db: &impl ConnectionTrait, market: &Model) -> Result<Vec<Slot>> {
    let taken: Vec<i64> = Entity::find()
        .filter(Column::MarketId.eq(market.id))
        .select_only()
        .column(Column::Slot)
        .into_tuple()
        .all(db)
        .await?;
    let slot = |(n, (from, to)): (usize, (DateTime<Utc>, DateTime<Utc>))| {
        let n = n as i64;
        let in_it = taken.iter().filter(|slot| **slot == n).count() as i64;
        Slot { n, from, to, taken: in_it, room: (market.slot_families - in_it).max(0) }
    };
    Ok(times(market).into_iter().enumerate().map(slot).collect())
}

/// Gives the family of a card its place in the queue: the next number, in the first part that has room. A family has one
/// place; who comes again gets the same, and who had all that a family may have is told so.
pub async fn give(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    market_id: i64,
    card: &str,
    by: i64,
) -> Result<Given> {
    let family = family::by_card(tx, outlet.village_id, card).await?;
    let market = lock(tx, outlet.id, market_id).await?;
    if !matches!(market.state, State::Planned | State::Open) || clock.now() >= market.closes_at {
        return Err(Refusal::conflict("market.is_over").into());
    }
    let of_market = || Entity::find().filter(Column::MarketId.eq(market_id));
    if let Some(known) = of_market().filter(Column::FamilyId.eq(family.id)).one(tx).await? {
        if !has_all(tx, market_id, family.id).await? {
            return Ok(Given::Again(known));
        }
        let key = format!("market:{market_id}:again:{}:{}", family.id, clock.now().timestamp_micros());
        refused(tx, market_id, Some(family.id), None, "quota", 0, clock.now(), &key).await?;
        return Ok(Given::HadAll(known));
    }
    let slots = slots(tx, &market).await?;
    let free = slots.iter().find(|slot| slot.room > 0 && slot.to > clock.now());
    let slot = free.ok_or_else(|| Refusal::conflict("market.full"))?;
    let last = of_market().order_by_desc(Column::Number).one(tx).await?.map_or(0, |ticket| ticket.number);
    let row = ActiveModel {
        market_id: Set(market_id),
        family_id: Set(family.id),
        number: Set(last + 1),
        slot: Set(slot.n),
        given_by: Set(by),
        given_at: Set(clock.now()),
        ..Default::default()
    };
    let ticket = Entity::insert(row).exec_with_returning(tx).await?;
    tx.changes_what_is_shown();
    Ok(Given::New(ticket))
}

/// Whether a family had its whole share of everything that is offered.
async fn has_all(tx: &Tx, market_id: i64, family_id: i64) -> Result<bool> {
    let goods = good::Entity::find().filter(good::Column::MarketId.eq(market_id)).all(tx).await?;
    let had = purchase::Entity::find()
        .filter(purchase::Column::MarketId.eq(market_id))
        .filter(purchase::Column::FamilyId.eq(family_id))
        .all(tx)
        .await?;
    let all = |good: &good::Model| {
        let of = had.iter().filter(|row| row.item_id == good.item_id);
        let of: Vec<Had> = of.map(|row| Had { at: row.at, quantity: row.quantity }).collect();
        count::used(&of) >= good.per_family
    };
    Ok(!goods.is_empty() && goods.iter().all(all))
}

/// Writes down that somebody was refused, once: at the queue, or by a till that tells of it later.
pub async fn refused(
    tx: &Tx,
    market_id: i64,
    family_id: Option<i64>,
    item_id: Option<i64>,
    why: &str,
    asked: i64,
    at: DateTime<Utc>,
    source_key: &str,
) -> Result<()> {
    let row = refusal::ActiveModel {
        market_id: Set(market_id),
        family_id: Set(family_id),
        item_id: Set(item_id),
        why: Set(why.to_owned()),
        asked: Set(asked),
        at: Set(at),
        source_key: Set(source_key.to_owned()),
        ..Default::default()
    };
    let once = sea_orm::sea_query::OnConflict::column(refusal::Column::SourceKey).do_nothing().to_owned();
    refusal::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await?;
    Ok(())
}

/// Calls the next number: of the earliest part of the queue, the smallest. The same person calls once: `after` is the
/// number they saw called last.
pub async fn call_next(tx: &Tx, clock: &Clock, outlet_id: i64, market_id: i64, after: i64) -> Result<Option<Ticket>> {
    let market = lock(tx, outlet_id, market_id).await?;
    if market.state != State::Open {
        return Err(Refusal::conflict("market.not_open").into());
    }
    let standing = standing(tx, market_id).await?;
    // Two who tap at once both saw the same number; the second sees what the first called.
    if standing.serving.as_ref().map_or(0, |ticket| ticket.number) != after {
        return Ok(standing.serving);
    }
    let Some(next) = standing.next else { return Ok(None) };
    let called = ActiveModel { id: Set(next.id), called_at: Set(Some(clock.now())), ..Default::default() };
    let called = Entity::update(called).exec(tx).await?;
    tx.changes_what_is_shown();
    Ok(Some(called))
}

/// Where the queue of a market is.
pub async fn standing(db: &impl ConnectionTrait, market_id: i64) -> Result<Standing> {
    let of_market = || Entity::find().filter(Column::MarketId.eq(market_id));
    let waiting = || of_market().filter(Column::CalledAt.is_null());
    Ok(Standing {
        serving: of_market()
            .filter(Column::CalledAt.is_not_null())
            .order_by_desc(Column::CalledAt)
            .order_by_desc(Column::Number)
            .one(db)
            .await?,
        next: waiting().order_by_asc(Column::Slot).order_by_asc(Column::Number).one(db).await?,
        waiting: i64::try_from(waiting().count(db).await?).unwrap_or(i64::MAX),
        given: i64::try_from(of_market().count(db).await?).unwrap_or(i64::MAX),
    })
}

/// One place in the queue, by its number.
pub async fn ticket(db: &impl ConnectionTrait, market_id: i64, number: i64) -> Result<Ticket> {
    let of = Entity::find().filter(Column::MarketId.eq(market_id)).filter(Column::Number.eq(number));
    of.one(db).await?.ok_or(Error::NotFound)
}
