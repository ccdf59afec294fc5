//! Orders that are paid by QRIS where the buyer stands.
use entity::order::{Delivery, Method, Payment};
use warong::{ledger::Book, payments::status::Seen};

use super::till::Till;
use crate::payments::desk::transaction_of;

#[actix_web::test]
async fn an_order_is_paid_by_qris_where_its_buyer_stands() {
    for (method, delivery) in [
        (Method::PayAtPickup, Delivery::Pickup),
        (Method::Transfer, Delivery::Courier),
        (Method::Cod, Delivery::Courier),
    ] {
        let mut till = Till::open().await;
        let order = till.stand.order(method, delivery, &[(till.stand.basket, 2)]).await;
        let (page, here) = (format!("/kelola/pesanan/{}", order.id), format!("/kelola/pesanan/{}/qris", order.id));
        let before = till.stand.siti.get(&page).await;
        before.says("Bayar QRIS di sini");
        till.stand.siti.get(&here).await.is(200);
        // Tapped twice it is one code.
        for _ in 0..2 {
            till.stand.tap(&page, &here, &[]).await.is(303);
            till.stand.shop.settle().await;
        }
        let subject = format!("order:{}", order.id);
        assert_eq!(till.attempts(&subject).await.len(), 1);
        let seen = till.stand.siti.get(&here).await;
        seen.says(&order.total.to_string()).says("Ibu Ratna").says("stroke=\"#000\"");
        assert_eq!(till.sign(&here).await, "waiting");
        assert_eq!(till.stand.docket(&order).await.order.method, method, "nothing is decided yet");

        till.is_paid(&subject).await;
        till.stand.tap(&here, &format!("{here}/cek"), &[]).await.is(303);
        till.stand.shop.settle().await;
        assert_eq!(till.sign(&here).await, "paid");
        let paid = till.stand.docket(&order).await.order;
        assert_eq!((paid.payment, paid.method), (Payment::Paid, Method::Qris));
        assert_eq!(till.stand.balance(Book::Deposits(till.stand.outlet.id)).await, -order.total.0);
        let seen = till.stand.siti.get(&page).await;
        assert!(!seen.says("Kode QRIS dibuat di warong").body.contains("Bayar QRIS di sini"));
        // Also while money that came twice waits to go back, it is not asked for again.
        till.stand.pay(&order, "twice").await;
        till.stand.siti.fill(&before, &here, &[]).await.is(303);
        assert_eq!(till.attempts(&subject).await.len(), 1);
        till.close().await;
    }
}

#[actix_web::test]
async fn goods_that_a_courier_carries_are_not_asked_for_twice() {
    let mut till = Till::open().await;
    let order = till.stand.order(Method::Cod, Delivery::Courier, &[(till.stand.basket, 1)]).await;
    let page = format!("/kelola/pesanan/{}", order.id);
    let here = format!("{page}/qris");
    let before = till.stand.siti.get(&page).await;
    till.stand.tap(&page, &format!("{page}/konfirmasi"), &[]).await.is(303);
    till.stand.tap(&page, &format!("{page}/paket"), &[]).await.is(303);
    let parcel = till.stand.docket(&order).await.parcels[0].parcel.id;
    let send = format!("{page}/paket/{parcel}/kirim");
    till.stand.tap(&send, &send, &[("courier", "JNE")]).await.is(303);
    assert!(!till.stand.siti.get(&page).await.body.contains("Bayar QRIS di sini"));
    till.stand.siti.fill(&before, &here, &[]).await.is(303);
    till.stand.siti.get(&page).await.says("kurir yang menagih");
    assert!(till.attempts(&format!("order:{}", order.id)).await.is_empty());
    till.close().await;
}

#[actix_web::test]
async fn cash_received_meanwhile_does_not_make_the_screen_green_and_later_money_is_owed_back() {
    let mut till = Till::open().await;
    let order = till.stand.order(Method::PayAtPickup, Delivery::Pickup, &[(till.stand.basket, 1)]).await;
    let page = format!("/kelola/pesanan/{}", order.id);
    let here = format!("{page}/qris");
    till.stand.tap(&page, &here, &[]).await.is(303);
    till.stand.shop.settle().await;
    till.stand.tap(&page, &format!("{page}/konfirmasi"), &[]).await.is(303);
    till.stand.tap(&page, &format!("{page}/paket"), &[]).await.is(303);
    let parcel = till.stand.docket(&order).await.parcels[0].parcel.id;
    till.stand.tap(&page, &format!("{page}/paket/{parcel}/serah"), &[]).await.is(303);
    assert_eq!(till.sign(&here).await, "over");

    let row = till.attempts(&format!("order:{}", order.id)).await.pop().expect("an attempt");
    till.memory.becomes(&transaction_of(&row.provider_order_id), |one| one.seen = Seen::Paid);
    till.stand.shop.clock.advance(chrono::Duration::minutes(3));
    till.stand.shop.settle().await;
    let docket = till.stand.docket(&order).await;
    assert_eq!((docket.order.payment, docket.order.refund_due), (Payment::RefundDue, order.total));
    till.close().await;
}

#[actix_web::test]
async fn calling_off_the_code_or_the_order_closes_it_at_the_provider() {
    let mut till = Till::open().await;
    let order = till.stand.order(Method::PayAtPickup, Delivery::Pickup, &[(till.stand.basket, 1)]).await;
    let (page, subject) = (format!("/kelola/pesanan/{}", order.id), format!("order:{}", order.id));
    let here = format!("{page}/qris");
    till.stand.tap(&page, &here, &[]).await.is(303);
    till.stand.shop.settle().await;
    till.stand.tap(&here, &format!("{here}/batal"), &[]).await.is(303);
    till.stand.siti.get(&page).await.says("Kode sudah ditutup").says("Bayar QRIS di sini");
    assert_eq!(till.memory.called("expire"), 1);

    // Another code, paid in the moment the order is called off.
    till.stand.tap(&page, &here, &[]).await.is(303);
    till.stand.shop.settle().await;
    till.is_paid(&subject).await;
    let off = format!("{page}/batal");
    till.stand.tap(&off, &off, &[("reason", "Habis")]).await.is(422).says("baru saja membayar");
    till.stand.shop.settle().await;
    assert_eq!(till.stand.docket(&order).await.order.payment, Payment::Paid);
    assert_eq!(till.sign(&here).await, "paid");
    till.close().await;
}

#[actix_web::test]
async fn another_outlets_order_is_not_paid_here() {
    let mut till = Till::open().await;
    let order = till.stand.order(Method::PayAtPickup, Delivery::Pickup, &[(till.stand.basket, 1)]).await;
    let here = format!("/kelola/pesanan/{}/qris", order.id);
    let csrf = till.stand.stranger.get("/kelola/qris").await.hidden("/kelola/qris");
    let fields: Vec<(&str, &str)> = csrf.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    for act in ["", "/cek", "/kode", "/batal"] {
        till.stand.stranger.post_raw(&format!("{here}{act}"), &fields).await.is(404);
    }
    till.stand.stranger.get(&here).await.is(404);
    assert!(till.attempts(&format!("order:{}", order.id)).await.is_empty());
    till.close().await;
}
