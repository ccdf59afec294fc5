//! The business letter: asked for, issued or refused, checked by anybody, revoked.
use chrono::Duration;
use entity::{
    business_letter::{self, Model, State},
    person_role::Role,
};
use futures_util::future::join_all;
use sea_orm::{EntityTrait, QueryOrder};
use warong::{
    accounts::{
        crafter::{Household, register},
        outlet::{NewVillage, create_outlet, create_village},
        role::{Place, grant},
    },
    db, history,
    village::letter::{self, Wish},
};

use crate::support::{
    Browser, Shop,
    browser::Seen,
    people::{ANTON, Cast, DEWI, ENDANG, HARIYANTO, RATNA, RIZAL, SATI, SITI, WAHYUDI, new_outlet},
};

const MINE: &str = "/karya/surat";
const DESK: &str = "/desa/surat";
const WISH: [(&str, &str); 4] = [
    ("nama", "Sati'ah"),
    ("usaha", "Kerajinan anyaman bambu: keranjang"),
    ("sejak", "1998"),
    ("keperluan", "pengajuan KUR"),
];
const YES: [(&str, &str); 2] = [("kepala", "H. Sutrisno"), ("bulan", "6")];

async fn letters(shop: &Shop) -> Vec<Model> {
    business_letter::Entity::find().order_by_asc(business_letter::Column::Id).all(&shop.app.db).await.expect("letters")
}

/// Sati asks on her phone; says the letter's id.
async fn sati_asks(shop: &Shop) -> i64 {
    let mut sati = shop.signed_in(SATI).await;
    let page = sati.get(MINE).await;
    sati.fill(&page, MINE, &WISH).await.is(303);
    letters(shop).await.last().expect("her letter").id
}

async fn decides(shop: &Shop, id: i64, how: &str, fields: &[(&str, &str)]) -> Seen {
    let mut officer = shop.signed_in(HARIYANTO).await;
    let page = officer.get(&format!("{DESK}/{id}")).await;
    officer.fill(&page, &format!("{DESK}/{id}/{how}"), fields).await
}

fn check(letter: &Model) -> String {
    format!("/surat/{}", letter.secret.as_deref().expect("an issued letter"))
}

async fn is_pdf(browser: &mut Browser, path: &str) {
    let answer = browser.raw(path, &cookies(browser)).await;
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    assert_eq!(answer.headers()["content-type"], "application/pdf");
    let bytes = answer.bytes().await.expect("a file");
    assert!(bytes.starts_with(b"%PDF-") && bytes.len() < 80_000, "{} bytes", bytes.len());
}

/// The raw look carries no cookies by itself.
fn cookies(browser: &Browser) -> Vec<(&'static str, &'static str)> {
    let all: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    vec![("cookie", Box::leak(all.join("; ").into_boxed_str()))]
}

#[actix_web::test]
async fn a_crafter_asks_the_village_issues_and_anybody_checks() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut officer = shop.signed_in(HARIYANTO).await;
    officer.get("/tugas").await.says(DESK);
    officer.get("/desa/surat/tanpa").await.says("<b>2</b>").says("Bu Sati").says("Pak Marsuki");

    let mut sati = shop.signed_in(SATI).await;
    sati.get("/karya").await.says(MINE);
    let id = sati_asks(&shop).await;
    sati.get(MINE).await.says("Menunggu desa").says("Sati&#39;ah");
    sati.get(&format!("{MINE}/{id}/surat.pdf")).await.is(404);
    officer.get(DESK).await.says("Sati&#39;ah");
    decides(&shop, id, "setuju", &YES).await.is(303);

    let row = letters(&shop).await.remove(0);
    assert_eq!(row.number.as_deref(), Some("470/001/35.09.22.2001/XI/2026"));
    assert_eq!(row.valid_until, "2027-05-21".parse().ok());
    sati.get(MINE).await.says("470/001/35.09.22.2001/XI/2026").says("21 Mei 2027");
    is_pdf(&mut sati, &format!("{MINE}/{id}/surat.pdf")).await;
    is_pdf(&mut officer, &format!("{DESK}/{id}/surat.pdf")).await;
    officer.get("/desa/surat/tanpa").await.says("<b>1</b>").says("Pak Marsuki");

    let seen = shop.browser().get(&check(&row)).await;
    seen.is(200).says("Surat ini asli").says("470/001/35.09.22.2001/XI/2026").says("H. Sutrisno").says("noindex");
    assert!(!seen.body.contains("0812") && !seen.body.contains("62812"), "no more than the paper says");
    let acts = history::of(&shop.app.db, history::Subject("business_letter", id)).await.unwrap();
    assert_eq!(acts.iter().map(|act| act.verb.as_str()).collect::<Vec<_>>(), ["asked", "issued"]);
    shop.close().await;
}

