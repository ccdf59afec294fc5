//! The operator's morning on a phone 360 pixels wide, with script and without.
use thirtyfour::Cookie;
use warong::form::SESSION_COOKIE;

use super::stand::Stand;
use crate::support::chrome::Phone;

#[actix_web::test]
async fn an_operator_packs_and_ships_on_a_phone() {
    for script in [true, false] {
        let stand = Stand::open().await;
        let order = stand.paid(&[(stand.basket, 2), (stand.cage, 1)]).await;
        stand.brings(stand.cage, 1).await;
        let phone = Phone::new(&stand.shop.base, script).await;
        phone.open("/healthz").await;
        let token = stand.siti.cookies[SESSION_COOKIE].clone();
        phone.driver.add_cookie(Cookie::new(SESSION_COOKIE, token)).await.expect("signed in");

        phone.open("/kelola").await;
        phone.sees("Yang perlu dikerjakan").await;
        phone.fits().await;
        phone.picture("kelola").await;
        phone.tap("a[href='/kelola/pesanan?perlu=kemas']").await;
        phone.sees("Ibu Ratna").await;
        phone.fits().await;
        let here = format!("/kelola/pesanan/{}", order.id);
        phone.tap(&format!("a[href='{here}']")).await;
        phone.sees("Sudah dikemas semua").await;
        phone.fits().await;
        phone.picture("kelola-pesanan").await;
        phone.tap(&format!("form[action='{here}/paket'] button")).await;
        phone.sees("Serahkan ke kurir").await;
        let parcel = stand.docket(&order).await.parcels[0].parcel.id;
        for page in [format!("{here}/label"), format!("{here}/label?kertas=58"), "/kelola/pesanan/kemas".into()] {
            phone.open(&page).await;
            phone.fits().await;
        }
        phone.open(&here).await;
        phone.tap(&format!("a[href='{here}/paket/{parcel}/kirim']")).await;
        phone.type_in("#f-courier", "JNE").await;
        phone.type_in("#f-tracking", "JT0042").await;
        phone.tap("main form button").await;
        phone.sees("Resi JT0042").await;
        phone.fits().await;
        phone.put_down().await;
        stand.close().await;
    }
}
