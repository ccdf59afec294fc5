//! Cartons, consignment notes, ships and where goods were seen.
use warong::{
    orders::order as orders,
    wholesale::{carton, shipment},
};

use super::trader::Trader;

#[actix_web::test]
async fn cartons_are_proposed_changed_printed_and_received() {
    let mut trader = Trader::agreed().await;
    trader.stand.brings(trader.stand.basket, 15).await;
    let quote = trader.quoted(&[(trader.stand.basket, 25, 26_000)]).await;
    let order = trader.accepts(&quote.row, entity::order::Method::Transfer).await;
    trader.comes(&order, "all", order.total.0).await;
    let here = format!("/kelola/pesanan/{}/koli", order.id);
    trader.stand.siti.get(&here).await.says("25 ×");
    trader.stand.tap(&here, &here, &[]).await.is(303);
    let db = trader.stand.shop.app.db.clone();
    let cartons = carton::of_order(&db, order.id).await.expect("read");
    let pieces: Vec<i64> = cartons.iter().map(|packed| packed.lines[0].1).collect();
    assert_eq!(pieces, [10, 10, 5]);
    // Five are put from the second into the third.
    let line = cartons[0].lines[0].0;
    let field = format!("isi_{line}");
    let one = format!("{here}/{}", cartons[1].carton.id);
    let size = [("panjang", "60"), ("lebar", "40"), ("tinggi", "40")];
    let with = |pieces: &'static str, weight: &'static str| {
        [(field.as_str(), pieces), size[0], size[1], size[2], ("berat", weight)]
    };
    trader.stand.tap(&one, &one, &with("11", "6")).await.is(422).says("paling banyak 10");
    trader.stand.tap(&one, &one, &with("lima", "6")).await.is(422);
    trader.stand.tap(&one, &one, &[(field.as_str(), "5")]).await.is(422);
    trader.stand.tap(&one, &one, &with("5", "3")).await.is(303);
    let other = format!("{here}/{}", cartons[2].carton.id);
    trader.stand.tap(&other, &other, &with("10", "6,65")).await.is(303);
    let cartons = carton::of_order(&db, order.id).await.expect("read");
    assert_eq!((cartons[2].lines[0].1, cartons[2].carton.weight_grams), (10, 6_650));
    trader.stand.siti.get(&other).await.says("value=\"6,65\"");
    for odd in ["", "0", "-1", "berat", "2,6,5", "1,2345", "501"] {
        trader.stand.tap(&other, &other, &with("10", odd)).await.is(422).says("misalnya 2,6");
    }
    trader.stand.siti.get(&format!("{here}/surat")).await.says("Surat jalan").says("1/3").says("<path stroke");
    trader.stand.siti.get(&format!("{here}/surat?kertas=a4")).await.says("slip--a4");
    // Whoever scans sees no price; nobody says it came before it left, or without the order's link.
    let mut anybody = trader.stand.shop.browser();
    let scanned = anybody.get(&format!("/koli/{}", cartons[0].carton.secret)).await;
    scanned.says("Koli 1 dari 3").says("belum berangkat").says("Samarinda");
    assert!(
        !scanned.body.contains("26.000") && !scanned.body.contains("0813-0000") && !scanned.body.contains("diterima\"")
    );
    let list = format!("{}/koli", orders::url(&order));
    let said = format!("{list}/{}/diterima", cartons[0].carton.id);
    anybody.post_raw(&said, &[]).await.is(303);
    assert!(carton::of_order(&db, order.id).await.expect("read")[0].carton.received_at.is_none());
    let packing = format!("/kelola/pesanan/{}", order.id);
    trader.stand.tap(&packing, &format!("{packing}/paket"), &[]).await.is(303);
    let parcel = trader.stand.docket(&order).await.parcels[0].parcel.id;
    let send = format!("{packing}/paket/{parcel}/kirim");
    trader.stand.tap(&send, &send, &[("courier", "KM Dharma")]).await.is(303);
    let page = anybody.get(&list).await;
    anybody.fill(&page, &said, &[]).await.is(303);
    anybody.fill(&page, &said, &[]).await.is(303);
    anybody.get(&list).await.says("1 dari 3 koli");
    anybody.get(&format!("/koli/{}", cartons[0].carton.secret)).await.says("Diterima");
    trader.stand.siti.get(&packing).await.says("Koli 1 diterima pembeli");
    // Received cartons do not change; other orders' cartons are not reached.
    let first = format!("{here}/{}", cartons[0].carton.id);
    trader.stand.tap(&first, &first, &with("1", "1")).await.is(409);
    anybody.post_raw(&format!("/pesanan/bukan/koli/{}/diterima", cartons[1].carton.id), &[]).await.is(404);
    anybody.get("/koli/bukan").await.is(404);
    trader.stand.stranger.get(&here).await.is(404);
    trader.made.get(&here).await.is(403);
    trader.stand.close().await;
}

