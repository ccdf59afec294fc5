//! The operator's pages: a hand-over in a few taps, the document with what became of it, and everything that is refused.
use entity::{intake, lot, photo};
use futures_util::future::join;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use warong::{collection::intake::NewIntake, ledger::Book};

use super::yard::Yard;
use crate::{counter::stand::slip, support::browser::Seen};

impl Yard {
    fn ids(&self) -> (String, String) {
        (self.sati.to_string(), self.stand.basket.to_string())
    }

    async fn count(&self) -> u64 {
        intake::Entity::find().count(&self.stand.shop.app.db).await.expect("a count")
    }
}

#[actix_web::test]
async fn choosing_a_face_and_a_picture_and_one_number_is_a_hand_over() {
    let yard = Yard::open().await;
    let mut siti = yard.stand.siti.clone();
    let (sati, basket) = yard.ids();
    siti.get("/kelola").await.is(200).says("/kelola/setoran");
    siti.get("/kelola/setoran").await.is(200).says("Belum ada setoran");
    siti.get("/kelola/setoran/baru").await.is(200).says("Bu Sati").says(&format!("perajin={sati}"));
    siti.get("/kelola/setoran/baru?q=marsuki").await.is(200).says("Pak Marsuki");
    siti.get("/kelola/setoran/baru?q=rt+1").await.is(200).says("Pak Marsuki");
    let goods = siti.get(&format!("/kelola/setoran/baru?perajin={sati}")).await;
    goods.is(200).says("Keranjang sampah anyam").says(&format!("barang={basket}"));
    let form = siti.get(&format!("/kelola/setoran/baru?perajin={sati}&barang={basket}")).await;
    form.is(200).says("Rp21.280");
    let typed = [("grade_a", "12"), ("terms", "consigned")];
    let done = siti.fill(&form, "/kelola/setoran", &typed).await;
    let again = siti.fill(&form, "/kelola/setoran", &typed).await;
    assert_eq!((done.is(303).location.clone(), yard.count().await), (again.location.clone(), 1), "two taps are one");
    let page = siti.follow(done).await;
    page.is(200).says("S-2611-0001-").says("Setoran sudah dicatat").says("wa.me");
    siti.get("/kelola/setoran").await.says("S-2611-0001-").says("12 barang masuk dari 1 rumah");
    yard.close().await;
}

#[actix_web::test]
async fn a_form_that_is_refused_comes_back_as_it_was_typed() {
    let yard = Yard::open().await;
    let mut siti = yard.stand.siti.clone();
    let (sati, basket) = yard.ids();
    let form = siti.get(&format!("/kelola/setoran/baru?perajin={sati}&barang={basket}")).await;
    let mut send = async |fields: &[(&str, &str)]| siti.fill(&form, "/kelola/setoran", fields).await;
    send(&[("grade_a", "-3"), ("terms", "consigned")])
        .await
        .is(422)
        .says("tidak bisa kurang dari nol")
        .says("value=\"-3\"");
    send(&[("grade_a", "2,5"), ("terms", "consigned")]).await.is(422).says("bilangan bulat");
    send(&[("grade_a", ""), ("terms", "consigned")]).await.is(422).says("Belum ada yang disetor");
    send(&[("grade_a", "1"), ("terms", "")]).await.is(422).says("Pilih salah satu");
    send(&[("grade_a", "1"), ("rejected", "2"), ("terms", "consigned")]).await.is(422).says("Harap diisi");
    let dear = [("grade_a", "3"), ("terms", "bought"), ("cost", "30.000")];
    send(&dear).await.is(422).says("lebih tinggi dari harga jual Rp28.000").says("price_confirmed");
    assert_eq!(yard.count().await, 0);
    let sure = [("grade_a", "3"), ("terms", "bought"), ("cost", "30.000"), ("price_confirmed", "yes")];
    send(&sure).await.is(303);
    assert_eq!(yard.on(Book::Crafter(yard.sati)).await, -90_000);
    send(&[("grade_a", "4"), ("terms", "consigned")]).await.is(409);
    yard.close().await;
}

