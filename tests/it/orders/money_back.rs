//! Money that goes back the way it came, through the stand-in over HTTP; once, whatever is lost or tapped twice.
use chrono::Duration;
use entity::{
    order::{Model, Payment, State},
    payment_attempt, payment_refund,
    payment_refund::State as Refund,
};
use reqwest::Method as Verb;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};
use warong::{ledger::Book, orders::order as orders};

use super::{
    newest, open,
    order_page::{at_the_bank, ordered},
};
use crate::counter::stand::Stand;

/// A paid order by this way, called off; its money is owed back.
async fn called_off(stand: &mut Stand, method: &'static str) -> Model {
    ordered(stand, method, &[]).await;
    if method == "qris" {
        // By another wallet than the acquirer's own, whose buyers could have their money back for longer.
        let wallet = json!({ "transaction_type": "off-us", "issuer": "dana" });
        control(stand, json!({ "order_id": provider_order_id(stand).await, "set": wallet })).await;
    }
    at_the_bank(stand, "bayar").await;
    let order = newest(stand).await;
    let cancel = format!("/kelola/pesanan/{}/batal", order.id);
    stand.tap(&cancel, &cancel, &[("reason", "Bambu habis")]).await.is(303);
    let order = newest(stand).await;
    assert_eq!((order.payment, order.refund_due), (Payment::RefundDue, order.total));
    order
}

pub(super) async fn control(stand: &Stand, wish: Value) {
    let headers = [("content-type", "application/json")];
    let answer =
        stand.shop.browser().send(Verb::POST, "/sandbox/midtrans/control", Some(wish.to_string()), &headers).await;
    assert!(answer.status < 300, "{}", answer.body);
}

pub(super) async fn provider_order_id(stand: &Stand) -> String {
    let attempt = payment_attempt::Entity::find().order_by_desc(payment_attempt::Column::Id);
    attempt.one(&stand.shop.app.db).await.expect("a read").expect("an attempt").provider_order_id
}

async fn refunds(stand: &Stand) -> Vec<payment_refund::Model> {
    payment_refund::Entity::find().all(&stand.shop.app.db).await.expect("refunds")
}

#[actix_web::test]
async fn what_was_paid_by_qris_goes_back_to_the_wallet_once() {
    let mut stand = open().await;
    let order = called_off(&mut stand, "qris").await;
    let here = format!("/kelola/pesanan/{}", order.id);
    let page = stand.siti.get(&here).await;
    page.says(&format!("Kembalikan {} lewat QRIS", order.total));
    let mut ratna = stand.shop.browser();
    let url = orders::url(&order);
    assert!(!ratna.get(&url).await.says("tempat Anda membayar").body.contains("/rekening"));
    // Two operators press at once, and each twice.
    let action = format!("{here}/pengembalian");
    let (mut left, mut right) = (stand.siti.clone(), stand.siti.clone());
    let other = right.get(&here).await;
    let (one, two) = tokio::join!(left.fill(&page, &action, &[]), right.fill(&other, &action, &[]));
    assert!([one.status, two.status].iter().all(|status| matches!(status, 303 | 409)), "{} {}", one.status, two.status);
    stand.siti.fill(&page, &action, &[]).await;
    assert_eq!(refunds(&stand).await.len(), 1);
    // While it is on its way nobody sends it by hand.
    let by_hand = format!("{here}/kembali");
    let cash = [("amount", "1000"), ("cara", "tunai")];
    stand.tap(&by_hand, &by_hand, &cash).await.is(409).says("Jangan dikirim lagi");
    stand.shop.settle().await;
    let order = newest(&stand).await;
    assert_eq!((order.state, order.payment, order.refund_due.0), (State::Cancelled, Payment::Refunded, 0));
    assert_eq!(stand.balance(Book::Midtrans).await, 0);
    assert_eq!(stand.balance(Book::RefundsDue(stand.outlet.id)).await, 0);
    assert_eq!(refunds(&stand).await[0].state, Refund::Accepted);
    ratna.get(&url).await.says("dikembalikan");
    // The bank confirms later; a daily look sees it.
    control(&stand, json!({ "clock_advance_s": 7200 })).await;
    stand.shop.clock.advance(Duration::hours(30));
    stand.shop.settle().await;
    assert_eq!(refunds(&stand).await[0].state, Refund::Confirmed);
    stand.adds_up().await;
    stand.close().await;
}

