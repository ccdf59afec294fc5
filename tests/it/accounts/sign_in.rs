//! Coming in: who may, who may not, and what both hear.
use chrono::Duration;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::support::{
    Shop,
    people::{ANTON, Cast, PIN, RATNA, RIZAL, SATI, SITI, kept},
};

const WRONG: &str = "739105";

#[actix_web::test]
async fn everybody_comes_home_to_their_work() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    for (phone, home) in [(SITI, "/kelola"), (SATI, "/karya"), (RIZAL, "/admin"), (RATNA, "/akun"), (ANTON, "/akun")] {
        let mut browser = shop.browser();
        let seen = browser.try_to_sign_in(phone, PIN).await;
        assert_eq!(seen.location.as_deref(), Some(home), "{phone}");
        browser.get("/akun").await.is(200);
    }
    shop.close().await;
}

#[actix_web::test]
async fn the_cookie_is_safe_and_the_token_is_not_kept() {
    let shop = Shop::open(&[("PUBLIC_URL", "https://warong.example")]).await;
    Cast::of(&shop).await;
    let mut ratna = shop.browser();
    let seen = ratna.try_to_sign_in(RATNA, PIN).await;
    let cookies: Vec<&str> = seen.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let session = cookies.iter().find(|cookie| cookie.starts_with("warong_session=")).expect("a session");
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=7776000"] {
        assert!(session.contains(part), "{part} in {session}");
    }
    let token = &ratna.cookies["warong_session"];
    let rows = entity::session::Entity::find().all(&shop.app.db).await.unwrap();
    assert!(rows.iter().all(|row| &row.token_hash != token), "the token itself is in the table");
    shop.close().await;
}

#[actix_web::test]
async fn a_guest_is_sent_to_sign_in_and_comes_back_where_they_were() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut siti = shop.browser();
    let page = siti.visit("/kelola/perajin?q=sati").await;
    page.says("Masuk");
    let seen = siti.fill(&page, "/masuk", &[("phone", SITI), ("pin", PIN)]).await;
    assert_eq!(seen.location.as_deref(), Some("/kelola/perajin?q=sati"));
    shop.close().await;
}

#[actix_web::test]
async fn nobody_is_sent_to_another_site_after_signing_in() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    for back in ["https://jahat.example", "//jahat.example", "/\\jahat.example", "javascript:alert(1)"] {
        let mut ratna = shop.browser();
        let seen = ratna.post_raw("/masuk", &[("phone", RATNA), ("pin", PIN), ("kembali", back)]).await;
        assert_eq!(seen.location.as_deref(), Some("/akun"), "{back}");
    }
    shop.close().await;
}

#[actix_web::test]
async fn a_wrong_pin_and_an_unknown_phone_hear_the_same() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut stranger = shop.browser();
    let plain = |text: &str, phone: &str| text.replace(phone, "PHONE");
    for tries in 1..=7 {
        let known = stranger.try_to_sign_in(RATNA, WRONG).await;
        let unknown = stranger.try_to_sign_in("081399999999", WRONG).await;
        assert_eq!(known.status, unknown.status, "try {tries}");
        assert_eq!(plain(&known.body, RATNA), plain(&unknown.body, "081399999999"), "try {tries}");
        assert!(!known.body.contains(WRONG), "a PIN is never shown again");
    }
    shop.close().await;
}

#[actix_web::test]
async fn five_wrong_pins_close_the_door_even_to_the_right_one() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let mut ratna = shop.browser();
    for _ in 0..4 {
        ratna.try_to_sign_in(RATNA, WRONG).await.is(422).says("tidak cocok");
    }
    ratna.try_to_sign_in(RATNA, WRONG).await.is(429).says("terlalu banyak salah");
    ratna.try_to_sign_in(RATNA, PIN).await.is(429).says("terlalu banyak salah");
    shop.clock.advance(Duration::minutes(14));
    ratna.try_to_sign_in(RATNA, PIN).await.is(429);
    shop.clock.advance(Duration::minutes(2));
    ratna.try_to_sign_in(RATNA, PIN).await.is(303);
    let told = entity::history::Entity::find()
        .filter(entity::history::Column::Verb.eq("locked_out"))
        .filter(entity::history::Column::SubjectId.eq(cast.ratna))
        .all(&shop.app.db)
        .await
        .unwrap();
    assert_eq!(told.len(), 1);
    shop.close().await;
}

#[actix_web::test]
async fn the_door_stays_closed_longer_each_time() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut ratna = shop.browser();
    for _ in 0..5 {
        ratna.try_to_sign_in(RATNA, WRONG).await;
    }
    shop.clock.advance(Duration::minutes(16));
    for _ in 0..5 {
        ratna.try_to_sign_in(RATNA, WRONG).await;
    }
    shop.clock.advance(Duration::minutes(16));
    ratna.try_to_sign_in(RATNA, PIN).await.is(429);
    shop.clock.advance(Duration::minutes(15));
    ratna.try_to_sign_in(RATNA, PIN).await.is(303);
    shop.close().await;
}

#[actix_web::test]
async fn guessing_at_the_same_moment_gets_no_more_than_five_tries() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let tries = (0..8).map(|_| {
        let mut browser = shop.browser();
        async move { browser.post_raw("/masuk", &[("phone", RATNA), ("pin", WRONG)]).await.status }
    });
    let statuses = futures_util::future::join_all(tries).await;
    assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 4, "{statuses:?}");
    let ratna = entity::person::Entity::find_by_id(cast.ratna).one(&shop.app.db).await.unwrap().unwrap();
    assert_eq!(ratna.failed_count, 5);
    shop.close().await;
}

