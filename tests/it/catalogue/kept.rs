//! Kept pages: fast for guests, never old, never somebody else's.
use entity::stock;
use reqwest::Method;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use warong::db::{self, Db};

use super::{BIN, Village};

#[actix_web::test]
async fn a_kept_page_asks_nothing_and_is_drawn_again_after_any_change() {
    let village = Village::open().await;
    let item = village.sells(BIN).await;
    let mut guest = village.shop.browser();
    guest.get("/produk").await.is(200).says("Siap kirim · 23");
    let mut least = u64::MAX;
    for _ in 0..5 {
        let before = village.shop.app.db.statements();
        guest.get("/produk?utm_source=wa").await.is(200).says("Siap kirim · 23");
        least = least.min(village.shop.app.db.statements() - before);
    }
    assert_eq!(least, 0);
    village.receives(item, 4).await;
    guest.get("/produk").await.says("Siap kirim · 27");
    guest.get("/produk/keranjang-sampah-anyam").await.says("Siap kirim · 27");
    village.shop.close().await;
}

#[actix_web::test]
async fn a_reader_who_has_the_page_is_told_so() {
    let village = Village::open().await;
    let item = village.sells(BIN).await;
    let mut guest = village.shop.browser();
    let page = guest.get("/").await;
    assert_eq!(page.headers["cache-control"], "no-cache");
    assert_eq!(page.headers["vary"], "Accept-Encoding, Cookie");
    let etag = page.headers["etag"].to_str().unwrap().to_owned();
    let again = guest.send(Method::GET, "/", None, &[("If-None-Match", &etag)]).await;
    assert_eq!(again.is(304).body, "");
    village.receives(item, 1).await;
    guest.send(Method::GET, "/", None, &[("If-None-Match", &etag)]).await.is(200);
    let packed = guest.send(Method::GET, "/", None, &[("Accept-Encoding", "br")]).await;
    assert_eq!(packed.headers["content-encoding"], "br");
    guest.send(Method::HEAD, "/", None, &[]).await.is(200);
    village.shop.close().await;
}

#[actix_web::test]
async fn what_is_personal_is_neither_kept_nor_taken_from_what_is_kept() {
    let village = Village::open().await;
    village.sells(BIN).await;
    let mut guest = village.shop.browser();
    let mut buyer = village.shop.browser();
    buyer.cookies.insert("warong_cart".into(), "a".repeat(43));
    buyer.cookies.insert("warong_isi".into(), "7".into());
    // The buyer comes first: nothing of theirs may reach the guest.
    let own = buyer.get("/").await;
    assert_eq!(own.headers["cache-control"], "no-store");
    own.says("tabs__count\">7<");
    assert!(!guest.get("/").await.body.contains("tabs__count"));
    buyer.get("/").await.says("tabs__count\">7<");
    let mut curious = village.shop.browser();
    curious.cookies.insert("warong_isi".into(), "9".into());
    curious.get("/produk").await.says("tabs__count\">9<");
    assert!(!guest.get("/produk").await.body.contains("tabs__count"));
    let mut english = village.shop.browser();
    english.cookies.insert("bahasa".into(), "en".into());
    english.get("/").await.says("straight from its maker");
    guest.get("/").await.says("langsung dari tangan pembuatnya");
    village.shop.close().await;
}

#[actix_web::test]
async fn a_change_by_another_process_is_seen_within_moments() {
    let village = Village::open().await;
    let item = village.sells(BIN).await;
    let mut guest = village.shop.browser();
    guest.get("/produk").await.says("Siap kirim · 23");
    let elsewhere = Db::connect(&village.shop.app.config.database_url).await.expect("a second connection");
    let tx = db::begin(&elsewhere).await.expect("a transaction");
    warong::stock::hold(&tx, &village.shop.clock, "order:1", place(&village).await, &[want(item)], None)
        .await
        .expect("held")
        .expect("enough");
    tx.commit().await.expect("it commits");
    for _ in 0..50 {
        if guest.get("/produk").await.body.contains("Siap kirim · 20") {
            return village.shop.close().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the page stayed old");
}

fn want(item_id: i64) -> warong::stock::Want {
    warong::stock::Want { item_id, quantity: 3 }
}

async fn place(village: &Village) -> i64 {
    let row = stock::Entity::find()
        .filter(stock::Column::OnHand.gt(0))
        .one(&village.shop.app.db)
        .await
        .expect("an answer")
        .expect("a shelf");
    row.place_id
}
