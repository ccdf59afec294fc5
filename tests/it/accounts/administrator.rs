//! The administrator gives and takes roles, closes and opens doors, and lets programs in.
use entity::person_role::Role;
use sea_orm::{EntityTrait, PaginatorTrait};
use warong::{
    accounts::{role, token},
    db,
};

use crate::support::{
    Shop,
    people::{ANTON, Cast, PIN, RATNA, RIZAL, SATI, SITI},
};

#[actix_web::test]
async fn an_administrator_finds_people_by_name_and_phone() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut rizal = shop.signed_in(RIZAL).await;
    rizal.get("/admin").await.says("10 orang").says("Bu Siti Aminah");
    rizal.get("/admin?q=siti").await.says("1 orang").says("Bu Siti Aminah");
    rizal.get("/admin?q=0812-0000-0004").await.says("1 orang").says("Pak Hariyanto");
    rizal.get("/admin?q=_").await.says("Tidak ada yang cocok");
    rizal.get("/admin?q=%27%3B+DROP+TABLE+person%3B--").await.says("Tidak ada yang cocok");
    shop.close().await;
}

#[actix_web::test]
async fn a_role_is_given_and_taken_and_both_are_written_down() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let mut rizal = shop.signed_in(RIZAL).await;
    let url = format!("/admin/orang/{}", cast.anton);
    let page = rizal.get(&url).await;
    let grant = format!("{url}/peran");
    let place = format!("warong-{}", cast.outlet.id);
    let mut give = async |role: &str, place: &str| rizal.fill(&page, &grant, &[("role", role), ("place", place)]).await;
    give("operator", "semua").await.is(422).says("tidak cocok dengan tempatnya");
    give("administrator", &place).await.is(422);
    give("crafter", &place).await.is(422);
    give("raja", "semua").await.is(422);
    give("operator", "warong-999").await.is(404);
    give("village_officer", "desa-999").await.is(404);
    give("operator", &place).await.is(303);
    give("operator", &place).await.is(303);
    let held = role::of(&shop.app.db, cast.anton).await.unwrap();
    assert_eq!(held.len(), 1, "a second tap gives no second role");
    let mut anton = shop.signed_in(ANTON).await;
    anton.get("/kelola/perajin").await.is(200);

    let page = rizal.get(&url).await;
    let revoke = format!("{url}/peran/{}/cabut", held[0].id);
    rizal.fill(&page, &revoke, &[]).await.is(303);
    rizal.fill(&page, &revoke, &[]).await.is(303);
    anton.get("/kelola/perajin").await.is(403);
    rizal.get(&url).await.says("Tugas diberikan · Mas Rizal").says("Tugas dicabut · Mas Rizal");
    let acts = entity::history::Entity::find().count(&shop.app.db).await.unwrap();
    assert_eq!(acts, 2);
    // Another person's role is not found under this one.
    let sitis = role::of(&shop.app.db, cast.siti).await.unwrap()[0].id;
    let action = format!("{url}/peran/{sitis}/cabut");
    let keys = page.hidden(&grant);
    let keys: Vec<(&str, &str)> = keys.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    rizal.post_raw(&action, &keys).await.is(404);
    shop.close().await;
}

#[actix_web::test]
async fn the_last_administrator_stays() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let mut rizal = shop.signed_in(RIZAL).await;
    let url = format!("/admin/orang/{}", cast.rizal);
    let page = rizal.get(&url).await;
    let own = role::of(&shop.app.db, cast.rizal).await.unwrap()[0].id;
    rizal.fill(&page, &format!("{url}/peran/{own}/cabut"), &[]).await.is(422).says("pengelola terakhir");
    rizal.fill(&page, &format!("{url}/tutup"), &[]).await.is(422).says("pengelola terakhir");
    // One whose door is closed does not count.
    let sitis = format!("/admin/orang/{}", cast.siti);
    let page = rizal.get(&sitis).await;
    let typed = [("role", "administrator"), ("place", "semua")];
    rizal.fill(&page, &format!("{sitis}/peran"), &typed).await.is(303);
    rizal.fill(&page, &format!("{sitis}/tutup"), &[]).await.is(303);
    let page = rizal.get(&url).await;
    rizal.fill(&page, &format!("{url}/peran/{own}/cabut"), &[]).await.is(422);
    let page = rizal.get(&sitis).await;
    rizal.fill(&page, &format!("{sitis}/buka"), &[]).await.is(303);
    let page = rizal.get(&url).await;
    let seen = rizal.fill(&page, &format!("{url}/peran/{own}/cabut"), &[]).await;
    assert_eq!(seen.location.as_deref(), Some("/akun"));
    rizal.get("/admin").await.is(403);
    shop.close().await;
}