#[actix_web::test]
async fn an_answer_that_was_lost_makes_no_second_refund() {
    let mut stand = open().await;
    let order = called_off(&mut stand, "gopay").await;
    let here = format!("/kelola/pesanan/{}", order.id);
    control(&stand, json!({ "order_id": provider_order_id(&stand).await, "status_answer": "cut" })).await;
    stand.tap(&here, &format!("{here}/pengembalian"), &[]).await.is(303);
    stand.shop.settle().await;
    control(&stand, json!({ "order_id": provider_order_id(&stand).await, "status_answer": "normal" })).await;
    for _ in 0..6 {
        stand.shop.clock.advance(Duration::minutes(10));
        stand.shop.settle().await;
    }
    let order = newest(&stand).await;
    assert_eq!((order.payment, order.refund_due.0), (Payment::Refunded, 0));
    assert_eq!(stand.balance(Book::Midtrans).await, 0);
    let held = stand.shop.browser().get("/sandbox/midtrans/control/transactions").await;
    assert_eq!(held.body.matches("\"refund_key\"").count(), 1, "{}", held.body);
    stand.adds_up().await;
    stand.close().await;
}

#[actix_web::test]
async fn what_the_provider_has_taken_on_is_not_sent_again_before_it_is_in_the_books() {
    let mut stand = open().await;
    let order = called_off(&mut stand, "qris").await;
    let here = format!("/kelola/pesanan/{}", order.id);
    // The refund is accepted; what became of it is not told, neither asked for nor unasked.
    let silent =
        json!({ "order_id": provider_order_id(&stand).await, "status_answer": "503", "chaos": { "drop": true } });
    control(&stand, silent).await;
    stand.tap(&here, &format!("{here}/pengembalian"), &[]).await.is(303);
    stand.shop.settle().await;
    assert_eq!(refunds(&stand).await[0].state, Refund::Accepted);
    assert_eq!(newest(&stand).await.refund_due, order.total);
    let page = stand.siti.get(&here).await;
    page.says("Jangan dikirim lagi");
    assert!(!page.body.contains("/pengembalian"), "{}", page.body);
    let by_hand = format!("{here}/kembali");
    let cash = [("amount", "1000"), ("cara", "tunai")];
    stand.tap(&by_hand, &by_hand, &cash).await.is(409).says("Jangan dikirim lagi");
    // An hour later the shop looks by itself.
    control(&stand, json!({ "order_id": provider_order_id(&stand).await, "status_answer": "normal" })).await;
    stand.shop.clock.advance(Duration::hours(2));
    stand.shop.settle().await;
    let order = newest(&stand).await;
    assert_eq!((order.payment, order.refund_due.0), (Payment::Refunded, 0));
    assert_eq!((stand.balance(Book::Midtrans).await, refunds(&stand).await.len()), (0, 1));
    assert_eq!(stand.balance(Book::Bank(stand.outlet.id)).await, 0);
    stand.adds_up().await;
    stand.close().await;
}

#[actix_web::test]
async fn what_the_bank_refuses_is_sent_by_hand_to_the_account_the_buyer_names() {
    let mut stand = open().await;
    let order = called_off(&mut stand, "qris").await;
    let here = format!("/kelola/pesanan/{}", order.id);
    // Long ago: the window of every wallet has closed, so nothing is offered that cannot work.
    stand.shop.clock.advance(Duration::days(46));
    stand.shop.settle().await;
    let page = stand.siti.get(&here).await;
    assert!(!page.body.contains("/pengembalian"), "{}", page.body);
    let mut ratna = stand.shop.browser();
    let url = orders::url(&order);
    let page = ratna.get(&url).await;
    let account = [("bank", "BRI"), ("rekening", "002101000123507"), ("pemilik", "Ratna")];
    ratna.fill(&page, &format!("{url}/rekening"), &account).await.is(303);
    stand.sends_back(&order, "TRX-1").await;
    assert_eq!(newest(&stand).await.payment, Payment::Refunded);
    stand.adds_up().await;
    stand.close().await;
}

#[actix_web::test]
async fn money_given_back_from_the_providers_side_stops_the_order() {
    let mut stand = open().await;
    ordered(&stand, "qris", &[]).await;
    at_the_bank(&stand, "bayar").await;
    let order = newest(&stand).await;
    assert_eq!(order.payment, Payment::Paid);
    let wish = json!({ "order_id": provider_order_id(&stand).await, "set": {
        "transaction_status": "refund", "refund_amount": format!("{}.00", order.total.0),
        "refunds": [{ "refund_key": "dashboard-1", "refund_amount": format!("{}.00", order.total.0) }],
    }, "notify": { "times": 2 } });
    control(&stand, wish).await;
    stand.shop.settle().await;
    let order = newest(&stand).await;
    assert_eq!(order.payment, Payment::Refunded);
    assert_eq!(stand.balance(Book::Midtrans).await, 0);
    assert_eq!(stand.balance(Book::Deposits(stand.outlet.id)).await, 0);
    let pack = format!("/kelola/pesanan/{}/paket", order.id);
    stand.tap(&pack, &pack, &[("all", "1")]).await.is(409);
    let cancel = format!("/kelola/pesanan/{}/batal", order.id);
    stand.tap(&cancel, &cancel, &[("reason", "Uang sudah kembali")]).await.is(303);
    assert_eq!(newest(&stand).await.refund_due.0, 0);
    stand.adds_up().await;
    stand.close().await;
}
