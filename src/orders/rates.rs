//! The shipping rates of an outlet: services with their way of counting weight, and what each asks for a zone.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history,
};
use entity::{Rupiah, courier_service, outlet, shipping_rate, shipping_rate::Zone};

/// All zones, the nearest first.
pub const ZONES: [Zone; 5] = [Zone::SameVillage, Zone::Jember, Zone::Java, Zone::MaduraBali, Zone::OtherIslands];

/// A service with what it asks.
#[derive(Clone, Debug)]
pub struct Tariff {
    pub service: courier_service::Model,
    pub rates: Vec<shipping_rate::Model>,
}

/// What a service asks for one zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub zone: Zone,
    pub base: Rupiah,
    pub per_step: Rupiah,
    pub days_min: i64,
    pub days_max: i64,
}

/// A service as an operator writes it. Zones that are absent are not served.
#[derive(Clone, Debug)]
pub struct NewTariff {
    pub name: String,
    pub divisor: i64,
    pub min_grams: i64,
    pub step_grams: i64,
    pub active: bool,
    pub rates: Vec<Rate>,
}

/// The services of an outlet in the order they are offered.
pub async fn of_outlet(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Tariff>> {
    let services = courier_service::Entity::find()
        .filter(courier_service::Column::OutletId.eq(outlet_id))
        .order_by_asc(courier_service::Column::Position)
        .order_by_asc(courier_service::Column::Id)
        .all(db)
        .await?;
    let rates = shipping_rate::Entity::find()
        .filter(shipping_rate::Column::CourierServiceId.is_in(services.iter().map(|service| service.id)))
        .all(db)
        .await?;
    let tariff = |service: courier_service::Model| {
        let rates = rates.iter().filter(|rate| rate.courier_service_id == service.id).cloned().collect();
        Tariff { service, rates }
    };
    Ok(services.into_iter().map(tariff).collect())
}

/// One service of this outlet; another outlet's does not exist here.
pub async fn find(db: &impl ConnectionTrait, outlet_id: i64, service_id: i64) -> Result<Tariff> {
    let all = of_outlet(db, outlet_id).await?;
    all.into_iter().find(|tariff| tariff.service.id == service_id).ok_or(Error::NotFound)
}

/// Changes a service and all its rates at once; what it was stays in the history.
pub async fn change(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    service_id: i64,
    new: &NewTariff,
    by: i64,
) -> Result<()> {
    let service = courier_service::Entity::find_by_id(service_id)
        .filter(courier_service::Column::OutletId.eq(outlet.id))
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(Error::NotFound)?;
    let before = find(tx, outlet.id, service_id).await?;
    let row = courier_service::ActiveModel {
        id: Set(service.id),
        name: Set(new.name.clone()),
        divisor: Set(new.divisor),
        min_grams: Set(new.min_grams),
        step_grams: Set(new.step_grams),
        active: Set(new.active),
        ..Default::default()
    };
    courier_service::Entity::update(row).exec(tx).await?;
    write_rates(tx, service.id, &new.rates).await?;
    let after = find(tx, outlet.id, service_id).await?;
    let detail = json!({ "before": described(&before), "after": described(&after) });
    let subject = history::Subject("courier_service", service_id);
    history::remember(tx, clock, Some(outlet.village_id), subject, "changed", Some(by), detail).await
}

/// Adds a service under a code of its own.
pub async fn add(
    tx: &Tx,
    clock: &Clock,
    outlet: &outlet::Model,
    code: &str,
    new: &NewTariff,
    by: Option<i64>,
) -> Result<i64> {
    let known = of_outlet(tx, outlet.id).await?;
    if known.iter().any(|tariff| tariff.service.code == code) {
        return Err(Refusal::conflict("counter.rate_code_taken").into());
    }
    let row = courier_service::ActiveModel {
        outlet_id: Set(outlet.id),
        code: Set(code.to_owned()),
        name: Set(new.name.clone()),
        divisor: Set(new.divisor),
        min_grams: Set(new.min_grams),
        step_grams: Set(new.step_grams),
        position: Set(known.len() as i64),
        active: Set(new.active),
        ..Default::default()
    };
    let id = courier_service::Entity::insert(row).exec(tx).await?.last_insert_id;
    write_rates(tx, id, &new.rates).await?;
    let after = find(tx, outlet.id, id).await?;
    let subject = history::Subject("courier_service", id);
    history::remember(tx, clock, Some(outlet.village_id), subject, "added", by, described(&after)).await?;
    Ok(id)
}

async fn write_rates(tx: &Tx, service_id: i64, rates: &[Rate]) -> Result<()> {
    shipping_rate::Entity::delete_many()
        .filter(shipping_rate::Column::CourierServiceId.eq(service_id))
        .exec(tx)
        .await?;
    if rates.is_empty() {
        return Ok(());
    }
    let rows = rates.iter().map(|rate| shipping_rate::ActiveModel {
        courier_service_id: Set(service_id),
        zone: Set(rate.zone),
        base: Set(rate.base),
        per_step: Set(rate.per_step),
        days_min: Set(rate.days_min),
        days_max: Set(rate.days_max),
        ..Default::default()
    });
    shipping_rate::Entity::insert_many(rows).exec_without_returning(tx).await?;
    // Prices of shipping stand on pages that guests see.
    tx.changes_what_is_shown();
    Ok(())
}

/// Everything about a tariff, for the history.
fn described(tariff: &Tariff) -> serde_json::Value {
    let s = &tariff.service;
    let rates: Vec<_> = tariff
        .rates
        .iter()
        .map(|r| json!({ "zone": r.zone, "base": r.base, "per_step": r.per_step, "days": [r.days_min, r.days_max] }))
        .collect();
    json!({ "name": s.name, "divisor": s.divisor, "min_grams": s.min_grams, "step_grams": s.step_grams,
            "active": s.active, "rates": rates })
}
