//! The ten steps, each with what must not pass it.
use entity::{
    Rupiah,
    order::Method,
    payment_attempt::State,
    payment_inbox::{self, Column},
};
use reqwest::Method as Http;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use warong::payments::{
    apply, inbox,
    provider::{Failure, Fee, Sen},
    status::Seen,
};

use super::desk::{BILL, Desk, notice, notice_of, transaction, transaction_of};

#[actix_web::test]
async fn a_settlement_is_booked_once_however_often_it_is_told() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.is_paid(&row);
    let body = notice(&row, "settlement", "200").to_string();
    for _ in 0..3 {
        desk.post(body.clone()).await.is(200);
        desk.shop.settle().await;
    }
    // The same news in another body is another notice, and still no second booking.
    let mut other = notice(&row, "settlement", "200");
    other["settlement_time"] = "2026-11-21 10:01:00".into();
    desk.post(other.to_string()).await.is(200);
    desk.shop.settle().await;

    assert_eq!(desk.inbox().await.len(), 2);
    let paid = desk.now(row.id).await;
    assert_eq!(paid.state, State::Paid);
    assert_eq!(paid.paid_by, Some(transaction_of(&row.provider_order_id)));
    assert_eq!(desk.told().await, ["paid"]);
    assert_eq!(desk.record(&row).await, ["paid"]);
    desk.shop.close().await;
}

#[actix_web::test]
async fn what_is_no_notice_is_turned_away_and_leaves_nothing() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.is_paid(&row);
    let looked = desk.memory.called("status");
    for body in ["", "{", "[]", "null", "\"x\"", "{}", "\u{1}"] {
        desk.post(body).await.is(400);
    }
    for field in ["order_id", "status_code", "gross_amount", "signature_key"] {
        let mut body = notice(&row, "settlement", "200");
        body[field] = 200.into();
        desk.post(body.to_string()).await.is(400);
        body.as_object_mut().expect("an object").remove(field);
        desk.post(body.to_string()).await.is(400);
    }
    let mut long = notice(&row, "settlement", "200");
    long["custom_field1"] = "x".repeat(64 * 1024).into();
    desk.post(long.to_string()).await.is(400);
    desk.shop.settle().await;

    assert_eq!(desk.inbox().await, []);
    assert_eq!(desk.memory.called("status"), looked, "nobody was asked");
    assert_eq!(desk.state(&row).await, State::Pending);
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_forged_signature_is_refused_without_a_look() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.is_paid(&row);
    let looked = desk.memory.called("status");
    let good = notice(&row, "settlement", "200");
    for (field, value) in [
        ("signature_key", "0".repeat(128)),
        ("signature_key", String::new()),
        ("signature_key", good["signature_key"].as_str().expect("a text").to_uppercase()),
        ("gross_amount", "275000".into()),
        ("gross_amount", "1.00".into()),
        ("order_id", "UEP-20261121-9999-1".into()),
        ("status_code", "201".into()),
    ] {
        let mut body = good.clone();
        body[field] = value.into();
        desk.post(body.to_string()).await.is(403);
    }
    desk.shop.settle().await;
    assert_eq!(desk.inbox().await, []);
    assert_eq!(desk.memory.called("status"), looked);
    assert_eq!(desk.state(&row).await, State::Pending);
    desk.shop.close().await;
}

#[actix_web::test]
async fn the_address_is_exact_and_never_redirects() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    let body = notice(&row, "settlement", "200").to_string();
    let mut midtrans = desk.shop.browser();
    midtrans.get("/midtrans/notifikasi").await.is(405);
    for path in ["/midtrans/notifikasi/", "/midtrans/notifikasi/x", "/midtrans//notifikasi"] {
        let seen = midtrans.send(Http::POST, path, Some(body.clone()), &[]).await;
        assert_eq!((seen.status, seen.location), (404, None), "{path}");
    }
    assert_eq!(desk.inbox().await, []);
    desk.shop.close().await;
}

