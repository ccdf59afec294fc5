//! From the shelf to the buyer.
use entity::order::{Delivery, Method, Payment, State};
use warong::ledger::Book;

use super::stand::Stand;

#[actix_web::test]
async fn an_order_paid_by_qris_is_packed_sent_and_delivered() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 2)]).await;
    // The same news twice are one payment.
    stand.pay(&order, "attempt:1").await;
    stand.adds_up().await;
    assert_eq!(stand.balance(Book::Midtrans).await, 102_000);
    assert_eq!(stand.balance(Book::Deposits(stand.outlet.id)).await, -102_000);
    let home = stand.siti.get("/kelola").await;
    home.is(200).says("Perlu dikemas").says("Rp102.000");

    let here = format!("/kelola/pesanan/{}", order.id);
    stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    stand.adds_up().await;
    let parcel = stand.docket(&order).await.parcels[0].parcel.id;
    assert_eq!(stand.available(stand.basket).await, 8);
    // Packing moves goods; the money moves when they leave.
    assert_eq!(stand.balance(Book::Crafter(stand.crafter_id)).await, 0);

    let send = format!("{here}/paket/{parcel}/kirim");
    stand.tap(&send, &send, &[("courier", "JNE"), ("tracking", "JT0042")]).await.is(303);
    stand.adds_up().await;
    assert_eq!(stand.balance(Book::Crafter(stand.crafter_id)).await, -42_560);
    assert_eq!(stand.balance(Book::OutletFee(stand.outlet.id)).await, -8_960);
    assert_eq!(stand.balance(Book::GroupFund(stand.outlet.id)).await, -4_480);
    assert_eq!(stand.balance(Book::Shipping(stand.outlet.id)).await, -46_000);
    assert_eq!(stand.balance(Book::Deposits(stand.outlet.id)).await, 0);

    let page = stand.siti.get(&here).await;
    page.is(200).says("JT0042").says("oleh Bu Siti Aminah");
    stand.tap(&here, &format!("{here}/paket/{parcel}/sampai"), &[]).await.is(303);
    let done = stand.docket(&order).await.order;
    assert_eq!((done.state, done.payment), (State::Completed, Payment::Paid));
    stand.close().await;
}

#[actix_web::test]
async fn a_part_goes_ahead_a_piece_falls_short_and_the_sums_are_exact() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 5)]).await;
    let line = stand.docket(&order).await.lines[0].clone();
    let here = format!("/kelola/pesanan/{}", order.id);
    let pieces = format!("pieces_{}", line.id);
    let pack = format!("{here}/paket");
    stand.tap(&pack, &pack, &[(&pieces, "2")]).await.is(303);
    let first = stand.docket(&order).await.parcels[0].parcel.id;
    let send = format!("{here}/paket/{first}/kirim");
    stand.tap(&send, &send, &[("courier", "JNE")]).await.is(303);
    stand.adds_up().await;

    let short = format!("{here}/barang/{}/kurang", line.id);
    stand.tap(&short, &short, &[("pieces", "1"), ("reason", "Bambu basah")]).await.is(303);
    stand.adds_up().await;
    assert_eq!(stand.available(stand.basket).await, 6);
    let owed = stand.docket(&order).await.order;
    assert_eq!((owed.payment, owed.refund_due.0), (Payment::RefundDue, 28_000));
    stand.siti.get("/kelola/pesanan?perlu=kembali").await.says("Ibu Ratna");

    stand.tap(&here, &pack, &[]).await.is(303);
    let second = stand.docket(&order).await.parcels[1].parcel.id;
    let send = format!("{here}/paket/{second}/kirim");
    stand.tap(&send, &send, &[("courier", "JNE")]).await.is(303);
    for parcel in [first, second] {
        stand.tap(&here, &format!("{here}/paket/{parcel}/sampai"), &[]).await.is(303);
    }
    assert_eq!(stand.docket(&order).await.order.state, State::Placed);
    stand.sends_back(&order, "TRX-9").await;
    let done = stand.docket(&order).await.order;
    assert_eq!((done.state, done.payment, done.refund_due.0), (State::Completed, Payment::Paid, 0));
    assert_eq!(stand.balance(Book::Crafter(stand.crafter_id)).await, -4 * 21_280);
    assert_eq!(stand.balance(Book::Bank(stand.outlet.id)).await, -28_000);
    assert_eq!(stand.balance(Book::Shipping(stand.outlet.id)).await, -46_000);
    stand.close().await;
}

