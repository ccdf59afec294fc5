//! Stories of a buyer: from the basket to the order page, and everything that can go wrong on the way.
mod cart;
mod checkout;
mod find;
mod money_back;
mod order_page;
mod program;
mod treasury;

use entity::{Rupiah, order, shipping_rate::Zone};
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};
use warong::{
    db,
    orders::rates::{self, NewTariff, Rate},
};

use crate::{
    counter::stand::Stand,
    support::{Browser, browser::Seen},
};

/// A village in Makassar.
pub const MAKASSAR: &str = "73.71.01.1001";

/// A stand with a courier who goes everywhere.
pub async fn open() -> Stand {
    let stand = Stand::open().await;
    let rate =
        |zone, base, per_step| Rate { zone, base: Rupiah(base), per_step: Rupiah(per_step), days_min: 2, days_max: 5 };
    let tariff = NewTariff {
        name: "Reguler".into(),
        divisor: 6_000,
        min_grams: 1_000,
        step_grams: 1_000,
        active: true,
        rates: vec![
            rate(Zone::SameVillage, 5_000, 1_000),
            rate(Zone::Jember, 8_000, 2_000),
            rate(Zone::Java, 15_000, 9_000),
            rate(Zone::MaduraBali, 20_000, 12_000),
            rate(Zone::OtherIslands, 46_000, 40_000),
        ],
    };
    let tx = db::begin(&stand.shop.app.db).await.expect("a transaction");
    rates::add(&tx, &stand.shop.clock, &stand.outlet, "reguler", &tariff, None).await.expect("a courier");
    tx.commit().await.expect("it stands");
    stand
}

/// Somebody puts pieces into their basket and sees it there.
pub async fn fill(browser: &mut Browser, item_id: i64, quantity: i64) -> Seen {
    let fields = [("item_id", item_id.to_string()), ("jumlah", quantity.to_string())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let sent = browser.post_raw("/keranjang", &fields).await;
    sent.is(303);
    browser.follow(sent).await
}

/// What Ibu Ratna types to have it sent to Makassar.
pub fn to_makassar(method: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("tombol", "pesan"),
        ("nama", "Ibu Ratna"),
        ("hp", "081200000003"),
        ("cara", "kirim"),
        ("desa", MAKASSAR),
        ("jalan", "Jl. Perintis 10"),
        ("layanan", "reguler"),
        ("bayar", method),
    ]
}

/// How many orders there are.
pub async fn orders(stand: &Stand) -> u64 {
    order::Entity::find().count(&stand.shop.app.db).await.expect("a count")
}

/// The newest order.
pub async fn newest(stand: &Stand) -> order::Model {
    let newest = order::Entity::find().order_by_desc(order::Column::Id).one(&stand.shop.app.db).await;
    newest.expect("a read").expect("an order")
}
