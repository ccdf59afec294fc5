//! What carrying a parcel costs. The outlet's own table is the default; an online tariff can stand in its place.
use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use crate::{
    db::Db,
    error::Result,
    region::{self, Code},
};
use entity::{Rupiah, courier_service, shipping_rate, shipping_rate::Zone};

/// Everything that travels together: what it weighs and the room it takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parcel {
    pub scale_grams: i64,
    pub volume_mm3: i64,
}

/// What one service asks for a parcel. The price stays while the parcel weighs no more than `chargeable_grams`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quote {
    pub code: String,
    pub name: String,
    pub zone: Zone,
    pub cost: Rupiah,
    pub chargeable_grams: i64,
    /// Cubic centimetres that count as a kilogram.
    pub divisor: i64,
    pub days_min: i64,
    pub days_max: i64,
}

/// Where prices for parcels come from. Never asked while a transaction is open: it may be a network call.
#[async_trait]
pub trait CourierRates: Send + Sync {
    /// What each service asks, cheapest first; empty when nobody goes there.
    async fn quote(&self, origin: &Code, destination: &Code, parcel: &Parcel) -> Result<Vec<Quote>>;
}

/// The outlet's table of zones and weights.
pub struct RateTable {
    pub db: Db,
    pub outlet_id: i64,
}

#[async_trait]
impl CourierRates for RateTable {
    async fn quote(&self, origin: &Code, destination: &Code, parcel: &Parcel) -> Result<Vec<Quote>> {
        let rows = shipping_rate::Entity::find()
            .filter(shipping_rate::Column::Zone.eq(zone(origin, destination)))
            .filter(courier_service::Column::OutletId.eq(self.outlet_id))
            .filter(courier_service::Column::Active.eq(true))
            .find_also_related(courier_service::Entity)
            .all(&self.db)
            .await?;
        let mut services: Vec<_> = rows.iter().filter_map(|(rate, service)| Some((service.as_ref()?, rate))).collect();
        services.sort_by_key(|(service, _)| service.position);
        let mut quotes: Vec<Quote> = services.into_iter().map(|(service, rate)| asks(service, rate, parcel)).collect();
        quotes.sort_by_key(|quote| quote.cost);
        Ok(quotes)
    }
}

/// How far it is, as the table counts.
pub fn zone(origin: &Code, destination: &Code) -> Zone {
    match region::zone_of(origin, destination) {
        region::Zone::SameVillage => Zone::SameVillage,
        region::Zone::Jember => Zone::Jember,
        region::Zone::Java => Zone::Java,
        region::Zone::MaduraBali => Zone::MaduraBali,
        region::Zone::OtherIslands => Zone::OtherIslands,
    }
}

/// The weight a courier counts: the larger of the scale's and the volume's, before rounding.
pub fn counted_grams(parcel: &Parcel, divisor: i64) -> i64 {
    let divisor = divisor.max(1);
    // One cubic centimetre to the kilogram is one cubic millimetre to the gram.
    let volumetric = parcel.volume_mm3.saturating_add(divisor - 1) / divisor;
    parcel.scale_grams.max(volumetric)
}

/// The base price carries the least weight a service counts (a whole number of steps); each further step costs the same.
pub fn asks(service: &courier_service::Model, rate: &shipping_rate::Model, parcel: &Parcel) -> Quote {
    let step = service.step_grams.max(1);
    let steps = |grams: i64| (grams.max(1).saturating_add(step - 1) / step).max(1);
    let first = steps(service.min_grams);
    let needed = steps(counted_grams(parcel, service.divisor)).max(first);
    Quote {
        code: service.code.clone(),
        name: service.name.clone(),
        zone: rate.zone,
        cost: Rupiah(rate.base.0.saturating_add(rate.per_step.0.saturating_mul(needed - first))),
        chargeable_grams: needed.saturating_mul(step),
        divisor: service.divisor,
        days_min: rate.days_min,
        days_max: rate.days_max,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service() -> courier_service::Model {
        courier_service::Model {
            id: 1,
            outlet_id: 1,
            code: "reguler".into(),
            name: "Reguler".into(),
            divisor: 6000,
            min_grams: 1000,
            step_grams: 1000,
            position: 1,
            active: true,
        }
    }

    fn rate(base: i64, per_step: i64) -> shipping_rate::Model {
        shipping_rate::Model {
            id: 1,
            courier_service_id: 1,
            zone: Zone::OtherIslands,
            base: Rupiah(base),
            per_step: Rupiah(per_step),
            days_min: 4,
            days_max: 7,
        }
    }

    #[test]
    fn a_light_cube_of_50_cm_counts_as_21_kg() {
        let cube = Parcel { scale_grams: 900, volume_mm3: 500 * 500 * 500 };
        assert_eq!(counted_grams(&cube, 6000), 20_834);
        let quote = asks(&service(), &rate(46_000, 40_000), &cube);
        assert_eq!((quote.chargeable_grams, quote.cost), (21_000, Rupiah(46_000 + 20 * 40_000)));
    }

    #[test]
    fn the_first_kilogram_is_in_the_base_price() {
        for grams in [0, 1, 600, 1000] {
            let quote = asks(&service(), &rate(10_000, 7_000), &Parcel { scale_grams: grams, volume_mm3: 0 });
            assert_eq!((quote.chargeable_grams, quote.cost), (1000, Rupiah(10_000)), "{grams}");
        }
        let quote = asks(&service(), &rate(10_000, 7_000), &Parcel { scale_grams: 1001, volume_mm3: 0 });
        assert_eq!((quote.chargeable_grams, quote.cost), (2000, Rupiah(17_000)));
    }

    #[test]
    fn a_cargo_service_has_a_least_weight() {
        let cargo = courier_service::Model { min_grams: 10_000, divisor: 4000, ..service() };
        let quote = asks(&cargo, &rate(50_000, 4_000), &Parcel { scale_grams: 300, volume_mm3: 0 });
        assert_eq!((quote.chargeable_grams, quote.cost), (10_000, Rupiah(50_000)));
        let quote = asks(&cargo, &rate(50_000, 4_000), &Parcel { scale_grams: 10_001, volume_mm3: 0 });
        assert_eq!((quote.chargeable_grams, quote.cost), (11_000, Rupiah(54_000)));
    }
}
