//! A crafter lists goods with a photo on a phone, with and without script.
use thirtyfour::Cookie;
use warong::form::SESSION_COOKIE;

use super::shop::{Outlet, SATI, photo};
use crate::support::chrome::Phone;

#[actix_web::test]
async fn a_crafter_lists_a_product_with_a_photo_on_the_phone() {
    lists(true).await;
}

#[actix_web::test]
async fn a_crafter_lists_a_product_with_a_photo_without_script() {
    lists(false).await;
}

async fn lists(script: bool) {
    let outlet = Outlet::open().await;
    let folder = tempfile::tempdir().expect("a folder");
    let picture = folder.path().join("keranjang.png");
    std::fs::write(&picture, photo()).expect("a picture");
    let phone = Phone::new(&outlet.shop.base, script).await;
    phone.open("/healthz").await;
    phone.driver.add_cookie(Cookie::new(SESSION_COOKIE, SATI)).await.expect("signed in");
    phone.open("/karya").await;
    phone.sees("Salam, Bu Sati").await;
    phone.tap("a[href='/karya/baru']").await;
    phone.find("#f-gallery").await.send_keys(picture.display().to_string()).await.expect("a file");
    phone.type_in("#f-name", "Keranjang sampah anyam").await;
    phone.tap(".chip input[name=category]").await;
    phone.picture("listing-1").await;
    phone.tap("form[action='/karya/baru'] > .button").await;
    phone.sees("Langkah 2 dari 3").await;
    for (field, text) in [("price", "28.000"), ("length", "30"), ("width", "30"), ("height", "38,5"), ("weight", "600")]
    {
        phone.type_in(&format!("#f-{field}"), text).await;
    }
    if script {
        phone.fits().await;
    }
    phone.tap("form[action$=ukuran] > .button").await;
    phone.sees("Langkah 3 dari 3").await;
    phone.tap("label[for=how-made]").await;
    phone.type_in("#f-days_to_make", "3").await;
    phone.type_in("#f-pieces_per_week", "10").await;
    phone.tap("form[action$=persediaan] > .button").await;
    phone.sees("Foto sedang disiapkan").await;
    outlet.shop.settle().await;
    phone.open("/karya/1").await;
    phone.picture("listing-2").await;
    phone.tap("form[action$=pengajuan] .button").await;
    phone.sees("Menunggu warong").await;
    phone.put_down().await;
    outlet.shop.close().await;
}
