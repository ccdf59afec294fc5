//! `/kelola/harga`: what sembako costs, how its price is made, what the market asks, and what was asked above the
//! ceiling; `/desa/harga`: rows of the law; `/desa/zona`: where outlets stand for it; `/harga/{outlet}`: the board that
//! everybody sees.
mod asks;
mod board;
mod chart;
mod keep;
mod law;
mod list;
mod picture;
mod seen;
mod sheet;
mod survey;
mod zone;

use actix_web::web;
use chrono::NaiveDate;
use serde::Serialize;

use crate::{outlet::price_good::Good, page::Sample, prices::observation};
use entity::{Rupiah, item::Measure, price_rule::Rule};

/// Addresses of prices.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola/harga", web::get().to(list::show))
        .route("/kelola/harga/papan", web::post().to(list::settle))
        .route("/kelola/harga/izin", web::get().to(asks::list))
        .route("/kelola/harga/izin/{id}/setuju", web::post().to(asks::approve))
        .route("/kelola/harga/izin/{id}/tolak", web::post().to(asks::refuse))
        .route("/kelola/harga/pasar", web::get().to(seen::list))
        .route("/kelola/harga/pasar", web::post().to(survey::write))
        .route("/kelola/harga/pasar/{id}/tarik", web::post().to(survey::withdraw))
        .route("/kelola/harga/{item}", web::get().to(sheet::show))
        .route("/kelola/harga/{item}", web::post().to(keep::keep))
        .route("/kelola/harga/{item}/izin", web::post().to(asks::ask))
        .route("/desa/harga", web::get().to(law::list))
        .route("/desa/harga", web::post().to(law::add))
        .route("/desa/harga/{id}/tarik", web::post().to(law::withdraw))
        .route("/desa/zona", web::get().to(zone::show))
        .route("/desa/zona/{outlet}", web::post().to(zone::keep))
        .route("/harga/{outlet}", web::get().to(board::show))
        .route("/harga/{outlet}/cetak", web::get().to(board::print))
        .route("/harga/{outlet}/layar", web::get().to(board::screen))
        .route("/harga/{outlet}/gambar.png", web::get().to(picture::show));
}

/// Pages of prices with their examples.
pub fn samples() -> Vec<Sample> {
    [
        list::samples(),
        sheet::samples(),
        asks::samples(),
        seen::samples(),
        law::samples(),
        zone::samples(),
        board::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The words of what a price is for.
pub(super) fn per(good: &Good) -> &'static str {
    match good.item.measure {
        Measure::Gram => "papan.per_kg",
        Measure::Millilitre => "papan.per_litre",
        Measure::Piece => "papan.per_piece",
    }
}

/// The words of what a row of the law is for.
pub(super) fn per_row(per: crate::prices::reference::Per) -> &'static str {
    match per {
        crate::prices::reference::Per::Kilogram => "papan.per_kg",
        crate::prices::reference::Per::Litre => "papan.per_litre",
    }
}

/// What the market asks, as it is shown beside a price.
#[derive(Clone, Serialize)]
pub(super) struct Market {
    pub price: Rupiah,
    pub per: &'static str,
    pub place: String,
    /// The sentence for it: today, yesterday, or some days ago.
    pub key: &'static str,
    pub days: i64,
}

impl Market {
    /// What was seen of the like of some goods, among what is fresh.
    fn of(seen: &[observation::Model], good: &Good, today: NaiveDate) -> Option<Market> {
        let (commodity, (_, per)) = (good.product.commodity.as_deref()?, good.content()?);
        let row = seen.iter().find(|row| row.commodity == commodity && per == row.per.into())?;
        let days = (today - row.seen_on).num_days();
        let key = match days {
            0 => "papan.market_today",
            1 => "papan.market_yesterday",
            _ => "papan.market_before",
        };
        Some(Market { price: row.price, per: per_row(per), place: row.place.clone(), key, days })
    }

    fn sample() -> Market {
        Market {
            price: Rupiah(14_000),
            per: "papan.per_kg",
            place: "Pasar Arjasa".into(),
            key: "papan.market_before",
            days: 3,
        }
    }
}

/// The words of a rule.
pub(super) fn rule_key(rule: Option<Rule>) -> &'static str {
    match rule {
        None => "harga.rule_none",
        Some(Rule::Fixed) => "harga.rule_fixed",
        Some(Rule::CostPlus) => "harga.rule_cost_plus",
        Some(Rule::Pooled) => "harga.rule_pooled",
    }
}
