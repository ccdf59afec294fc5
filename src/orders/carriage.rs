//! Where goods could go, and what it costs to send them: shown before anybody types an address.
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{
    cart::Line,
    shipping::{self, Offer},
};
use crate::{
    db::Db,
    error::{Error, Result},
    gateway::shipping::RateTable,
    region::{self, Code, Region},
};
use entity::{Rupiah, outlet, village};

/// How many villages are offered at once.
const OFFERED: usize = 8;

/// A village as it is offered for choosing.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    pub code: String,
    pub village: &'static str,
    /// Kecamatan, kabupaten and province: names repeat.
    pub area: String,
    pub postcode: Option<&'static str>,
    pub chosen: bool,
}

impl Place {
    fn of(region: &Region) -> Place {
        Place {
            code: region.code.to_string(),
            village: region.village,
            area: format!("{}, {}, {}", region.district, region.regency, region.province),
            postcode: region.postcode,
            chosen: false,
        }
    }

    pub fn of_code(code: &Code) -> Option<Place> {
        region::find(code).map(|region| Place::of(&region))
    }
}

/// Villages that match what was typed, those near the outlet first.
pub fn places(typed: &str, near: &Code) -> Vec<Place> {
    let typed: String = typed.chars().take(80).collect();
    region::search(&typed, Some(near.regency()), OFFERED).iter().map(Place::of).collect()
}

/// A courier service with its price.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Service {
    pub code: String,
    pub name: String,
    pub cost: Rupiah,
    pub days_min: i64,
    pub days_max: i64,
    pub chosen: bool,
    /// How many more pieces travel for the same price, and of what.
    pub more: i64,
    pub more_of: String,
}

impl Service {
    pub fn of(offer: &Offer, lines: &[Line]) -> Service {
        let quote = &offer.quote;
        let more_of = offer.more.and_then(|(which, _)| Some(lines.get(which)?.name()));
        Service {
            code: quote.code.clone(),
            name: quote.name.clone(),
            cost: quote.cost,
            days_min: quote.days_min,
            days_max: quote.days_max,
            chosen: false,
            more: offer.more.map_or(0, |(_, n)| n),
            more_of: more_of.unwrap_or_default(),
        }
    }
}

/// An outlet and the village its parcels leave from.
pub async fn outlet_of(db: &Db, outlet_id: i64) -> Result<(outlet::Model, Code)> {
    let found = outlet::Entity::find_by_id(outlet_id).find_also_related(village::Entity).one(db).await?;
    let Some((outlet, Some(village))) = found else { return Err(Error::NotFound) };
    let origin = Code::parse(&village.code).map_err(|e| anyhow::anyhow!("village {}: {e}", village.code))?;
    Ok((outlet, origin))
}

/// What services ask to carry these goods there.
pub async fn offers(db: &Db, outlet_id: i64, origin: &Code, destination: &Code, lines: &[Line]) -> Result<Vec<Offer>> {
    let rates = RateTable { db: db.clone(), outlet_id };
    let pieces: Vec<_> = lines.iter().map(Line::piece).collect();
    shipping::offers(&rates, origin, destination, &pieces).await
}

/// What was asked about sending, and the answer.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Carriage {
    pub typed: String,
    pub places: Vec<Place>,
    pub destination: Option<Place>,
    pub services: Vec<Service>,
}

/// Answers "what does it cost to send this there?" for a village's name or code.
pub async fn look(db: &Db, lines: &[Line], asked: &str) -> Result<Carriage> {
    let Some(outlet_id) = lines.first().map(|line| line.product.outlet_id) else { return Ok(Carriage::default()) };
    let (_, origin) = outlet_of(db, outlet_id).await?;
    let Ok(code) = Code::parse(asked) else {
        return Ok(Carriage { places: places(asked, &origin), typed: asked.to_owned(), ..Carriage::default() });
    };
    let offers = offers(db, outlet_id, &origin, &code, lines).await?;
    Ok(Carriage {
        destination: Place::of_code(&code),
        services: offers.iter().map(|offer| Service::of(offer, lines)).collect(),
        ..Carriage::default()
    })
}

/// For pages drawn as examples.
pub fn example() -> Carriage {
    let destination = Code::parse("73.71.01.1001").ok().and_then(|code| Place::of_code(&code));
    let service = Service {
        code: "reguler".into(),
        name: "Reguler".into(),
        cost: Rupiah(46_000),
        days_min: 4,
        days_max: 7,
        chosen: true,
        more: 4,
        more_of: "Keranjang sampah anyam".into(),
    };
    let places = destination.clone().into_iter().collect();
    Carriage { typed: "makasar".into(), places, destination, services: vec![service] }
}
