//! The code from the phone, which staff may add to their PIN.
use chrono::Duration;
use totp_rs::{Algorithm, Builder};

use crate::support::{
    Browser, Shop,
    browser::Seen,
    people::{ANTON, Cast, PIN, RATNA, RIZAL, SITI},
};

/// The app on Bu Siti's phone, which read what the page shows.
struct Phone(Vec<u8>);

impl Phone {
    fn reading(page: &Seen) -> Phone {
        let shown = page.body.split("typed-code\">").nth(1).expect("a code to type");
        let shown = shown.split('<').next().expect("its end").replace(' ', "");
        Phone(totp_rs::Secret::try_from_base32(shown).expect("base32").as_bytes().to_vec())
    }

    fn shows(&self, shop: &Shop) -> String {
        let totp = Builder::new().with_algorithm(Algorithm::SHA1).with_secret(self.0.clone()).build().expect("a TOTP");
        totp.generate(u64::try_from(shop.clock.now().timestamp()).expect("after 1970")).to_string()
    }
}

async fn put_on(shop: &Shop, siti: &mut Browser) -> Phone {
    let page = siti.get("/akun/kode").await;
    let phone = Phone::reading(&page);
    siti.fill(&page, "/akun/kode", &[("code", "000000")]).await.is(422).says("tidak cocok");
    siti.fill(&page, "/akun/kode", &[("code", &phone.shows(shop))]).await.is(303);
    phone
}

#[actix_web::test]
async fn an_operator_adds_a_code_and_is_asked_for_it() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut siti = shop.signed_in(SITI).await;
    let phone = put_on(&shop, &mut siti).await;
    let row = warong::accounts::person::by_phone(&shop.app.db, "6281200000001").await.unwrap().unwrap();
    assert!(row.totp_secret.is_some_and(|kept| !kept.as_bytes().windows(20).any(|part| part == phone.0)));

    let mut other = shop.browser();
    let seen = other.try_to_sign_in(SITI, PIN).await;
    assert_eq!(seen.location.as_deref(), Some("/masuk/kode"));
    other.get("/akun").await.is(303);
    let page = other.get("/masuk/kode").await;
    other.fill(&page, "/masuk/kode", &[("code", &phone.shows(&shop))]).await.is(422).says("Kode tidak cocok");
    shop.clock.advance(Duration::seconds(60));
    other.fill(&page, "/masuk/kode", &[("code", &phone.shows(&shop))]).await.is(303);
    other.get("/akun").await.is(200);
    shop.close().await;
}

#[actix_web::test]
async fn a_code_is_good_once() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let phone = put_on(&shop, &mut shop.signed_in(SITI).await).await;
    shop.clock.advance(Duration::seconds(60));
    let code = phone.shows(&shop);
    for status in [303, 422] {
        let mut browser = shop.browser();
        browser.try_to_sign_in(SITI, PIN).await.is(303);
        let page = browser.get("/masuk/kode").await;
        browser.fill(&page, "/masuk/kode", &[("code", &code)]).await.is(status);
    }
    shop.close().await;
}

#[actix_web::test]
async fn guessing_codes_closes_the_door_too() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let phone = put_on(&shop, &mut shop.signed_in(SITI).await).await;
    shop.clock.advance(Duration::seconds(60));
    for n in 0..5 {
        let mut thief = shop.browser();
        thief.try_to_sign_in(SITI, PIN).await.is(303);
        let page = thief.get("/masuk/kode").await;
        let seen = thief.fill(&page, "/masuk/kode", &[("code", "123123")]).await;
        seen.is(422).says(if n < 4 { "Kode tidak cocok" } else { "terlalu banyak salah" });
    }
    let mut siti = shop.browser();
    siti.try_to_sign_in(SITI, PIN).await.is(429);
    shop.clock.advance(Duration::minutes(16));
    siti.try_to_sign_in(SITI, PIN).await.is(303);
    let page = siti.get("/masuk/kode").await;
    siti.fill(&page, "/masuk/kode", &[("code", &phone.shows(&shop))]).await.is(303);
    shop.close().await;
}

#[actix_web::test]
async fn the_code_page_is_only_for_whoever_showed_the_pin_a_moment_ago() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let phone = put_on(&shop, &mut shop.signed_in(SITI).await).await;
    let mut stranger = shop.browser();
    assert_eq!(stranger.get("/masuk/kode").await.location.as_deref(), Some("/masuk"));
    stranger.cookies.insert("warong_kode".into(), "made-up".into());
    assert_eq!(stranger.get("/masuk/kode").await.location.as_deref(), Some("/masuk"));
    let mut siti = shop.browser();
    siti.try_to_sign_in(SITI, PIN).await.is(303);
    shop.clock.advance(Duration::minutes(6));
    let seen = siti.post_raw("/masuk/kode", &[("code", &phone.shows(&shop))]).await;
    assert_eq!(seen.location.as_deref(), Some("/masuk"));
    siti.get("/akun").await.is(303);
    shop.close().await;
}

#[actix_web::test]
async fn the_administrator_helps_whoever_lost_their_phone() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    put_on(&shop, &mut shop.signed_in(SITI).await).await;
    let mut rizal = shop.signed_in(RIZAL).await;
    let page = rizal.get(&format!("/admin/orang/{}", cast.siti)).await;
    let action = format!("/admin/orang/{}/kode/hapus", cast.siti);
    rizal.fill(&page, &action, &[]).await.is(303);
    rizal.visit(&format!("/admin/orang/{}", cast.siti)).await.says("Kode HP dimatikan");
    let seen = shop.browser().try_to_sign_in(SITI, PIN).await;
    assert_eq!(seen.location.as_deref(), Some("/kelola"));
    shop.close().await;
}

#[actix_web::test]
async fn the_owner_takes_it_off_with_a_code() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut siti = shop.signed_in(SITI).await;
    let phone = put_on(&shop, &mut siti).await;
    let page = siti.get("/akun/kode").await;
    siti.fill(&page, "/akun/kode/hapus", &[("code", "123123")]).await.is(422);
    shop.clock.advance(Duration::seconds(60));
    siti.fill(&page, "/akun/kode/hapus", &[("code", &phone.shows(&shop))]).await.is(303);
    siti.fill(&page, "/akun/kode/hapus", &[("code", "")]).await.is(303);
    shop.browser().try_to_sign_in(SITI, PIN).await.is(303);
    shop.close().await;
}

#[actix_web::test]
async fn it_is_for_staff_and_one_offer_is_for_one_person() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    shop.signed_in(RATNA).await.get("/akun/kode").await.is(404);
    shop.signed_in(ANTON).await.get("/akun/kode").await.is(404);
    let page = shop.signed_in(SITI).await.get("/akun/kode").await;
    let phone = Phone::reading(&page);
    let offer = page.hidden("/akun/kode").into_iter().find(|(name, _)| name == "offer").expect("an offer").1;
    let mut rizal = shop.signed_in(RIZAL).await;
    let own = rizal.get("/akun/kode").await;
    rizal.fill(&own, "/akun/kode", &[("offer", &offer), ("code", &phone.shows(&shop))]).await.is(409);
    shop.close().await;
}
