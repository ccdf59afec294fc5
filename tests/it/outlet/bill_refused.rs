//! What a bill says no to, and how.
use entity::{bill, bill::State, payment_attempt::State as Attempt};
use sea_orm::{EntityTrait, PaginatorTrait};
use warong::payments::{provider::Failure, status::Seen};

use super::till::Till;
use crate::support::{
    Shop,
    browser::Seen as Answer,
    people::{Cast, SATI},
};

#[actix_web::test]
async fn a_bill_is_called_off_only_when_its_code_is_closed_for_sure() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    till.memory.fails("status", Failure::Lost("timeout".into()));
    till.taps(&here, "batal").await.is(303);
    till.stand.siti.get(&here).await.says("Belum pasti apakah kode ini dibayar");
    assert_eq!(till.bill(&here).await.state, State::Open);
    let page = till.stand.siti.get(&here).await;
    let action = format!("{here}/batal");
    for _ in 0..2 {
        till.stand.siti.fill(&page, &action, &[]).await.is(303);
        till.stand.shop.settle().await;
    }
    assert_eq!((till.bill(&here).await.state, till.sign(&here).await), (State::Cancelled, "over".into()));
    let row = till.attempts("bill:1").await.pop().expect("an attempt");
    assert_eq!(row.state, Attempt::Closed);
    // Neither a new code nor a second end.
    till.stand.siti.post_raw(&format!("{here}/kode"), &hidden(&page, &action)).await.is(303);
    till.stand.siti.get(&here).await.says("Tagihan ini sudah selesai");
    till.becomes(&row, Seen::Paid);
    till.noticed(&row, "settlement", "200").await;
    assert_eq!((till.books().await, till.sign(&here).await), ([0, -275_000, 275_000], "over".into()));
    till.close().await;
}

fn hidden<'a>(page: &Answer, action: &str) -> Vec<(&'a str, &'a str)> {
    let leak = |text: String| -> &'a str { text.leak() };
    page.hidden(action).into_iter().filter(|(name, _)| name == "csrf").map(|(n, v)| (leak(n), leak(v))).collect()
}

#[actix_web::test]
async fn an_amount_that_cannot_be_paid_comes_back_as_typed() {
    let mut till = Till::open().await;
    for (typed, sentence) in [
        ("", "Harap diisi"),
        ("0", "Paling sedikit Rp1"),
        ("-5000", "Tulis rupiah dengan angka saja"),
        ("10.000.001", "Paling banyak Rp10.000.000"),
        ("dua ribu", "Tulis rupiah dengan angka saja"),
        ("1e5", "Tulis rupiah dengan angka saja"),
    ] {
        let fields = [("amount", typed), ("purpose", "Minyak 2 L")];
        let seen = till.stand.tap("/kelola/qris", "/kelola/qris", &fields).await;
        seen.is(422).says(sentence).says("value=\"Minyak 2 L\"").says(&format!("value=\"{typed}\""));
    }
    let long = "x".repeat(51);
    let seen = till.stand.tap("/kelola/qris", "/kelola/qris", &[("amount", "5.000"), ("purpose", &long)]).await;
    seen.is(422).says("Terlalu panjang");
    assert_eq!(bill::Entity::find().count(&till.stand.shop.app.db).await.expect("a count"), 0);
    let most = till.stand.tap("/kelola/qris", "/kelola/qris", &[("amount", "Rp10.000.000")]).await;
    assert_eq!(till.bill(most.is(303).location.as_deref().expect("a bill")).await.amount.0, 10_000_000);
    till.stand.shop.settle().await;
    till.close().await;
}

#[actix_web::test]
async fn a_bill_is_nobody_elses() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    let pages = [here.clone(), format!("{here}/keadaan"), "/kelola/qris/999".into(), "/kelola/qris/x".into()];
    for path in &pages {
        till.stand.stranger.get(path).await.is(404);
        let seen = till.stand.shop.browser().get(path).await;
        assert!(matches!(seen.status, 303 | 404), "{path}: {}", seen.status);
        assert!(!seen.body.contains("275.000"));
    }
    let page = till.stand.stranger.get("/kelola/qris").await;
    assert!(!page.is(200).body.contains("Telur"));
    let csrf = hidden(&page, "/kelola/qris");
    for act in ["cek", "kode", "batal", "pengembalian", "kembali"] {
        let fields = [&csrf[..], &[("reference", "x")]].concat();
        till.stand.stranger.post_raw(&format!("{here}/{act}"), &fields).await.is(404);
    }
    assert_eq!(till.sign(&here).await, "waiting");
    till.close().await;

    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut sati = shop.signed_in(SATI).await;
    for path in ["/kelola/qris", "/kelola/qris/1", "/kelola/qris/1/keadaan", "/kelola/pesanan/1/qris"] {
        sati.get(path).await.is(403);
        let guest = shop.browser().get(path).await;
        assert!(guest.is(303).location.as_deref().is_some_and(|to| to.starts_with("/masuk")), "{path}");
    }
    shop.close().await;
}

#[actix_web::test]
async fn a_screen_that_looks_too_often_is_slowed_down() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    let mut status = 200;
    for _ in 0..130 {
        status = till.stand.siti.get(&format!("{here}/keadaan")).await.status;
        if status != 200 {
            break;
        }
    }
    assert_eq!(status, 429);
    till.close().await;
}