#[actix_web::test]
async fn a_closed_door_ends_all_sessions_and_sounds_like_a_wrong_pin() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let mut ratna = shop.signed_in(RATNA).await;
    let mut rizal = shop.signed_in(RIZAL).await;
    let url = format!("/admin/orang/{}", cast.ratna);
    let page = rizal.get(&url).await;
    rizal.fill(&page, &format!("{url}/tutup"), &[]).await.is(303);
    ratna.get("/akun").await.is(303);
    ratna.try_to_sign_in(RATNA, PIN).await.is(422).says("tidak cocok");
    let page = rizal.get(&url).await;
    page.says("Ditutup");
    rizal.fill(&page, &format!("{url}/buka"), &[]).await.is(303);
    ratna.try_to_sign_in(RATNA, PIN).await.is(303);
    shop.close().await;
}

#[actix_web::test]
async fn an_administrator_writes_down_staff_and_lends_them_a_pin() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let mut rizal = shop.signed_in(RIZAL).await;
    let page = rizal.get("/admin/orang/baru").await;
    let typed = [("name", "Mas Bagus"), ("phone", "081311114444"), ("pin_new", "482913")];
    let first = rizal.fill(&page, "/admin/orang", &typed).await;
    let second = rizal.fill(&page, "/admin/orang", &typed).await;
    assert_eq!(first.location, second.location);
    assert!(first.location.is_some());
    let page = rizal.get("/admin/orang/baru").await;
    rizal.fill(&page, "/admin/orang", &typed).await.is(422).says("sudah punya akun");
    let seen = shop.browser().try_to_sign_in("081311114444", "482913").await;
    assert_eq!(seen.location.as_deref(), Some("/akun/pin?kembali=%2Fakun"));

    let url = format!("/admin/orang/{}", cast.siti);
    let page = rizal.get(&url).await;
    let action = format!("{url}/pin");
    rizal.fill(&page, &action, &[("pin_new", "000000")]).await.is(422).says("terlalu mudah");
    rizal.fill(&page, &action, &[("pin_new", "482913")]).await.is(303);
    shop.browser().try_to_sign_in(SITI, "482913").await.is(303);
    shop.close().await;
}

#[actix_web::test]
async fn a_program_comes_in_with_a_token_until_it_or_its_role_is_taken_away() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let mut rizal = shop.signed_in(RIZAL).await;
    let held = role::of(&shop.app.db, cast.siti).await.unwrap()[0].clone();
    let page = rizal.get("/admin/token").await;
    let id = held.id.to_string();
    let typed = [("name", "Papan harga"), ("role", id.as_str())];
    let shown = |seen: &crate::support::browser::Seen| {
        seen.body.split("typed-code\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a token").to_owned()
    };
    let first = shown(rizal.fill(&page, "/admin/token", &typed).await.is(200));
    let second = shown(rizal.fill(&page, "/admin/token", &typed).await.is(200));
    assert_eq!(first, second, "a second tap shows the same token");
    let (row, role) = token::role_of(&shop.app.db, &first).await.unwrap().expect("a role");
    assert_eq!((role.role, role.outlet_id), (Role::Operator, Some(cast.outlet.id)));
    assert!(token::role_of(&shop.app.db, "warong_0000").await.unwrap().is_none());
    assert!(!rizal.get("/admin/token").await.says("Papan harga").body.contains(&first));

    let page = rizal.get("/admin/token").await;
    let action = format!("/admin/token/{}/cabut", row.id);
    rizal.fill(&page, &action, &[]).await.is(303);
    rizal.fill(&page, &action, &[]).await.is(303);
    assert!(token::role_of(&shop.app.db, &first).await.unwrap().is_none());
    let buyers = role::of(&shop.app.db, cast.ratna).await.unwrap()[0].id.to_string();
    let page = rizal.get("/admin/token").await;
    rizal.fill(&page, "/admin/token", &[("name", "x"), ("role", &buyers)]).await.is(422);
    shop.close().await;
}