#[actix_web::test]
async fn gedek_is_typed_with_a_comma() {
    let yard = Yard::open().await;
    let mut siti = yard.stand.siti.clone();
    let form = siti.get(&format!("/kelola/setoran/baru?perajin={}&barang={}", yard.sati, yard.gedek)).await;
    form.is(200).says("m²");
    let done = siti.fill(&form, "/kelola/setoran", &[("grade_a", "2,75"), ("terms", "consigned")]).await;
    siti.follow(done).await.is(200).says("2,75").says("Sisa potongan 0,75 m²");
    yard.close().await;
}

#[actix_web::test]
async fn two_phones_that_send_the_same_baskets_at_once_become_one_and_a_question() {
    let yard = Yard::open().await;
    let (mut siti, mut hasan) = (yard.stand.siti.clone(), yard.stand.hasan.clone());
    let (sati, basket) = yard.ids();
    let url = format!("/kelola/setoran/baru?perajin={sati}&barang={basket}");
    let (first, second) = (siti.get(&url).await, hasan.get(&url).await);
    let typed = [("grade_a", "7"), ("terms", "consigned")];
    let to = "/kelola/setoran";
    let (one, other) = join(siti.fill(&first, to, &typed), hasan.fill(&second, to, &typed)).await;
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!((statuses, yard.count().await), ([303, 422], 1));
    let asked = if one.status == 422 { one } else { other };
    asked.says("sudah dicatat (S-2611-0001-").says("Catat lagi?").says("name=\"twin\"");
    let (mut phone, page) = if asked.body.contains("Pak Hasan") { (siti, first) } else { (hasan, second) };
    let sure = [("grade_a", "7"), ("terms", "consigned"), ("twin", "yes")];
    phone.fill(&page, "/kelola/setoran", &sure).await.is(303);
    assert_eq!(yard.count().await, 2);
    yard.close().await;
}

#[actix_web::test]
async fn what_became_of_a_hand_over_is_on_its_page_and_more_than_is_there_does_not_go() {
    let yard = Yard::open().await;
    let mut siti = yard.stand.siti.clone();
    let (marsuki, basket) = (yard.marsuki.to_string(), yard.stand.basket.to_string());
    let form = siti.get(&format!("/kelola/setoran/baru?perajin={marsuki}&barang={basket}")).await;
    let done = siti.fill(&form, "/kelola/setoran", &[("grade_a", "5"), ("terms", "consigned")]).await;
    siti.follow(done).await.is(200);
    let lot =
        lot::Entity::find().all(&yard.stand.shop.app.db).await.expect("lots").pop().expect("a lot").id.to_string();
    let (url, act) = ("/kelola/setoran/1", "/kelola/setoran/1/keluar");
    let send = async |how: &str, n: &str, more: &[(&str, &str)]| -> Seen {
        let mut siti = yard.stand.siti.clone();
        let page = siti.get(url).await;
        let fields: Vec<(&str, &str)> =
            [("lot", lot.as_str()), ("how", how), ("quantity", n)].into_iter().chain(more.iter().copied()).collect();
        siti.fill(&page, act, &fields).await
    };
    send("given_back", "6", &[]).await.is(409).says("Yang ada tinggal 5.").says("value=\"6\"");
    send("given_back", "0", &[]).await.is(422);
    send("", "1", &[]).await.is(422).says("Pilih salah satu");
    send("broken", "1", &[("bearer", "outlet")]).await.is(422).says("Harap diisi");
    send("broken", "1", &[("reason", "Tertindih")]).await.is(422).says("Pilih salah satu");
    send("broken", "1", &[("bearer", "outlet"), ("reason", "Tertindih")]).await.is(303);
    assert_eq!(yard.on(Book::Crafter(yard.marsuki)).await, -21_280);
    // The same tap twice is one.
    let twice = [("lot", lot.as_str()), ("how", "given_back"), ("quantity", "2")];
    let page = siti.get(url).await;
    siti.fill(&page, act, &twice).await.is(303);
    siti.fill(&page, act, &twice).await.is(303);
    siti.get(url).await.says("Tertindih").says("diambil lagi");
    assert_eq!(
        yard.lots(&intake::Entity::find().one(&yard.stand.shop.app.db).await.unwrap().unwrap()).await[0].remaining,
        2
    );
    let csrf = page.hidden(act);
    let csrf = csrf.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.clone()).expect("a token");
    let reverse = [("csrf", csrf.as_str()), ("reverse_reason", "Salah")];
    siti.post_raw("/kelola/setoran/1/pembatalan", &reverse).await.is(409).says("sudah keluar");
    yard.close().await;
}

