//! One's own account: devices, language, PIN.
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::support::{
    Shop,
    people::{ANTON, Cast, DEWI, ENDANG, HARIYANTO, PIN, RATNA, SITI, WAHYUDI},
};

#[actix_web::test]
async fn signing_out_ends_this_device_only() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let (mut phone, mut laptop) = (shop.signed_in(RATNA).await, shop.signed_in(RATNA).await);
    let page = phone.get("/akun").await;
    let stolen = phone.cookies.clone();
    phone.fill(&page, "/keluar", &[]).await.is(303);
    assert!(!phone.cookies.contains_key("warong_session"));
    phone.cookies = stolen;
    phone.get("/akun").await.is(303);
    laptop.get("/akun").await.is(200);
    shop.close().await;
}

#[actix_web::test]
async fn signing_out_everywhere_ends_all_devices() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let (mut phone, mut laptop) = (shop.signed_in(RATNA).await, shop.signed_in(RATNA).await);
    let mut siti = shop.signed_in(SITI).await;
    let page = phone.get("/akun").await;
    phone.fill(&page, "/keluar/semua", &[]).await.is(303);
    phone.get("/masuk").await.says("keluar dari semua");
    laptop.get("/akun").await.is(303);
    siti.get("/akun").await.is(200);
    shop.close().await;
}

#[actix_web::test]
async fn one_device_can_be_signed_out_from_another_but_not_by_others() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let (mut phone, mut laptop) = (shop.signed_in(RATNA).await, shop.signed_in(RATNA).await);
    let rows = entity::session::Entity::find().all(&shop.app.db).await.unwrap();
    let last = rows.iter().filter(|row| row.person_id == cast.ratna).map(|row| row.id).max().unwrap();
    let action = format!("/akun/perangkat/{last}/keluar");
    let mut anton = shop.signed_in(ANTON).await;
    let csrf = anton.get("/akun").await.hidden("/keluar");
    let csrf: Vec<(&str, &str)> = csrf.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    anton.post_raw(&action, &csrf).await.is(303);
    laptop.get("/akun").await.is(200);
    let page = phone.get("/akun").await;
    phone.fill(&page, &action, &[]).await.is(303);
    phone.fill(&page, &action, &[]).await.is(303);
    laptop.get("/akun").await.is(303);
    phone.get("/akun").await.is(200);
    shop.close().await;
}

#[actix_web::test]
async fn a_form_without_the_token_of_its_session_does_nothing() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut ratna = shop.signed_in(RATNA).await;
    ratna.post_raw("/keluar/semua", &[]).await.is(409);
    ratna.post_raw("/keluar/semua", &[("csrf", "0000")]).await.is(409);
    ratna.get("/akun").await.is(200);
    shop.close().await;
}

#[actix_web::test]
async fn the_language_is_remembered_for_a_person() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut ratna = shop.signed_in(RATNA).await;
    let page = ratna.get("/akun").await;
    let seen = ratna.fill(&page, "/bahasa", &[("bahasa", "mad")]).await;
    assert_eq!(seen.location.as_deref(), Some("/akun"));
    ratna.get("/akun").await.says("lang=\"mad\"");
    let mut elsewhere = shop.signed_in(RATNA).await;
    elsewhere.get("/akun").await.says("lang=\"mad\"");
    // A guest's choice stays with the browser; what is no language is Indonesian.
    let mut guest = shop.browser();
    guest.post_raw("/bahasa", &[("bahasa", "en"), ("kembali", "//jahat.example")]).await.is(303);
    guest.get("/masuk").await.says("Sign in");
    guest.post_raw("/bahasa", &[("bahasa", "xx")]).await.is(303);
    guest.get("/masuk").await.says("lang=\"id\"");
    shop.close().await;
}

#[actix_web::test]
async fn another_pin_signs_the_other_devices_out() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let (mut phone, mut laptop) = (shop.signed_in(RATNA).await, shop.signed_in(RATNA).await);
    let page = phone.get("/akun/pin").await;
    let typed = |pin, new, again| [("pin", pin), ("pin_new", new), ("pin_again", again)];
    phone.fill(&page, "/akun/pin", &typed("111112", "580271", "580271")).await.is(422).says("PIN sekarang tidak cocok");
    phone.fill(&page, "/akun/pin", &typed(PIN, "123456", "123456")).await.is(422).says("terlalu mudah");
    phone.fill(&page, "/akun/pin", &typed(PIN, "580271", "580272")).await.is(422).says("Tidak sama");
    phone.fill(&page, "/akun/pin", &typed(PIN, "580271", "580271")).await.is(303);
    phone.fill(&page, "/akun/pin", &typed(PIN, "580271", "580271")).await.is(303);
    phone.get("/akun").await.is(200);
    laptop.get("/akun").await.is(303);
    shop.browser().try_to_sign_in(RATNA, PIN).await.is(422);
    shop.browser().try_to_sign_in(RATNA, "580271").await.is(303);
    shop.close().await;
}

#[actix_web::test]
async fn those_who_look_after_the_village_see_it_and_others_do_not() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    for phone in [HARIYANTO, ENDANG, DEWI, WAHYUDI] {
        let mut browser = shop.signed_in(phone).await;
        browser.get("/tugas").await.is(200).says("Kemuning Lor, Arjasa").says("Pak Marsuki").says("2 keluarga");
        browser.get("/kelola/perajin").await.is(403);
        browser.get("/admin").await.is(403);
    }
    shop.signed_in(RATNA).await.get("/tugas").await.is(403);
    shop.signed_in(ANTON).await.get("/tugas").await.is(403);
    shop.close().await;
}

#[actix_web::test]
async fn what_happened_is_sealed_and_a_change_is_named() {
    use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, sea_query::Expr};
    use warong::{db, history::seal};
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut ratna = shop.signed_in(RATNA).await;
    for _ in 0..3 {
        let page = ratna.get("/akun").await;
        ratna.fill(&page, "/keluar/semua", &[]).await.is(303);
        ratna = shop.signed_in(RATNA).await;
    }
    assert_eq!(seal::seal(&shop.app.db, &shop.clock).await.unwrap(), 0, "what is young waits");
    shop.clock.advance(chrono::Duration::seconds(30));
    let count = entity::history::Entity::find().count(&shop.app.db).await.unwrap();
    assert_eq!(seal::seal(&shop.app.db, &shop.clock).await.unwrap(), count);
    let seals = seal::verify(&shop.app.db).await.unwrap();
    assert_eq!((seals.blocks, seals.rows, seals.first_bad), (1, count, None));
    let row = entity::history::Entity::find()
        .order_by_desc(entity::history::Column::Id)
        .one(&shop.app.db)
        .await
        .unwrap()
        .unwrap();
    let tx = db::begin(&shop.app.db).await.unwrap();
    entity::history::Entity::update_many()
        .col_expr(entity::history::Column::PersonId, Expr::value(1))
        .filter(entity::history::Column::Id.eq(row.id))
        .exec(&tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let bad = seal::verify(&shop.app.db).await.unwrap().first_bad.expect("a bad record");
    assert!(bad.starts_with(&format!("history {}:", row.id)), "{bad}");
    shop.close().await;
}
