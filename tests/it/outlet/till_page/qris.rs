//! A code on the till's page that its buyer pays, and one that its buyer does not pay after all.
use entity::{Rupiah, bill, sale_tender::By};
use sea_orm::EntityTrait;
use warong::payments::attempt;

use super::counter::Stall;

/// A bottle of oil is to be paid by QRIS, and its code stands on the screen; what it costs.
async fn code(stall: &mut Stall) -> i64 {
    let oil = stall.price("Minyak goreng 1 liter").await;
    stall.taps_on("Minyak goreng 1 liter").await;
    stall.taps_on("Bayar").await;
    stall.taps_on("QRIS").await;
    stall.taps_on("Lanjut").await;
    stall.phone.sees("Menyiapkan kode").await;
    stall.shop.settle().await;
    stall.phone.sees("Menunggu pembayaran").await;
    stall.phone.find("dialog .qr img").await;
    oil
}

async fn state(stall: &Stall) -> bill::State {
    let bill = bill::Entity::find().one(&stall.shop.app.db).await.expect("a read").expect("a bill");
    bill.state
}

async fn sold_for(stall: &Stall) -> Vec<(By, Rupiah)> {
    let tenders = stall.sales().await.into_iter().flat_map(|(.., tenders)| tenders);
    tenders.map(|one| (one.by, one.amount)).collect()
}

#[actix_web::test]
async fn the_till_sells_when_its_buyer_has_paid() {
    let mut stall = Stall::begun().await;
    let oil = code(&mut stall).await;
    stall.phone.fits().await;
    stall.phone.picture("till-qris").await;
    let db = &stall.shop.app.db;
    let row = attempt::current(db, "bill:1").await.expect("a read").expect("an attempt");
    let id = attempt::transaction_of(db, row.id).await.expect("a read").expect("a transaction");
    let at = format!("/sandbox/midtrans/bayar/{id}");
    stall.shop.browser().post_raw(&at, &[("act", "bayar")]).await.is(303);
    stall.shop.settle().await;
    stall.phone.sees("Terjual").await;
    stall.phone.sees("Terkirim").await;
    assert_eq!(sold_for(&stall).await, [(By::Qris, Rupiah(oil))]);
    stall.ends().await;
}

#[actix_web::test]
async fn who_pays_cash_after_all_leaves_no_code_behind() {
    let mut stall = Stall::begun().await;
    let oil = code(&mut stall).await;
    stall.taps_on("Tidak jadi, bayar cara lain").await;
    stall.taps_on("Uang pas").await;
    stall.phone.sees("Terkirim").await;
    assert_eq!(sold_for(&stall).await, [(By::Cash, Rupiah(oil))]);
    assert_eq!(state(&stall).await, bill::State::Cancelled);
    stall.ends().await;
}

#[actix_web::test]
async fn without_signal_nobody_can_say_whether_a_code_was_paid_and_the_till_says_so() {
    let mut stall = Stall::begun().await;
    let oil = code(&mut stall).await;
    stall.shop.goes_dark().await;
    stall.taps_on("Tidak jadi, bayar cara lain").await;
    stall.phone.sees("Belum pasti apakah kode ini dibayar").await;
    stall.phone.fits().await;
    stall.phone.picture("till-qris-unsure").await;
    stall.taps_on("Tetap bayar cara lain").await;
    stall.taps_on("Uang pas").await;
    stall.phone.sees("Terjual").await;
    stall.shop.is_back();
    stall.is_told("sale").await;
    assert_eq!(sold_for(&stall).await, [(By::Cash, Rupiah(oil))]);
    assert_eq!(state(&stall).await, bill::State::Open, "it stands on the QRIS page until somebody looks");
    stall.ends().await;
}
