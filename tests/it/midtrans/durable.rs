//! What the stand-in has told anybody is on file, whenever its process is killed.
use std::{fs, path::PathBuf};

use chrono::Duration;
use serde_json::{Value, json};

use super::shop::{Shop, id, order, qris};

/// The folder as a process that was killed now would leave it, with the journal cut off where the test says.
fn left_behind(shop: &Shop, journal_bytes: impl FnOnce(usize) -> usize) -> PathBuf {
    let copy = std::env::temp_dir().join(format!("warong-midtrans-{}", uuid::Uuid::new_v4()));
    fs::create_dir_all(copy.join("sandbox")).unwrap();
    fs::copy(shop.folder.join("sandbox/midtrans.json"), copy.join("sandbox/midtrans.json")).unwrap();
    let journal = fs::read(shop.folder.join("sandbox/midtrans.journal")).unwrap();
    let bytes = journal_bytes(journal.len());
    fs::write(copy.join("sandbox/midtrans.journal"), &journal[..bytes]).unwrap();
    copy
}

fn whole(shop: &Shop) -> Value {
    shop.sandbox.save().unwrap();
    serde_json::from_slice(&fs::read(shop.folder.join("sandbox/midtrans.json")).unwrap()).unwrap()
}

fn keys(shop: &Shop) -> Value {
    let file = fs::read(shop.folder.join("sandbox/midtrans.json")).unwrap();
    serde_json::from_slice::<Value>(&file).unwrap()["keys"].clone()
}

#[actix_web::test]
async fn a_restart_forgets_nothing() {
    let shop = Shop::open().await;
    let charged = shop.qris("UEP-1").await;
    let again = Shop::open_in(left_behind(&shop, |all| all)).await;
    assert_eq!(again.sandbox.server_key(), shop.sandbox.server_key());
    let status = again.client.status(&order("UEP-1")).await.unwrap();
    assert_eq!(status.transaction_id, charged.transaction_id);
    // The notification that was not delivered before is waiting still.
    assert_eq!(again.sandbox.notifications_waiting(), 1);
}

/// A bit of everything that can happen to the book.
async fn a_long_day(shop: &Shop) {
    let paid = shop.qris("UEP-1").await;
    shop.pay(&paid).await;
    shop.qris("UEP-2").await;
    shop.client.cancel(&order("UEP-2")).await.unwrap();
    shop.mail().await;
    let server = shop.sandbox.server_key();
    let refund = json!({"refund_key": "R-1", "amount": 5_000}).to_string();
    shop.call(reqwest::Method::POST, "/v2/UEP-1/refund", &server, &refund).await;
    let page = json!({"transaction_details": {"order_id": "UEP-3", "gross_amount": 9_000}}).to_string();
    for _ in 0..2 {
        shop.call(reqwest::Method::POST, "/snap/v1/transactions", &server, &page).await;
    }
    *shop.inbox.answers.lock().unwrap() = vec![503, 503];
    shop.qris("UEP-4").await;
    shop.mail().await;
    shop.set(json!({"order_id": "UEP-4", "set": {"issuer": "ovo"}, "status_answer": "503"})).await;
    shop.set(json!({"order_id": "UEP-1", "set": {"transaction_status": "deny"}, "notify": {"delay_s": 90}})).await;
    shop.set(json!({"chaos": {"duplicate": 2, "fee": 100}, "status_answer": "404", "clock_advance_s": 400})).await;
    let (creator, approver) = (keys(shop)["iris_creator"].clone(), keys(shop)["iris_approver"].clone());
    let (creator, approver) = (creator.as_str().unwrap(), approver.as_str().unwrap());
    let somebody = json!({"name": "Bu Sati", "account": "0021123456", "bank": "bri", "alias_name": "sati"}).to_string();
    shop.call(reqwest::Method::POST, "/iris/api/v1/beneficiaries", creator, &somebody).await;
    let payout = json!({"payouts": [{"beneficiary_name": "Bu Sati", "beneficiary_account": "0021123456",
        "beneficiary_bank": "bri", "amount": "50000.00", "notes": "Setoran"}]});
    let made = shop.call(reqwest::Method::POST, "/iris/api/v1/payouts", creator, &payout.to_string()).await.1;
    let approve = json!({"reference_nos": [made["payouts"][0]["reference_no"]]}).to_string();
    assert_eq!(shop.call(reqwest::Method::POST, "/iris/api/v1/payouts/approve", approver, &approve).await.0, 202);
    shop.wait(Duration::minutes(2));
    shop.charge("UEP-5", qris()).await.unwrap();
    shop.mail().await;
}

#[actix_web::test]
async fn the_whole_book_is_on_file_without_being_written_anew() {
    let shop = Shop::open().await;
    a_long_day(&shop).await;
    let again = Shop::open_in(left_behind(&shop, |all| all)).await;
    again.wait(Duration::minutes(2));
    let (before, after) = (whole(&shop), whole(&again));
    for (part, value) in before.as_object().unwrap() {
        assert_eq!(&after[part], value, "{part}");
    }
    // Once it is written anew the journal is empty, and the file alone is enough.
    assert_eq!(fs::metadata(shop.folder.join("sandbox/midtrans.journal")).unwrap().len(), 0);
    assert_eq!(whole(&Shop::open_in(left_behind(&shop, |_| 0)).await)["transactions"], before["transactions"]);
}

#[actix_web::test]
async fn a_line_that_was_cut_off_was_told_to_nobody() {
    let shop = Shop::open().await;
    shop.qris("UEP-1").await;
    shop.qris("UEP-2").await;
    let again = Shop::open_in(left_behind(&shop, |all| all - 1)).await;
    assert!(again.client.status(&order("UEP-1")).await.is_ok());
    assert!(again.client.status(&order("UEP-2")).await.is_err());
    // What comes now does not run into the rest of that line.
    let charged = again.qris("UEP-2").await;
    let third = Shop::open_in(left_behind(&again, |all| all)).await;
    assert_eq!(id(&third.client.status(&order("UEP-2")).await.unwrap()), id(&charged));
}

#[actix_web::test]
async fn lines_the_whole_knows_already_are_passed_over() {
    let shop = Shop::open().await;
    a_long_day(&shop).await;
    let journal = left_behind(&shop, |all| all);
    let before = whole(&shop);
    // Killed after the whole was written and before the journal was emptied.
    fs::copy(shop.folder.join("sandbox/midtrans.json"), journal.join("sandbox/midtrans.json")).unwrap();
    let again = Shop::open_in(journal).await;
    again.wait(Duration::minutes(2));
    assert_eq!(whole(&again), before);
}

#[actix_web::test]
async fn a_second_process_of_the_folder_writes_nothing() {
    let shop = Shop::open().await;
    shop.qris("UEP-1").await;
    let second =
        warong::sandbox::midtrans::Sandbox::open(&shop.folder, &shop.base, std::sync::Arc::new(Default::default), None);
    let second = second.unwrap();
    assert_eq!(second.server_key(), shop.sandbox.server_key());
    shop.qris("UEP-2").await;
    second.save().unwrap();
    drop(second);
    let again = Shop::open_in(left_behind(&shop, |all| all)).await;
    assert!(again.client.status(&order("UEP-2")).await.is_ok());
}
