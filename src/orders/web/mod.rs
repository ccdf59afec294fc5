//! The buyer's doors (basket, desk, order page, village look-up) and, in `counter`, the operator's.
mod acts;
mod cart;
mod checkout;
pub mod counter;
mod find;
mod order;
mod panel;
mod proof;
mod region;

use actix_web::{
    HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    web,
};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{
    cart::Cart,
    shipping::{self, Offer},
};
use crate::{
    accounts::visit::{CART_COOKIE, CART_COUNT_COOKIE, FLASH_COOKIE},
    app::App,
    error::{Error, Result},
    gateway::shipping::RateTable,
    page,
    region::{self as regions, Code, Region},
};
use entity::{Rupiah, outlet, village};

/// Routes of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/keranjang").get(cart::show).post(cart::add))
        .route("/keranjang/isi", web::post().to(cart::change))
        .route("/keranjang/tujuan", web::post().to(cart::send_to))
        .service(web::resource("/pesan").get(checkout::show).post(checkout::act))
        .service(web::resource("/pesanan").get(find::show).post(find::find))
        .route("/pesanan/{secret}", web::get().to(order::show))
        .route("/pesanan/{secret}/keadaan", web::get().to(order::state))
        .route("/pesanan/{secret}/nota", web::get().to(order::bill))
        .route("/pesanan/{secret}/cek", web::post().to(acts::check))
        .route("/pesanan/{secret}/bayar", web::post().to(acts::change_method))
        .route("/pesanan/{secret}/batal", web::post().to(acts::cancel))
        .route("/pesanan/{secret}/bukti", web::post().to(proof::receive))
        .route("/wilayah", web::get().to(region::search))
        .configure(counter::configure);
}

/// Pages of this module, for the test that draws all of them.
pub fn samples() -> Vec<page::Sample> {
    [cart::samples(), checkout::samples(), find::samples(), order::samples(), counter::samples()]
        .into_iter()
        .flatten()
        .collect()
}

/// A village as it is offered for choosing.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Place {
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

    fn of_code(code: &Code) -> Option<Place> {
        regions::find(code).map(|region| Place::of(&region))
    }
}

/// Villages that match what was typed, those near the outlet first.
fn places(typed: &str, near: &Code) -> Vec<Place> {
    let typed: String = typed.chars().take(80).collect();
    regions::search(&typed, Some(near.regency()), 8).iter().map(Place::of).collect()
}

/// A courier service with its price.
#[derive(Clone, Debug, Serialize)]
struct Service {
    code: String,
    name: String,
    cost: Rupiah,
    days_min: i64,
    days_max: i64,
    chosen: bool,
    /// How many more pieces travel for the same price, and of what.
    more: i64,
    more_of: String,
}

impl Service {
    fn of(offer: &Offer, cart: &Cart) -> Service {
        let quote = &offer.quote;
        let more_of = offer.more.and_then(|(which, _)| Some(cart.lines.get(which)?.name()));
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
async fn outlet_of(app: &App, outlet_id: i64) -> Result<(outlet::Model, Code)> {
    let found = outlet::Entity::find_by_id(outlet_id).find_also_related(village::Entity).one(&app.db).await?;
    let Some((outlet, Some(village))) = found else { return Err(Error::NotFound) };
    let origin = Code::parse(&village.code).map_err(|e| anyhow::anyhow!("village {}: {e}", village.code))?;
    Ok((outlet, origin))
}

/// What services ask to carry a basket there.
async fn offers(app: &App, outlet_id: i64, origin: &Code, destination: &Code, cart: &Cart) -> Result<Vec<Offer>> {
    let rates = RateTable { db: app.db.clone(), outlet_id };
    shipping::offers(&rates, origin, destination, &cart.pieces()).await
}

/// Where to look next, with the badge of the basket as it is now.
fn see_other_with_count(app: &App, url: &str, count: i64) -> HttpResponse {
    let mut answer = page::see_other(url);
    answer.add_cookie(&cookie(app, CART_COUNT_COOKIE, count.to_string())).ok();
    answer
}

/// Names the basket from now on.
fn name_cart(app: &App, answer: &mut HttpResponse, token: &str) {
    answer.add_cookie(&cookie(app, CART_COOKIE, token.to_owned())).ok();
}

/// Says a sentence on the next page.
fn say_next(answer: &mut HttpResponse, key: &str) {
    let flash = Cookie::build(FLASH_COOKIE, key.to_owned()).path("/").http_only(true).same_site(SameSite::Lax);
    answer.add_cookie(&flash.max_age(Duration::minutes(5)).finish()).ok();
}

fn cookie(app: &App, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.public_url.starts_with("https://"))
        .max_age(Duration::days(90))
        .finish()
}

#[cfg(test)]
mod tests {
    use crate::{
        locale::{self, LANGS},
        page::{Shell, Templates},
    };

    #[test]
    fn every_page_is_drawn_in_every_language() {
        let templates = Templates::load().unwrap();
        for lang in LANGS {
            for sample in super::samples().into_iter().chain(crate::sandbox::mail::samples()) {
                let shell = Shell { lang: locale::code(lang), ..Shell::default() };
                templates.draw(sample.template, &shell, sample.context).unwrap();
            }
        }
    }
}
