//! Answers that never come: nothing is sent twice, and nothing is forgotten.
use chrono::Duration;
use entity::payout::{State, Way};
use reqwest::Method as Http;
use serde_json::json;

use super::desk::{Desk, at, tap};

#[actix_web::test]
async fn a_lost_answer_to_asking_is_asked_for_again_under_the_same_key() {
    let desk = Desk::with_midtrans().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("1172993826").await;
    desk.answers("cut").await;
    let run = desk.makes(&[(desk.payee(), 21_280, Way::Midtrans)]).await;
    desk.shop.settle().await;
    desk.wait(Duration::seconds(31)).await;
    let payout = desk.run(run).await.payouts.remove(0);
    assert_eq!(desk.iris(&payout).await.reference_no, None);
    assert_eq!(desk.at_provider().len(), 1, "it worked both times, once");
    desk.approves(run).await;
    desk.answers("normal").await;
    desk.wait(Duration::hours(1)).await;
    desk.wait(Duration::minutes(5)).await;
    desk.is(&payout, State::Paid).await;
    assert_eq!((desk.at_provider().len(), desk.moved()), (1, 21_280));
    desk.close().await;
}

#[actix_web::test]
async fn a_lost_answer_to_releasing_releases_once() {
    let desk = Desk::with_midtrans().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("1172993826").await;
    let run = desk.makes(&[(desk.payee(), 21_280, Way::Midtrans)]).await;
    desk.shop.settle().await;
    let payout = desk.run(run).await.payouts.remove(0);
    desk.answers("cut").await;
    desk.approves(run).await;
    desk.shop.settle().await;
    assert_eq!(desk.iris(&payout).await.status.as_deref(), Some("queued"), "as far as we know");
    assert_eq!(desk.moved(), 21_280);
    desk.wait(Duration::minutes(1)).await;
    desk.answers("normal").await;
    desk.wait(Duration::minutes(10)).await;
    desk.wait(Duration::minutes(10)).await;
    desk.is(&payout, State::Paid).await;
    assert_eq!(desk.moved(), 21_280);
    desk.close().await;
}

#[actix_web::test]
async fn a_key_that_midtrans_has_forgotten_pays_nobody_twice() {
    let desk = Desk::with_midtrans().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("1172993826").await;
    desk.answers("cut").await;
    let payout = desk.approved(21_280, Way::Midtrans).await;
    desk.shop.settle().await;
    let first = desk.iris(&payout).await.create_key;
    desk.wait(Duration::days(1)).await;
    assert_eq!(desk.iris(&payout).await.create_key, first, "nobody says what has moved, so nothing is asked anew");
    assert_eq!(desk.at_provider().len(), 1);
    desk.answers("normal").await;
    for _ in 0..4 {
        desk.wait(Duration::hours(1)).await;
    }
    desk.is(&payout, State::Paid).await;
    assert_ne!(desk.iris(&payout).await.create_key, first);
    // The first one lies there without anybody's approval.
    let standings: Vec<_> = desk.at_provider().iter().map(|one| one["standing"].clone()).collect();
    assert_eq!(standings, ["queued", "completed"]);
    assert_eq!(desk.moved(), 21_280);
    desk.close().await;
}

#[actix_web::test]
async fn what_somebody_released_at_midtrans_meanwhile_is_found_before_anything_is_asked_anew() {
    let desk = Desk::with_midtrans().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("1172993826").await;
    desk.answers("cut").await;
    let payout = desk.approved(21_280, Way::Midtrans).await;
    desk.shop.settle().await;
    desk.answers("normal").await;
    let reference = desk.at_provider()[0]["reference_no"].clone();
    let (_, approver) = desk.shop.app.sandbox.as_ref().expect("a stand-in").payout_keys();
    let url = format!("{}/sandbox/midtrans/iris/api/v1/payouts/approve", desk.shop.base);
    let client = reqwest::Client::new();
    let released = client.request(Http::POST, url).basic_auth(approver, Some(""));
    let released = released.body(json!({ "reference_nos": [reference] }).to_string()).send().await.expect("an answer");
    assert_eq!(released.status().as_u16(), 202);
    // Without a notice, so that only our own look can find it.
    desk.control(json!({ "chaos": { "drop": true } })).await;
    desk.shop.clock.advance(Duration::days(1));
    desk.shop.settle().await;
    desk.wait(Duration::hours(1)).await;
    desk.is(&payout, State::Paid).await;
    assert_eq!((desk.at_provider().len(), desk.moved()), (1, 21_280));
    desk.close().await;
}

#[actix_web::test]
async fn a_draft_called_off_while_its_answer_was_lost_is_rejected_there_too() {
    for (pause, left_there) in [(Duration::minutes(1), "rejected"), (Duration::days(1), "queued")] {
        let mut desk = Desk::with_midtrans().await;
        desk.earns(desk.payee(), 21_280).await;
        desk.names_account("1172993826").await;
        desk.answers("cut").await;
        let run = desk.makes(&[(desk.payee(), 21_280, Way::Midtrans)]).await;
        desk.shop.settle().await;
        tap(&mut desk.siti, &at(run), &format!("{}/batal", at(run)), &[("alasan", "keliru")]).await.is(303);
        desk.shop.settle().await;
        assert_eq!(desk.underway().await, 21_280, "it may be there");
        desk.shop.clock.advance(pause);
        desk.answers("normal").await;
        desk.shop.settle().await;
        desk.wait(Duration::hours(1)).await;
        assert_eq!((desk.owed(desk.payee()).await, desk.underway().await), (21_280, 0));
        assert_eq!(desk.at_provider()[0]["standing"], left_there);
        assert_eq!(desk.moved(), 0);
        desk.close().await;
    }
}

#[actix_web::test]
async fn nobody_at_the_other_end_only_costs_time() {
    let mut desk = Desk::with_midtrans().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("1172993826").await;
    desk.answers("404").await;
    let payout = desk.approved(21_280, Way::Midtrans).await;
    for _ in 0..30 {
        desk.wait(Duration::hours(1)).await;
    }
    desk.is(&payout, State::Approved).await;
    desk.siti.get(&at(payout.run_id)).await.says("Kata Midtrans");
    desk.answers("normal").await;
    for _ in 0..3 {
        desk.wait(Duration::hours(1)).await;
    }
    desk.is(&payout, State::Paid).await;
    assert_eq!(desk.moved(), 21_280);
    desk.close().await;
}
