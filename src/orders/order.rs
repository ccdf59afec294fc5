//! An order as its buyer knows it: its number, its address, and what they may do with it.
use chrono::Duration;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::{notify, state};
use crate::{
    clock::{self, Clock},
    db::Tx,
    error::{Error, Refusal, Result},
    history,
    region::{self, Code},
    stock,
};
use entity::{
    order,
    order::{Method, Model, Payment, State},
    order_line, parcel,
    shipping_rate::Zone,
};

/// How other modules call an order.
pub fn subject(order_id: i64) -> String {
    format!("order:{order_id}")
}

/// The id in such a name, if there is such an order.
pub async fn existing(db: &impl ConnectionTrait, subject: &str) -> Result<Option<i64>> {
    let Some(id) = subject.strip_prefix("order:").and_then(|id| id.parse::<i64>().ok()) else { return Ok(None) };
    Ok(entity::order::Entity::find_by_id(id).one(db).await?.map(|order| order.id))
}

/// The buyer's page.
pub fn url(order: &Model) -> String {
    format!("/pesanan/{}", order.secret)
}

/// "K-2611-0042": year and month it was placed in, and its number in the books.
pub fn number(order: &Model) -> String {
    format!("K-{}-{:04}", clock::local_date(order.placed_at).format("%y%m"), order.id)
}

/// The number in the books that stands in "K-2611-0042", as people type it.
fn id_of(number: &str) -> Option<i64> {
    let digits: String = number.chars().filter(char::is_ascii_digit).take(20).collect();
    digits.get(4..)?.parse().ok()
}

/// The order of a secret address.
pub async fn by_secret(db: &impl ConnectionTrait, secret: &str) -> Result<Model> {
    order::Entity::find().filter(order::Column::Secret.eq(secret)).one(db).await?.ok_or(Error::NotFound)
}

/// The same, locked until the transaction ends.
pub async fn lock(tx: &Tx, secret: &str) -> Result<Model> {
    let found = order::Entity::find().filter(order::Column::Secret.eq(secret)).lock_exclusive().one(tx).await?;
    found.ok_or(Error::NotFound)
}

/// The order somebody remembers by its number and the phone it was placed with.
pub async fn remembered(db: &impl ConnectionTrait, number_typed: &str, phone: &str) -> Result<Option<Model>> {
    let Some(id) = id_of(number_typed) else { return Ok(None) };
    let found = order::Entity::find_by_id(id).filter(order::Column::BuyerPhone.eq(phone)).one(db).await?;
    let plain = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    Ok(found.filter(|order| plain(&number(order)) == plain(number_typed)))
}

/// The latest orders somebody placed while signed in.
pub async fn of_person(db: &impl ConnectionTrait, person_id: i64) -> Result<Vec<Model>> {
    Ok(order::Entity::find()
        .filter(order::Column::PersonId.eq(person_id))
        .order_by_desc(order::Column::Id)
        .limit(50)
        .all(db)
        .await?)
}

