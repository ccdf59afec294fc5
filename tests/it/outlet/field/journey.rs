//! At a crafter's door, on a phone's screen, with nobody answering.
use std::{io::Write, time::Duration};

use entity::{lot, photo, session};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use thirtyfour::prelude::By;
use warong::db;

use super::door::{Door, HERE};
use crate::counter::stand::slip;

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

    door.shop.is_back();
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
    door.shop.is_back();
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
