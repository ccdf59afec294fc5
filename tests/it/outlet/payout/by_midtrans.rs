//! Through Midtrans, over HTTP with the stand-in: asked for, released, sent, and sometimes back.
use chrono::Duration;
use entity::payout::{State, Way};
use serde_json::json;
use warong::ledger::Book;

use super::desk::{Desk, NEW, RUNS, act, at, tap};
use crate::support::Shop;

#[actix_web::test]
async fn the_makers_act_asks_the_checkers_releases_and_the_money_arrives() {
    let mut desk = Desk::with_midtrans().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("1172993826").await;
    desk.siti.get(NEW).await.is(200).says(">Midtrans<");
    let run = desk.makes(&[(desk.payee(), 21_280, Way::Midtrans)]).await;
    desk.shop.settle().await;
    let payout = desk.run(run).await.payouts.remove(0);
    assert_eq!(desk.iris(&payout).await.status.as_deref(), Some("queued"));
    assert_eq!(desk.moved(), 0, "nothing moves before another person says so");
    desk.siti.get(&at(run)).await.says("Di Midtrans, menunggu dilepas");

    tap(&mut desk.rizal, &at(run), &format!("{}/setuju", at(run)), &[]).await.is(303);
    desk.shop.settle().await;
    assert_eq!(desk.iris(&payout).await.status.as_deref(), Some("approved"));
    assert_eq!((desk.underway().await, desk.balance(Book::PayoutWallet).await), (21_280, 1_000_000));
    desk.wait(Duration::minutes(3)).await;
    desk.is(&payout, State::Paid).await;
    assert_eq!(desk.iris(&payout).await.status.as_deref(), Some("completed"));
    assert_eq!((desk.owed(desk.payee()).await, desk.underway().await), (0, 0));
    assert_eq!((desk.balance(Book::PayoutWallet).await, desk.moved()), (1_000_000 - 21_280, 21_280));
    desk.siti.get(&at(run)).await.says("Selesai").says("Sudah sampai");
    let mut sati = desk.sati().await;
    sati.get("/karya/buku/uang").await.says("Kiriman bank").says("Dibayar");
    // Nobody ticks off what Midtrans tells.
    let keys = desk.siti.get(RUNS).await.hidden("/kelola/bayar-perajin/dompet");
    let mut keys: Vec<(&str, &str)> = keys.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    keys.extend([("acuan", "x"), ("alasan", "x")]);
    desk.siti.post_raw(&act(&payout, "lunas"), &keys).await.is(409);
    desk.siti.post_raw(&act(&payout, "gagal"), &keys).await.is(409).says("Midtrans");
    desk.close().await;
}

#[actix_web::test]
async fn completed_turning_failed_is_owed_again_once_however_often_it_is_told() {
    let desk = Desk::with_midtrans().await;
    let sati = desk.payee();
    desk.earns(sati, 21_280).await;
    desk.names_account("1172993826").await;
    let payout = desk.approved(21_280, Way::Midtrans).await;
    desk.shop.settle().await;
    desk.wait(Duration::minutes(3)).await;
    desk.is(&payout, State::Paid).await;
    let failed = json!({ "status": "failed", "error_code": "012", "error_message": "Rekening diblokir" });
    desk.bank_says(&payout, failed, 3).await;
    for _ in 0..3 {
        desk.wait(Duration::minutes(5)).await;
        desk.is(&payout, State::Failed).await;
        assert_eq!((desk.owed(sati).await, desk.underway().await), (21_280, 0));
        assert_eq!((desk.balance(Book::PayoutWallet).await, desk.moved()), (1_000_000, 0));
    }
    let reason = desk.payout(payout.id).await.reason.unwrap_or_default();
    assert!(reason.contains("Rekening diblokir"), "{reason}");
    // An older notice comes late, and then the bank changes its mind once more: neither pays anybody.
    let reference = desk.iris(&payout).await.reference_no.expect("a number");
    let old = json!({ "reference_no": reference, "amount": "21280.00", "status": "completed" }).to_string();
    assert_eq!(desk.notify(&old, None).await, 200);
    desk.shop.settle().await;
    desk.bank_says(&payout, json!({ "status": "completed" }), 1).await;
    desk.wait(Duration::days(1)).await;
    desk.is(&payout, State::Failed).await;
    assert_eq!(desk.owed(sati).await, 21_280);
    let aside =
        desk.inbox().await.iter().filter(|row| warong::outlet::iris_inbox::reason(row).contains("after")).count();
    assert_eq!(aside, 1, "a person is told that it cannot come after");
    desk.close().await;
}