pub async fn lines(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<order_line::Model>> {
    Ok(order_line::Entity::find()
        .filter(order_line::Column::OrderId.eq(order_id))
        .order_by_asc(order_line::Column::Id)
        .all(db)
        .await?)
}

pub async fn parcels(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<parcel::Model>> {
    Ok(parcel::Entity::find()
        .filter(parcel::Column::OrderId.eq(order_id))
        .order_by_asc(parcel::Column::Id)
        .all(db)
        .await?)
}

/// Where the buyer is; none for a pickup.
pub fn destination(order: &Model) -> Option<region::Region> {
    region::by_code(order.region_code.as_deref()?)
}

/// The buyer's hours ahead of UTC; Jember's for a pickup.
pub fn zone_hours(order: &Model) -> i64 {
    let code = order.region_code.as_deref().and_then(|code| Code::parse(code).ok());
    code.map_or(7, |code| i64::from(region::timezone_of(&code).utc_offset_hours()))
}

const ZONES: [(Zone, &str); 5] = [
    (Zone::SameVillage, "same_village"),
    (Zone::Jember, "jember"),
    (Zone::Java, "java"),
    (Zone::MaduraBali, "madura_bali"),
    (Zone::OtherIslands, "other_islands"),
];

/// How an order's row names a zone.
pub fn zone_name(zone: Zone) -> &'static str {
    ZONES.iter().find(|(z, _)| *z == zone).map_or("", |(_, name)| name)
}

/// The zone of a name.
pub fn zone_named(name: &str) -> Option<Zone> {
    ZONES.iter().find(|(_, n)| *n == name).map(|(zone, _)| *zone)
}

/// Whether the buyer may still take the order back by themselves.
pub fn may_cancel(order: &Model) -> bool {
    order.state == State::Placed
        && order.payment == Payment::Unpaid
        && order.confirmed_at.is_none()
        && order.pay_by.is_some()
}

/// The buyer takes an unpaid order back. Doing it again changes nothing.
pub async fn cancel_unpaid(tx: &Tx, clock: &Clock, order: &Model) -> Result<()> {
    if order.state == State::Cancelled {
        return Ok(());
    }
    if !may_cancel(order) {
        return Err(Refusal::conflict("order.cannot_cancel").into());
    }
    let closed = end(tx, clock, order, State::Cancelled, "buyer").await?;
    let subject = history::Subject("order", order.id);
    history::remember(tx, clock, None, subject, "cancelled", order.person_id, json!({ "by": "buyer" })).await?;
    notify::state_changed(tx, clock, &closed, "cancelled").await
}

/// Ends an unpaid order: goods go back on the shelf, and nobody is to pay for it any more.
pub(super) async fn end(tx: &Tx, clock: &Clock, order: &Model, state: State, reason: &str) -> Result<Model> {
    stock::release(tx, &subject(order.id)).await?;
    // Its makers are free for others.
    tx.changes_what_is_shown();
    // Part of another payment may still be owed back.
    let owes = order.refund_due.0 > 0;
    let change = order::ActiveModel {
        id: Set(order.id),
        state: Set(state),
        payment: Set(if owes { Payment::RefundDue } else { order.payment }),
        closed_at: Set(Some(clock.now())),
        close_reason: Set(Some(reason.to_owned())),
        ..Default::default()
    };
    Ok(order::Entity::update(change).exec(tx).await?)
}

/// A photo of a transfer was sent: the order does not end before it has been read.
pub async fn proof_sent(tx: &Tx, clock: &Clock, order: &Model) -> Result<()> {
    let read_by = clock.now() + READING;
    if order.pay_by.is_none_or(|pay_by| pay_by >= read_by) {
        return Ok(());
    }
    if order.payment == Payment::Unpaid {
        stock::prolong(tx, &subject(order.id), Some(read_by)).await?;
    }
    let change = order::ActiveModel { id: Set(order.id), pay_by: Set(Some(read_by)), ..Default::default() };
    order::Entity::update(change).exec(tx).await?;
    Ok(())
}

/// A photo of a transfer can be read: a person looks at it, so the order no longer ends by itself.
pub async fn proof_came(tx: &Tx, clock: &Clock, order_id: i64) -> Result<()> {
    let found = order::Entity::find_by_id(order_id).lock_exclusive().one(tx).await?;
    let asked =
        |order: &Model| order.method == Method::Transfer && order.state == State::Placed && state::is_asked(order);
    let Some(order) = found.filter(|order| asked(order) && order.pay_by.is_some()) else { return Ok(()) };
    stock::prolong(tx, &subject(order.id), None).await?;
    let change = order::ActiveModel { id: Set(order.id), pay_by: Set(None), ..Default::default() };
    order::Entity::update(change).exec(tx).await?;
    history::remember(tx, clock, None, history::Subject("order", order.id), "proof_sent", None, json!({})).await
}

/// How long a photo may take until it is ready or refused.
const READING: Duration = Duration::minutes(15);

/// How long after its deadline an order waits where the provider's answer is one that a person must look into.
pub(super) const PATIENCE: Duration = Duration::minutes(70);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::example;

    #[test]
    fn a_number_is_read_as_it_is_typed() {
        let order = example::order();
        assert_eq!(number(&order), "K-2611-0042");
        for typed in ["K-2611-0042", "k 2611 0042", "26110042", " K26110042 "] {
            assert_eq!(id_of(typed), Some(42), "{typed}");
        }
        for typed in ["", "K", "2611", "K-26-11", "K-2611-99999999999999999999999"] {
            assert!(id_of(typed).is_none_or(|id| id != 42), "{typed}");
        }
    }

    #[test]
    fn makassar_reads_its_own_hours() {
        assert_eq!(zone_hours(&example::order()), 8);
        assert_eq!(zone_hours(&Model { region_code: None, ..example::order() }), 7);
    }

    #[test]
    fn zones_have_names() {
        for (zone, name) in ZONES {
            assert_eq!((zone_name(zone), zone_named(name)), (name, Some(zone)));
        }
    }
}
