//! Orders that do not come, and money that goes back.
use entity::order::{Delivery, Method, Payment, State};
use warong::{ledger::Book, orders::settle};

use super::stand::Stand;

#[actix_web::test]
async fn a_buyer_says_where_money_is_to_be_sent_and_the_operator_reads_it() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 1)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    let url = warong::orders::order::url(&order);
    let mut ratna = stand.shop.browser();
    assert!(!ratna.get(&url).await.body.contains("/rekening"));
    let account = [("bank", "BRI"), ("rekening", "0021-01-000123.50 7"), ("pemilik", "Ratna Dewi")];
    ratna.post_raw(&format!("{url}/rekening"), &account).await.is(303);
    ratna.get(&url).await.says("Tidak ada uang yang harus dikembalikan");
    let cancel = format!("{here}/batal");
    stand.tap(&cancel, &cancel, &[("reason", "Bambu habis")]).await.is(303);
    stand.siti.get(&format!("{here}/kembali")).await.says("belum menulis rekeningnya");
    let page = ratna.get(&url).await;
    page.says("Ke mana uangnya dikirim?");
    let action = format!("{url}/rekening");
    let wrong = ratna.fill(&page, &action, &[("bank", "BRI"), ("rekening", "dua"), ("pemilik", "Ratna Dewi")]).await;
    wrong.is(422).says("5 sampai 20 angka").says("value=\"dua\"").says("Ratna Dewi");
    ratna.fill(&page, &action, &account).await.is(303);
    let page = ratna.get(&url).await;
    page.says("berakhir 3507");
    assert!(!page.body.contains("002101000123507"), "only its end is shown");
    stand.siti.get(&format!("{here}/kembali")).await.says("002101000123507").says("Ratna Dewi");
    let history = stand.siti.get(&here).await;
    assert!(!history.says("berakhir 3507").body.contains("002101000123507"));
    stand.close().await;
}

#[actix_web::test]
async fn a_paid_and_packed_order_is_called_off_and_paid_back() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 2)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    let cancel = format!("{here}/batal");
    stand.tap(&cancel, &cancel, &[("reason", "Keranjang dimakan rayap")]).await.is(303);
    stand.adds_up().await;
    assert_eq!(stand.available(stand.basket).await, 10);
    let off = stand.docket(&order).await.order;
    assert_eq!((off.state, off.payment, off.refund_due.0), (State::Cancelled, Payment::RefundDue, 102_000));
    let page = stand.siti.get(&here).await;
    page.says("Keranjang dimakan rayap").says("Rp102.000");

    stand.sends_back(&order, "BRI 123").await;
    let off = stand.docket(&order).await.order;
    assert_eq!((off.payment, off.refund_due.0), (Payment::Refunded, 0));
    assert_eq!(stand.balance(Book::RefundsDue(stand.outlet.id)).await, 0);
    assert_eq!(stand.balance(Book::Bank(stand.outlet.id)).await, -102_000);
    stand.close().await;
}

#[actix_web::test]
async fn the_last_piece_that_falls_short_ends_the_order_with_its_shipping() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 1)]).await;
    let line = stand.docket(&order).await.lines[0].id;
    let short = format!("/kelola/pesanan/{}/barang/{line}/kurang", order.id);
    stand.tap(&short, &short, &[("pieces", "1"), ("reason", "Habis")]).await.is(303);
    let off = stand.docket(&order).await.order;
    assert_eq!((off.state, off.refund_due.0), (State::Cancelled, 74_000));
    stand.close().await;
}

#[actix_web::test]
async fn money_for_an_order_that_is_over_or_paid_is_owed_back() {
    let mut stand = Stand::open().await;
    let order = stand.order(Method::Qris, Delivery::Courier, &[(stand.basket, 1)]).await;
    let cancel = format!("/kelola/pesanan/{}/batal", order.id);
    stand.tap(&cancel, &cancel, &[("reason", "Habis")]).await.is(303);
    stand.pay(&order, "attempt:1").await;
    stand.adds_up().await;
    let off = stand.docket(&order).await.order;
    assert_eq!((off.state, off.payment, off.refund_due.0), (State::Cancelled, Payment::RefundDue, 74_000));

    let twice = stand.paid(&[(stand.basket, 1)]).await;
    stand.pay(&twice, "attempt:2").await;
    stand.adds_up().await;
    let on = stand.docket(&twice).await.order;
    assert_eq!((on.state, on.payment, on.refund_due.0), (State::Placed, Payment::RefundDue, 74_000));
    // The order goes on all the same.
    let here = format!("/kelola/pesanan/{}", twice.id);
    stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    stand.close().await;
}

#[actix_web::test]
async fn a_payment_taken_back_leaves_the_order_unpaid() {
    let stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 1)]).await;
    for _ in 0..2 {
        let tx = stand.begin().await;
        settle::reversed(&tx, &stand.shop.clock, order.id, "attempt:1", order.total).await.expect("reversed");
        tx.commit().await.expect("the reversal stands");
    }
    stand.adds_up().await;
    assert_eq!(stand.balance(Book::Midtrans).await, 0);
    assert_eq!(stand.docket(&order).await.order.payment, Payment::Unpaid);
    stand.pay(&order, "attempt:1:round-1").await;
    assert_eq!(stand.docket(&order).await.order.payment, Payment::Paid);
    stand.close().await;
}

#[actix_web::test]
async fn too_little_money_pays_nothing_and_is_kept_for_a_person() {
    let stand = Stand::open().await;
    let order = stand.order(Method::Qris, Delivery::Courier, &[(stand.basket, 1)]).await;
    let tx = stand.begin().await;
    settle::mark_paid(&tx, &stand.shop.clock, order.id, "attempt:1", entity::Rupiah(1_000), order.method)
        .await
        .expect("taken in");
    tx.commit().await.expect("it stands");
    assert_eq!(stand.docket(&order).await.order.payment, Payment::Unpaid);
    assert_eq!(stand.balance(Book::Surplus).await, -1_000);
    stand.close().await;
}
