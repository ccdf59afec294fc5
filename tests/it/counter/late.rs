//! Money that comes after an order expired.
use entity::order::{Delivery, Method, Payment, State};
use warong::{
    ledger::Book,
    orders::{expiry, order as orders},
    payments::attempt,
};

use super::stand::Stand;

/// An order by QRIS whose time ran out before anybody paid.
async fn expired(stand: &Stand, pieces: i64) -> entity::order::Model {
    let order = stand.order(Method::Transfer, Delivery::Pickup, &[(stand.basket, pieces)]).await;
    stand.shop.clock.advance(chrono::Duration::hours(25));
    let app = &stand.shop.app;
    expiry::expire_due(&app.db, &app.clock, &app.payments).await.expect("it expires");
    let docket = stand.docket(&order).await;
    assert_eq!(docket.order.state, State::Expired);
    docket.order
}

#[actix_web::test]
async fn late_money_opens_the_order_again_while_its_goods_are_there() {
    let stand = Stand::open().await;
    let order = expired(&stand, 2).await;
    assert_eq!(stand.available(stand.basket).await, 10);
    stand.pay(&order, "late").await;
    stand.pay(&order, "late").await;
    let order = stand.docket(&order).await.order;
    assert_eq!((order.state, order.payment), (State::Placed, Payment::Paid));
    assert_eq!(stand.available(stand.basket).await, 8);
    stand.adds_up().await;
    stand.close().await;
}

#[actix_web::test]
async fn late_money_for_goods_that_are_gone_is_owed_back() {
    let stand = Stand::open().await;
    let order = expired(&stand, 6).await;
    stand.paid(&[(stand.basket, 5)]).await;
    stand.pay(&order, "late").await;
    let order = stand.docket(&order).await.order;
    assert_eq!((order.state, order.payment), (State::Expired, Payment::RefundDue));
    assert_eq!(order.refund_due, order.total);
    assert_eq!(stand.available(stand.basket).await, 5);
    stand.adds_up().await;
    stand.close().await;
}

#[actix_web::test]
async fn what_is_packed_stays_here_when_the_bank_takes_the_money_back() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 1)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    let parcel = stand.docket(&order).await.parcels[0].parcel.id;
    let send = format!("{here}/paket/{parcel}/kirim");
    let asked = stand.siti.get(&send).await;
    stand.reversed(&order).await;
    stand.siti.fill(&asked, &send, &[("courier", "JNE")]).await.is(409).says("belum dibayar");
    assert_eq!(stand.balance(Book::Crafter(stand.crafter_id)).await, 0);
    // It stands where somebody sees it, not under what is to be sent.
    stand.siti.get("/kelola/pesanan?perlu=konfirmasi").await.says("Ibu Ratna");
    assert!(!stand.siti.get("/kelola/pesanan?perlu=kirim").await.body.contains("Ibu Ratna"));
    stand.tap(&here, &format!("{here}/paket/{parcel}/buka"), &[]).await.is(303);
    let cancel = format!("{here}/batal");
    stand.tap(&cancel, &cancel, &[("reason", "Uang ditarik bank")]).await.is(303);
    assert_eq!(stand.available(stand.basket).await, 10);
    stand.close().await;
}

#[actix_web::test]
async fn who_has_nothing_packed_may_pay_anew_until_the_time_is_over() {
    let stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 1)]).await;
    stand.reversed(&order).await;
    let order = stand.docket(&order).await.order;
    assert_eq!(order.payment, Payment::Unpaid);
    assert!(order.pay_by.is_some());
    stand.shop.clock.advance(chrono::Duration::minutes(16));
    stand.shop.settle().await;
    assert_eq!(stand.docket(&order).await.order.state, State::Expired);
    assert_eq!(stand.available(stand.basket).await, 10);
    stand.close().await;
}

#[actix_web::test]
async fn goods_that_come_back_after_their_money_was_taken_settle_the_claim() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 2)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    let parcel = stand.docket(&order).await.parcels[0].parcel.id;
    let send = format!("{here}/paket/{parcel}/kirim");
    stand.tap(&send, &send, &[("courier", "JNE")]).await.is(303);
    stand.reversed(&order).await;
    assert_eq!(stand.balance(Book::Surplus).await, 102_000);
    stand.siti.get("/kelola/uang").await.says("Tagih dulu");
    let back = format!("{here}/paket/{parcel}/balik");
    stand.tap(&back, &back, &[("reason", "Ditolak")]).await.is(303);
    stand.adds_up().await;
    for book in [Book::Surplus, Book::Deposits(stand.outlet.id), Book::Crafter(stand.crafter_id)] {
        assert_eq!(stand.balance(book).await, 0, "{book:?}");
    }
    stand.close().await;
}