#[actix_web::test]
async fn the_test_button_and_strangers_orders_are_set_aside() {
    let desk = Desk::open().await;
    for (order, transaction) in
        [("payment_notif_test_G000000001_5c6b", "00000000-0000-0000-0000-000000000000"), ("QRIS-1234", "a-static-qris")]
    {
        desk.post(notice_of(order, transaction, "settlement", "200").to_string()).await.is(200);
    }
    desk.shop.settle().await;
    let seen = inbox::for_a_person(&desk.shop.app.db, 10).await.expect("a read");
    assert_eq!(seen.len(), 2);
    assert!(seen[0].outcome.as_deref().expect("an outcome").contains("nobody here knows order QRIS-1234"));
    assert_eq!(desk.told().await, Vec::<String>::new());
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_notice_alone_changes_nothing() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    // The signature is good, the provider knows better.
    desk.notified(&row, "settlement", "200").await;
    assert_eq!(desk.state(&row).await, State::Pending);
    desk.notified(&row, "expire", "202").await;
    assert_eq!(desk.state(&row).await, State::Pending);
    assert_eq!(desk.told().await, Vec::<String>::new());
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_captured_notice_with_another_word_is_set_aside() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.is_paid(&row);
    let looked = desk.memory.called("status");
    // 201 was signed for "pending"; the word is not covered by the signature.
    desk.notified(&row, "settlement", "201").await;
    assert!(desk.outcome().await.starts_with("set aside: code 201 does not go with"));
    assert_eq!(desk.memory.called("status"), looked);
    assert_eq!(desk.state(&row).await, State::Pending);
    desk.shop.close().await;
}

#[actix_web::test]
async fn another_transaction_in_a_signed_notice_pays_nothing() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    let other = desk.asked_for("till:2", Method::Qris).await;
    desk.shop.settle().await;
    desk.is_paid(&other);
    // The id of the other, paid transaction is put into the notice of the unpaid order.
    let theirs = transaction_of(&other.provider_order_id);
    desk.post(notice_of(&row.provider_order_id, &theirs, "settlement", "200").to_string()).await.is(200);
    desk.shop.settle().await;
    assert!(desk.outcome().await.contains("belongs to another attempt"));
    assert_eq!(desk.state(&row).await, State::Pending);
    // A transaction of a stranger that answers with its own id in place of an order id.
    let mut stranger = transaction("tx-stranger", "tx-stranger", Seen::Paid, BILL);
    stranger.order_id = Some("tx-stranger".into());
    desk.memory.has(stranger);
    desk.post(notice_of(&row.provider_order_id, "tx-stranger", "settlement", "200").to_string()).await.is(200);
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Pending);
    let outcomes = inbox::for_a_person(&desk.shop.app.db, 10).await.expect("a read");
    assert!(outcomes[0].outcome.as_deref().expect("an outcome").contains("is about another order"));
    assert_eq!(desk.told().await, Vec::<String>::new());
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_wallet_that_answers_with_its_own_id_is_still_recognised() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    let id = transaction_of(&row.provider_order_id);
    desk.memory.becomes(&id, |one| {
        one.order_id = Some(one.transaction_id.clone());
        one.seen = Seen::Paid;
    });
    desk.notified(&row, "settlement", "200").await;
    assert_eq!(desk.state(&row).await, State::Paid);
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_wrong_amount_is_never_paid() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    let id = transaction_of(&row.provider_order_id);
    desk.is_paid(&row);
    let wrong = [
        (Some(Sen(27_499_999)), None),
        (Some(Sen(27_500_001)), None),
        (None, None),
        (Some(Sen(27_944_000)), None),
        // The fee does not explain all of it, or another bill was meant.
        (Some(Sen(27_944_000)), Some(Fee { original: Sen(27_500_000), fee: Sen(444_001) })),
        (Some(Sen(27_944_000)), Some(Fee { original: Sen(27_400_000), fee: Sen(544_000) })),
        (Some(Sen(27_000_000)), Some(Fee { original: Sen(27_500_000), fee: Sen(-500_000) })),
    ];
    for (n, (amount, fee)) in wrong.into_iter().enumerate() {
        desk.memory.becomes(&id, |one| (one.amount, one.fee) = (amount, fee));
        let mut body = notice(&row, "settlement", "200");
        body["custom_field1"] = n.to_string().into();
        desk.post(body.to_string()).await.is(200);
        desk.shop.settle().await;
        assert_eq!(desk.state(&row).await, State::Pending, "{amount:?} {fee:?}");
    }
    let aside = inbox::for_a_person(&desk.shop.app.db, 20).await.expect("a read");
    // What is said twice of one payment stands there once.
    assert_eq!(aside.len(), 5);
    assert!(aside.iter().all(|row| row.outcome.as_deref().is_some_and(|text| text.contains("the amount is"))));
    assert_eq!(desk.told().await, Vec::<String>::new());
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_fee_laid_on_the_buyer_explains_a_larger_amount() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.memory.becomes(&transaction_of(&row.provider_order_id), |one| {
        one.seen = Seen::Paid;
        one.amount = Some(Sen(27_944_000));
        one.fee = Some(Fee { original: Sen(27_500_000), fee: Sen(444_000) });
    });
    desk.notified(&row, "settlement", "200").await;
    assert_eq!(desk.state(&row).await, State::Paid);
    assert_eq!(desk.now(row.id).await.amount, BILL, "the bill is ours, the fee is not");
    desk.shop.close().await;
}

