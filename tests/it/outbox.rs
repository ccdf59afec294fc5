//! Work that was begun and not ended: it is done again soon after its worker died, and never beside one that lives.
use chrono::Duration;
use warong::{
    db,
    outbox::{self, Lane},
};

use crate::support::Shop;

async fn claimed(shop: &Shop) -> Vec<entity::outbox::Model> {
    outbox::claim(&shop.app.db, shop.clock.now(), Lane::Rest, 8).await.expect("a claim")
}

async fn asked(shop: &Shop, keys: &[&str]) {
    let tx = db::begin(&shop.app.db).await.expect("a transaction");
    for key in keys {
        outbox::queue(&tx, shop.clock.now(), "test", key, &serde_json::json!({})).await.expect("queued");
    }
    tx.commit().await.expect("it stands");
}

#[actix_web::test]
async fn what_a_dead_worker_had_begun_is_done_again_within_seconds() {
    let shop = Shop::empty().await;
    asked(&shop, &["a", "b"]).await;
    let first = claimed(&shop).await;
    assert_eq!(first.len(), 2);
    shop.clock.advance(Duration::seconds(9));
    assert!(claimed(&shop).await.is_empty());
    shop.clock.advance(Duration::seconds(1));
    assert_eq!(claimed(&shop).await.len(), 2);
    // The first one was only asleep: it finds that its rows are another's.
    outbox::hold(&shop.app.db, shop.clock.now() + Duration::hours(1), &first).await.expect("asked");
    assert!(!outbox::is_still_mine(&shop.app.db, &first[0]).await.expect("asked"));
    shop.clock.advance(Duration::seconds(10));
    assert_eq!(claimed(&shop).await.len(), 2);
}

#[actix_web::test]
async fn a_worker_that_takes_long_keeps_its_rows() {
    let shop = Shop::empty().await;
    asked(&shop, &["a", "b", "c"]).await;
    let rows = claimed(&shop).await;
    let tx = db::begin(&shop.app.db).await.expect("a transaction");
    outbox::done(&tx, shop.clock.now(), rows[0].id).await.expect("done");
    outbox::failed(&tx, shop.clock.now(), &rows[1], "later").await.expect("put off");
    tx.commit().await.expect("it stands");
    for _ in 0..10 {
        shop.clock.advance(Duration::seconds(9));
        outbox::hold(&shop.app.db, shop.clock.now(), &rows[2..]).await.expect("held");
        let others = claimed(&shop).await;
        assert!(others.iter().all(|row| row.id == rows[1].id), "{others:?}");
    }
    assert!(outbox::is_still_mine(&shop.app.db, &rows[2]).await.expect("asked"));
}

#[actix_web::test]
async fn work_about_money_is_never_given_up_and_a_person_hears_of_it() {
    let shop = Shop::empty().await;
    let tx = db::begin(&shop.app.db).await.expect("a transaction");
    outbox::queue(&tx, shop.clock.now(), "payment.test", "m", &serde_json::json!({})).await.expect("queued");
    tx.commit().await.expect("it stands");
    for tries in 0..20 {
        let needs_a_person = u64::from(tries >= 12);
        assert_eq!(outbox::waiting(&shop.app.db).await.expect("a count"), (1, needs_a_person), "after {tries}");
        let rows = outbox::claim(&shop.app.db, shop.clock.now(), Lane::Money, 8).await.expect("a claim");
        assert_eq!(rows.len(), 1, "after {tries}");
        let tx = db::begin(&shop.app.db).await.expect("a transaction");
        outbox::failed(&tx, shop.clock.now(), &rows[0], "nobody there").await.expect("put off");
        tx.commit().await.expect("it stands");
        shop.clock.advance(Duration::hours(1));
    }
}
