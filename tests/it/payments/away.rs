//! The database, the provider or the right hour is away: nothing is lost, nothing is half done, nobody waits for long.
use std::{
    sync::atomic::Ordering,
    time::{Duration as Wait, Instant},
};

use chrono::Duration;
use entity::{
    order,
    order::{Delivery, Method, Payment, State},
    payment_attempt,
    payment_attempt::State as Attempt,
    payment_inbox,
};
use reqwest::Method as Http;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait, PaginatorTrait, QueryOrder,
};
use warong::payments::{attempt, status::Seen};

use super::desk::{Desk, Memory, notice, transaction_of};
use crate::counter::stand::Stand;

/// Another program on the same database.
async fn stranger(desk: &Desk) -> DatabaseConnection {
    let mut options = ConnectOptions::new(desk.shop.app.config.database_url.clone());
    options.max_connections(1);
    Database::connect(options).await.expect("the database opens")
}

#[actix_web::test]
async fn a_locked_database_is_told_in_time_and_the_retry_passes() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.is_paid(&row);
    let stranger = stranger(&desk).await;
    let lock = match stranger.get_database_backend() {
        DbBackend::Postgres => "BEGIN; LOCK TABLE payment_inbox IN ACCESS EXCLUSIVE MODE",
        _ => "BEGIN EXCLUSIVE",
    };
    stranger.execute_unprepared(lock).await.expect("a lock");
    let body = notice(&row, "settlement", "200").to_string();
    let begun = Instant::now();
    desk.post(body.clone()).await.is(503);
    assert!(begun.elapsed() < Wait::from_secs(5), "it took {:?}", begun.elapsed());
    stranger.execute_unprepared("ROLLBACK").await.expect("the lock ends");
    desk.post(body).await.is(200);
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, Attempt::Paid);
    assert_eq!((desk.inbox().await.len(), desk.told().await), (1, vec!["paid".to_owned()]));
    stranger.close().await.ok();
    desk.shop.close().await;
}

#[actix_web::test]
async fn connections_that_were_cut_come_back() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.is_paid(&row);
    let stranger = stranger(&desk).await;
    if stranger.get_database_backend() == DbBackend::Postgres {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        stranger.execute_unprepared(cut).await.expect("they are cut");
    }
    let body = notice(&row, "settlement", "200").to_string();
    let mut answers = Vec::new();
    // As often as there are connections, and once more.
    while answers.last() != Some(&200) {
        let begun = Instant::now();
        answers.push(desk.post(body.clone()).await.status);
        assert!(begun.elapsed() < Wait::from_secs(5));
        assert!(answers.len() <= 13 && answers.iter().all(|status| matches!(status, 200 | 503)), "{answers:?}");
    }
    // The worker's own connections may have been cut too.
    for _ in 0..13 {
        if warong::work::step(&desk.shop.app).await.is_ok() {
            break;
        }
    }
    desk.shop.clock.advance(Duration::minutes(3));
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, Attempt::Paid);
    assert_eq!(desk.told().await, ["paid"]);
    stranger.close().await.ok();
    desk.shop.close().await;
}

#[actix_web::test]
async fn what_comes_to_the_door_and_is_no_notice_leaves_nothing() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.is_paid(&row);
    let looked = desk.memory.called("status");
    let mut midtrans = desk.shop.browser();
    for method in [Http::GET, Http::HEAD, Http::PUT, Http::DELETE, Http::PATCH] {
        let body = notice(&row, "settlement", "200").to_string();
        let seen = midtrans.send(method.clone(), "/midtrans/notifikasi", Some(body), &[]).await;
        assert_eq!((seen.status, seen.location), (405, None), "{method}");
    }
    let good = notice(&row, "settlement", "200").to_string();
    let inside = |extra: &str| format!("{},{extra}}}", &good[..good.len() - 1]);
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let mut bodies: Vec<Vec<u8>> = [
        format!("[{good}]"),
        inside(&format!("\"metadata\":{deep}")),
        inside("\"custom_field1\":\"\\ud800\""),
        inside(&format!("\"custom_field1\":\"{}\"", "x".repeat(65 * 1024))),
        inside("\"order_id\":null"),
        inside("\"gross_amount\":275000.00"),
        inside("\"status_code\":200"),
        format!("{good}{good}"),
        good.replace('"', "'"),
        format!("\u{feff}{good}"),
        "order_id=UEP-1&status_code=200".into(),
    ]
    .map(String::into_bytes)
    .into();
    bodies.push(good.replace("settlement", "settle\u{e9}").into_bytes().into_iter().filter(|b| *b != 0xc3).collect());
    bodies.push(Vec::new());
    for body in bodies {
        let words = String::from_utf8_lossy(&body[..body.len().min(300)]).into_owned();
        let url = format!("{}/midtrans/notifikasi", desk.shop.base);
        let seen = reqwest::Client::new().post(url).body(body).send().await.expect("an answer");
        assert_eq!(seen.status().as_u16(), 400, "{words}");
    }
    desk.shop.settle().await;
    assert_eq!((desk.inbox().await.len(), desk.memory.called("status")), (0, looked));
    assert_eq!(desk.state(&row).await, Attempt::Pending);
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_word_said_twice_in_one_notice_is_read_as_it_was_signed() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    let good = notice(&row, "pending", "201").to_string();
    // The last word counts, for the signature as for what it claims.
    let twice = |extra: &str| format!("{{{extra},{}", &good[1..]);
    desk.post(twice("\"order_id\":\"UEP-20261121-9999-1\"")).await.is(200);
    desk.post(twice("\"transaction_status\":\"settlement\"")).await.is(200);
    desk.post(format!("{},\"order_id\":\"UEP-20261121-9999-1\"}}", &good[..good.len() - 1])).await.is(403);
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, Attempt::Pending);
    assert_eq!(desk.told().await, Vec::<String>::new());
    desk.shop.close().await;
}

