//! A family's card at a till with signal, while another till is at it.
use chrono::Duration;
use entity::{Rupiah, device, device_event, family, family_hold, market, market_refusal, outlet, person};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use warong::{
    db,
    outlet::{
        family::{self as families, Kk},
        market::{self as markets, NewGood, NewMarket},
    },
};

use super::counter::{HERE, Stall};

/// A family of the village, and another till that it stands at.
async fn beside(stall: &Stall) -> (family::Model, i64) {
    let app = &stall.shop.app;
    let tx = db::begin(&app.db).await.expect("a transaction");
    let outlet = outlet::Entity::find().one(&tx).await.expect("a read").expect("the outlet");
    let siti = person::Entity::find().filter(person::Column::Phone.eq("6281200000001")).one(&tx).await;
    let siti = siti.expect("a read").expect("Bu Siti").id;
    let kk = Kk::parse("3509222001119999").expect("a number");
    let secret = &app.config.secret;
    let made = families::register(&tx, &stall.shop.clock, secret, &outlet, &kk, "Krajan", siti).await;
    let other = device::ActiveModel {
        outlet_id: Set(outlet.id),
        person_id: Set(siti),
        install: Set("another-till-of-the-outlet".into()),
        name: Set("Laptop warong".into()),
        model: Set(String::new()),
        created_at: Set(stall.shop.clock.now()),
        clock_ahead_ms: Set(0),
        ..Default::default()
    };
    let other = device::Entity::insert(other).exec(&tx).await.expect("a till").last_insert_id;
    tx.commit().await.expect("it stands");
    (made.expect("a family").0, other)
}

/// The other till asks about the family, or is done with it.
async fn holds(stall: &Stall, family_id: i64, till: i64, is_at_it: bool) {
    let tx = db::begin(&stall.shop.app.db).await.expect("a transaction");
    family_hold::Entity::delete_many().exec(&tx).await.expect("nobody is at it");
    if is_at_it {
        let hold = family_hold::ActiveModel {
            device_id: Set(till),
            family_id: Set(family_id),
            after_sale_id: Set(i64::MAX),
            until: Set(stall.shop.clock.now() + Duration::minutes(3)),
            ..Default::default()
        };
        family_hold::Entity::insert(hold).exec(&tx).await.expect("it is");
    }
    tx.commit().await.expect("it stands");
}

