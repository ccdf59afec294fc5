//! Parcels that the courier brings back.
use entity::{
    order::{Delivery, Method, Payment, State},
    parcel,
};
use warong::{ledger::Book, orders::method};

use super::stand::Stand;

impl Stand {
    /// Everything open of an order is packed and given to the courier; says which parcel it is.
    async fn sends(&mut self, order: &entity::order::Model, fields: &[(&str, &str)]) -> i64 {
        let here = format!("/kelola/pesanan/{}", order.id);
        let pack = format!("{here}/paket");
        let page = if fields.is_empty() { here.clone() } else { pack.clone() };
        self.tap(&page, &pack, fields).await.is(303);
        let parcel = self.docket(order).await.parcels.last().expect("a parcel").parcel.id;
        let send = format!("{here}/paket/{parcel}/kirim");
        self.tap(&send, &send, &[("courier", "JNE"), ("tracking", "JT0042")]).await.is(303);
        parcel
    }

    async fn comes_back(&mut self, order: &entity::order::Model, parcel: i64) {
        let back = format!("/kelola/pesanan/{}/paket/{parcel}/balik", order.id);
        self.tap(&back, &back, &[("reason", "Ditolak di pintu")]).await.is(303);
        self.adds_up().await;
    }

    async fn nobody_earned(&self) {
        for book in [
            Book::Crafter(self.crafter_id),
            Book::OutletFee(self.outlet.id),
            Book::GroupFund(self.outlet.id),
            Book::Shipping(self.outlet.id),
            Book::Courier(self.outlet.id),
        ] {
            assert_eq!(self.balance(book).await, 0, "{book:?}");
        }
    }
}

#[actix_web::test]
async fn a_refused_cod_parcel_is_called_off_and_remembered_with_its_phone() {
    let mut stand = Stand::open().await;
    let order = stand.order(Method::Cod, Delivery::Courier, &[(stand.basket, 2)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    stand.tap(&here, &format!("{here}/konfirmasi"), &[]).await.is(303);
    let parcel = stand.sends(&order, &[]).await;
    assert_eq!(stand.balance(Book::Courier(stand.outlet.id)).await, 102_000);
    stand.comes_back(&order, parcel).await;
    stand.nobody_earned().await;
    // Promised to the same order still, until a person decides.
    assert_eq!(stand.available(stand.basket).await, 8);
    stand.siti.get(&here).await.says("Kembali ke warong").says("Ditolak di pintu");
    let cancel = format!("{here}/batal");
    stand.tap(&cancel, &cancel, &[("reason", "Ditolak")]).await.is(303);
    stand.adds_up().await;
    assert_eq!(stand.available(stand.basket).await, 10);
    let order = stand.docket(&order).await.order;
    assert_eq!((order.state, order.payment, order.refund_due.0), (State::Cancelled, Payment::Unpaid, 0));
    let past = method::past_of(&stand.shop.app.db, &order.buyer_phone, stand.shop.clock.now()).await.expect("a past");
    assert_eq!(past.let_down, 1);
    stand.close().await;
}

#[actix_web::test]
async fn a_paid_parcel_that_came_back_is_sent_again_and_everybody_earns_once() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 2)]).await;
    let first = stand.sends(&order, &[]).await;
    stand.comes_back(&order, first).await;
    stand.nobody_earned().await;
    assert_eq!(stand.balance(Book::Deposits(stand.outlet.id)).await, -102_000);
    stand.siti.get("/kelola/pesanan?perlu=kemas").await.says("Ibu Ratna");
    let second = stand.sends(&order, &[]).await;
    stand.adds_up().await;
    let done = format!("/kelola/pesanan/{}/paket/{second}/sampai", order.id);
    stand.tap(&format!("/kelola/pesanan/{}", order.id), &done, &[]).await.is(303);
    let order = stand.docket(&order).await.order;
    assert_eq!((order.state, order.payment), (State::Completed, Payment::Paid));
    assert_eq!(stand.balance(Book::Crafter(stand.crafter_id)).await, -42_560);
    assert_eq!(stand.balance(Book::Shipping(stand.outlet.id)).await, -46_000);
    stand.close().await;
}

#[actix_web::test]
async fn of_two_parcels_one_comes_back_and_the_shipping_stays_with_the_other() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 3)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    let line = stand.docket(&order).await.lines[0].id;
    let first = stand.sends(&order, &[(&format!("pieces_{line}"), "1")]).await;
    let second = stand.sends(&order, &[]).await;
    // The first one carried the shipping.
    stand.comes_back(&order, first).await;
    assert_eq!(stand.balance(Book::Shipping(stand.outlet.id)).await, -46_000);
    assert_eq!(stand.balance(Book::Crafter(stand.crafter_id)).await, -2 * 21_280);
    let short = format!("{here}/barang/{line}/kurang");
    stand.tap(&short, &short, &[("pieces", "1"), ("reason", "Tidak dikirim lagi")]).await.is(303);
    stand.adds_up().await;
    assert_eq!(stand.docket(&order).await.order.refund_due.0, 28_000);
    stand.comes_back(&order, second).await;
    stand.nobody_earned().await;
    let cancel = format!("{here}/batal");
    stand.tap(&cancel, &cancel, &[("reason", "Ditolak")]).await.is(303);
    stand.adds_up().await;
    assert_eq!(stand.docket(&order).await.order.refund_due, order.total);
    stand.close().await;
}

#[actix_web::test]
async fn only_what_is_on_its_way_comes_back_and_only_once() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 1)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    let parcel = stand.docket(&order).await.parcels[0].parcel.id;
    let back = format!("{here}/paket/{parcel}/balik");
    stand.tap(&back, &back, &[("reason", "x")]).await.is(409).says("belum berangkat");
    let send = format!("{here}/paket/{parcel}/kirim");
    stand.tap(&send, &send, &[("courier", "JNE")]).await.is(303);
    stand.tap(&back, &back, &[("reason", "")]).await.is(422).says("Harap diisi");
    stand.comes_back(&order, parcel).await;
    stand.tap(&back, &back, &[("reason", "x")]).await.is(409).says("sudah kembali");
    assert_eq!(stand.docket(&order).await.parcels[0].parcel.state, parcel::State::Returned);
    stand.stranger.get(&back).await.is(404);
    stand.close().await;
}

#[actix_web::test]
async fn money_of_a_bank_that_may_take_it_back_is_waited_for() {
    let mut stand = Stand::open().await;
    let order = stand.order(Method::PermataVa, Delivery::Courier, &[(stand.basket, 1)]).await;
    stand.pay(&order, "attempt:1").await;
    let here = format!("/kelola/pesanan/{}", order.id);
    let pack = format!("{here}/paket");
    stand.siti.get(&here).await.says("Kemas mulai pukul 10.10 WIB");
    stand.tap(&pack, &pack, &[("all", "1")]).await.is(409).says("Kemas mulai pukul 10.10 WIB");
    stand.shop.clock.advance(chrono::Duration::minutes(10));
    stand.tap(&here, &pack, &[]).await.is(303);
    stand.close().await;
}