#[actix_web::test]
async fn a_ship_is_noted_chosen_and_its_way_read_by_the_buyer() {
    let mut trader = Trader::agreed().await;
    let order = trader.begun().await;
    let ship = [
        ("jenis", "kapal"),
        ("nama", "KM Dharma Rucitra"),
        ("dari", "Surabaya"),
        ("ke", "Samarinda"),
        ("tutup", "2026-12-01T17:00"),
        ("berangkat", "2026-12-02T20:00"),
        ("tiba", "2026-12-05"),
        ("per_kg", "2.500"),
    ];
    let with = |name: &str, value: &'static str| {
        ship.iter().map(|(n, v)| (*n, if *n == name { value } else { *v })).collect::<Vec<_>>()
    };
    let here = "/kelola/kargo";
    trader.stand.tap(here, here, &with("tutup", "2026-12-03T17:00")).await.is(422).says("sebelum berangkat");
    trader.stand.tap(here, here, &with("berangkat", "besok")).await.is(422).says("bukan tanggal");
    trader.stand.tap(here, here, &with("per_kg", "")).await.is(422).says("per kg atau per m");
    trader.stand.tap(here, here, &with("jenis", "pesawat")).await.is(422);
    trader.stand.tap(here, here, &ship).await.is(303);
    trader.made.get(here).await.is(403);
    let db = trader.stand.shop.app.db.clone();
    let now = trader.stand.shop.clock.now();
    let id = shipment::coming(&db, trader.stand.outlet.id, now).await.expect("read")[0].id.to_string();
    let koli = format!("/kelola/pesanan/{}/koli", order.id);
    let choose = format!("{koli}/kargo");
    trader.stand.tap(&koli, &choose, &[("kargo", "999")]).await.is(404);
    trader.stand.tap(&koli, &choose, &[]).await.is(422);
    trader.stand.tap(&koli, &choose, &[("kargo", &id)]).await.is(303);
    let seen = format!("{koli}/jejak");
    let note = |day: &'static str| [("tanggal", day), ("tempat", "Pelabuhan Surabaya"), ("kabar", "Sudah naik kapal")];
    trader.stand.tap(&koli, &seen, &note("2027-01-01")).await.is(422).says("belum datang");
    trader.stand.tap(&koli, &seen, &note("2020-01-01")).await.is(422);
    trader.stand.tap(&koli, &seen, &note("2026-11-21")).await.is(303);
    let mut buyer = trader.stand.shop.browser();
    let page = buyer.get(&orders::url(&order)).await;
    page.says("KM Dharma Rucitra").says("Pelabuhan Surabaya").says("Sudah naik kapal");
    // One that does not go takes nobody along.
    trader.stand.tap(here, &format!("{here}/{id}/batal"), &[]).await.is(303);
    let second = trader.begun_anew().await;
    let koli = format!("/kelola/pesanan/{}/koli", second.id);
    let page = trader.stand.siti.get(&koli).await;
    assert!(!page.body.contains("KM Dharma Rucitra"));
    let tx = trader.stand.begin().await;
    let docket = warong::orders::docket::Docket::lock(&tx, trader.stand.outlet.id, second.id).await.expect("locked");
    let number = id.parse().expect("a number");
    assert!(shipment::choose(&tx, &trader.stand.shop.clock, &docket, number, 1).await.is_err());
    drop(tx);
    trader.stand.stranger.get(&koli).await.is(404);
    trader.stand.close().await;
}
