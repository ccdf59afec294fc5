//! Money over the counter by QRIS: green only when the provider itself says so.
use chrono::Duration;
use entity::{bill, bill::State, history};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use warong::payments::{provider::Failure, status::Seen};

use super::till::Till;
use crate::payments::desk::{BILL, notice};

#[actix_web::test]
async fn the_sign_is_green_only_after_the_provider_itself_says_settlement() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    let page = till.stand.siti.get(&here).await;
    page.says("Rp275.000").says("Telur").says("Menunggu pembayaran").says("Foto bukti dari pembeli bukan uang");
    page.says("<path stroke=\"#000\"");
    let row = till.attempts("bill:1").await.pop().expect("an attempt");

    // Forged: the signature is somebody else's. Then truly signed, while the provider still says pending.
    let mut forged = notice(&row, "settlement", "200");
    forged["signature_key"] = "0".repeat(128).into();
    till.posts(forged.to_string()).await.is(403);
    till.stand.shop.settle().await;
    assert_eq!(till.sign(&here).await, "waiting");
    till.noticed(&row, "settlement", "200").await;
    assert_eq!(till.sign(&here).await, "waiting");
    assert!(!till.stand.siti.get(&here).await.says("id=\"lunas\" role=\"alert\" hidden").body.contains("Diterima"));
    assert_eq!((till.bill(&here).await.state, till.books().await), (State::Open, [0, 0, 0]));

    till.becomes(&row, Seen::Paid);
    for _ in 0..2 {
        let mut body = notice(&row, "settlement", "200");
        body["custom_field1"] = warong::secret::short_token().into();
        till.posts(body.to_string()).await.is(200);
        till.stand.shop.settle().await;
    }
    assert_eq!(till.sign(&here).await, "paid");
    let page = till.stand.siti.get(&here).await;
    page.says("LUNAS").says("Diterima Sabtu, 21 November 2026, 10.00 WIB");
    assert!(!page.body.contains("id=\"lunas\" role=\"alert\" hidden") && !page.body.contains("/cek"));
    assert_eq!(till.bill(&here).await.sold, BILL);
    assert_eq!(till.books().await, [-275_000, 0, 275_000]);
    let list = till.stand.siti.get("/kelola/qris").await;
    list.says("Lunas hari ini").says("Rp275.000").says("Telur");
    till.stand.siti.get("/kelola").await.says("Rp275.000");
    let verbs: Vec<String> = history::Entity::find()
        .filter(history::Column::Subject.eq("bill"))
        .order_by_asc(history::Column::Id)
        .all(&till.stand.shop.app.db)
        .await
        .expect("a read")
        .into_iter()
        .map(|row| row.verb)
        .collect();
    assert_eq!(verbs, ["made", "paid"]);
    till.close().await;
}

#[actix_web::test]
async fn without_script_the_button_asks_and_says_what_was_answered() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    till.taps(&here, "cek").await.is(303);
    till.stand.siti.get(&here).await.says("belum ada uang masuk").says("Menunggu pembayaran");
    // No answer is no payment, whatever the buyer shows.
    till.is_paid("bill:1").await;
    till.memory.fails("status", Failure::Lost("timeout".into()));
    till.taps(&here, "cek").await.is(303);
    let page = till.stand.siti.get(&here).await;
    page.says("Belum pasti: penyedia belum menjawab");
    assert_eq!((till.sign(&here).await, till.bill(&here).await.state), ("waiting".into(), State::Open));
    till.taps(&here, "cek").await.is(303);
    till.stand.shop.settle().await;
    till.stand.siti.get(&here).await.says("LUNAS");
    till.close().await;
}

#[actix_web::test]
async fn money_that_is_not_booked_yet_is_said_so_and_is_not_green() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    till.is_paid("bill:1").await;
    till.taps(&here, "cek").await.is(303);
    // The worker has not come round.
    assert_eq!(till.sign(&here).await, "booking");
    till.stand.siti.get(&here).await.says("sedang dicatat");
    till.stand.shop.settle().await;
    assert_eq!(till.sign(&here).await, "paid");
    till.close().await;
}

#[actix_web::test]
async fn a_bill_that_is_called_off_in_the_moment_it_is_paid_is_paid() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    till.is_paid("bill:1").await;
    till.taps(&here, "batal").await.is(303);
    till.stand.siti.get(&here).await.says("baru saja dibayar");
    till.stand.shop.settle().await;
    assert_eq!((till.bill(&here).await.state, till.sign(&here).await), (State::Paid, "paid".into()));
    assert_eq!(till.books().await, [-275_000, 0, 275_000]);
    till.close().await;
}

#[actix_web::test]
async fn a_double_tap_makes_one_bill_and_one_code() {
    let mut till = Till::open().await;
    let page = till.stand.siti.get("/kelola/qris").await;
    let mut other = till.stand.siti.clone();
    let typed = [("amount", "275000")];
    let (first, second) =
        tokio::join!(till.stand.siti.fill(&page, "/kelola/qris", &typed), other.fill(&page, "/kelola/qris", &typed));
    assert_eq!((first.is(303).location.clone(), second.is(303).status), (second.location.clone(), 303));
    till.stand.siti.fill(&page, "/kelola/qris", &[("amount", "99")]).await.is(409);
    till.stand.shop.settle().await;
    let db = &till.stand.shop.app.db;
    assert_eq!(bill::Entity::find().count(db).await.expect("a count"), 1);
    assert_eq!((till.attempts("bill:1").await.len(), till.memory.called("charge")), (1, 1));
    till.close().await;
}

#[actix_web::test]
async fn while_the_provider_is_away_there_is_no_code_and_no_money() {
    let mut till = Till::open().await;
    for _ in 0..2 {
        till.memory.fails("charge", Failure::Lost("no route".into()));
    }
    let here = till.asks().await;
    assert_eq!(till.sign(&here).await, "making");
    till.memory.fails("status", Failure::Lost("no route".into()));
    till.taps(&here, "cek").await.is(303);
    till.stand.siti.get(&here).await.says("Belum pasti").says("belum ada kode, jadi belum ada uang");
    till.stand.shop.clock.advance(Duration::minutes(2));
    till.stand.shop.settle().await;
    till.stand.shop.clock.advance(Duration::minutes(5));
    till.stand.shop.settle().await;
    assert_eq!(till.sign(&here).await, "waiting");
    till.close().await;
}

#[actix_web::test]
async fn a_broken_code_is_not_shown_and_another_can_be_made() {
    let mut till = Till::open().await;
    *till.memory.code.lock().expect("a lock") = Some("00020101021263041234".into());
    let here = till.asks().await;
    assert_eq!(till.sign(&here).await, "no_code");
    till.stand.siti.get(&here).await.says("Kode ini tidak bisa ditampilkan");
    till.stand.siti.get("/kelola/uang").await.says("rusak atau jumlahnya lain");
    *till.memory.code.lock().expect("a lock") = None;
    till.taps(&here, "kode").await.is(303);
    till.stand.shop.settle().await;
    assert_eq!(till.sign(&here).await, "waiting");
    till.close().await;
}
