//! Ships and trucks as the outlet hears of them, the one an order goes with, and where it has been seen since.
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::fill::Box;
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
    orders::docket::Docket,
};
pub use entity::sailing::{Kind, Model};
use entity::{
    Rupiah, outlet,
    sailing::{ActiveModel, Column, Entity},
    shipment, tracking_note,
};

/// A sailing as it is noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub kind: Kind,
    pub name: String,
    pub from_place: String,
    pub to_place: String,
    pub closes_at: DateTime<Utc>,
    pub departs_at: DateTime<Utc>,
    pub arrives_on: Option<NaiveDate>,
    pub per_kg: Rupiah,
    pub per_m3: Rupiah,
    pub note: Option<String>,
}

/// Notes a ship or truck.
pub async fn note(tx: &Tx, clock: &Clock, outlet: &outlet::Model, wish: &Wish, by: i64) -> Result<Model> {
    if wish.departs_at < wish.closes_at {
        return Err(Refusal::invalid("wholesale.closes_after_departure").into());
    }
    if wish.per_kg == Rupiah::ZERO && wish.per_m3 == Rupiah::ZERO {
        return Err(Refusal::invalid("wholesale.no_cargo_price").into());
    }
    let row = ActiveModel {
        outlet_id: Set(outlet.id),
        kind: Set(wish.kind),
        name: Set(wish.name.clone()),
        from_place: Set(wish.from_place.clone()),
        to_place: Set(wish.to_place.clone()),
        closes_at: Set(wish.closes_at),
        departs_at: Set(wish.departs_at),
        arrives_on: Set(wish.arrives_on),
        per_kg: Set(wish.per_kg),
        per_m3: Set(wish.per_m3),
        note: Set(wish.note.clone()),
        made_by: Set(by),
        made_at: Set(clock.now()),
        cancelled_at: Set(None),
        ..Default::default()
    };
    let row = Entity::insert(row).exec_with_returning(tx).await?;
    let subject = Subject("sailing", row.id);
    history::remember(tx, clock, Some(outlet.village_id), subject, "noted", Some(by), json!({ "name": row.name }))
        .await?;
    Ok(row)
}

/// It does not go. A second tap changes nothing.
pub async fn cancel(tx: &Tx, clock: &Clock, outlet: &outlet::Model, id: i64, by: i64) -> Result<()> {
    let row = of_outlet(tx, outlet.id, id).await?;
    if row.cancelled_at.is_some() {
        return Ok(());
    }
    let change = ActiveModel { id: Set(id), cancelled_at: Set(Some(clock.now())), ..Default::default() };
    Entity::update(change).exec(tx).await?;
    history::remember(tx, clock, Some(outlet.village_id), Subject("sailing", id), "cancelled", Some(by), json!({}))
        .await
}

async fn of_outlet(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Model> {
    Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?.ok_or(Error::NotFound)
}

/// Those of an outlet that leave after this moment, the next first.
pub async fn coming(db: &impl ConnectionTrait, outlet_id: i64, after: DateTime<Utc>) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::OutletId.eq(outlet_id))
        .filter(Column::DepartsAt.gte(after))
        .order_by_asc(Column::DepartsAt)
        .limit(60)
        .all(db)
        .await?)
}

/// Whether cargo can still be brought.
pub fn takes_cargo(sailing: &Model, now: DateTime<Utc>) -> bool {
    sailing.cancelled_at.is_none() && now < sailing.closes_at
}

/// What a sailing asks for so much: by weight or by room, whichever comes to more, as cargo is charged.
pub fn price(sailing: &Model, grams: i64, volume_mm3: i64) -> Rupiah {
    let up = |amount: i128, per: i128| i64::try_from((amount + per - 1) / per).unwrap_or(i64::MAX);
    let by_weight = up(i128::from(sailing.per_kg.0) * i128::from(grams), 1_000);
    let by_room = up(i128::from(sailing.per_m3.0) * i128::from(volume_mm3), 1_000_000_000);
    Rupiah(by_weight.max(by_room))
}

/// All boxes together.
pub fn volume_mm3<'a>(boxes: impl IntoIterator<Item = &'a Box>) -> i64 {
    boxes.into_iter().fold(0, |sum, one| sum.saturating_add(one.volume_mm3()))
}