#[actix_web::test]
async fn money_that_comes_online_for_a_cod_order_is_not_asked_again_at_the_door() {
    let mut stand = Stand::open().await;
    let order = stand.order(Method::Cod, Delivery::Courier, &[(stand.basket, 1)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    stand.tap(&here, &format!("{here}/konfirmasi"), &[]).await.is(303);
    stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    stand.siti.get(&format!("{here}/label")).await.says("COD: tagih Rp74.000");
    // The buyer had first chosen QRIS, and that money comes after all.
    stand.pay_by(&order, "late", Method::Qris).await;
    stand.adds_up().await;
    assert!(!stand.siti.get(&format!("{here}/label")).await.body.contains("COD: tagih"));
    let parcel = stand.docket(&order).await.parcels[0].parcel.id;
    let send = format!("{here}/paket/{parcel}/kirim");
    stand.tap(&send, &send, &[("courier", "Kurir desa")]).await.is(303);
    stand.tap(&here, &format!("{here}/paket/{parcel}/sampai"), &[]).await.is(303);
    assert_eq!(stand.balance(Book::Courier(stand.outlet.id)).await, 0);
    assert_eq!(stand.docket(&order).await.order.state, State::Completed);
    stand.close().await;
}

#[actix_web::test]
async fn each_cod_parcel_asks_for_its_own_goods_and_the_shipping_once() {
    let mut stand = Stand::open().await;
    let order = stand.order(Method::Cod, Delivery::Courier, &[(stand.basket, 3)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    stand.tap(&here, &format!("{here}/konfirmasi"), &[]).await.is(303);
    let line = stand.docket(&order).await.lines[0].id;
    let pack = format!("{here}/paket");
    stand.tap(&pack, &pack, &[(&format!("pieces_{line}"), "1")]).await.is(303);
    stand.siti.get(&format!("{here}/label")).await.says("COD: tagih Rp74.000");
    stand.tap(&here, &pack, &[]).await.is(303);
    stand.siti.get(&format!("{here}/label")).await.says("COD: tagih Rp74.000").says("COD: tagih Rp56.000").says("2/2");
    for packed in stand.docket(&order).await.parcels {
        let send = format!("{here}/paket/{}/kirim", packed.parcel.id);
        stand.tap(&send, &send, &[("courier", "Kurir desa")]).await.is(303);
    }
    assert_eq!(stand.balance(Book::Courier(stand.outlet.id)).await, 130_000);
    // The one that carried the shipping comes back and goes again, with the shipping.
    let first = stand.docket(&order).await.parcels[0].parcel.id;
    let back = format!("{here}/paket/{first}/balik");
    stand.tap(&back, &back, &[("reason", "Tidak di rumah")]).await.is(303);
    assert_eq!(stand.balance(Book::Courier(stand.outlet.id)).await, 56_000);
    stand.tap(&here, &pack, &[]).await.is(303);
    stand.siti.get(&format!("{here}/label")).await.says("COD: tagih Rp74.000");
    stand.close().await;
}

#[actix_web::test]
async fn a_buyer_is_asked_for_what_is_left_of_a_shortened_order() {
    let mut stand = Stand::open().await;
    let order = stand.order(Method::PayAtPickup, Delivery::Pickup, &[(stand.basket, 3)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    let line = stand.docket(&order).await.lines[0].id;
    let short = format!("{here}/barang/{line}/kurang");
    stand.tap(&short, &short, &[("pieces", "1"), ("reason", "Rusak")]).await.is(303);
    let url = orders::url(&order);
    let mut ratna = stand.shop.browser();
    ratna.get(&url).await.says("Rp56.000");
    ratna.get(&format!("{url}/nota")).await.says("Rp56.000");
    let page = ratna.get(&url).await;
    ratna.fill(&page, &format!("{url}/bayar"), &[("bayar", "qris")]).await.is(303);
    let attempt =
        attempt::current(&stand.shop.app.db, &orders::subject(order.id)).await.expect("attempts").expect("one");
    assert_eq!(attempt.amount.0, 56_000);
    stand.shop.settle().await;
    stand.close().await;
}
