//! Bills that a till makes, and that its buyer then pays in another way.
use entity::bill::State;
use serde_json::{Value, json};
use warong::payments::{provider::Failure, status::Seen};

use super::{
    field::handset::{post, token},
    till::Till,
};

/// A bill of Rp12.500 that a till asked for; where it is.
async fn asked(till: &mut Till) -> String {
    let token = token(&mut till.stand.siti).await;
    let body = json!({ "amount": 12_500, "key": "3d6a6a3e-0c55-4a0e-8d8f-0d7f1c1f2a11" }).to_string();
    let made = post(&mut till.stand.siti, "/kelola/kasir/tagihan", &token, &body).await;
    let id = told(&made.is(200).body)["id"].as_i64().expect("a number");
    till.stand.shop.settle().await;
    format!("/kelola/kasir/tagihan/{id}")
}

fn told(body: &str) -> Value {
    serde_json::from_str(body).expect("JSON")
}

/// The buyer pays in another way; how the bill stands then.
async fn gives_up(till: &mut Till, here: &str) -> String {
    let token = token(&mut till.stand.siti).await;
    let seen = post(&mut till.stand.siti, &format!("{here}/pembatalan"), &token, "").await;
    till.stand.shop.settle().await;
    told(&seen.is(200).body)["state"].as_str().expect("a state").to_owned()
}

#[actix_web::test]
async fn a_code_is_ended_when_its_buyer_pays_in_another_way() {
    let mut till = Till::open().await;
    let here = asked(&mut till).await;
    let row = till.attempts("bill:1").await.pop().expect("an attempt");
    till.memory.fails("status", Failure::Lost("timeout".into()));
    assert_eq!(gives_up(&mut till, &here).await, "open", "nobody can say");
    for _ in 0..2 {
        assert_eq!(gives_up(&mut till, &here).await, "cancelled");
    }
    assert_eq!(till.bill(&here).await.state, State::Cancelled);
    // Money that comes all the same is owed back, and stands where somebody sees it.
    till.becomes(&row, Seen::Paid);
    till.noticed(&row, "settlement", "200").await;
    assert_eq!(till.books().await, [0, -12_500, 12_500]);
    till.stand.siti.get("/kelola/qris").await.is(200).says("Rp12.500");
    till.close().await;
}

#[actix_web::test]
async fn a_code_that_was_paid_in_that_moment_pays_the_sale() {
    let mut till = Till::open().await;
    let here = asked(&mut till).await;
    till.is_paid("bill:1").await;
    let first = gives_up(&mut till, &here).await;
    assert!(["open", "paid"].contains(&first.as_str()), "{first}");
    assert_eq!(gives_up(&mut till, &here).await, "paid");
    assert_eq!(till.books().await, [-12_500, 0, 12_500]);
    till.close().await;
}

#[actix_web::test]
async fn nobody_ends_the_code_of_another_outlet_or_without_a_token() {
    let mut till = Till::open().await;
    let here = asked(&mut till).await;
    let act = format!("{here}/pembatalan");
    assert_eq!(post(&mut till.stand.siti, &act, "no-token", "").await.status, 409);
    let token = token(&mut till.stand.stranger).await;
    post(&mut till.stand.stranger, &act, &token, "").await.is(404);
    let guest = post(&mut till.stand.shop.browser(), &act, "x", "").await.status;
    assert!((300..500).contains(&guest), "{guest}");
    assert_eq!(till.bill(&here).await.state, State::Open);
    till.close().await;
}