#[actix_web::test]
async fn what_is_no_phone_and_no_pin_is_asked_for_again() {
    let shop = Shop::empty().await;
    let mut buyer = shop.browser();
    let page = buyer.get("/masuk").await;
    buyer
        .fill(&page, "/masuk", &[("phone", "halo <b>"), ("pin", "")])
        .await
        .is(422)
        .says("halo &lt;b&gt;")
        .says("Harap diisi");
    let long = "9".repeat(5000);
    buyer.fill(&page, "/masuk", &[("phone", RATNA), ("pin", &long)]).await.is(422);
    let huge = "a".repeat(200_000);
    buyer.fill(&page, "/masuk", &[("phone", &huge), ("pin", PIN)]).await.is(413);
    buyer.post_raw("/masuk", &[("phone", "' OR 1=1 --"), ("pin", "' OR 1=1 --")]).await.is(422);
    shop.close().await;
}

#[actix_web::test]
async fn a_second_tap_on_sign_in_comes_in_as_well() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut ratna = shop.browser();
    let page = ratna.get("/masuk").await;
    ratna.fill(&page, "/masuk", &[("phone", RATNA), ("pin", PIN)]).await.is(303);
    ratna.fill(&page, "/masuk", &[("phone", RATNA), ("pin", PIN)]).await.is(303);
    let sessions = entity::session::Entity::find().all(&shop.app.db).await.unwrap();
    assert_eq!(sessions.len(), 1, "the first session of this browser ended");
    shop.close().await;
}

#[actix_web::test]
async fn a_session_that_is_over_or_made_up_is_nobody() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut ratna = shop.signed_in(RATNA).await;
    shop.clock.advance(Duration::days(91));
    assert!(ratna.get("/akun").await.location.is_some_and(|to| to.starts_with("/masuk")));
    let mut stranger = shop.browser();
    stranger.cookies.insert("warong_session".into(), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into());
    assert!(stranger.get("/akun").await.location.is_some_and(|to| to.starts_with("/masuk")));
    warong::work::minute(&shop.app).await.unwrap();
    assert_eq!(entity::session::Entity::find().all(&shop.app.db).await.unwrap().len(), 0);
    shop.close().await;
}

#[actix_web::test]
async fn a_device_that_comes_back_is_noted_once_an_hour() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut ratna = shop.signed_in(RATNA).await;
    shop.clock.advance(Duration::hours(2));
    ratna.get("/akun").await.is(200);
    for _ in 0..50 {
        let row = entity::session::Entity::find().one(&shop.app.db).await.unwrap().unwrap();
        if row.seen_at == shop.clock.now() {
            shop.close().await;
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the device was not noted as seen");
}

#[actix_web::test]
async fn the_demonstration_shows_its_people_and_production_does_not() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    shop.browser().get("/masuk").await.says("Bu Siti Aminah").says("Petugas warong");
    shop.close().await;
    let secret = "0123456789abcdef0123456789abcdef";
    let settings = [
        ("WARONG_ENV", "production"),
        ("WARONG_SECRET", secret),
        ("PUBLIC_URL", "https://warong.example"),
        ("MIDTRANS_SERVER_KEY", "SB-Mid-server-x"),
        ("MIDTRANS_CLIENT_KEY", "SB-Mid-client-x"),
        ("SMTP_URL", "smtp://127.0.0.1:1"),
    ];
    let shop = Shop::open(&settings).await;
    Cast::of(&shop).await;
    let seen = shop.browser().get("/masuk").await;
    assert!(!seen.body.contains("Bu Siti") && !seen.body.contains("246810"));
    shop.close().await;
}

#[actix_web::test]
async fn a_buyer_registers_and_is_in() {
    let shop = Shop::empty().await;
    let mut yanti = shop.browser();
    let page = yanti.get("/daftar?kembali=%2Fpesan").await;
    let typed = [("name", "Mbak Yanti"), ("phone", "0813 1111 2222"), ("pin_new", "482913"), ("pin_again", "482913")];
    let seen = yanti.fill(&page, "/daftar", &typed).await;
    assert_eq!(seen.location.as_deref(), Some("/pesan"));
    yanti.get("/akun").await.says("Halo, Mbak Yanti").says("Pembeli");
    // A second tap is the same person again.
    yanti.fill(&page, "/daftar", &typed).await.is(303);
    assert_eq!(entity::person::Entity::find().all(&shop.app.db).await.unwrap().len(), 1);
    shop.close().await;
}

#[actix_web::test]
async fn what_is_wrong_with_a_registration_is_said_beside_its_field() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut buyer = shop.browser();
    let page = buyer.get("/daftar").await;
    let mut says = async |phone: &str, pin: &str, again: &str, sentence: &str| {
        let typed = [("name", "Yanti"), ("phone", phone), ("pin_new", pin), ("pin_again", again)];
        buyer.fill(&page, "/daftar", &typed).await.is(422).says("value=\"Yanti\"").says(sentence);
    };
    says("0813", "482913", "482913", "Nomor HP tidak dikenali").await;
    says("081311112222", "123456", "123456", "terlalu mudah ditebak").await;
    says("081311112222", "246810", "246810", "terlalu mudah ditebak").await;
    says("081311112222", "112222", "112222", "terlalu mudah ditebak").await;
    says("081311112222", "48291", "48291", "Pakai 6 angka").await;
    says("081311112222", "482913", "482914", "Tidak sama").await;
    says(RATNA, "482913", "482913", "sudah punya akun").await;
    let people = entity::person::Entity::find().filter(entity::person::Column::Phone.eq(kept("081311112222")));
    assert!(people.one(&shop.app.db).await.unwrap().is_none());
    shop.close().await;
}
