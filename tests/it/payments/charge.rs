//! Making a charge: once, whatever is lost on the way.
use chrono::Duration;
use entity::{order::Method, payment_attempt::State};
use warong::{
    db,
    error::Error,
    payments::{
        attempt::{self, Closing, Details, close_live},
        provider::Failure,
        status::Seen,
    },
};

use super::desk::{BILL, Desk, SUBJECT, code_of, transaction, transaction_of};

#[actix_web::test]
async fn an_attempt_gets_an_order_id_of_its_own_and_its_code() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    assert_eq!(row.provider_order_id, format!("UEP-20261121-{:04}-1", row.id));
    assert_eq!(row.qr_string, Some(code_of(&row.provider_order_id, BILL)));
    assert_eq!(desk.memory.called("charge"), 1);
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_lost_answer_is_asked_for_with_the_same_key() {
    let desk = Desk::open().await;
    desk.memory.fails("charge", Failure::Lost("timeout".into()));
    let row = desk.asked().await;
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Created);
    desk.shop.clock.advance(Duration::seconds(20));
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Pending);
    let calls = desk.memory.calls.lock().expect("a lock").clone();
    let charges: Vec<&String> = calls.iter().filter(|call| call.starts_with("charge")).collect();
    assert_eq!(charges.len(), 2);
    assert_eq!(charges[0], charges[1], "the same order and the same key");
    desk.shop.close().await;
}

#[actix_web::test]
async fn after_five_minutes_the_status_is_asked_before_charging_again() {
    let desk = Desk::open().await;
    desk.memory.fails("charge", Failure::Lost("timeout".into()));
    let row = desk.asked().await;
    desk.shop.settle().await;
    // The first call had worked after all, and was paid.
    let id = transaction_of(&row.provider_order_id);
    desk.memory.has(transaction(&id, &row.provider_order_id, Seen::Paid, BILL));
    desk.shop.clock.advance(Duration::minutes(6));
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Paid);
    assert_eq!(desk.memory.called("charge"), 1);
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_taken_order_id_means_that_the_first_call_worked() {
    let desk = Desk::open().await;
    let row = desk.asked().await;
    let id = transaction_of(&row.provider_order_id);
    let mut waiting = transaction(&id, &row.provider_order_id, Seen::Pending, BILL);
    waiting.show.va_number = Some("9888000000000006".into());
    desk.memory.has(waiting);
    desk.memory.fails("charge", Failure::Duplicate);
    desk.shop.settle().await;
    let now = desk.now(row.id).await;
    assert_eq!((now.state, now.va_number.as_deref()), (State::Pending, Some("9888000000000006")));
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_code_whose_picture_was_lost_is_ended_so_that_a_new_one_can_be_had() {
    let desk = Desk::open().await;
    let row = desk.asked().await;
    let id = transaction_of(&row.provider_order_id);
    desk.memory.has(transaction(&id, &row.provider_order_id, Seen::Pending, BILL));
    desk.memory.fails("charge", Failure::Duplicate);
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Closed);
    assert_eq!(desk.told().await, ["closed"]);
    desk.asked().await;
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_refused_charge_closes_the_attempt() {
    let desk = Desk::open().await;
    desk.memory.fails("charge", Failure::Refused("this payment method is not active".into()));
    let row = desk.asked().await;
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Closed);
    assert_eq!(desk.told().await, ["closed"]);
    desk.shop.close().await;
}

#[actix_web::test]
async fn an_attempt_past_its_end_is_never_charged() {
    let desk = Desk::open().await;
    let row = desk.asked().await;
    desk.shop.clock.advance(Duration::minutes(16));
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Closed);
    assert_eq!(desk.memory.called("charge"), 0);
    desk.shop.close().await;
}

#[actix_web::test]
async fn no_second_attempt_while_one_is_live_or_paid() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    let app = &desk.shop.app;
    let open = async || {
        let tx = db::begin(&app.db).await.expect("a transaction");
        let until = app.clock.now() + Duration::minutes(15);
        let details = Details::default();
        let opened = attempt::open(&tx, &app.clock, SUBJECT, Method::BriVa, BILL, until, &details).await;
        tx.commit().await.expect("it commits");
        opened
    };
    assert!(matches!(open().await, Err(Error::Refused(no)) if no.said.key == "paying.still_open"));
    let closing = close_live(&app.db, &app.clock, &app.payments, SUBJECT).await.expect("it closes");
    assert_eq!(closing, Closing::Closed);
    assert_eq!(desk.memory.called("expire"), 1);
    let second = open().await.expect("it opens");
    assert_eq!(second.provider_order_id, format!("UEP-20261121-{:04}-2", row.id));
    desk.shop.settle().await;
    desk.is_paid(&second);
    desk.notified(&second, "settlement", "200").await;
    assert!(matches!(open().await, Err(Error::Refused(no)) if no.said.key == "paying.already_paid"));
    desk.shop.close().await;
}

#[actix_web::test]
async fn closing_finds_out_that_it_was_just_paid() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    let app = &desk.shop.app;
    desk.is_paid(&row);
    let closing = close_live(&app.db, &app.clock, &app.payments, SUBJECT).await.expect("an answer");
    assert_eq!(closing, Closing::Paid);
    assert_eq!(desk.told().await, ["paid"]);
    desk.shop.close().await;
}

#[actix_web::test]
async fn closing_says_when_it_does_not_know() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    let app = &desk.shop.app;
    desk.memory.fails("status", Failure::Lost("timeout".into()));
    let closing = close_live(&app.db, &app.clock, &app.payments, SUBJECT).await.expect("an answer");
    assert_eq!(closing, Closing::Away);
    desk.memory.fails("expire", Failure::Lost("timeout".into()));
    let closing = close_live(&app.db, &app.clock, &app.payments, SUBJECT).await.expect("an answer");
    assert_eq!(closing, Closing::Away);
    assert_eq!(desk.state(&row).await, State::Pending);
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_charge_closed_before_it_was_made_is_never_made() {
    let desk = Desk::open().await;
    let row = desk.asked().await;
    let app = &desk.shop.app;
    close_live(&app.db, &app.clock, &app.payments, SUBJECT).await.expect("it closes");
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Closed);
    assert_eq!(desk.memory.called("charge"), 0);
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_charge_that_arrived_after_its_attempt_was_closed_is_ended() {
    let desk = Desk::open().await;
    desk.memory.fails("charge", Failure::Lost("timeout".into()));
    let row = desk.asked().await;
    desk.shop.settle().await;
    let app = &desk.shop.app;
    close_live(&app.db, &app.clock, &app.payments, SUBJECT).await.expect("it closes");
    // The lost call arrives at last.
    let id = transaction_of(&row.provider_order_id);
    desk.memory.has(transaction(&id, &row.provider_order_id, Seen::Pending, BILL));
    desk.shop.clock.advance(Duration::seconds(20));
    desk.shop.settle().await;
    let seen = desk.memory.transactions.lock().expect("a lock")[&id].seen;
    assert_eq!(seen, Seen::Expired);
    assert_eq!(desk.told().await, ["closed"]);
    desk.shop.close().await;
}
