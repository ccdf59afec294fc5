//! The treasurer's page: three books of one money held against each other, and what is done about what does not agree.
use entity::order::{Payment, State};
use sea_orm::ConnectionTrait;
use serde_json::json;
use warong::{
    accounts::role::{self, Place},
    db,
    ledger::Book,
    orders::matching,
};

use super::{
    money_back::{control, provider_order_id},
    newest, open,
    order_page::{at_the_bank, ordered},
};
use crate::counter::stand::Stand;

const MONEY: &str = "/kelola/uang";

async fn compares(stand: &mut Stand) {
    stand.tap(MONEY, "/kelola/uang/cocokkan", &[]).await.is(303);
    stand.shop.settle().await;
}

/// Bu Siti is the administrator, too.
async fn may_decide(stand: &Stand) {
    let tx = db::begin(&stand.shop.app.db).await.expect("a transaction");
    let everywhere = Place::Everywhere;
    role::grant(&tx, &stand.shop.clock, stand.operator_id, entity::person_role::Role::Administrator, everywhere, None)
        .await
        .expect("granted");
    tx.commit().await.expect("it commits");
}

#[actix_web::test]
async fn paid_refunded_and_drawn_money_agrees_to_the_rupiah() {
    let mut stand = open().await;
    ordered(&stand, "qris", &[]).await;
    at_the_bank(&stand, "bayar").await;
    let order = newest(&stand).await;
    compares(&mut stand).await;
    let total = order.total.to_string();
    stand.siti.get(MONEY).await.says("Cocok sampai rupiah terakhir").says(&total).says("lewat Midtrans");
    // A withdrawal needs a reference, is no more than lies there, and counts once.
    let draw = "/kelola/uang/penarikan";
    let page = stand.siti.get(MONEY).await;
    stand.siti.fill(&page, draw, &[("diterima", "1000"), ("bukti", "")]).await.is(422).says("1000");
    let above = [("diterima", "999999999"), ("bukti", "B-1")];
    stand.siti.fill(&page, draw, &above).await.is(422).says(&format!("hanya ada {total}"));
    let some = [("diterima", "10.000"), ("biaya", "4440"), ("bukti", "B-1")];
    stand.siti.fill(&page, draw, &some).await.is(303);
    stand.siti.fill(&page, draw, &some).await.is(303);
    let page = stand.siti.get(MONEY).await;
    stand.siti.fill(&page, draw, &some).await.is(409).says("sudah dicatat");
    assert_eq!(stand.balance(Book::Midtrans).await, order.total.0 - 14_440);
    assert_eq!(stand.balance(Book::Bank(stand.outlet.id)).await, 10_000);
    assert_eq!(stand.balance(Book::Fees).await, 4_440);
    // Midtrans was never asked for it, so it still holds it: the page names the difference.
    compares(&mut stand).await;
    stand.siti.get(MONEY).await.says("Ada yang tidak cocok").says("Rp14.440");
    control(&stand, json!({ "withdraw": 14_440 })).await;
    compares(&mut stand).await;
    stand.siti.get(MONEY).await.says("Cocok sampai rupiah terakhir");
    stand.adds_up().await;
    stand.close().await;
}

#[actix_web::test]
async fn a_wrong_amount_is_set_aside_booked_and_goes_back() {
    let mut stand = open().await;
    ordered(&stand, "qris", &[]).await;
    let order = newest(&stand).await;
    let less = order.total.0 - 1_000;
    control(
        &stand,
        json!({ "order_id": provider_order_id(&stand).await, "set":
            { "transaction_status": "settlement", "gross_amount": format!("{less}.00") }, "notify": { "times": 2 } }),
    )
    .await;
    stand.shop.settle().await;
    assert_eq!(newest(&stand).await.payment, Payment::Unpaid);
    let page = stand.siti.get(MONEY).await;
    page.says("Tanya Midtrans").says(&warong::orders::order::number(&order));
    let id = set_aside(&stand).await;
    let book = format!("{MONEY}/{id}/catat");
    stand.stranger.get(MONEY).await.is(200);
    stand.siti.fill(&page, &book, &[]).await.is(303);
    assert_eq!(stand.balance(Book::Midtrans).await, less);
    assert_eq!(stand.balance(Book::Surplus).await, -less);
    compares(&mut stand).await;
    let page = stand.siti.get(MONEY).await;
    page.says("Cocok sampai rupiah terakhir").says("Masuk, tetapi tidak cocok dengan tagihan");
    // While the order still waits for all of its money, nothing goes back; called off, all of it does.
    let owe = format!("{MONEY}/lebih/{}/kembali", order.id);
    stand.siti.fill(&page, &owe, &[]).await.is(409).says("Batalkan dulu");
    let cancel = format!("/kelola/pesanan/{}/batal", order.id);
    stand.tap(&cancel, &cancel, &[("reason", "Salah bayar")]).await.is(303);
    assert_eq!(newest(&stand).await.state, State::Cancelled);
    let page = stand.siti.get(MONEY).await;
    stand.siti.fill(&page, &owe, &[]).await.is(303);
    let owed = newest(&stand).await;
    assert_eq!((owed.payment, owed.refund_due.0), (Payment::RefundDue, less));
    assert_eq!(stand.balance(Book::Surplus).await, 0);
    stand.adds_up().await;
    stand.sends_back(&owed, "TRX-5").await;
    assert_eq!(newest(&stand).await.payment, Payment::Refunded);
    stand.adds_up().await;
    compares(&mut stand).await;
    assert!(matching::differences(&stand.shop.app.db).await.expect("a look").is_empty());
    stand.close().await;
}

