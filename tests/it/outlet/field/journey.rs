//! At a crafter's door, on a phone's screen, with nobody answering.
use std::{io::Write, time::Duration};

use entity::{intake, lot, photo, session};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use thirtyfour::prelude::By;
use warong::{check, db, seed};

use crate::{
    counter::stand::slip,
    support::{Shop, chrome::Phone},
};

const HERE: &str = "/kelola/setoran/baru";

/// A village, its operator's phone, and how often it was tapped.
struct Door {
    shop: Shop,
    phone: Phone,
    taps: usize,
}

impl Door {
    /// The phone has seen the page once, with signal.
    async fn open() -> Door {
        let shop = Shop::empty().await;
        seed::run_small(&shop.app.db, &shop.clock, &shop.app.files).await.expect("the village");
        shop.knows_its_place().await;
        let phone = Phone::new(&shop.base, true).await;
        let door = Door { shop, phone, taps: 0 };
        door.signs_in().await;
        door.phone.open(HERE).await;
        // The page that works without script gives way to the one that works without signal.
        door.phone.find("[data-field]").await;
        door.phone.sees("Siapa yang menyetor?").await;
        door.phone.sees("data per").await;
        door.runs("const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true))").await;
        door.has_pictures().await;
        door
    }

    async fn signs_in(&self) {
        self.phone.open("/masuk").await;
        self.phone.type_in("input[name=phone]", "081200000001").await;
        self.phone.type_in("input[name=pin]", "246810").await;
        self.phone.tap("main form[action='/masuk'] button:not(.visually-hidden)").await;
        self.phone.leaves("/masuk").await;
    }

    /// Runs a script that calls back with its answer.
    async fn runs(&self, script: &str) -> Value {
        self.phone.driver.execute_async(script, vec![]).await.expect("the script runs").json().clone()
    }

