//! Becoming a reseller, and prices by quantity.
use entity::reseller::State;
use warong::wholesale::{reseller, tier};

use super::trader::{Trader, somebody};

async fn state(trader: &Trader) -> Option<State> {
    let row = reseller::of_person(&trader.stand.shop.app.db, trader.stand.outlet.id, trader.made_id).await;
    row.expect("read").map(|row| row.state)
}

const BUSINESS: [(&str, &str); 3] =
    [("usaha", "Toko Rimba"), ("kota", "Samarinda, Kalimantan"), ("jual", "Alat rumah tangga")];

#[actix_web::test]
async fn a_shop_on_another_island_asks_and_the_outlet_agrees() {
    let mut trader = Trader::open().await;
    let mut guest = trader.stand.shop.browser();
    guest.get("/grosir").await.is(200).says("/masuk?kembali=");
    let page = trader.made.get("/grosir").await;
    trader.made.fill(&page, "/grosir", &BUSINESS).await.is(303);
    // The same tap again, and a correction, make no second row.
    trader.made.fill(&page, "/grosir", &BUSINESS).await.is(303);
    let page = trader.made.get("/grosir").await;
    page.says("sedang dibaca");
    trader.made.fill(&page, "/grosir", &[("usaha", "Toko Rimba Jaya"), BUSINESS[1], BUSINESS[2]]).await.is(303);
    assert_eq!(state(&trader).await, Some(State::Asked));
    let rows = reseller::list(&trader.stand.shop.app.db, trader.stand.outlet.id).await.expect("read");
    assert_eq!(rows.len(), 1);
    trader.stand.siti.get("/kelola/grosir").await.says("Toko Rimba Jaya");
    trader.stand.siti.get("/kelola").await.says("<b>1</b>permintaan grosir");
    let here = format!("/kelola/grosir/mitra/{}", rows[0].id);
    trader.stand.tap(&here, &here, &[]).await.is(303);
    assert_eq!(state(&trader).await, Some(State::Approved));
    assert!(!trader.stand.siti.get("/kelola").await.body.contains("permintaan grosir"));
    trader.made.get("/grosir").await.says("Anda mitra kami").says("/grosir/minta");
    trader.stand.close().await;
}

#[actix_web::test]
async fn a_no_and_a_suspension_say_why_and_end_the_prices() {
    let mut trader = Trader::open().await;
    let page = trader.made.get("/grosir").await;
    trader.made.fill(&page, "/grosir", &BUSINESS).await.is(303);
    let id = reseller::list(&trader.stand.shop.app.db, trader.stand.outlet.id).await.expect("read")[0].id;
    let here = format!("/kelola/grosir/mitra/{id}");
    let seen = trader.stand.siti.get(&here).await;
    let hidden: Vec<(String, String)> = seen.hidden(&here);
    let csrf = hidden.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.clone()).expect("a token");
    let all = [("tolak", "1"), ("alasan", "Belum ada tokonya"), ("csrf", csrf.as_str())];
    trader.stand.siti.post_raw(&here, &all).await.is(303);
    assert_eq!(state(&trader).await, Some(State::Refused));
    trader.made.get("/grosir").await.says("Belum ada tokonya");
    trader.made.get("/grosir/minta").await.is(303);
    // Decided twice, without a reason, by somebody else, of somebody who is not there.
    trader.stand.siti.post_raw(&here, &all).await.is(409);
    trader.stand.siti.post_raw(&here, &[("tunda", "1"), ("csrf", csrf.as_str())]).await.is(422);
    trader.stand.stranger.get(&here).await.is(404);
    trader.stand.siti.get("/kelola/grosir/mitra/999").await.is(404);
    trader.made.get(&here).await.is(403);
    // Asked again, agreed, and suspended later.
    let page = trader.made.get("/grosir").await;
    trader.made.fill(&page, "/grosir", &BUSINESS).await.is(303);
    trader.stand.siti.post_raw(&here, &[("setuju", "1"), ("csrf", csrf.as_str())]).await.is(303);
    trader.tier(12, 26_000).await;
    trader.made.get("/grosir").await.says("Rp26.000");
    let stop = [("tunda", "1"), ("alasan", "Belum melunasi"), ("csrf", csrf.as_str())];
    trader.stand.siti.post_raw(&here, &stop).await.is(303);
    let seen = trader.made.get("/grosir").await;
    assert!(!seen.body.contains("Rp26.000"));
    seen.says("Belum melunasi");
    trader.made.get("/grosir/minta").await.is(303);
    trader.stand.close().await;
}