#[actix_web::test]
async fn a_family_that_stands_at_another_till_waits_and_an_old_answer_is_asked_for_anew() {
    let mut stall = Stall::begun().await;
    let (family, other) = beside(&stall).await;
    let rice = stall.price("Beras SPHP 5 kg").await;
    holds(&stall, family.id, other, true).await;
    stall.taps_on("Beras SPHP 5 kg").await;
    stall.phone.type_in("#f-card", &family.token).await;
    stall.taps_on("Baik").await;
    stall.phone.sees("sedang dilayani di kasir lain").await;
    stall.phone.fits().await;
    stall.phone.picture("till-family-busy").await;
    holds(&stall, family.id, other, false).await;
    stall.taps_on("Baik").await;
    stall.comes_to(rice).await;
    let held = family_hold::Entity::find().one(&stall.shop.app.db).await.expect("a read").expect("now it is ours");
    assert_eq!(held.family_id, family.id);
    assert_ne!(held.device_id, other);

    // The answer grows old while somebody looks for money; the other till asks meanwhile.
    let old = "const done = arguments[0]; (async () => { \
         const asked = indexedDB.open('kelola'); const db = await new Promise((on) => { asked.onsuccess = () => on(asked.result); }); \
         const kept = db.transaction('kept', 'readwrite').objectStore('kept'); const got = kept.get('till-basket'); \
         const basket = await new Promise((on) => { got.onsuccess = () => on(got.result); }); basket.until = 1; \
         const put = kept.put(basket, 'till-basket'); put.onsuccess = () => done('old'); })().catch((fault) => done(String(fault)))";
    assert_eq!(stall.runs(old).await, json!("old"));
    stall.phone.open(HERE).await;
    stall.phone.find(".till-tile").await;
    holds(&stall, family.id, other, true).await;
    stall.taps_on("Beras SPHP 5 kg").await;
    stall.phone.sees("sedang dilayani di kasir lain").await;
    stall.taps_on("Baik").await;
    stall.taps_on("Bayar").await;
    stall.taps_on("Uang pas").await;
    stall.phone.sees("sedang dilayani di kasir lain").await;
    stall.taps_on("Baik").await;
    assert!(stall.sales().await.is_empty());
    holds(&stall, family.id, other, false).await;
    stall.taps_on("Uang pas").await;
    stall.phone.sees("Terkirim").await;
    let sales = stall.sales().await;
    assert_eq!((sales.len(), sales[0].0.family_id), (1, Some(family.id)));

    // They change their mind: what was left for them is nobody's again.
    stall.taps_on("Pembeli berikut").await;
    stall.taps_on("Beras SPHP 5 kg").await;
    stall.phone.type_in("#f-card", &family.token).await;
    stall.taps_on("Baik").await;
    stall.comes_to(rice).await;
    let db = stall.shop.app.db.clone();
    let held = async || family_hold::Entity::find().one(&db).await.expect("a read").is_some();
    assert!(held().await);
    stall.phone.tap(".till-cart__sum").await;
    stall.taps_on("Kosongkan").await;
    stall.taps_on("Kosongkan").await;
    for _ in 0..100 {
        if !held().await {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(!held().await);
    stall.ends().await;
}

/// A pack of rice for a family's card, paid with the exact money.
async fn buys_rice(stall: &mut Stall, card: &str) {
    stall.taps_on("Beras SPHP 5 kg").await;
    stall.phone.type_in("#f-card", card).await;
    stall.taps_on("Baik").await;
    stall.comes_to(stall.price("Beras SPHP 5 kg").await).await;
    stall.taps_on("Bayar").await;
    stall.taps_on("Uang pas").await;
    stall.taps_on("Pembeli berikut").await;
    stall.phone.find(".till-tile").await;
}

#[actix_web::test]
async fn without_signal_a_family_waits_while_another_till_was_not_heard_of() {
    let mut stall = Stall::begun().await;
    let (family, other) = beside(&stall).await;
    buys_rice(&mut stall, &family.token).await;
    stall.is_told("sale").await;
    // The other till had asked about them before that, and was not heard of since.
    let tx = db::begin(&stall.shop.app.db).await.expect("a transaction");
    family_hold::Entity::delete_many().exec(&tx).await.expect("nobody is at it");
    let hold = family_hold::ActiveModel {
        device_id: Set(other),
        family_id: Set(family.id),
        after_sale_id: Set(0),
        until: Set(stall.shop.clock.now() - Duration::minutes(1)),
        ..Default::default()
    };
    family_hold::Entity::insert(hold).exec(&tx).await.expect("it had");
    tx.commit().await.expect("it stands");
    stall.phone.open(HERE).await;
    stall.phone.sees("Semua terkirim").await;
    stall.knows_of("silent").await;
    stall.shop.goes_dark().await;
    stall.phone.open(HERE).await;
    stall.phone.sees("tanpa sinyal").await;
    stall.taps_on("Beras SPHP 5 kg").await;
    stall.phone.type_in("#f-card", &family.token).await;
    stall.taps_on("Baik").await;
    stall.phone.sees("menunggu sinyal").await;
    stall.phone.fits().await;
    stall.phone.picture("till-family-silent").await;
    stall.shop.is_back();
    stall.ends().await;
}

/// A market that is open now, with so many packs of rice for each family.
async fn opens_market(stall: &Stall, per_family: i64) -> (market::Model, i64) {
    let (app, clock) = (&stall.shop.app, &stall.shop.clock);
    let rice = stall.item("Beras SPHP 5 kg").await;
    let tx = db::begin(&app.db).await.expect("a transaction");
    let outlet = outlet::Entity::find().one(&tx).await.expect("a read").expect("the outlet");
    let siti = person::Entity::find().filter(person::Column::Phone.eq("6281200000001")).one(&tx).await;
    let siti = siti.expect("a read").expect("Bu Siti").id;
    let new = NewMarket {
        name: "Pasar murah Rayap".into(),
        place: "Balai Dusun Rayap".into(),
        opens_at: clock.now() - Duration::hours(1),
        closes_at: clock.now() + Duration::hours(3),
        note: String::new(),
        slot_minutes: 30,
        slot_families: 15,
    };
    let market = markets::plan(&tx, clock, &outlet, &new, siti).await.expect("a market");
    let good = NewGood { item_id: rice.id, price: rice.price - Rupiah(2_000), per_family, allotted: 10 };
    markets::offer(&tx, clock, &outlet, market.id, &good, siti).await.expect("its rice");
    markets::open(&tx, clock, &outlet, market.id, siti).await.expect("it opens");
    tx.commit().await.expect("it stands");
    (market, rice.id)
}

#[actix_web::test]
async fn who_was_sent_away_at_a_market_is_told_of_once() {
    let mut stall = Stall::begun().await;
    let (family, _) = beside(&stall).await;
    let (market, rice) = opens_market(&stall, 1).await;
    stall.phone.open(HERE).await;
    stall.phone.tap(".till-tile--market").await;
    stall.phone.type_in("#f-card", &family.token).await;
    stall.taps_on("Baik").await;
    stall.comes_to(stall.price("Beras SPHP 5 kg").await - 2_000).await;
    // A second one, asked for twice: one wish.
    for _ in 0..2 {
        stall.phone.tap(".till-tile--market").await;
        stall.phone.sees("Keluarga ini tinggal").await;
        stall.taps_on("Baik").await;
    }
    stall.taps_on("Bayar").await;
    stall.taps_on("Uang pas").await;
    stall.is_told("sale").await;
    let refused = market_refusal::Entity::find().all(&stall.shop.app.db).await.expect("a read");
    let said: Vec<_> = refused.iter().map(|one| (one.market_id, one.family_id, one.item_id, one.asked)).collect();
    assert_eq!(said, [(market.id, Some(family.id), Some(rice), 2)]);
    let report = markets::report(&stall.shop.app.db, family.village_id, &market).await.expect("a report");
    let packs = &report.goods[0];
    let price = stall.price("Beras SPHP 5 kg").await - 2_000;
    assert_eq!((packs.takings, packs.good.content_sold()), (Rupiah(price), Some(5_000)));
    let told = device_event::Entity::find().filter(device_event::Column::Kind.eq("refused"));
    assert_eq!(told.all(&stall.shop.app.db).await.expect("a read").len(), 1);
    stall.ends().await;
}

#[actix_web::test]
async fn a_market_gives_its_share_within_what_a_family_may_have() {
    let mut stall = Stall::begun().await;
    let (family, _) = beside(&stall).await;
    opens_market(&stall, 5).await;
    let rice = stall.price("Beras SPHP 5 kg").await;
    stall.phone.open(HERE).await;
    stall.phone.tap(".till-tile--market").await;
    stall.phone.type_in("#f-card", &family.token).await;
    stall.taps_on("Baik").await;
    stall.comes_to(rice - 2_000).await;
    let posted = format!(".till-tile[data-key='{}']", stall.item("Beras SPHP 5 kg").await.id);
    // Twenty-five kilograms a day: four more packs out of the shop, and that is all of it.
    for n in 1..5 {
        stall.phone.tap(&posted).await;
        stall.comes_to(rice - 2_000 + n * rice).await;
    }
    stall.phone.tap(".till-tile--market").await;
    stall.phone.sees("Batasnya").await;
    stall.taps_on("Baik").await;
    stall.comes_to(rice - 2_000 + 4 * rice).await;
    stall.ends().await;
}
