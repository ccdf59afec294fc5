//! The same things told at the same moment.
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::handset::{Handset, intakes, post, register, token};
use crate::counter::stand::Stand;

#[actix_web::test]
async fn one_batch_sent_eight_times_at_once_is_in_the_books_once() {
    let stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.siti.clone()).await;
    let batch: Vec<Value> = (1..=6).map(|n| phone.takes_in(stand.crafter_id, stand.basket, &n.to_string())).collect();
    let body = json!({ "device": phone.id, "now": phone.clock(), "events": batch }).to_string();
    let token = token(&mut phone.browser).await;
    let senders: Vec<_> = (0..8).map(|_| phone.browser.clone()).collect();
    let sent = senders.into_iter().map(|mut browser| {
        let (body, token) = (body.clone(), token.clone());
        async move { post(&mut browser, "/api/v1/sync", &token, &body).await.is(200).body.clone() }
    });
    let told: Vec<Value> = join_all(sent).await.iter().map(|text| serde_json::from_str(text).expect("JSON")).collect();
    assert!(told.iter().all(|one: &Value| one["events"] == told[0]["events"]));
    assert_eq!(intakes(&stand).await.len(), 6);
    stand.close().await;
}

#[actix_web::test]
async fn two_phones_at_once_with_one_hand_over_and_many_goods_take_turns() {
    let stand = Stand::open().await;
    let mut goods = vec![stand.basket, stand.cage];
    for n in 0..4 {
        goods.push(stand.another_basket(&format!("Keranjang {n}")).await);
    }
    let mut phones = [Handset::of(&stand, stand.siti.clone()).await, Handset::of(&stand, stand.hasan.clone()).await];
    let forward: Vec<Value> = goods.iter().map(|item| phones[0].takes_in(stand.crafter_id, *item, "7")).collect();
    let backward: Vec<Value> =
        goods.iter().rev().map(|item| phones[1].takes_in(stand.crafter_id, *item, "7")).collect();
    let [siti, hasan] = &mut phones;
    let (one, two) = tokio::join!(siti.told(&forward), hasan.told(&backward));
    let count = |verdict: &str| one.iter().chain(&two).filter(|told| told["verdict"] == verdict).count();
    assert_eq!((count("accepted"), count("held")), (6, 6), "{one:?}\n{two:?}");
    assert_eq!(intakes(&stand).await.len(), 6);
    stand.close().await;
}

#[actix_web::test]
async fn one_phone_that_registers_twice_at_once_is_one() {
    let stand = Stand::open().await;
    let install = "0a1b2c3d-0000-4000-8000-000000000002";
    let made = join_all((0..4).map(|_| {
        let mut siti = stand.siti.clone();
        async move { register(&mut siti, install).await.is(200).body.clone() }
    }))
    .await;
    assert!(made.iter().all(|one| *one == made[0]), "{made:?}");
    stand.close().await;
}
