//! What nobody told us is found out.
use chrono::Duration;
use entity::{
    Rupiah,
    order::Method,
    payment_attempt::{Model, State},
};
use warong::payments::{
    inbox,
    provider::Failure,
    reconcile::{Standing, check_now},
    status::Seen,
};

use super::desk::{BILL, Desk, SUBJECT, notice, notice_of, transaction, transaction_of};

#[actix_web::test]
async fn a_payment_nobody_told_of_is_found_within_half_a_minute() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.is_paid(&row);
    desk.shop.clock.advance(Duration::seconds(31));
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Paid);
    assert_eq!(desk.told().await, ["paid"]);
    desk.shop.close().await;
}

#[actix_web::test]
async fn asking_now_finds_it_at_once() {
    let desk = Desk::open().await;
    let app = desk.shop.app.clone();
    let ask = async |subject| check_now(&app.db, &app.clock, &app.payments, subject).await.expect("an answer");
    assert_eq!(ask(SUBJECT).await, Standing::Nothing);
    let row = desk.waiting().await;
    assert_eq!(ask(SUBJECT).await, Standing::Waiting);
    desk.memory.fails("status", Failure::Lost("timeout".into()));
    assert_eq!(ask(SUBJECT).await, Standing::Unreachable);
    desk.is_paid(&row);
    assert_eq!(ask(SUBJECT).await, Standing::Paid);
    assert_eq!(desk.told().await, ["paid"]);
    desk.shop.close().await;
}

#[actix_web::test]
async fn one_still_open_an_hour_after_its_end_is_ended_by_us() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    for _ in 0..8 {
        desk.shop.clock.advance(Duration::minutes(10));
        desk.shop.settle().await;
    }
    assert_eq!(desk.memory.called("expire"), 1);
    assert_eq!(desk.state(&row).await, State::Closed);
    assert_eq!(desk.told().await, ["closed"]);
    desk.shop.close().await;
}

#[actix_web::test]
async fn not_known_yet_is_no_failure() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.memory.transactions.lock().expect("a lock").clear();
    desk.shop.clock.advance(Duration::minutes(10));
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Pending);
    desk.shop.clock.advance(Duration::minutes(70));
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Closed, "an hour after its end nothing can come");
    desk.shop.close().await;
}

#[actix_web::test]
async fn money_taken_back_by_the_bank_is_told_once() {
    let desk = Desk::open().await;
    let row = paid(&desk, Method::PermataVa).await;
    desk.becomes(&row, Seen::Denied);
    desk.shop.clock.advance(Duration::minutes(5));
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Reversed);
    desk.notified(&row, "deny", "202").await;
    assert_eq!(desk.told().await, ["paid", "reversed"]);
    // A settlement seen after the refusal counts, but only at a second look.
    desk.is_paid(&row);
    let mut again = notice(&row, "settlement", "200");
    again["settlement_time"] = "2026-11-21 10:09:00".into();
    desk.post(again.to_string()).await.is(200);
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Reversed);
    desk.shop.clock.advance(Duration::seconds(3));
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Paid);
    assert_eq!(desk.told().await, ["paid", "reversed", "paid"]);
    desk.shop.close().await;
}

