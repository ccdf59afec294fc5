//! Money of a bill that came too late, twice, or went back.
use chrono::Duration;
use entity::{bill::State, payment_attempt::State as Attempt};
use sea_orm::ConnectionTrait;
use warong::{check, ledger::Book, payments::status::Seen};

use super::till::Till;
use crate::payments::desk::transaction_of;

#[actix_web::test]
async fn an_ended_code_is_followed_by_a_new_one_and_late_money_for_the_old_one_is_owed_back() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    let first = till.attempts("bill:1").await.pop().expect("an attempt");
    till.stand.shop.clock.advance(Duration::minutes(16));
    assert_eq!(till.sign(&here).await, "unsure");
    let page = till.stand.siti.get(&here).await;
    assert!(!page.says("Belum pasti").body.contains("stroke=\"#000\""), "an old code is not shown");
    till.becomes(&first, Seen::Expired);
    till.noticed(&first, "expire", "202").await;
    assert_eq!(till.sign(&here).await, "ended");

    let page = till.stand.siti.get(&here).await;
    let action = format!("{here}/kode");
    for _ in 0..2 {
        till.stand.siti.fill(&page, &action, &[]).await.is(303);
        till.stand.shop.settle().await;
    }
    let attempts = till.attempts("bill:1").await;
    assert_eq!(attempts.iter().map(|row| row.state).collect::<Vec<_>>(), [Attempt::Closed, Attempt::Pending]);
    // The first code was paid after all: that money pays nothing, and the second code goes on.
    till.becomes(&first, Seen::Paid);
    till.noticed(&first, "settlement", "200").await;
    assert_eq!(till.sign(&here).await, "waiting");
    assert_eq!(till.books().await, [0, -275_000, 275_000]);
    till.stand.siti.get(&here).await.says("harus dikembalikan");
    till.stand.adds_up().await;
    let second = till.is_paid("bill:1").await;
    till.noticed(&second, "settlement", "200").await;
    assert_eq!((till.sign(&here).await, till.books().await), ("paid".into(), [-275_000, -275_000, 550_000]));
    till.stand.siti.get("/kelola/qris").await.says("Uang yang harus dikembalikan");

    // It goes back the way it came, once.
    let page = till.stand.siti.get(&here).await;
    let action = format!("{here}/pengembalian");
    for _ in 0..2 {
        till.stand.siti.fill(&page, &action, &[]).await.is(303);
    }
    till.stand.siti.get(&here).await.says("sedang dikembalikan lewat QRIS");
    till.stand.shop.settle().await;
    assert_eq!((till.bill(&here).await.refund_due.0, till.books().await), (0, [-275_000, 0, 275_000]));
    assert_eq!((till.bill(&here).await.state, till.memory.called("refund")), (State::Paid, 1));
    till.close().await;
}

#[actix_web::test]
async fn money_that_comes_too_late_for_the_only_code_ends_the_bill_and_is_owed_back() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    let row = till.attempts("bill:1").await.pop().expect("an attempt");
    till.becomes(&row, Seen::Expired);
    till.noticed(&row, "expire", "202").await;
    till.becomes(&row, Seen::Paid);
    till.noticed(&row, "settlement", "200").await;
    assert_eq!((till.bill(&here).await.state, till.sign(&here).await), (State::Cancelled, "over".into()));
    assert_eq!(till.books().await, [0, -275_000, 275_000]);

    // Sent by hand: with a reference, and by somebody else than who took the money.
    let back = format!("{here}/kembali");
    till.stand.tap(&here, &back, &[("reference", " ")]).await.is(422).says("Harap diisi");
    till.stand.tap(&here, &back, &[("reference", "BRI 77")]).await.is(409).says("Orang lain").says("BRI 77");
    let page = till.stand.hasan.get(&here).await;
    till.stand.hasan.fill(&page, &back, &[("reference", "BRI 77")]).await.is(303);
    assert_eq!(till.books().await, [0, 0, 275_000]);
    assert_eq!(till.stand.balance(Book::Bank(till.stand.outlet.id)).await, -275_000);
    assert!(!till.stand.siti.get(&here).await.body.contains("harus dikembalikan"));
    till.close().await;
}

#[actix_web::test]
async fn money_that_the_bank_takes_back_takes_the_green_away() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    let row = till.is_paid("bill:1").await;
    till.noticed(&row, "settlement", "200").await;
    till.becomes(&row, Seen::Denied);
    till.noticed(&row, "deny", "202").await;
    assert_eq!((till.sign(&here).await, till.books().await), ("taken_back".into(), [0, 0, 0]));
    assert_eq!((till.bill(&here).await.state, till.bill(&here).await.sold.0), (State::Open, 0));
    till.stand.siti.get(&here).await.says("Uang ditarik kembali oleh bank");
    till.taps(&here, "kode").await.is(303);
    till.stand.shop.settle().await;
    let again = till.is_paid("bill:1").await;
    till.noticed(&again, "settlement", "200").await;
    assert_eq!((till.sign(&here).await, till.books().await), ("paid".into(), [-275_000, 0, 275_000]));
    till.close().await;
}

#[actix_web::test]
async fn a_sale_that_the_provider_gave_back_is_no_sale() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    let row = till.is_paid("bill:1").await;
    till.noticed(&row, "settlement", "200").await;
    for (refunded, seen, state, books) in [
        (75_000, Seen::PartlyRefunded, State::Paid, [-200_000, 0, 200_000]),
        (275_000, Seen::Refunded, State::Cancelled, [0, 0, 0]),
    ] {
        till.memory.becomes(&transaction_of(&row.provider_order_id), |one| {
            one.refunded = entity::Rupiah(refunded);
            one.seen = seen;
        });
        let word = if refunded == 275_000 { "refund" } else { "partial_refund" };
        till.noticed(&row, word, "200").await;
        assert_eq!((till.bill(&here).await.state, till.books().await), (state, books));
        till.stand.adds_up().await;
    }
    till.close().await;
}

#[actix_web::test]
async fn a_bill_that_does_not_add_up_is_named() {
    for (rule, spoil) in [
        ("what a bill sold is in the books", "UPDATE bill SET sold = 5"),
        ("what is owed back for a bill is in the books", "UPDATE bill SET refund_due = 5"),
    ] {
        let mut till = Till::open().await;
        let here = till.asks().await;
        let row = till.is_paid("bill:1").await;
        till.noticed(&row, "settlement", "200").await;
        assert_eq!(till.sign(&here).await, "paid");
        till.stand.adds_up().await;
        let tx = till.stand.begin().await;
        tx.execute_unprepared(spoil).await.expect("spoilt");
        tx.commit().await.expect("it stands");
        let report = check::all(&till.stand.shop.app.db).await.expect("the check runs");
        let broken = report.checks.iter().find(|finding| finding.rule == rule).expect("the rule");
        assert_eq!((broken.ok, broken.record.as_deref()), (false, Some("bill 1")));
    }
}