#[actix_web::test]
async fn a_cod_parcel_is_owed_by_the_courier_until_its_cash_is_here() {
    let mut stand = Stand::open().await;
    let order = stand.order(Method::Cod, Delivery::Courier, &[(stand.basket, 1)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    stand.siti.get("/kelola/pesanan?perlu=konfirmasi").await.says("Ibu Ratna");
    stand.tap(&here, &format!("{here}/konfirmasi"), &[]).await.is(303);
    // Nobody's deadline runs once a person has said yes.
    stand.shop.clock.advance(chrono::Duration::days(10));
    stand.shop.settle().await;
    stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    let parcel = stand.docket(&order).await.parcels[0].parcel.id;
    stand.siti.get(&format!("{here}/label")).await.is(200).says("COD: tagih Rp74.000");
    let send = format!("{here}/paket/{parcel}/kirim");
    stand.tap(&send, &send, &[("courier", "Kurir desa")]).await.is(303);
    stand.adds_up().await;
    assert_eq!(stand.balance(Book::Courier(stand.outlet.id)).await, 74_000);
    stand.tap(&here, &format!("{here}/paket/{parcel}/sampai"), &[]).await.is(303);
    assert_eq!(stand.docket(&order).await.order.state, State::Placed);
    stand.tap(&here, &format!("{here}/paket/{parcel}/tunai"), &[]).await.is(303);
    assert_eq!(stand.balance(Book::Courier(stand.outlet.id)).await, 0);
    assert_eq!(stand.balance(Book::Cash(stand.outlet.id)).await, 74_000);
    let done = stand.docket(&order).await.order;
    assert_eq!((done.state, done.payment), (State::Completed, Payment::Paid));
    stand.siti.get("/kelola").await.says("Rp74.000");
    stand.close().await;
}

#[actix_web::test]
async fn who_pays_at_pickup_gets_the_goods_for_the_money() {
    let mut stand = Stand::open().await;
    let order = stand.order(Method::PayAtPickup, Delivery::Pickup, &[(stand.basket, 1)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    stand.tap(&here, &format!("{here}/konfirmasi"), &[]).await.is(303);
    stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    stand.siti.get("/kelola/pesanan?perlu=ambil").await.says("Ibu Ratna");
    let parcel = stand.docket(&order).await.parcels[0].parcel.id;
    stand.siti.get(&here).await.says("Terima Rp28.000 dan serahkan");
    stand.tap(&here, &format!("{here}/paket/{parcel}/serah"), &[]).await.is(303);
    assert_eq!(stand.balance(Book::Cash(stand.outlet.id)).await, 28_000);
    assert_eq!(stand.balance(Book::Crafter(stand.crafter_id)).await, -21_280);
    assert_eq!(stand.docket(&order).await.order.state, State::Completed);
    stand.close().await;
}

#[actix_web::test]
async fn a_transfer_is_paid_when_somebody_has_seen_it_on_the_account() {
    let mut stand = Stand::open().await;
    let order = stand.order(Method::Transfer, Delivery::Courier, &[(stand.basket, 1)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    let photo = stand.sends_proof(&order).await;
    stand.siti.get("/kelola/pesanan?perlu=konfirmasi").await.says("Ibu Ratna");
    let slip = format!("{here}/bukti/{photo}/640.jpg");
    stand.siti.get(&here).await.says(&slip);
    stand.siti.get(&slip).await.is(200);
    stand.siti.get(&format!("{here}/bukti/{photo}/999.jpg")).await.is(404);
    stand.siti.get(&format!("{here}/bukti/{}/640.jpg", photo + 1)).await.is(404);
    stand.stranger.get(&slip).await.is(404);
    stand.tap(&here, &format!("{here}/lunas"), &[]).await.is(303);
    assert_eq!(stand.balance(Book::Bank(stand.outlet.id)).await, 74_000);
    assert_eq!(stand.docket(&order).await.order.payment, Payment::Paid);
    stand.close().await;
}

#[actix_web::test]
async fn what_is_made_to_order_is_packed_when_it_has_come_in() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.cage, 2)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    let pack = format!("{here}/paket");
    stand.tap(&here, &pack, &[]).await.is(409).says("di rak hanya ada 0");
    stand.brings(stand.cage, 1).await;
    let line = stand.docket(&order).await.lines[0].id;
    stand.tap(&pack, &pack, &[(&format!("pieces_{line}"), "1")]).await.is(303);
    stand.brings(stand.cage, 1).await;
    stand.tap(&here, &pack, &[]).await.is(303);
    assert_eq!(stand.docket(&order).await.open_pieces(), 0);
    stand.close().await;
}

#[actix_web::test]
async fn a_parcel_opened_again_gives_its_pieces_back_to_the_same_order() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 3)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    let parcel = stand.docket(&order).await.parcels[0].parcel.id;
    stand.tap(&here, &format!("{here}/paket/{parcel}/buka"), &[]).await.is(303);
    stand.adds_up().await;
    assert_eq!(stand.available(stand.basket).await, 7);
    stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    stand.close().await;
}
