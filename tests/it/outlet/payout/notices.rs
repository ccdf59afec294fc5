//! Notices of payouts: kept before they are answered, believed only by what we then fetch.
use chrono::Duration;
use entity::payout::{State, Way};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::desk::{Desk, RUNS, tap};

async fn queued(desk: &Desk) -> (entity::payout::Model, String) {
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("1172993826").await;
    let run = desk.makes(&[(desk.payee(), 21_280, Way::Midtrans)]).await;
    desk.shop.settle().await;
    let payout = desk.run(run).await.payouts.remove(0);
    let reference = desk.iris(&payout).await.reference_no.expect("a number");
    (payout, reference)
}

#[actix_web::test]
async fn a_notice_changes_nothing_by_itself() {
    let desk = Desk::with_midtrans().await;
    let (payout, reference) = queued(&desk).await;
    for status in ["completed", "failed", "rejected"] {
        let body = json!({ "reference_no": reference, "amount": "21280.00", "status": status }).to_string();
        assert_eq!(desk.notify(&body, None).await, 200);
        desk.shop.settle().await;
        desk.is(&payout, State::Waiting).await;
        assert_eq!((desk.owed(desk.payee()).await, desk.underway().await), (0, 21_280));
    }
    assert!(desk.inbox().await.iter().all(|row| row.handled_at.is_some()));
    desk.close().await;
}

#[actix_web::test]
async fn what_is_forged_or_no_notice_is_turned_away_and_leaves_nothing() {
    let desk = Desk::with_midtrans().await;
    let (_, reference) = queued(&desk).await;
    let good = json!({ "reference_no": reference, "amount": "21280.00", "status": "completed" }).to_string();
    let signed = warong::gateway::midtrans::payouts::payout_signature(good.as_bytes(), &desk.key());
    for forged in ["", "x", &"0".repeat(128), &signed.to_uppercase()] {
        assert_eq!(desk.notify(&good, Some(forged)).await, 403, "{forged}");
    }
    // The signature is over every byte.
    assert_eq!(desk.notify(&good.replace("21280", "31280"), Some(&signed)).await, 403);
    for body in
        ["", "{", "[]", "null", "{}", r#"{"status":"completed"}"#, r#"{"reference_no":"../1","status":"failed"}"#]
    {
        assert_eq!(desk.notify(body, None).await, 400, "{body}");
    }
    assert_eq!(desk.notify(&" ".repeat(70_000), None).await, 400);
    let mut browser = desk.shop.browser();
    browser.get("/midtrans/payout").await.is(405);
    assert!(desk.inbox().await.is_empty());
    // The same notice three times is one row.
    for _ in 0..3 {
        assert_eq!(desk.notify(&good, None).await, 200);
    }
    assert_eq!(desk.inbox().await.len(), 1);
    desk.close().await;
}

#[actix_web::test]
async fn a_database_that_is_away_says_503_and_the_same_notice_passes_later() {
    let desk = Desk::with_midtrans().await;
    let (_, reference) = queued(&desk).await;
    let body = json!({ "reference_no": reference, "amount": "21280.00", "status": "approved" }).to_string();
    let rename = async |from: &str, to: &str| {
        let tx = warong::db::begin(&desk.shop.app.db).await.expect("a transaction");
        tx.execute_unprepared(&format!("ALTER TABLE {from} RENAME TO {to}")).await.expect("it moves");
        tx.commit().await.expect("it commits");
    };
    rename("payout_inbox", "payout_inbox_away").await;
    assert_eq!(desk.notify(&body, None).await, 503);
    rename("payout_inbox_away", "payout_inbox").await;
    assert_eq!(desk.notify(&body, None).await, 200);
    desk.shop.settle().await;
    assert!(desk.inbox().await[0].handled_at.is_some());
    desk.close().await;
}

#[actix_web::test]
async fn what_fits_nowhere_waits_for_a_person() {
    let mut desk = Desk::with_midtrans().await;
    let (payout, reference) = queued(&desk).await;
    // Nobody here knows it: perhaps it is ours and its number is still on the way, so it is looked for again and again.
    let unknown = json!({ "reference_no": "1d4f8423393005", "amount": "1.00", "status": "completed" }).to_string();
    assert_eq!(desk.notify(&unknown, None).await, 200);
    for _ in 0..30 {
        desk.wait(Duration::hours(1)).await;
    }
    // Another amount than ours.
    desk.approves(payout.run_id).await;
    desk.control(json!({ "reference_no": reference, "set": { "amount": "99.00" } })).await;
    desk.shop.settle().await;
    desk.wait(Duration::hours(1)).await;
    desk.is(&payout, State::Approved).await;
    desk.siti.get(RUNS).await.is(200).says("Perlu dicari tahu").says("1d4f8423393005").says("Rp21.280");
    desk.stranger.get(RUNS).await.says("1d4f8423393005");
    assert!(!desk.stranger.get(RUNS).await.body.contains(&reference), "that one is not theirs");

    let id = desk.inbox().await.iter().find(|row| row.body == unknown).expect("kept").id;
    let action = format!("{RUNS}/kabar/{id}");
    tap(&mut desk.siti, RUNS, &action, &[("catatan", "")]).await.is(422);
    tap(&mut desk.siti, RUNS, &action, &[("catatan", "milik toko lain")]).await.is(303);
    assert!(!desk.siti.get(RUNS).await.body.contains("1d4f8423393005"));
    // The amount is right after all.
    desk.control(json!({ "reference_no": reference, "set": { "amount": "21280.00" } })).await;
    for _ in 0..3 {
        desk.wait(Duration::hours(1)).await;
    }
    desk.is(&payout, State::Paid).await;
    desk.close().await;
}

#[actix_web::test]
async fn doubled_shuffled_and_late_notices_end_where_the_truth_is() {
    let desk = Desk::with_midtrans().await;
    let (payout, _) = queued(&desk).await;
    desk.control(json!({ "chaos": { "duplicate": 2, "shuffle": true } })).await;
    desk.approves(payout.run_id).await;
    desk.shop.settle().await;
    for _ in 0..12 {
        desk.wait(Duration::seconds(30)).await;
    }
    desk.is(&payout, State::Paid).await;
    assert_eq!(desk.balance(warong::ledger::Book::PayoutWallet).await, 1_000_000 - 21_280);
    let top_up = r#"{"transaction_id":"t1","order_id":"o1","gross_amount":"300000.00","status":"topup"}"#;
    assert_eq!(desk.notify(top_up, None).await, 200);
    desk.shop.settle().await;
    assert!(desk.inbox().await.iter().all(|row| row.handled_at.is_some()));
    desk.close().await;
}