#[actix_web::test]
async fn a_program_is_judged_by_the_role_of_its_token() {
    use actix_web::{App, HttpResponse, http::header::AUTHORIZATION, test, web};
    use warong::accounts::visit::Program;

    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let held = role::of(&shop.app.db, cast.siti).await.unwrap()[0].clone();
    let tx = db::begin(&shop.app.db).await.unwrap();
    let secret = &shop.app.config.secret;
    let (token, _) = token::issue(&tx, &shop.clock, secret, &held, "Timbangan", "k1234567").await.unwrap();
    tx.commit().await.unwrap();
    let counter = |program: Program| async move { program.may(&[Role::Operator]).map(|_| HttpResponse::Ok().finish()) };
    let books = |program: Program| async move { program.may(&[Role::Auditor]).map(|_| HttpResponse::Ok().finish()) };
    let db = web::Data::new(shop.app.db.clone());
    let app = App::new().app_data(db).route("/counter", web::get().to(counter)).route("/books", web::get().to(books));
    let app = test::init_service(app).await;
    let bearer = format!("Bearer {token}");
    for (path, shown, status) in [
        ("/counter", Some(bearer.as_str()), 200),
        ("/books", Some(bearer.as_str()), 403),
        ("/counter", Some("Bearer warong_0000"), 401),
        ("/counter", Some(token.as_str()), 401),
        ("/counter", None, 401),
    ] {
        let mut request = test::TestRequest::get().uri(path);
        if let Some(shown) = shown {
            request = request.insert_header((AUTHORIZATION, shown));
        }
        let answer = test::call_service(&app, request.to_request()).await;
        assert_eq!(answer.status().as_u16(), status, "{path} {shown:?}");
    }
    shop.close().await;
}

#[actix_web::test]
async fn an_empty_installation_gets_its_village_and_outlet() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut rizal = shop.signed_in(RIZAL).await;
    let page = rizal.get("/admin/warong").await;
    let village = [
        ("code", "35.09.22.2002"),
        ("village_name", "Darsono"),
        ("kecamatan", "Arjasa"),
        ("kabupaten", "Kabupaten Jember"),
    ];
    rizal.fill(&page, "/admin/desa", &[("code", "Darsono")]).await.is(422).says("35.09.22.2001");
    rizal.fill(&page, "/admin/desa", &village).await.is(303);
    rizal.fill(&page, "/admin/desa", &village).await.is(303);
    let page = rizal.get("/admin/warong").await;
    page.says("Darsono");
    rizal.fill(&page, "/admin/desa", &village).await.is(422).says("sudah ada");
    let mut outlet = vec![
        ("village", "2"),
        ("name", "Warong Darsono"),
        ("phone", "081311115555"),
        ("address", "Jalan Rembangan 40"),
        ("maker_share", "80"),
        ("outlet_share", "15"),
        ("group_share", "6"),
        ("cod_max", "500.000"),
    ];
    rizal.fill(&page, "/admin/warong", &outlet).await.is(422).says("100 persen");
    outlet[6].1 = "5";
    outlet[0].1 = "99";
    rizal.fill(&page, "/admin/warong", &outlet).await.is(422);
    outlet[0].1 = "2";
    rizal.fill(&page, "/admin/warong", &outlet).await.is(303);
    rizal.fill(&page, "/admin/warong", &outlet).await.is(303);
    rizal.get("/admin/warong").await.says("Warong Darsono");
    assert_eq!(entity::outlet::Entity::find().count(&shop.app.db).await.unwrap(), 2);
    shop.close().await;
}

#[actix_web::test]
async fn the_administrators_pages_are_for_administrators() {
    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    for path in ["/admin", "/admin/orang/baru", "/admin/orang/1", "/admin/token", "/admin/warong"] {
        shop.browser().get(path).await.is(303);
        for phone in [RATNA, SATI, ANTON, SITI] {
            shop.signed_in(phone).await.get(path).await.is(403);
        }
    }
    let mut rizal = shop.signed_in(RIZAL).await;
    for id in ["0", "999", "abc"] {
        rizal.get(&format!("/admin/orang/{id}")).await.is(404);
    }
    shop.close().await;
}