#[actix_web::test]
async fn an_answer_that_fits_nowhere_is_asked_for_again_and_then_set_aside() {
    let desk = Desk::open().await;
    let row = paid(&desk, Method::Qris).await;
    desk.becomes(&row, Seen::Expired);
    desk.notified(&row, "expire", "202").await;
    assert_eq!(desk.state(&row).await, State::Paid);
    let aside = async || inbox::for_a_person(&desk.shop.app.db, 10).await.expect("a read");
    assert_eq!(aside().await, []);
    desk.shop.clock.advance(Duration::seconds(3));
    desk.shop.settle().await;
    let seen = aside().await;
    assert_eq!(seen.len(), 1);
    assert!(seen[0].body.contains(&row.provider_order_id));
    assert_eq!(seen[0].outcome.as_deref(), Some("set aside: Expired while Paid fits nowhere"));
    assert_eq!(desk.state(&row).await, State::Paid);
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_hiccup_that_is_gone_at_the_second_look_is_forgotten() {
    let desk = Desk::open().await;
    let row = paid(&desk, Method::Qris).await;
    desk.becomes(&row, Seen::Expired);
    desk.notified(&row, "expire", "202").await;
    desk.is_paid(&row);
    desk.shop.clock.advance(Duration::seconds(3));
    desk.shop.settle().await;
    assert_eq!(inbox::for_a_person(&desk.shop.app.db, 10).await.expect("a read"), []);
    assert_eq!(desk.now(row.id).await.doubts, 0);
    assert_eq!(desk.told().await, ["paid"]);
    desk.shop.close().await;
}

#[actix_web::test]
async fn money_for_a_closed_attempt_is_late() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.becomes(&row, Seen::Expired);
    desk.notified(&row, "expire", "202").await;
    assert_eq!(desk.state(&row).await, State::Closed);
    desk.is_paid(&row);
    desk.notified(&row, "settlement", "200").await;
    assert_eq!(desk.state(&row).await, State::Paid);
    assert_eq!(desk.told().await, ["closed", "paid"]);
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_second_payment_of_the_same_subject_is_surplus() {
    let desk = Desk::open().await;
    let first = desk.waiting().await;
    desk.becomes(&first, Seen::Expired);
    desk.notified(&first, "expire", "202").await;
    let second = desk.waiting().await;
    desk.is_paid(&second);
    desk.notified(&second, "settlement", "200").await;
    desk.is_paid(&first);
    desk.notified(&first, "settlement", "200").await;
    assert_eq!(desk.told().await, ["closed", "paid", "surplus"]);
    assert_eq!(desk.record(&first).await, ["closed", "surplus"]);
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_second_transaction_under_the_same_order_id_is_surplus_and_undoes_nothing() {
    let desk = Desk::open().await;
    let row = paid(&desk, Method::Qris).await;
    desk.memory.has(transaction("tx-second", &row.provider_order_id, Seen::Denied, BILL));
    let told = |word, code| notice_of(&row.provider_order_id, "tx-second", word, code).to_string();
    desk.post(told("deny", "202")).await.is(200);
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Paid, "the other one was refused, not this");
    desk.memory.becomes("tx-second", |one| one.seen = Seen::Paid);
    desk.post(told("settlement", "200")).await.is(200);
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Paid);
    assert_eq!(desk.now(row.id).await.paid_by, Some(transaction_of(&row.provider_order_id)));
    assert_eq!(desk.told().await, ["paid", "surplus"]);
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_refund_before_any_payment_was_seen_books_the_payment_first() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.memory.becomes(&transaction_of(&row.provider_order_id), |one| {
        one.seen = Seen::PartlyRefunded;
        one.refunded = Rupiah(50_000);
    });
    desk.notified(&row, "partial_refund", "200").await;
    assert_eq!(desk.state(&row).await, State::Refunded);
    assert_eq!(desk.told().await, ["paid", "refunded"]);
    // More is given back: told again; the same once more: not.
    desk.memory.becomes(&transaction_of(&row.provider_order_id), |one| {
        one.seen = Seen::Refunded;
        one.refunded = BILL;
    });
    for _ in 0..2 {
        desk.notified(&row, "refund", "200").await;
    }
    assert_eq!(desk.told().await, ["paid", "refunded", "refunded"]);
    desk.shop.close().await;
}

async fn paid(desk: &Desk, method: Method) -> Model {
    let row = desk.asked_for(SUBJECT, method).await;
    desk.shop.settle().await;
    desk.is_paid(&row);
    desk.notified(&row, "settlement", "200").await;
    assert_eq!(desk.state(&row).await, State::Paid);
    desk.now(row.id).await
}