#[actix_web::test]
async fn an_account_that_does_not_exist_fails_at_the_bank_and_is_owed_again() {
    let mut desk = Desk::with_midtrans().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("1172993000").await;
    let payout = desk.approved(21_280, Way::Midtrans).await;
    desk.shop.settle().await;
    desk.wait(Duration::minutes(3)).await;
    desk.is(&payout, State::Failed).await;
    assert_eq!((desk.owed(desk.payee()).await, desk.underway().await, desk.moved()), (21_280, 0, 0));
    desk.siti.get(&at(payout.run_id)).await.says("Account does not exist").says("Utang lagi");
    desk.close().await;
}

#[actix_web::test]
async fn a_return_that_nobody_tells_us_of_is_found_in_the_night_for_seven_nights() {
    let desk = Desk::with_midtrans().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("1172993826").await;
    let payout = desk.approved(21_280, Way::Midtrans).await;
    desk.shop.settle().await;
    desk.wait(Duration::minutes(3)).await;
    desk.wait(Duration::days(5)).await;
    desk.is(&payout, State::Paid).await;
    desk.bank_says(&payout, json!({ "status": "failed" }), 0).await;
    desk.wait(Duration::hours(20)).await;
    desk.is(&payout, State::Failed).await;
    assert_eq!(desk.iris(&payout).await.next_check_at, None);

    let other = desk.approved(1_000, Way::Midtrans).await;
    desk.shop.settle().await;
    for _ in 0..10 {
        desk.wait(Duration::days(1)).await;
    }
    desk.is(&other, State::Paid).await;
    assert_eq!(desk.iris(&other).await.next_check_at, None, "the nights are over");
    desk.bank_says(&other, json!({ "status": "failed" }), 1).await;
    desk.shop.settle().await;
    desk.is(&other, State::Failed).await;
    assert_eq!(desk.owed(desk.payee()).await, 21_280);
    desk.close().await;
}

#[actix_web::test]
async fn a_draft_that_was_called_off_is_owed_when_midtrans_says_so() {
    let mut desk = Desk::with_midtrans().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("1172993826").await;
    // Before Midtrans has heard of it.
    let early = desk.makes(&[(desk.payee(), 21_280, Way::Midtrans)]).await;
    tap(&mut desk.siti, &at(early), &format!("{}/batal", at(early)), &[("alasan", "keliru")]).await.is(303);
    assert_eq!((desk.owed(desk.payee()).await, desk.underway().await), (21_280, 0));
    desk.wait(Duration::hours(2)).await;
    assert_eq!(desk.at_provider().len(), 0);
    // And after.
    let late = desk.makes(&[(desk.payee(), 21_280, Way::Midtrans)]).await;
    desk.shop.settle().await;
    tap(&mut desk.rizal, &at(late), &format!("{}/batal", at(late)), &[("alasan", "keliru")]).await.is(303);
    assert_eq!(desk.underway().await, 21_280, "until Midtrans says that it never will");
    desk.shop.settle().await;
    assert_eq!((desk.owed(desk.payee()).await, desk.underway().await), (21_280, 0));
    desk.is(&desk.run(late).await.payouts[0], State::Dropped).await;
    assert_eq!(desk.at_provider()[0]["standing"], "rejected");
    desk.close().await;
}

#[actix_web::test]
async fn a_payout_that_midtrans_cannot_release_can_be_given_up() {
    let mut desk = Desk::with_midtrans().await;
    // More than the stand-in has, and less than we believe to have there.
    desk.fills_wallet(300_000_000, "ISI-1").await;
    desk.earns(desk.payee(), 200_000_000).await;
    desk.names_account("1172993826").await;
    let payout = desk.approved(200_000_000, Way::Midtrans).await;
    desk.shop.settle().await;
    desk.wait(Duration::hours(3)).await;
    desk.is(&payout, State::Approved).await;
    desk.siti.get(&at(payout.run_id)).await.says("Partner balance is insufficient").says("Tidak jadi dibayar");
    tap(&mut desk.siti, &at(payout.run_id), &act(&payout, "gagal"), &[("alasan", "dompet kosong")]).await.is(303);
    desk.shop.settle().await;
    desk.is(&payout, State::Failed).await;
    desk.siti.get(&at(payout.run_id)).await.says("dompet kosong").says("Utang lagi");
    assert_eq!((desk.owed(desk.payee()).await, desk.moved()), (200_000_000, 0));
    desk.close().await;
}

