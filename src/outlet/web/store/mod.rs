//! `/kelola/gudang`: what stands where, counting, packing, what expires, and what to buy again.
mod acts;
mod advice;
mod carry;
mod counts;
mod expired;
mod home;
mod item;
mod markdown;
mod pack;
mod sheet;

use actix_web::web;
use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::{
    app::App,
    db,
    error::Result,
    form::Reader,
    locale::{Lang, Said},
    outlet::{repacking, sale, store, weighed},
    page::Sample,
};
use entity::{
    item::{self as row, Measure},
    place, product,
};

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola/gudang", web::get().to(home::show))
        .route("/kelola/gudang/barang/{item}", web::get().to(item::show))
        .route("/kelola/gudang/barang/{item}/pindah", web::post().to(carry::carry))
        .route("/kelola/gudang/hitung", web::get().to(counts::list))
        .route("/kelola/gudang/hitung", web::post().to(counts::open))
        .route("/kelola/gudang/hitung/{id}", web::get().to(sheet::show))
        .route("/kelola/gudang/hitung/{id}", web::post().to(sheet::write))
        .route("/kelola/gudang/hitung/{id}/buku", web::post().to(sheet::book))
        .route("/kelola/gudang/hitung/{id}/batal", web::post().to(sheet::call_off))
        .route("/kelola/gudang/kemas", web::get().to(pack::blank))
        .route("/kelola/gudang/kemas", web::post().to(pack::pack))
        .route("/kelola/gudang/kedaluwarsa", web::get().to(expired::show))
        .route("/kelola/gudang/kedaluwarsa/{lot}", web::post().to(expired::take_out))
        .route("/kelola/gudang/diskon", web::get().to(markdown::show))
        .route("/kelola/gudang/diskon/{lot}", web::post().to(markdown::offer))
        .route("/kelola/gudang/diskon/{id}/selesai", web::post().to(markdown::end))
        .route("/kelola/gudang/pesan", web::get().to(advice::show));
}

pub(super) fn samples() -> Vec<Sample> {
    [
        home::samples(),
        item::samples(),
        counts::samples(),
        sheet::samples(),
        pack::samples(),
        expired::samples(),
        markdown::samples(),
        advice::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The first page of the store.
const HOME: &str = "/kelola/gudang";

/// Sembako of the outlet, with its name.
struct Good {
    item: row::Model,
    product: product::Model,
    name: String,
}

async fn goods(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Good>> {
    let all = repacking::all_sembako(db, outlet_id).await?;
    let named = |(item, product)| Good { name: sale::full_name(&product, &item), item, product };
    Ok(all.into_iter().map(named).collect())
}

/// The places of an outlet's own, which are made when they are first looked for, and where expired goods stand.
async fn places(app: &App, outlet_id: i64) -> Result<Vec<place::Model>> {
    let known = store::known_places(&app.db, outlet_id).await?;
    let is_there = |kind| known.iter().any(|place| place.kind == kind);
    if [place::Kind::Shelf, place::Kind::Store, place::Kind::Reserve].into_iter().all(is_there) {
        return Ok(known);
    }
    let tx = db::begin(&app.db).await?;
    let places = store::places(&tx, &app.clock, outlet_id).await?;
    tx.commit().await?;
    Ok(places)
}

/// The words of a place.
fn place_key(kind: place::Kind) -> &'static str {
    match kind {
        place::Kind::Shelf | place::Kind::Kiosk => "store.place_shelf",
        place::Kind::Store => "store.place_store",
        place::Kind::Reserve => "store.place_reserve",
        place::Kind::Expired => "store.place_expired",
    }
}

/// A quantity as people say it in their language: "12,5 kg", "40 buah".
fn spoken(app: &App, lang: Lang, quantity: i64, of: Measure) -> String {
    let words = weighed::words(quantity, of);
    match of {
        Measure::Piece => app.say(lang, &Said::new("store.pieces").with("n", words)),
        _ => words,
    }
}

/// A field with how much of some goods, more than nothing.
fn some_of(reader: &mut Reader<'_>, name: &'static str, of: Measure) -> i64 {
    weighed::some(reader.get(name), of).unwrap_or_else(|said| {
        reader.refuse(name, said);
        0
    })
}

/// Until when goods keep, as a person says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Until {
    day: NaiveDate,
    /// Days left; below nothing when it is past.
    left: i64,
    key: &'static str,
    n: i64,
    /// How urgent it looks.
    badge: &'static str,
}

fn until(day: NaiveDate, today: NaiveDate) -> Until {
    let left = (day - today).num_days();
    let (key, badge) = match left {
        ..0 => ("store.days_past", "badge--urgent"),
        0 => ("store.last_day", "badge--urgent"),
        1 => ("store.tomorrow", "badge--urgent"),
        2..=14 => ("store.days_left", "badge--wait"),
        _ => ("store.days_left", "badge--off"),
    };
    Until { day, left, key, n: left.abs(), badge }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_as_people_say_them() {
        let day = |n: u32| NaiveDate::from_ymd_opt(2026, 7, n).expect("a day");
        let key = |n| until(day(n), day(10)).key;
        assert_eq!(
            [9, 10, 11, 13].map(key),
            ["store.days_past", "store.last_day", "store.tomorrow", "store.days_left"]
        );
        assert_eq!(until(day(7), day(10)).n, 3);
    }
}