#[actix_web::test]
async fn a_wrong_entry_is_reversed_with_a_reason_by_the_outlets_own() {
    let yard = Yard::open().await;
    let mut siti = yard.stand.siti.clone();
    let (sati, basket) = yard.ids();
    let form = siti.get(&format!("/kelola/setoran/baru?perajin={sati}&barang={basket}")).await;
    let typed = [("grade_a", "5"), ("terms", "bought"), ("cost", "20000")];
    let done = siti.fill(&form, "/kelola/setoran", &typed).await;
    let page = siti.follow(done).await;
    let act = "/kelola/setoran/1/pembatalan";
    siti.fill(&page, act, &[("reverse_reason", "")]).await.is(422).says("Harap diisi");

    let mut stranger = yard.stand.stranger.clone();
    stranger.get("/kelola/setoran/1").await.is(404);
    stranger.get(&format!("/kelola/setoran/baru?perajin={sati}")).await.is(404);
    let own = stranger.get("/kelola/jemput/urutan").await;
    let csrf = own.hidden("/kelola/jemput/urutan");
    let csrf = csrf.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.clone()).expect("a token");
    let wish = [("csrf", csrf.as_str()), ("reverse_reason", "Iri")];
    stranger.post_raw(act, &wish).await.is(404);
    let wish = [
        ("csrf", csrf.as_str()),
        ("crafter_id", &sati),
        ("item_id", &basket),
        ("grade_a", "1"),
        ("terms", "consigned"),
    ];
    stranger.post_raw("/kelola/setoran", &wish).await.is(404);
    let mut guest = yard.stand.shop.browser();
    guest.get("/kelola/setoran").await.is(303);
    guest.post_raw(act, &[("reverse_reason", "Iri")]).await;
    assert_eq!(yard.on(Book::Crafter(yard.sati)).await, -100_000);

    siti.fill(&page, act, &[("reverse_reason", "Salah orang")]).await.is(303);
    siti.fill(&page, act, &[("reverse_reason", "Salah orang")]).await.is(303);
    siti.get("/kelola/setoran/1").await.is(200).says("Setoran ini dibatalkan: Salah orang");
    assert_eq!(yard.on(Book::Crafter(yard.sati)).await, 0);
    yard.close().await;
}

#[actix_web::test]
async fn a_photo_catches_up_and_one_that_is_none_harms_nothing() {
    let yard = Yard::open().await;
    let mut siti = yard.stand.siti.clone();
    let intake = yard.takes_in("one", &NewIntake::consigned(yard.sati, yard.stand.basket, 5)).await;
    let (here, act) = (format!("/kelola/setoran/{}", intake.id), format!("/kelola/setoran/{}/foto", intake.id));
    let page = siti.get(&here).await;
    siti.fill_with_picture(&page, &act, &[], "photo", None).await.is(422).says("Pilih fotonya dulu");
    siti.fill_with_picture(&page, &act, &[], "photo", Some(b"halo")).await.is(422).says(&intake.number);
    siti.fill_with_picture(&page, &act, &[], "photo", Some(&slip())).await.is(303);
    siti.fill_with_picture(&page, &act, &[], "photo", Some(&slip())).await.is(303);
    yard.stand.shop.settle().await;
    let db = &yard.stand.shop.app.db;
    let photo = photo::Entity::find().filter(photo::Column::Subject.eq(photo::Subject::Intake)).all(db).await.unwrap();
    assert_eq!((photo.len(), photo[0].state), (1, photo::State::Ready));
    let kept = intake::Entity::find_by_id(intake.id).one(db).await.unwrap().unwrap();
    assert_eq!(kept.photo.as_deref(), Some(photo[0].name.as_str()));
    let picture = format!("{act}/{}/320.webp", photo[0].id);
    siti.get(&here).await.says(&picture);
    let cookies = siti.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let mut phone = yard.stand.shop.browser();
    assert_eq!(phone.raw(&picture, &[("cookie", cookies.as_str())]).await.status().as_u16(), 200);
    yard.stand.stranger.clone().get(&picture).await.is(404);
    yard.stand.shop.browser().get(&format!("/foto/{}-320.webp", photo[0].name)).await.is(404);
    yard.close().await;
}