#[actix_web::test]
async fn the_wallet_is_filled_from_the_bank_and_nothing_is_released_beyond_it() {
    let mut desk = Desk::with_midtrans().await;
    desk.earns(desk.payee(), 1_500_000).await;
    desk.names_account("1172993826").await;
    let run = desk.makes(&[(desk.payee(), 1_200_000, Way::Midtrans)]).await;
    desk.shop.settle().await;
    let approve = format!("{}/setuju", at(run));
    tap(&mut desk.rizal, &at(run), &approve, &[]).await.is(409).says("tinggal Rp1.000.000");
    let fill = "/kelola/bayar-perajin/dompet";
    for (amount, reference, status) in [
        ("", "ISI-1", 422),
        ("-5", "ISI-1", 422),
        ("500.000", "", 422),
        ("500.000", "isi-1", 303),
        ("500.000", "ISI-1", 409),
    ] {
        let answer = tap(&mut desk.siti, RUNS, fill, &[("jumlah", amount), ("acuan", reference)]).await;
        answer.is(status);
        if status != 303 {
            answer.says(&format!("value=\"{reference}\""));
        }
    }
    assert_eq!(desk.balance(Book::Bank(desk.cast.outlet.id)).await, -1_500_000);
    tap(&mut desk.rizal, &at(run), &approve, &[]).await.is(303);
    desk.siti.get(RUNS).await.says("Rp300.000");
    desk.shop.settle().await;
    desk.wait(Duration::minutes(3)).await;
    assert_eq!(desk.balance(Book::PayoutWallet).await, 300_000);
    desk.close().await;
}

#[actix_web::test]
async fn a_bank_that_midtrans_does_not_know_is_paid_by_hand() {
    let mut desk = Desk::with_midtrans().await;
    desk.earns(desk.payee(), 21_280).await;
    let page = format!("{RUNS}/rekening/{}", desk.cast.sati.id);
    let typed = [("bank", "BPR Jember"), ("rekening", "12345"), ("pemilik", "Sati")];
    tap(&mut desk.siti, &page, &page, &typed).await.is(303);
    assert!(!desk.siti.get(NEW).await.body.contains(">Midtrans<"));
    assert!(desk.tries_to_make(&[(desk.payee(), 1_000, Way::Midtrans)]).await.is_err());
    desk.close().await;
}

#[actix_web::test]
async fn switched_off_there_is_no_way_through_midtrans_and_no_door() {
    let mut desk = Desk::open().await;
    desk.earns(desk.payee(), 21_280).await;
    desk.names_account("1172993826").await;
    assert!(!desk.siti.get(NEW).await.body.contains(">Midtrans<"));
    assert!(!desk.siti.get(RUNS).await.body.contains("Dompet"));
    assert_eq!(desk.notify("{}", None).await, 404);
    desk.close().await;
}

#[actix_web::test]
async fn settings_that_would_lose_money_stop_the_start() {
    let read = |settings: &[(&str, &str)]| {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().display().to_string();
        let config = warong::config::Config::read(&|name| {
            let known = settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            known.or_else(|| (name == "WARONG_DATA").then(|| data.clone()))
        });
        config.map(drop).map_err(|wrong| wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    };
    let real = ("MIDTRANS_SERVER_KEY", "SB-Mid-server-TESTKEY00000000000000000");
    assert!(read(&[("MIDTRANS_PAYOUTS", "on")]).is_ok());
    assert!(read(&[("MIDTRANS_PAYOUTS", "off"), real]).is_ok());
    let said = read(&[("MIDTRANS_PAYOUTS", "maybe")]).expect_err("refused");
    assert!(said.contains("MIDTRANS_PAYOUTS") && said.contains("on or off"), "{said}");
    let said = read(&[("MIDTRANS_PAYOUTS", "on"), real]).expect_err("refused");
    for name in ["MIDTRANS_PAYOUT_CREATOR_KEY", "MIDTRANS_PAYOUT_APPROVER_KEY", "MIDTRANS_PAYOUT_MERCHANT_KEY"] {
        assert!(said.contains(name), "{said}");
    }
    let keys = [
        ("MIDTRANS_PAYOUTS", "on"),
        real,
        ("MIDTRANS_PAYOUT_CREATOR_KEY", "IRIS-a"),
        ("MIDTRANS_PAYOUT_APPROVER_KEY", "IRIS-b"),
        ("MIDTRANS_PAYOUT_MERCHANT_KEY", "IRIS-c"),
    ];
    assert!(read(&keys).is_ok());
    let shop = Shop::open(&keys).await;
    assert!(shop.app.payouts.is_some() && shop.app.sandbox.is_none());
    shop.close().await;
}
