//! `/kelola/harga`: what sembako costs, how its price is made, and what was asked above the ceiling; `/desa/harga`: rows
//! of the law; `/desa/zona`: where outlets stand for it; `/harga/{outlet}`: the board that everybody sees.
mod asks;
mod board;
mod chart;
mod keep;
mod law;
mod list;
mod picture;
mod sheet;
mod zone;

use actix_web::web;

use crate::{outlet::price_good::Good, page::Sample};
use entity::{item::Measure, price_rule::Rule};

/// Addresses of prices.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola/harga", web::get().to(list::show))
        .route("/kelola/harga/papan", web::post().to(list::settle))
        .route("/kelola/harga/izin", web::get().to(asks::list))
        .route("/kelola/harga/izin/{id}/setuju", web::post().to(asks::approve))
        .route("/kelola/harga/izin/{id}/tolak", web::post().to(asks::refuse))
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
    [list::samples(), sheet::samples(), asks::samples(), law::samples(), zone::samples(), board::samples()]
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

/// The words of a rule.
pub(super) fn rule_key(rule: Option<Rule>) -> &'static str {
    match rule {
        None => "harga.rule_none",
        Some(Rule::Fixed) => "harga.rule_fixed",
        Some(Rule::CostPlus) => "harga.rule_cost_plus",
        Some(Rule::Pooled) => "harga.rule_pooled",
    }
}