#[actix_web::test]
async fn an_operator_asks_for_a_crafter_without_a_phone() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let mut siti = shop.signed_in(SITI).await;
    let here = format!("/kelola/perajin/{}/surat", cast.marsuki.id);
    siti.get("/kelola/surat").await.says("<b>2</b>").says(&here);
    let page = siti.get(&here).await;
    siti.fill(&page, &here, &[("nama", "Marsuki"), ("usaha", "Kurungan ayam")]).await.is(303);
    let row = letters(&shop).await.remove(0);
    assert_eq!((row.asked_by, row.crafter_id, row.since, row.purpose), (cast.siti, cast.marsuki.id, None, None));
    siti.get("/kelola/surat").await.says("Menunggu desa");
    decides(&shop, row.id, "setuju", &YES).await.is(303);
    is_pdf(&mut siti, &format!("{here}/{}/surat.pdf", row.id)).await;
    siti.get("/kelola/surat").await.says("<b>1</b>");
    shop.close().await;
}

#[actix_web::test]
async fn a_wish_is_refused_with_a_reason_and_comes_again() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let id = sati_asks(&shop).await;
    decides(&shop, id, "tolak", &[("sebab", "")]).await.is(422).says("aria-invalid");
    decides(&shop, id, "tolak", &[("sebab", "Nama belum sama dengan KTP")]).await.is(303);
    let mut sati = shop.signed_in(SATI).await;
    let page = sati.get(MINE).await;
    page.says("Ditolak").says("Nama belum sama dengan KTP").says("value=\"Sati&#39;ah\"");
    sati.fill(&page, MINE, &WISH).await.is(303);
    let states: Vec<State> = letters(&shop).await.into_iter().map(|row| row.state).collect();
    assert_eq!(states, [State::Refused, State::Asked]);
    // She thinks better of it before anybody decided.
    let page = sati.get(MINE).await;
    let again = letters(&shop).await[1].id;
    sati.fill(&page, &format!("{MINE}/{again}/tarik"), &[]).await.is(303);
    decides_too_late(&shop, again).await;
    shop.close().await;
}

/// There is no form any more; a page that was open before is told.
async fn decides_too_late(shop: &Shop, id: i64) {
    let mut officer = shop.signed_in(HARIYANTO).await;
    let page = officer.get("/akun").await;
    let csrf = page.hidden("/keluar").into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let typed = [("csrf", csrf.as_str()), ("request_key", "late-officer-1"), YES[0], YES[1]];
    officer.post_raw(&format!("{DESK}/{id}/setuju"), &typed).await.is(409).says("sudah dijawab atau ditarik");
}

#[actix_web::test]
async fn a_letter_is_asked_for_once_at_a_time() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut sati = shop.signed_in(SATI).await;
    let page = sati.get(MINE).await;
    let other = sati.get(MINE).await;
    sati.fill(&page, MINE, &WISH).await.is(303);
    sati.fill(&page, MINE, &WISH).await.is(303);
    sati.fill(&other, MINE, &WISH).await.is(409).says("sudah diminta");
    assert_eq!(letters(&shop).await.len(), 1);
    // What is wrong is said beside its field, and what was typed stays.
    let id = letters(&shop).await[0].id;
    decides(&shop, id, "setuju", &YES).await.is(303);
    shop.clock.advance(Duration::days(100));
    sati.get(MINE).await;
    assert!(!sati.get(MINE).await.body.contains("name=\"nama\""), "a good letter needs no other");
    shop.clock.advance(Duration::days(60));
    let mut sati = shop.signed_in(SATI).await;
    let page = sati.get(MINE).await;
    for (field, bad) in [("nama", ""), ("usaha", ""), ("sejak", "1998,5"), ("sejak", "2999"), ("sejak", "lama")] {
        let mut typed = WISH;
        typed.iter_mut().filter(|(name, _)| *name == field).for_each(|pair| pair.1 = bad);
        sati.fill(&page, MINE, &typed).await.is(422).says("aria-invalid").says("pengajuan KUR");
    }
    sati.fill(&page, MINE, &WISH).await.is(303);
    shop.close().await;
}

