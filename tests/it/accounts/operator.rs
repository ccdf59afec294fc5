//! The operator writes down crafters and lends PINs at the counter.
use chrono::Duration;
use entity::person_role::Role;
use sea_orm::{EntityTrait, PaginatorTrait};
use warong::{
    accounts::{outlet::create_outlet, role},
    db,
};

use crate::{
    counter::stand::slip,
    support::{
        Shop,
        people::{ANTON, Cast, PIN, RATNA, RIZAL, SATI, SITI, new_outlet},
    },
};

const TIJA: [(&str, &str); 8] = [
    ("name", "Bu Tija"),
    ("phone", ""),
    ("dusun", "Kopang"),
    ("rt", "3"),
    ("rw", "1"),
    ("group_name", "Kopang Jaya"),
    ("story", "Belajar dari ibunya.\nMenganyam besek."),
    ("pin_new", ""),
];

#[actix_web::test]
async fn an_operator_registers_a_crafter_without_a_phone() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut siti = shop.signed_in(SITI).await;
    let page = siti.get("/kelola/perajin/baru").await;
    let first = siti.fill(&page, "/kelola/perajin", &TIJA).await;
    let second = siti.fill(&page, "/kelola/perajin", &TIJA).await;
    assert_eq!(first.location, second.location, "a second tap registers nobody else");
    let tija = siti.get(&first.location.unwrap()).await;
    tija.says("Bu Tija").says("value=\"003\"").says("Menganyam besek.");
    siti.get("/kelola/perajin?q=KOPANG").await.says("Bu Tija").says("tanpa HP").says("1 keluarga");
    siti.get("/kelola/perajin?q=%25").await.says("0 keluarga");
    assert_eq!(entity::crafter::Entity::find().count(&shop.app.db).await.unwrap(), 3);
    shop.close().await;
}

#[actix_web::test]
async fn a_maker_gets_a_face_and_the_one_before_stays_until_the_new_one_is_ready() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut siti = shop.signed_in(SITI).await;
    let tija = siti.get("/kelola/perajin/baru").await;
    let tija = siti.fill(&tija, "/kelola/perajin", &TIJA).await.location.unwrap();
    let here = format!("{tija}/foto");
    siti.get(&tija).await.says("Foto wajah").says("Terima setoran");
    let page = siti.get(&here).await;
    siti.fill_with_picture(&page, &here, &[], "photo", None).await.is(422).says("satu foto dulu");
    siti.fill_with_picture(&page, &here, &[], "photo", Some(b"halo")).await.is(422).says("bukan foto");
    let kept = || async {
        let rows = entity::photo::Entity::find().all(&shop.app.db).await.unwrap();
        rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    for _ in 0..2 {
        siti.fill_with_picture(&page, &here, &[], "photo", Some(&slip())).await.is(303);
    }
    shop.settle().await;
    let first = kept().await;
    assert_eq!(first.len(), 1, "a second tap brings no second face");
    siti.get(&tija).await.says(&first[0]);
    for _ in 0..3 {
        let page = siti.get(&here).await;
        siti.fill_with_picture(&page, &here, &[], "photo", Some(&slip())).await.is(303);
    }
    siti.get(&tija).await.says(&first[0]);
    assert_eq!(kept().await.len(), 2, "the one that is shown, and the last that came");
    shop.settle().await;
    let shown = kept().await.into_iter().find(|name| *name != first[0]).unwrap();
    siti.get(&tija).await.says(&shown);
    shop.close().await;
}

#[actix_web::test]
async fn two_crafters_of_one_name_have_pages_of_their_own() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut siti = shop.signed_in(SITI).await;
    for _ in 0..2 {
        let page = siti.get("/kelola/perajin/baru").await;
        siti.fill(&page, "/kelola/perajin", &TIJA).await.is(303);
    }
    let slugs: Vec<String> =
        entity::crafter::Entity::find().all(&shop.app.db).await.unwrap().into_iter().map(|row| row.slug).collect();
    assert_eq!(slugs, ["bu-sati", "pak-marsuki", "bu-tija", "bu-tija-2"]);
    shop.close().await;
}

#[actix_web::test]
async fn a_buyer_who_weaves_becomes_a_crafter_and_keeps_their_pin() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let mut siti = shop.signed_in(SITI).await;
    let page = siti.get("/kelola/perajin/baru").await;
    let mut ratna = TIJA;
    (ratna[0].1, ratna[1].1, ratna[7].1) = ("Ibu Ratna", RATNA, "482913");
    siti.fill(&page, "/kelola/perajin", &ratna).await.is(303);
    let seen = shop.browser().try_to_sign_in(RATNA, PIN).await;
    assert_eq!(seen.location.as_deref(), Some("/karya"));
    let roles = role::of(&shop.app.db, cast.ratna).await.unwrap();
    assert_eq!(roles.iter().map(|held| held.role).collect::<Vec<_>>(), [Role::Buyer, Role::Crafter]);
    // Somebody who weaves already is not written down twice.
    let page = siti.get("/kelola/perajin/baru").await;
    let mut sati = TIJA;
    sati[1].1 = SATI;
    siti.fill(&page, "/kelola/perajin", &sati).await.is(422).says("sudah dipakai perajin Bu Sati");
    shop.close().await;
}