#[actix_web::test]
async fn a_photo_comes_with_the_form_and_stands_on_the_receipt() {
    let yard = Yard::open().await;
    let mut siti = yard.stand.siti.clone();
    let (sati, basket) = yard.ids();
    let form = siti.get(&format!("/kelola/setoran/baru?perajin={sati}&barang={basket}")).await;
    let typed = [("grade_a", "12"), ("terms", "consigned")];
    let to = "/kelola/setoran";
    // What is refused asks for the photo once more, since a browser never fills it in again.
    let odd = [("grade_a", "0"), ("terms", "consigned")];
    siti.fill_with_picture(&form, to, &odd, "photo", Some(&slip())).await.is(422).says("Pilih fotonya sekali lagi");
    let done = siti.fill_with_picture(&form, to, &typed, "photo", Some(&slip())).await;
    let again = siti.fill_with_picture(&form, to, &typed, "photo", Some(&slip())).await;
    assert_eq!((done.is(303).location.clone(), yard.count().await), (again.location.clone(), 1), "two taps are one");
    let db = &yard.stand.shop.app.db;
    let handed = intake::Entity::find().one(db).await.expect("a read").expect("an intake");
    let receipt = format!("/setoran/{}", handed.secret);
    let mut anybody = yard.stand.shop.browser();
    anybody.get(&receipt).await.is(200).says("Foto menyusul");
    anybody.get(&format!("{receipt}/foto/640.webp")).await.is(404);
    yard.stand.shop.settle().await;
    let all = photo::Entity::find().filter(photo::Column::Subject.eq(photo::Subject::Intake)).count(db).await;
    assert_eq!(all.expect("a count"), 1);
    let picture = format!("{receipt}/foto/640.webp");
    let page = anybody.get(&receipt).await;
    page.is(200).says(&picture);
    assert!(!page.body.contains("Foto menyusul"));
    for paper in ["58", "a6"] {
        anybody.get(&format!("{receipt}/cetak?kertas={paper}")).await.is(200).says(&picture);
    }
    for (path, status) in [(picture.as_str(), 200), (&format!("{receipt}/kartu.png"), 200)] {
        assert_eq!(anybody.raw(path, &[]).await.status().as_u16(), status, "{path}");
    }
    assert_eq!(anybody.raw("/setoran/apa/foto/640.webp", &[]).await.status().as_u16(), 404);
    assert_eq!(anybody.raw(&format!("{receipt}/foto/apa.webp"), &[]).await.status().as_u16(), 404);
    yard.close().await;
}

#[actix_web::test]
async fn a_hand_over_stands_though_its_photo_is_none() {
    let yard = Yard::open().await;
    let mut siti = yard.stand.siti.clone();
    let (sati, basket) = yard.ids();
    let form = siti.get(&format!("/kelola/setoran/baru?perajin={sati}&barang={basket}")).await;
    let typed = [("grade_a", "12"), ("terms", "consigned")];
    let done = siti.fill_with_picture(&form, "/kelola/setoran", &typed, "photo", Some(b"halo")).await;
    assert_eq!(yard.count().await, 1);
    siti.follow(done).await.is(200).says("fotonya tidak bisa dipakai").says("S-2611-0001-");
    yard.close().await;
}