#[actix_web::test]
async fn a_letter_expires_and_is_revoked_and_its_number_stays_used() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let id = sati_asks(&shop).await;
    decides(&shop, id, "setuju", &YES).await.is(303);
    let first = letters(&shop).await.remove(0);
    decides(&shop, id, "cabut", &[("sebab", "")]).await.is(422);
    decides(&shop, id, "cabut", &[("sebab", "Pindah desa")]).await.is(303);
    let seen = shop.browser().get(&check(&first)).await;
    seen.is(200).says("sudah dicabut");
    assert!(!seen.body.contains("Pindah desa"), "why is between the village and the household");
    let mut sati = shop.signed_in(SATI).await;
    sati.get(MINE).await.says("Dicabut").says("Pindah desa");
    sati.get(&format!("{MINE}/{id}/surat.pdf")).await.is(404);

    let second = sati_asks(&shop).await;
    decides(&shop, second, "setuju", &[("kepala", "H. Sutrisno"), ("bulan", "3")]).await.is(303);
    let row = letters(&shop).await.remove(1);
    assert_eq!(row.number.as_deref(), Some("470/002/35.09.22.2001/XI/2026"));
    shop.browser().get(&check(&row)).await.says("Surat ini asli");
    shop.clock.advance(Duration::days(93));
    shop.browser().get(&check(&row)).await.is(200).says("sudah lewat masanya");
    // A new year counts anew.
    let third = sati_asks(&shop).await;
    decides(&shop, third, "setuju", &YES).await.is(303);
    assert_eq!(letters(&shop).await[2].number.as_deref(), Some("470/001/35.09.22.2001/II/2027"));
    shop.close().await;
}

#[actix_web::test]
async fn letters_issued_at_once_are_numbered_one_after_the_other() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let village = cast.outlet.village_id;
    let tx = db::begin(&shop.app.db).await.unwrap();
    grant(&tx, &shop.clock, cast.anton, Role::VillageOfficer, Place::Village(village), None).await.unwrap();
    let mut ids = Vec::new();
    for n in 0..6 {
        let household = Household { name: format!("Bu Tija {n}"), dusun: "Kopang".into(), ..Household::default() };
        let crafter = register(&tx, &shop.clock, &cast.outlet, None, &household, None).await.unwrap();
        let wish = Wish { name: crafter.name.clone(), business: "Besek".into(), since: None, purpose: None };
        ids.push(letter::ask(&tx, &shop.clock, &crafter, &wish, cast.siti).await.unwrap());
    }
    tx.commit().await.unwrap();
    // Two officers each say yes to each of them, at the same moment.
    let mut taps = Vec::new();
    for phone in [HARIYANTO, ANTON] {
        let officer = shop.signed_in(phone).await;
        for id in &ids {
            let mut officer = officer.clone();
            let page = officer.get(&format!("{DESK}/{id}")).await;
            taps.push(async move { officer.fill(&page, &format!("{DESK}/{id}/setuju"), &YES).await.status });
        }
    }
    let mut told = join_all(taps).await;
    told.sort_unstable();
    assert_eq!(told, [[303; 6], [409; 6]].concat());
    let mut numbers: Vec<i64> = letters(&shop).await.iter().filter_map(|row| row.sequence).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    shop.close().await;
}

