//! Operasi pasar: goods at a low price, so many for a family, in one place for some hours; and what families had of goods
//! that anybody limits. A family is known by the token of its card.
//!
//! A sale that happened is counted and never refused: what passed a limit is told, for a person to look at ([`count`]).
//! Refused beforehand is on the device, by the same rules ([`crate::prices::limit`]).
mod count;
pub mod hold;
mod plan;
mod queue;
mod report;
mod told;

use chrono::Duration;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{card_code::Code, family};
use crate::{
    clock::Clock,
    db::{self, Db, Tx},
    error::{Error, Result},
};
pub use count::{Back, Bought, count, gave_back};
use entity::family::Model as Family;
use entity::market::{Column, Entity};
pub use entity::market::{Model, State};
pub use plan::{
    Good, NewGood, NewMarket, Offer, SPHP_AT_ONCE, call_off, change, close, content_of, goods, heaviest, offer, offers,
    open, plan, take_out,
};
pub use queue::{Given, Slot, Standing, Ticket, call_next, give, refused, slots, standing, ticket, times};
pub use report::{Reached, Report, Sold, report};
pub use told::{for_till, odd, used_of};

/// The family of a card, also of one that was replaced since: what it bought with it is its own.
pub async fn family_by_token(db: &impl ConnectionTrait, village_id: i64, token: &str) -> Result<Option<Family>> {
    let Some(code) = Code::parse(token) else { return Ok(None) };
    Ok(family::of_any_card(db, village_id, &code).await?.map(|(family, _)| family))
}

/// An operasi pasar of this outlet; another outlet's does not exist here.
pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Model> {
    Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)
}

/// One that anybody may look at.
pub async fn of_public(db: &impl ConnectionTrait, id: i64) -> Result<Model> {
    Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}

/// All of an outlet, the newest first.
pub async fn list(db: &impl ConnectionTrait, outlet_id: i64, most: u64) -> Result<Vec<Model>> {
    let here = Entity::find().filter(Column::OutletId.eq(outlet_id));
    Ok(here.order_by_desc(Column::OpensAt).order_by_desc(Column::Id).limit(most).all(db).await?)
}

/// Those that are planned or open, the next first.
pub async fn coming(db: &impl ConnectionTrait) -> Result<Vec<Model>> {
    let coming = Entity::find().filter(Column::State.is_in([State::Planned, State::Open]));
    Ok(coming.order_by_asc(Column::OpensAt).order_by_asc(Column::Id).all(db).await?)
}

/// How often [`tick`] looks, and a little more.
const LATELY: Duration = Duration::minutes(2);

/// Lets what guests see be drawn anew when the time of a market has just run out, whether somebody closes it or not.
pub async fn tick(db: &Db, clock: &Clock) -> Result<()> {
    let now = clock.now();
    let over = Entity::find()
        .filter(Column::State.is_in([State::Planned, State::Open]))
        .filter(Column::ClosesAt.lte(now))
        .filter(Column::ClosesAt.gt(now - LATELY));
    if over.one(db).await?.is_some() {
        let tx = db::begin(db).await?;
        tx.changes_what_is_shown();
        tx.commit().await?;
    }
    Ok(())
}

async fn lock(tx: &Tx, outlet_id: i64, id: i64) -> Result<Model> {
    let row = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).lock_exclusive().one(tx).await?;
    row.ok_or(Error::NotFound)
}

/// From when until when it sold: as it was planned, or as it was really opened earlier and closed earlier.
pub fn window(market: &Model) -> (chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>) {
    let from = market.opened_at.map_or(market.opens_at, |at| at.min(market.opens_at));
    let to = market.closed_at.map_or(market.closes_at, |at| at.min(market.closes_at));
    if market.state == State::CalledOff { (from, from) } else { (from, to) }
}