    /// All small pictures have come along.
    async fn has_pictures(&self) {
        let missing = "const done = arguments[0]; (async () => { \
             const { crafters, items } = await (await fetch('/kelola/setoran/bekal.json')).json(); \
             const names = new Set([...crafters.map((c) => c.face), ...items.map((i) => i.cover)].filter(Boolean)); \
             const kept = await (await caches.open('foto')).keys(); \
             return names.size - kept.length; })().then(done)";
        for _ in 0..400 {
            if self.runs(missing).await == json!(0) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("some pictures were not taken along");
    }

    async fn taps(&mut self, css: &str) {
        self.phone.tap(css).await;
        self.taps += 1;
    }

    /// Taps the tile or the button that says this.
    async fn chooses(&mut self, text: &str) {
        let quoted = json!(text);
        let mark = format!(
            "const it = [...document.querySelectorAll('[data-field] button')].find((b) => b.offsetParent && b.textContent.includes({quoted})); \
             it?.setAttribute('data-chosen', ''); return Boolean(it)"
        );
        for _ in 0..160 {
            if self.phone.driver.execute(&mark, vec![]).await.expect("it runs").json() == &json!(true) {
                return self.taps("[data-chosen]").await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("nothing says {text:?}:\n{}", self.phone.text().await);
    }

    async fn intakes(&self) -> Vec<intake::Model> {
        let of_phones = intake::Entity::find().filter(intake::Column::SourceKey.starts_with("event:"));
        of_phones.order_by_asc(intake::Column::Id).all(&self.shop.app.db).await.expect("a read")
    }

    async fn ends(self) {
        self.phone.put_down().await;
        self.shop.settle().await;
        let report = check::all(&self.shop.app.db).await.expect("the books can be read");
        assert!(report.ok, "{}", check::in_words(&report));
        self.shop.close().await;
    }
}

#[actix_web::test]
async fn three_intakes_without_signal_are_three_lots_once() {
    let mut door = Door::open().await;
    let lots_before = lot::Entity::find().count(&door.shop.app.db).await.expect("a count");
    door.shop.goes_dark().await;
    door.phone.open("/kelola").await;
    door.phone.sees("Tidak ada sinyal").await;
    door.phone.fits().await;
    door.phone.open(HERE).await;
    door.phone.sees("Siapa yang menyetor?").await;
    door.phone.fits().await;
    door.phone.picture("intake-who").await;
    door.chooses("Bu Sati").await;

    // The first: one product, and the taps are counted from here.
    door.taps = 0;
    door.phone.sees("Menyetor apa?").await;
    let seen = "return [...document.querySelectorAll('section > .field-tiles img')].every((i) => i.complete && i.naturalWidth > 0)";
    door.phone.fits().await;
    assert_eq!(door.phone.driver.execute(seen, vec![]).await.expect("it runs").json(), &json!(true), "pictures");
    door.phone.picture("intake-what").await;
    door.chooses("Keranjang parsel").await;
    door.phone.type_in("input[name=a]", "12").await;
    door.phone.picture("intake-count").await;
    door.phone.fits().await;
    door.taps("[data-field] form > button").await;
    door.phone.sees("Belum terkirim").await;
    assert!(door.taps <= 6, "{} taps", door.taps);
    door.phone.sees("12 buah bagus").await;
    door.phone.fits().await;
    door.phone.picture("intake-receipt").await;

    // The second, of the same crafter, with a photo and a page that is loaded anew in between.
    door.chooses("Barang lain dari Bu Sati").await;
    door.chooses("Keranjang parsel").await;
    door.phone.type_in("input[name=a]", "5").await;
    door.phone.tap("[data-field] summary").await;
    door.phone.type_in("input[name=b]", "2").await;
    door.phone.type_in("input[name=rejected]", "1").await;
    let mut picture = tempfile::NamedTempFile::with_suffix(".png").expect("a file");
    picture.write_all(&slip()).expect("written");
    let camera = door.phone.driver.find(By::Css("input[type=file]")).await.expect("the camera");
    camera.send_keys(picture.path().display().to_string()).await.expect("a photo");
    door.phone.find(".field-shot img").await;
    door.phone.driver.goto("about:blank").await.expect("another page");
    door.phone.open(HERE).await;
    door.phone.find(".field-shot img").await;
    let value = door.phone.find("input[name=a]").await.prop("value").await.expect("a value");
    assert_eq!(value.as_deref(), Some("5"), "what was typed is there");
    door.phone.fits().await;
    door.taps("[data-field] form > button").await;
    door.phone.sees("Kenapa ditolak?").await;
    door.phone.fits().await;
    door.phone.type_in("input[name=reason]", "Retak").await;
    door.taps("[data-field] form > button").await;
    door.phone.sees("2 belum terkirim").await;

    // The third, of another crafter, bought for more than it is sold for: asked twice.
    door.chooses("Perajin lain").await;
    door.chooses("Pak Marsuki").await;
    door.phone.sees("Menyetor apa?").await;
    door.phone.tap("[data-field] .field-tile").await;
    door.phone.type_in("input[name=a]", "3").await;
    door.phone.tap("[data-field] summary").await;
    door.phone.tap("input[value=bought]").await;
    door.phone.type_in("input[name=cost]", "900.000").await;
    door.taps("[data-field] form > button").await;
    door.phone.sees("di atas harga jual").await;
    door.phone.fits().await;
    door.taps("[data-field] form > button").await;
    door.phone.sees("3 belum terkirim").await;
    door.taps(".field-status__open").await;
    door.phone.sees("Catatan di HP ini").await;
    door.phone.fits().await;
    door.phone.picture("intake-records").await;
    assert!(door.intakes().await.is_empty());

    door.shop.is_back().await;
    door.phone.open(HERE).await;
    door.phone.sees("Semua terkirim").await;
    door.phone.sees("S-2611-").await;
    let intakes = door.intakes().await;
    let taken: Vec<_> = intakes.iter().map(|one| (one.grade_a, one.grade_b, one.rejected)).collect();
    assert_eq!(taken, [(12, 0, 0), (5, 2, 1), (3, 0, 0)]);
    for _ in 0..2 {
        door.phone.open(HERE).await;
        door.phone.sees("Semua terkirim").await;
    }
    assert_eq!(door.intakes().await.len(), 3);
    let lots = lot::Entity::find().count(&door.shop.app.db).await.expect("a count");
    assert_eq!(lots - lots_before, 4, "one lot each, and one of grade B");
    let photos = photo::Entity::find().filter(photo::Column::Subject.eq(photo::Subject::Intake));
    for _ in 0..100 {
        if photos.clone().count(&door.shop.app.db).await.expect("a count") == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let photo = photos.one(&door.shop.app.db).await.expect("a read").expect("the photo caught up");
    assert_eq!(photo.subject_id, intakes[1].id);
    door.ends().await;
}

#[actix_web::test]
async fn whoever_was_signed_out_meanwhile_signs_in_and_nothing_is_lost() {
    let mut door = Door::open().await;
    door.shop.goes_dark().await;
    door.phone.open(HERE).await;
    door.chooses("Bu Sati").await;
    door.chooses("Keranjang parsel").await;
    door.phone.type_in("input[name=a]", "4").await;
    door.taps("[data-field] form > button").await;
    door.phone.sees("1 belum terkirim").await;
    let tx = db::begin(&door.shop.app.db).await.expect("a transaction");
    session::Entity::delete_many().exec(&tx).await.expect("signed out");
    tx.commit().await.expect("it stands");
    door.shop.is_back().await;
    door.phone.open(HERE).await;
    door.phone.sees("Masuk dulu").await;
    door.phone.sees("1 belum terkirim").await;
    door.phone.fits().await;
    assert!(door.intakes().await.is_empty());
    door.signs_in().await;
    door.phone.open(HERE).await;
    door.phone.sees("Semua terkirim").await;
    assert_eq!(door.intakes().await.len(), 1);
    door.ends().await;
}