#[actix_web::test]
async fn another_villages_officer_and_another_outlets_people_see_nothing() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let id = sati_asks(&shop).await;
    let tx = db::begin(&shop.app.db).await.unwrap();
    let elsewhere = NewVillage {
        code: "35.09.22.2002".into(),
        name: "Darsono".into(),
        kecamatan: "Arjasa".into(),
        kabupaten: "Kabupaten Jember".into(),
    };
    let elsewhere = create_village(&tx, &shop.clock, &elsewhere).await.unwrap();
    let other = create_outlet(&tx, &shop.clock, &new_outlet(elsewhere, "Warong Darsono")).await.unwrap();
    grant(&tx, &shop.clock, cast.anton, Role::VillageOfficer, Place::Village(elsewhere), None).await.unwrap();
    grant(&tx, &shop.clock, cast.ratna, Role::Operator, Place::Outlet(other.id), None).await.unwrap();
    tx.commit().await.unwrap();

    let mut anton = shop.signed_in(ANTON).await;
    let desk = anton.get(DESK).await;
    desk.is(200).says("Tidak ada yang menunggu");
    assert!(!desk.body.contains("Sati"), "another village's wish");
    assert!(!anton.get("/desa/surat/tanpa").await.body.contains("Marsuki"));
    anton.get(&format!("{DESK}/{id}")).await.is(404);
    anton.get(&format!("{DESK}/{id}/surat.pdf")).await.is(404);
    let page = anton.get("/akun").await;
    let csrf = page.hidden("/keluar").into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    for how in ["setuju", "tolak", "cabut"] {
        let typed = [("csrf", csrf.as_str()), ("request_key", "stranger-12345"), YES[0], YES[1], ("sebab", "x")];
        anton.post_raw(&format!("{DESK}/{id}/{how}"), &typed).await.is(404);
    }
    let mut ratna = shop.signed_in(RATNA).await;
    let theirs = format!("/kelola/perajin/{}/surat", cast.sati.id);
    ratna.get(&theirs).await.is(404);
    ratna.get(&format!("{theirs}/{id}/surat.pdf")).await.is(404);
    ratna.get("/kelola/surat").await.says("Belum ada perajin.");
    // A letter of somebody else is not found under one's own household.
    let mut siti = shop.signed_in(SITI).await;
    decides(&shop, id, "setuju", &YES).await.is(303);
    siti.get(&format!("/kelola/perajin/{}/surat/{id}/surat.pdf", cast.marsuki.id)).await.is(404);
    siti.get(&format!("/kelola/perajin/{}/surat/{id}/surat.pdf", cast.sati.id)).await.is(200);
    for path in ["0", "-1", "x", "99999999999999999999"] {
        shop.signed_in(HARIYANTO).await.get(&format!("{DESK}/{path}")).await.is(404);
    }
    shop.close().await;
}

#[actix_web::test]
async fn the_doors_are_for_those_whose_work_it_is() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let id = sati_asks(&shop).await;
    let desk = [DESK.to_owned(), format!("{DESK}/{id}"), "/desa/surat/tanpa".to_owned()];
    for path in &desk {
        shop.browser().get(path).await.is(303);
        for phone in [RATNA, SATI, SITI, ANTON, RIZAL, ENDANG, DEWI, WAHYUDI] {
            shop.signed_in(phone).await.get(path).await.is(403);
        }
    }
    for path in ["/kelola/surat".to_owned(), format!("/kelola/perajin/{}/surat", cast.sati.id)] {
        shop.browser().get(&path).await.is(303);
        for phone in [RATNA, SATI, ANTON, HARIYANTO] {
            shop.signed_in(phone).await.get(&path).await.is(403);
        }
    }
    shop.browser().get(MINE).await.is(303);
    for phone in [RATNA, SITI, ANTON, HARIYANTO] {
        shop.signed_in(phone).await.get(MINE).await.is(403);
    }
    shop.close().await;
}

#[actix_web::test]
async fn a_wrong_code_is_nobodys_letter_and_codes_cannot_be_tried_out() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let id = sati_asks(&shop).await;
    let mut guest = shop.browser();
    guest.get("/surat/AAAAAAAAAAAAAAAAAAAAAA").await.is(404).says("Tidak ada surat dengan kode ini");
    guest.get("/surat/%3Cscript%3E").await.is(404);
    guest.get(&format!("/surat/{id}")).await.is(404);
    let mut last = 0;
    for n in 0..70 {
        last = guest.get(&format!("/surat/try-{n}")).await.status;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429, "who tries codes out is slowed down");
    shop.close().await;
}