#[actix_web::test]
async fn money_in_another_currency_is_set_aside() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.memory.becomes(&transaction_of(&row.provider_order_id), |one| {
        one.seen = Seen::Paid;
        one.currency = Some("USD".into());
    });
    desk.notified(&row, "settlement", "200").await;
    assert!(desk.outcome().await.contains("currency"));
    assert_eq!(desk.state(&row).await, State::Pending);
    desk.shop.close().await;
}

#[actix_web::test]
async fn an_answer_that_was_overtaken_is_dropped() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    let app = &desk.shop.app;
    let id = transaction_of(&row.provider_order_id);
    let (_, first) = apply::ticket(&app.db, row.id).await.expect("a ticket");
    let (_, second) = apply::ticket(&app.db, row.id).await.expect("a ticket");
    let answer = |seen| transaction(&id, &row.provider_order_id, seen, Rupiah(275_000));
    let apply = async |ticket, seen| {
        let tx = warong::db::begin(&app.db).await.expect("a transaction");
        let checked = apply::apply(&tx, &app.clock, &app.payments, row.id, ticket, &answer(seen)).await;
        tx.commit().await.expect("it commits");
        checked.expect("it applies")
    };
    // The later look saw the refusal after the settlement; its answer comes first.
    assert_eq!(apply(second, Seen::Denied).await, apply::Checked::Stands(State::Closed));
    assert_eq!(apply(first, Seen::Paid).await, apply::Checked::Overtaken);
    assert_eq!(desk.state(&row).await, State::Closed);
    assert_eq!(desk.told().await, ["closed"]);
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_provider_that_is_away_is_asked_again_on_the_reconcilers_clock() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.is_paid(&row);
    desk.memory.fails("status", Failure::Lost("timeout".into()));
    desk.memory.fails("status", Failure::NotFound);
    desk.notified(&row, "settlement", "200").await;
    assert_eq!(desk.outcome().await, "lost: timeout");
    assert!(desk.inbox().await[0].handled_at.is_none(), "it stays open");
    desk.shop.clock.advance(chrono::Duration::seconds(31));
    desk.shop.settle().await;
    desk.shop.clock.advance(chrono::Duration::minutes(3));
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Paid);
    assert!(desk.inbox().await[0].handled_at.is_some());
    assert_eq!(desk.told().await, ["paid"]);
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_database_that_is_away_says_503_and_the_same_notice_passes_later() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    desk.is_paid(&row);
    let db = &desk.shop.app.db;
    let tx = warong::db::begin(db).await.expect("a transaction");
    tx.execute_unprepared("ALTER TABLE payment_inbox RENAME TO payment_inbox_away").await.expect("it moves");
    tx.commit().await.expect("it commits");
    let body = notice(&row, "settlement", "200").to_string();
    desk.post(body.clone()).await.is(503);
    let tx = warong::db::begin(db).await.expect("a transaction");
    tx.execute_unprepared("ALTER TABLE payment_inbox_away RENAME TO payment_inbox").await.expect("it comes back");
    tx.commit().await.expect("it commits");
    desk.post(body).await.is(200);
    desk.shop.settle().await;
    assert_eq!(desk.state(&row).await, State::Paid);
    desk.shop.close().await;
}

#[actix_web::test]
async fn a_notice_keeps_no_cookies_and_no_keys() {
    let desk = Desk::open().await;
    let row = desk.waiting().await;
    let body = notice(&row, "pending", "201").to_string();
    let headers = [("Cookie", "warong_session=abc"), ("Authorization", "Basic xyz"), ("User-Agent", "Veritrans")];
    desk.shop.browser().send(Http::POST, "/midtrans/notifikasi", Some(body), &headers).await.is(200);
    let kept = payment_inbox::Entity::find().order_by_asc(Column::Id).all(&desk.shop.app.db).await.expect("a read");
    let text = kept[0].headers.to_string();
    assert!(text.contains("Veritrans") && !text.contains("abc") && !text.contains("xyz"), "{text}");
    desk.shop.close().await;
}
