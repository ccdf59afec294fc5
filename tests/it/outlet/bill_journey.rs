//! A sale at the counter on a phone 360 pixels wide, with script and without; the buyer is the stand-in.
use thirtyfour::Cookie;
use warong::{form::SESSION_COOKIE, payments::attempt};

use crate::{
    counter::stand::Stand,
    support::{Shop, chrome::Phone},
};

#[actix_web::test]
async fn the_sign_comes_when_the_buyer_has_paid() {
    for script in [true, false] {
        let stand = Stand::at(Shop::empty().await).await;
        let phone = Phone::new(&stand.shop.base, script).await;
        phone.open("/healthz").await;
        let token = stand.siti.cookies[SESSION_COOKIE].clone();
        phone.driver.add_cookie(Cookie::new(SESSION_COOKIE, token)).await.expect("signed in");
        phone.open("/kelola").await;
        phone.tap("a[href='/kelola/qris']").await;
        phone.fits().await;
        phone.type_in("#f-amount", "27.500").await;
        phone.type_in("#f-purpose", "Telur 1 kg").await;
        phone.tap("main form button").await;
        phone.sees("Kode sedang dibuat").await;
        stand.shop.settle().await;
        if !script {
            phone.open("/kelola/qris/1").await;
        }
        phone.sees("Menunggu pembayaran").await;
        phone.fits().await;
        phone.picture(if script { "qris" } else { "qris-tanpa-skrip" }).await;
        assert!(!phone.text().await.contains("LUNAS"));

        let db = &stand.shop.app.db;
        let row = attempt::current(db, "bill:1").await.expect("a read").expect("an attempt");
        let id = attempt::transaction_of(db, row.id).await.expect("a read").expect("a transaction");
        pay(&stand.shop, &id).await;
        stand.shop.settle().await;
        if !script {
            phone.tap("form[action='/kelola/qris/1/cek'] button").await;
        }
        phone.sees("LUNAS").await;
        phone.sees("Rp27.500").await;
        phone.fits().await;
        phone.picture(if script { "lunas" } else { "lunas-tanpa-skrip" }).await;
        phone.put_down().await;
        stand.close().await;
    }
}

/// The buyer taps "pay" in their wallet.
async fn pay(shop: &Shop, transaction: &str) {
    let at = format!("/sandbox/midtrans/bayar/{transaction}");
    shop.browser().post_raw(&at, &[("act", "bayar")]).await.is(303);
}