/// An order by QRIS at a shop whose provider is in memory.
async fn ordered() -> (Stand, std::sync::Arc<Memory>, order::Model, payment_attempt::Model) {
    let Desk { shop, memory } = Desk::open().await;
    let stand = Stand::at(shop).await;
    let order = stand.order(Method::Qris, Delivery::Courier, &[(stand.basket, 1)]).await;
    stand.shop.settle().await;
    let row = payment_attempt::Entity::find().order_by_desc(payment_attempt::Column::Id);
    let row = row.one(&stand.shop.app.db).await.expect("a read").expect("an attempt");
    (stand, memory, order, row)
}

async fn hours_pass(stand: &Stand, hours: i64) {
    for _ in 0..hours * 4 {
        stand.shop.clock.advance(Duration::minutes(15));
        stand.shop.settle().await;
    }
}

#[actix_web::test]
async fn nothing_expires_while_the_provider_is_away() {
    let (stand, memory, order, _) = ordered().await;
    memory.away.store(true, Ordering::SeqCst);
    hours_pass(&stand, 6).await;
    let now = stand.docket(&order).await.order;
    assert_eq!((now.state, now.payment), (State::Placed, Payment::Unpaid));
    assert_eq!(stand.available(stand.basket).await, 9, "the goods stay held");
    memory.away.store(false, Ordering::SeqCst);
    stand.shop.settle().await;
    assert_eq!(stand.docket(&order).await.order.state, State::Expired, "one answer is enough");
    assert_eq!(stand.available(stand.basket).await, 10);
    stand.close().await;
}

#[actix_web::test]
async fn nobody_calls_an_order_off_before_it_is_known_whether_it_was_paid() {
    let (mut stand, memory, order, row) = ordered().await;
    memory.becomes(&transaction_of(&row.provider_order_id), |one| one.seen = Seen::Paid);
    memory.away.store(true, Ordering::SeqCst);
    let cancel = format!("/kelola/pesanan/{}/batal", order.id);
    let wish = [("reason", "Bambu habis")];
    stand.tap(&cancel, &cancel, &wish).await.is(422).says("Midtrans tidak menjawab").says("Bambu habis");
    memory.away.store(false, Ordering::SeqCst);
    stand.tap(&cancel, &cancel, &wish).await.is(422).says("baru saja membayar");
    stand.shop.settle().await;
    assert_eq!(stand.docket(&order).await.order.payment, Payment::Paid);
    stand.tap(&cancel, &cancel, &wish).await.is(303);
    assert_eq!(stand.docket(&order).await.order.refund_due, order.total);
    stand.close().await;
}

#[actix_web::test]
async fn money_paid_while_the_provider_was_away_is_found_when_it_is_back() {
    let (stand, memory, order, row) = ordered().await;
    memory.away.store(true, Ordering::SeqCst);
    stand.shop.clock.advance(Duration::minutes(5));
    memory.becomes(&transaction_of(&row.provider_order_id), |one| one.seen = Seen::Paid);
    hours_pass(&stand, 3).await;
    memory.away.store(false, Ordering::SeqCst);
    stand.shop.settle().await;
    let now = stand.docket(&order).await.order;
    assert_eq!((now.state, now.payment, now.refund_due.0), (State::Placed, Payment::Paid, 0));
    stand.close().await;
}

