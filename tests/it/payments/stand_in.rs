//! The whole way over HTTP: our client, the stand-in, its page for the buyer, its notice, and back.
use chrono::Duration;
use entity::{
    Rupiah,
    order::Method,
    payment_attempt::{Model, State},
};
use warong::{
    db,
    payments::attempt::{self, Closing, Details, Line, close_live},
};

use crate::support::Shop;

async fn open(shop: &Shop, subject: &str, method: Method) -> Model {
    let line = |id: &str, name: &str, price| Line {
        id: id.into(),
        name: name.into(),
        price: Rupiah(price),
        quantity: 1,
        maker: Some("Bu Sati".into()),
    };
    let details = Details {
        lines: vec![line("BESEK-10", "Besek bambu isi 10", 250_000), line("ONGKIR", "Ongkos kirim", 25_000)],
        name: "Ibu Ratna".into(),
        phone: "081200000003".into(),
        email: None,
        return_url: "/pesanan/x".into(),
    };
    let tx = db::begin(&shop.app.db).await.expect("a transaction");
    let until = shop.clock.now() + warong::orders::method::window(method);
    let row = attempt::open(&tx, &shop.clock, subject, method, Rupiah(275_000), until, &details).await;
    tx.commit().await.expect("it commits");
    let row = row.expect("it opens");
    shop.settle().await;
    attempt::by_id(&shop.app.db, row.id).await.expect("the attempt")
}

async fn pay(shop: &Shop, row: &Model, act: &str) {
    let path = format!("/sandbox/midtrans/bayar/{}", row.provider_order_id);
    shop.browser().post_raw(&path, &[("act", act)]).await.is(303);
    shop.settle().await;
}

#[actix_web::test]
async fn every_method_is_charged_shown_and_paid() {
    let shop = Shop::empty().await;
    for (n, method) in warong::payments::method::AT_PROVIDER.into_iter().enumerate() {
        let row = open(&shop, &format!("till:{n}"), method).await;
        assert_eq!(row.state, State::Pending, "{method:?}");
        let shown = match method {
            Method::Qris => row.qr_string.as_deref().is_some_and(|code| code.contains("6304")),
            Method::MandiriBill => row.bill_key.is_some() && row.biller_code.is_some(),
            Method::Gopay | Method::Shopeepay => row.redirect_url.is_some(),
            _ => row.va_number.is_some(),
        };
        assert!(shown, "{method:?}: {row:?}");
        pay(&shop, &row, "bayar").await;
        let paid = attempt::by_id(&shop.app.db, row.id).await.expect("the attempt");
        assert_eq!(paid.state, State::Paid, "{method:?}");
        assert!(paid.paid_by.is_some());
    }
    shop.close().await;
}

#[actix_web::test]
async fn a_refused_or_expired_payment_closes_the_attempt_and_another_can_be_opened() {
    let shop = Shop::empty().await;
    let first = open(&shop, "till:1", Method::Gopay).await;
    pay(&shop, &first, "gagal").await;
    assert_eq!(attempt::by_id(&shop.app.db, first.id).await.expect("the attempt").state, State::Closed);
    let second = open(&shop, "till:1", Method::Qris).await;
    shop.clock.advance(Duration::minutes(18));
    shop.settle().await;
    assert_eq!(attempt::by_id(&shop.app.db, second.id).await.expect("the attempt").state, State::Closed);
    let third = open(&shop, "till:1", Method::BcaVa).await;
    assert!(third.provider_order_id.ends_with("-3"));
    let app = &shop.app;
    let closing = close_live(&app.db, &app.clock, &app.payments, "till:1").await.expect("it closes");
    assert_eq!(closing, Closing::Closed);
    shop.close().await;
}

#[actix_web::test]
async fn keys_of_the_real_one_leave_the_stand_in_out() {
    let shop = Shop::open(&[("MIDTRANS_SERVER_KEY", super::desk::KEY)]).await;
    assert!(shop.app.sandbox.is_none());
    shop.browser().get("/sandbox/midtrans/key").await.is(404);
    shop.close().await;
}