/// The only row that waits for a person.
async fn set_aside(stand: &Stand) -> i64 {
    let rows = warong::payments::inbox::for_a_person(&stand.shop.app.db, 9).await.expect("a read");
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].id
}

#[actix_web::test]
async fn money_that_vanished_at_the_provider_is_named_and_followed_with_a_reason() {
    let mut stand = open().await;
    ordered(&stand, "bri_va", &[]).await;
    at_the_bank(&stand, "bayar").await;
    let order = newest(&stand).await;
    // The bank disputes it; nobody here can know what comes of it.
    let wish = json!({ "order_id": provider_order_id(&stand).await, "set": { "transaction_status": "chargeback" },
        "notify": { "times": 1 } });
    control(&stand, wish).await;
    stand.shop.settle().await;
    compares(&mut stand).await;
    let page = stand.siti.get(MONEY).await;
    let number = warong::orders::order::number(&order);
    page.says("Ada yang tidak cocok").says(&number).says(&format!("Buku kas: {}", order.total));
    assert!(!page.body.contains("Ikuti Midtrans"), "only the administrator decides");
    may_decide(&stand).await;
    let page = stand.siti.get(MONEY).await;
    let decide = "/kelola/uang/putusan";
    stand.siti.fill(&page, decide, &[("alasan", "")]).await.is(422).says("Tulis alasannya");
    stand.siti.fill(&page, decide, &[("alasan", "Sengketa kalah")]).await.is(303);
    stand.siti.get(MONEY).await.says("Cocok sampai rupiah terakhir");
    assert_eq!(stand.balance(Book::Midtrans).await, 0);
    assert_eq!(stand.balance(Book::Loss(stand.outlet.id)).await, order.total.0);
    stand.adds_up().await;
    stand.close().await;
}

#[actix_web::test]
async fn each_night_it_is_done_without_anybody() {
    let stand = open().await;
    ordered(&stand, "qris", &[]).await;
    at_the_bank(&stand, "bayar").await;
    let app = &stand.shop.app;
    warong::work::minute(app).await.expect("a minute");
    assert!(matching::latest(&app.db).await.expect("a read").is_some());
    let first = matching::latest(&app.db).await.expect("a read").expect("a look").id;
    warong::work::minute(app).await.expect("a minute");
    assert_eq!(matching::latest(&app.db).await.expect("a read").expect("a look").id, first);
    stand.shop.clock.advance(chrono::Duration::hours(24));
    stand.shop.settle().await;
    warong::work::minute(app).await.expect("a minute");
    let second = matching::latest(&app.db).await.expect("a read").expect("a look");
    assert_ne!(second.id, first);
    assert_eq!((matching::gap_sen(&second), second.findings.to_string()), (Some(0), "[]".to_owned()));
    stand.close().await;
}

#[actix_web::test]
async fn books_that_were_tampered_with_are_named() {
    let mut stand = open().await;
    ordered(&stand, "qris", &[]).await;
    at_the_bank(&stand, "bayar").await;
    let db = &stand.shop.app.db;
    db.execute_unprepared("UPDATE posting SET amount = amount + 1000 WHERE id = 1").await.expect("a forger");
    compares(&mut stand).await;
    let page = stand.siti.get(MONEY).await;
    page.says("Buku kas sendiri tidak cocok").says("every entry sums to zero").says("paid:order:");
    let db = &stand.shop.app.db;
    db.execute_unprepared("UPDATE posting SET amount = amount - 1000 WHERE id = 1").await.expect("a change of mind");
    stand.close().await;
}