#[actix_web::test]
async fn a_clock_that_is_an_hour_wrong_loses_nothing() {
    for (skew, ended_early) in [(-1, false), (1, false), (-1, true), (1, true)] {
        let (stand, memory, order, row) = ordered().await;
        let id = transaction_of(&row.provider_order_id);
        // The provider ends it by its own clock, long before ours; or waits on when our time is over.
        if ended_early {
            memory.becomes(&id, |one| one.seen = Seen::Expired);
            stand.shop.clock.advance(Duration::minutes(2));
            stand.shop.settle().await;
            assert_eq!(stand.docket(&order).await.order.state, State::Placed, "our own time is not over");
        }
        stand.shop.clock.advance(Duration::minutes(2));
        let at = stand.shop.clock.now() + Duration::hours(skew);
        memory.becomes(&id, |one| (one.seen, one.settled_at) = (Seen::Paid, Some(at)));
        stand.shop.clock.advance(Duration::minutes(20));
        stand.shop.settle().await;
        hours_pass(&stand, 24).await;
        let now = stand.docket(&order).await.order;
        assert_eq!(
            (now.state, now.payment, now.refund_due.0),
            (State::Placed, Payment::Paid, 0),
            "{skew} {ended_early}"
        );
        let paid = attempt::by_id(&stand.shop.app.db, row.id).await.expect("the attempt");
        assert_eq!((paid.state, paid.paid_at), (Attempt::Paid, Some(at)));
        assert!(paid.next_check_at.is_some_and(|next| next > stand.shop.clock.now()), "it is still looked at");
        stand.close().await;
    }
}

#[actix_web::test]
async fn a_dispute_is_put_before_a_person_and_so_is_its_growing() {
    let (stand, memory, order, row) = ordered().await;
    let id = transaction_of(&row.provider_order_id);
    for (seen, word) in
        [(Seen::Paid, "settlement"), (Seen::PartlyChargedBack, "partial_chargeback"), (Seen::ChargedBack, "chargeback")]
    {
        memory.becomes(&id, |one| (one.seen, one.word) = (seen, word.into()));
        stand.shop.clock.advance(Duration::hours(24));
        stand.shop.settle().await;
    }
    assert_eq!(stand.docket(&order).await.order.payment, Payment::Paid, "a person decides");
    let rows = payment_inbox::Entity::find().order_by_asc(payment_inbox::Column::Id);
    let rows = rows.all(&stand.shop.app.db).await.expect("a read");
    let said: Vec<_> = rows.iter().map(warong::payments::inbox::reason).collect();
    assert_eq!(said, ["the buyer's bank disputes it: partial_chargeback", "the buyer's bank disputes it: chargeback"]);
    stand.close().await;
}

#[actix_web::test]
async fn a_charge_that_never_was_is_not_asked_about_for_ever() {
    let desk = Desk::open().await;
    let row = desk.asked().await;
    desk.shop.clock.advance(Duration::minutes(20));
    for _ in 0..6 {
        desk.shop.settle().await;
        desk.shop.clock.advance(Duration::hours(24));
    }
    assert_eq!((desk.state(&row).await, desk.now(row.id).await.next_check_at), (Attempt::Closed, None));
    let looked = desk.memory.called("status");
    assert!(looked <= 4, "{looked} looks");
    desk.shop.close().await;
}

#[actix_web::test]
async fn news_of_one_order_keep_their_order_whoever_works_on_them() {
    let (stand, memory, order, row) = ordered().await;
    let (app, id) = (stand.shop.app.clone(), transaction_of(&row.provider_order_id));
    // Paid, and taken back before the first news was heard.
    for seen in [Seen::Paid, Seen::Denied] {
        memory.becomes(&id, |one| one.seen = seen);
        warong::payments::apply::check(&app.db, &app.clock, &app.payments, row.id, None).await.expect("a look");
    }
    // Another worker took the first of the two, and died.
    let taken = warong::outbox::claim(&app.db, app.clock.now(), warong::outbox::Lane::Money, 1).await.expect("a claim");
    assert_eq!(taken[0].kind, "payment.paid");
    stand.shop.settle().await;
    assert_eq!(stand.balance(warong::ledger::Book::Midtrans).await, 0);
    // The first is taken over when its lease ends, the second tried again after it.
    for _ in 0..2 {
        stand.shop.clock.advance(Duration::minutes(3));
        stand.shop.settle().await;
    }
    assert_eq!(stand.docket(&order).await.order.payment, Payment::Unpaid);
    assert_eq!(stand.balance(warong::ledger::Book::Midtrans).await, 0, "it came, and was taken back");
    assert_eq!(payment_inbox::Entity::find().count(&app.db).await.expect("a count"), 0);
    stand.close().await;
}