/// An order goes with this one; another one chosen later takes its place, until the goods have left.
pub async fn choose(tx: &Tx, clock: &Clock, docket: &Docket, sailing_id: i64, by: i64) -> Result<()> {
    docket.must_be_open()?;
    let sailing = of_outlet(tx, docket.order.outlet_id, sailing_id).await?;
    if !takes_cargo(&sailing, clock.now()) {
        return Err(Refusal::conflict("wholesale.sailing_closed").with("name", sailing.name).into());
    }
    let known = of_order(tx, docket.order.id).await?;
    if known.as_ref().is_some_and(|chosen| chosen.id == sailing_id) {
        return Ok(());
    }
    shipment::Entity::delete_many().filter(shipment::Column::OrderId.eq(docket.order.id)).exec(tx).await?;
    let row = shipment::ActiveModel {
        order_id: Set(docket.order.id),
        sailing_id: Set(sailing_id),
        chosen_by: Set(by),
        chosen_at: Set(clock.now()),
        ..Default::default()
    };
    shipment::Entity::insert(row).exec_without_returning(tx).await?;
    docket.remember(tx, clock, "sailing_chosen", Some(by), json!({ "name": sailing.name })).await
}

/// The sailing an order goes with.
pub async fn of_order(db: &impl ConnectionTrait, order_id: i64) -> Result<Option<Model>> {
    let row = shipment::Entity::find()
        .filter(shipment::Column::OrderId.eq(order_id))
        .find_also_related(Entity)
        .one(db)
        .await?;
    Ok(row.and_then(|(_, sailing)| sailing))
}

/// Where an order was on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    pub on: NaiveDate,
    pub place: String,
    pub said: String,
}

/// Writes down where an order has been seen; the buyer reads it.
pub async fn seen(tx: &Tx, clock: &Clock, docket: &Docket, sighting: &Sighting, by: i64) -> Result<()> {
    if sighting.on > clock.today() {
        return Err(Refusal::invalid("wholesale.not_yet").into());
    }
    if sighting.on < crate::clock::local_date(docket.order.placed_at) {
        return Err(Refusal::invalid("wholesale.before_the_order").into());
    }
    let row = tracking_note::ActiveModel {
        order_id: Set(docket.order.id),
        on_day: Set(sighting.on),
        place: Set(sighting.place.clone()),
        said: Set(sighting.said.clone()),
        made_by: Set(by),
        made_at: Set(clock.now()),
        ..Default::default()
    };
    tracking_note::Entity::insert(row).exec_without_returning(tx).await?;
    docket.remember(tx, clock, "seen", Some(by), json!({ "name": sighting.place })).await
}

/// Everything noted of an order's way, the latest first.
pub async fn notes(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<tracking_note::Model>> {
    Ok(tracking_note::Entity::find()
        .filter(tracking_note::Column::OrderId.eq(order_id))
        .order_by_desc(tracking_note::Column::OnDay)
        .order_by_desc(tracking_note::Column::Id)
        .all(db)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ship(per_kg: i64, per_m3: i64) -> Model {
        Model {
            id: 1,
            outlet_id: 1,
            kind: Kind::Ship,
            name: "KM Dharma Rucitra".into(),
            from_place: "Surabaya".into(),
            to_place: "Balikpapan".into(),
            closes_at: DateTime::UNIX_EPOCH,
            departs_at: DateTime::UNIX_EPOCH,
            arrives_on: None,
            per_kg: Rupiah(per_kg),
            per_m3: Rupiah(per_m3),
            note: None,
            made_by: 1,
            made_at: DateTime::UNIX_EPOCH,
            cancelled_at: None,
        }
    }

    #[test]
    fn cargo_costs_by_weight_or_by_room_whichever_is_more() {
        // Six cartons of 0,096 cubic metres and 6 kg each.
        let (grams, room) = (36_000, 6 * 96_000_000);
        assert_eq!(price(&ship(2_500, 0), grams, room), Rupiah(90_000));
        assert_eq!(price(&ship(0, 450_000), grams, room), Rupiah(259_200));
        assert_eq!(price(&ship(2_500, 450_000), grams, room), Rupiah(259_200));
        assert_eq!(price(&ship(2_500, 0), 1, 0), Rupiah(3));
        assert_eq!(price(&ship(i64::MAX, 0), i64::MAX, 0), Rupiah(i64::MAX));
    }
}