#[actix_web::test]
async fn a_crafters_details_are_corrected_and_refused_ones_stay_as_typed() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let mut siti = shop.signed_in(SITI).await;
    let url = format!("/kelola/perajin/{}", cast.marsuki.id);
    let page = siti.get(&url).await;
    let mut typed = TIJA;
    (typed[0].1, typed[1].1, typed[3].1) = ("Pak Marsuki <i>", SITI, "x");
    siti.fill(&page, &url, &typed).await.is(422).says("Pak Marsuki &lt;i&gt;").says("angka bulat");
    typed[3].1 = "4";
    siti.fill(&page, &url, &typed).await.is(422).says("sudah punya akun");
    (typed[0].1, typed[1].1) = ("Pak Marsuki", "0813-1111-3333");
    siti.fill(&page, &url, &typed).await.is(303);
    siti.get(&url).await.says("0813-1111-3333").says("value=\"004\"");
    shop.close().await;
}

#[actix_web::test]
async fn a_crafter_who_forgot_their_pin_gets_one_for_a_week() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut sati = shop.signed_in(SATI).await;
    let mut siti = shop.signed_in(SITI).await;
    let page = siti.get("/kelola/pin?hp=6281200000002").await;
    let typed = [("phone", SATI), ("pin_new", "482913")];
    siti.fill(&page, "/kelola/pin", &typed).await.is(303);
    siti.fill(&page, "/kelola/pin", &typed).await.is(303);
    sati.get("/akun").await.is(303);
    shop.browser().try_to_sign_in(SATI, PIN).await.is(422);
    let seen = sati.try_to_sign_in(SATI, "482913").await;
    assert_eq!(seen.location.as_deref(), Some("/akun/pin?kembali=%2Fkarya"));
    sati.get("/akun").await.says("dipilihkan orang lain");
    shop.clock.advance(Duration::days(8));
    shop.browser().try_to_sign_in(SATI, "482913").await.is(422).says("sudah habis masanya");
    let acts = entity::history::Entity::find().all(&shop.app.db).await.unwrap();
    assert_eq!(acts.iter().filter(|act| act.verb == "pin_lent").count(), 1);
    assert!(acts.iter().all(|act| !act.detail.to_string().contains("482913")));
    shop.close().await;
}

#[actix_web::test]
async fn a_pin_is_lent_to_no_staff_no_stranger_and_no_other_outlets_crafter() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let tx = db::begin(&shop.app.db).await.unwrap();
    let other = create_outlet(&tx, &shop.clock, &new_outlet(cast.outlet.village_id, "Warong Rayap")).await.unwrap();
    let place = role::Place::Outlet(other.id);
    role::grant(&tx, &shop.clock, cast.anton, Role::Operator, place, None).await.unwrap();
    tx.commit().await.unwrap();
    let mut siti = shop.signed_in(SITI).await;
    let page = siti.get("/kelola/pin").await;
    for phone in [RIZAL, SITI, ANTON, "081399999999"] {
        let typed = [("phone", phone), ("pin_new", "482913")];
        siti.fill(&page, "/kelola/pin", &typed).await.is(422).says("bukan perajin warong ini");
    }
    siti.fill(&page, "/kelola/pin", &[("phone", RATNA), ("pin_new", "482913")]).await.is(303);
    let mut anton = shop.signed_in(ANTON).await;
    let page = anton.get("/kelola/pin").await;
    anton.fill(&page, "/kelola/pin", &[("phone", SATI), ("pin_new", "482913")]).await.is(422);
    anton.get(&format!("/kelola/perajin/{}", cast.sati.id)).await.is(404);
    anton.get(&format!("/kelola/perajin/{}/foto", cast.sati.id)).await.is(404);
    anton.get("/kelola/perajin").await.says("0 keluarga");
    shop.close().await;
}

#[actix_web::test]
async fn the_operators_pages_are_for_operators() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    for path in
        ["/kelola/perajin", "/kelola/perajin/baru", "/kelola/perajin/1", "/kelola/perajin/1/foto", "/kelola/pin"]
    {
        shop.browser().get(path).await.is(303);
        for phone in [RATNA, SATI, ANTON, RIZAL] {
            shop.signed_in(phone).await.get(path).await.is(403);
        }
    }
    let mut siti = shop.signed_in(SITI).await;
    for id in ["0", "999", "-1", "abc", "99999999999999999999"] {
        siti.get(&format!("/kelola/perajin/{id}")).await.is(404);
    }
    shop.close().await;
}

#[actix_web::test]
async fn who_runs_two_outlets_chooses_at_which_they_stand() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let tx = db::begin(&shop.app.db).await.unwrap();
    let second = create_outlet(&tx, &shop.clock, &new_outlet(cast.outlet.village_id, "darsono")).await.unwrap();
    let third = create_outlet(&tx, &shop.clock, &new_outlet(cast.outlet.village_id, "lain")).await.unwrap();
    let here = role::Place::Outlet(second.id);
    role::grant(&tx, &shop.clock, cast.siti, Role::Operator, here, None).await.unwrap();
    tx.commit().await.unwrap();
    let mut siti = shop.signed_in(SITI).await;
    let home = siti.get("/kelola").await;
    home.says(&format!("Pindah ke {}", second.name));
    assert!(!home.body.contains(&third.name));
    let id = second.id.to_string();
    siti.fill(&home, "/kelola/warong", &[("warong", &third.id.to_string())]).await.is(404);
    siti.fill(&home, "/kelola/warong", &[("warong", &id)]).await.is(303);
    siti.get("/kelola/perajin").await.says("0 keluarga");
    // What is in the cookie is looked up among the operator's own.
    siti.cookies.insert("warong_di".into(), third.id.to_string());
    siti.get("/kelola/perajin").await.says("2 keluarga");
    shop.close().await;
}