#[actix_web::test]
async fn what_is_missing_is_said_beside_its_field() {
    let mut trader = Trader::open().await;
    let page = trader.made.get("/grosir").await;
    trader
        .made
        .fill(&page, "/grosir", &[("usaha", "Toko Rimba"), ("kota", ""), ("jual", "")])
        .await
        .is(422)
        .says("Toko Rimba");
    let mut guest = trader.stand.shop.browser();
    guest.post_raw("/grosir", &BUSINESS).await.is(401);
    assert_eq!(state(&trader).await, None);
    guest.get("/kelola/grosir").await.is(303);
    trader.made.get("/kelola/grosir").await.is(403);
    guest.get("/grosir?warong=999").await.is(404);
    trader.stand.close().await;
}

#[actix_web::test]
async fn a_price_that_gives_the_maker_less_is_agreed_and_asked_twice() {
    let mut trader = Trader::open().await;
    let here = format!("/kelola/grosir/harga/{}", trader.stand.basket);
    // Nothing lower was agreed: the maker's part of the shop's price is the least.
    let twelve = [("dari", "12"), ("harga", "26.000")];
    trader.stand.tap(&here, &here, &twelve).await.is(422).says("paling sedikit Rp21.280");
    let agreed = [("lantai", "19.000"), ("sepakat", "Bu Sati, 20 November")];
    let all: Vec<_> = twelve.iter().chain(&agreed).copied().collect();
    let asked = trader.stand.tap(&here, &here, &all).await;
    asked.is(409).says("Pembuat menerima Rp19.760, bukan Rp21.280");
    let db = trader.stand.shop.app.db.clone();
    let (outlet, basket) = (trader.stand.outlet.id, trader.stand.basket);
    let read = async || tier::of_item(&db, outlet, basket).await.expect("read");
    assert!(read().await.tiers.is_empty() && read().await.floor.is_none());
    let sure: Vec<_> = all.iter().copied().chain([("yakin", "1")]).collect();
    trader.stand.siti.fill(&asked, &here, &sure).await.is(303);
    let now = read().await;
    assert_eq!((now.price_of(12).0, now.price_of(11).0, now.floor().0), (26_000, 28_000, 19_000));
    // Below the floor whoever is sure; above what fewer cost; not below the shop's.
    let no = |from: &'static str, price: &'static str| [("dari", from), ("harga", price), ("yakin", "1")];
    trader.stand.tap(&here, &here, &no("60", "24.900")).await.is(422).says("Bu Sati");
    trader.stand.tap(&here, &here, &no("60", "27.000")).await.is(422).says("Lebih banyak tidak boleh lebih mahal");
    trader.stand.tap(&here, &here, &no("60", "28.000")).await.is(422).says("harus di bawah harga toko");
    trader.stand.tap(&here, &here, &no("1", "25.000")).await.is(422);
    trader.stand.tap(&here, &here, &no("enam", "2,5")).await.is(422).says("enam");
    trader.stand.tap(&here, &here, &no("60", "25.000")).await.is(303);
    // Another outlet's items and tiers do not exist.
    trader.stand.stranger.get(&here).await.is(404);
    trader.made.get(&here).await.is(403);
    let end = format!("/kelola/grosir/jenjang/{}/akhiri", read().await.tiers[0].id);
    trader.stand.tap(&here, &end, &[]).await.is(303);
    assert_eq!(read().await.tiers.len(), 1);
    trader.stand.close().await;
}

#[actix_web::test]
async fn who_is_no_reseller_sees_only_what_is_for_all() {
    let mut trader = Trader::agreed().await;
    let (_, mut anton) = somebody(&trader.stand, "Pak Anton", "6281300000009").await;
    let seen = anton.get("/grosir").await;
    assert!(!seen.body.contains("Rp26.000"));
    trader.made.get("/grosir").await.says("Rp26.000").says("Rp24.500");
    // The shop's own pages show the shop's price to everybody.
    let slug = "keranjang-sampah-anyam";
    let page = trader.made.get(&format!("/produk/{slug}")).await;
    assert!(!page.body.contains("Rp26.000"));
    anton.get("/grosir/minta").await.is(303);
    trader.stand.close().await;
}
