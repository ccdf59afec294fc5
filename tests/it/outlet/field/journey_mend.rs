//! What was refused, corrected on the phone; and how few taps a hand-over takes.
use entity::{Rupiah, item, product};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use thirtyfour::prelude::By;
use warong::db;

use super::door::{Door, HERE};
use crate::support::chrome::Phone;

#[actix_web::test]
async fn what_was_refused_comes_back_into_its_form_and_goes() {
    let mut door = Door::open().await;
    door.shop.goes_dark().await;
    door.phone.open(HERE).await;
    door.chooses("Bu Sati").await;
    // One product, bought: the price is offered, so that one number is enough.
    door.taps = 0;
    door.chooses("Keranjang parsel").await;
    door.phone.type_in("input[name=a]", "6").await;
    door.taps("[data-field] summary").await;
    door.taps("input[value=bought]").await;
    door.taps("[data-field] form > button").await;
    door.phone.sees("1 belum terkirim").await;
    assert!(door.taps <= 6, "{} taps", door.taps);

    // Meanwhile the shop has lowered its price below what was agreed.
    let db = &door.shop.app.db;
    let parsel = product::Entity::find().filter(product::Column::Name.eq("Keranjang parsel"));
    let parsel = parsel.one(db).await.expect("a read").expect("the product");
    let sizes = item::Entity::find().filter(item::Column::ProductId.eq(parsel.id)).all(db).await.expect("a read");
    let tx = db::begin(db).await.expect("a transaction");
    for size in sizes {
        let lower = item::ActiveModel { id: Set(size.id), price: Set(Rupiah(10_000)), ..Default::default() };
        lower.update(&tx).await.expect("lower");
    }
    tx.commit().await.expect("it stands");

    door.shop.is_back();
    door.phone.open(HERE).await;
    door.phone.sees("1 catatan belum diterima").await;
    door.taps(".field-status__open").await;
    door.phone.sees("lebih tinggi dari harga jual Rp10.000").await;
    door.phone.fits().await;
    door.phone.tap(".field-record a.button").await;
    door.phone.sees("lebih tinggi dari harga jual Rp10.000").await;
    door.phone.fits().await;
    let pieces = door.phone.find("input[name=a]").await.prop("value").await.expect("a value");
    assert_eq!(pieces.as_deref(), Some("6"), "what was typed is there");
    door.taps("[data-field] form > button").await;
    door.phone.sees("tekan Simpan sekali lagi").await;
    door.taps("[data-field] form > button").await;
    door.phone.sees("Terkirim · S-2611-").await;
    assert_eq!(door.intakes().await.len(), 1);
    door.ends().await;
}

#[actix_web::test]
async fn without_script_a_hand_over_takes_three_taps_and_one_number() {
    let door = Door::open().await;
    let phone = Phone::new(&door.shop.base, false).await;
    phone.open("/masuk").await;
    phone.type_in("input[name=phone]", "081200000001").await;
    phone.type_in("input[name=pin]", "246810").await;
    phone.tap("main form[action='/masuk'] button:not(.visually-hidden)").await;
    phone.leaves("/masuk").await;
    for (n, terms) in ["consigned", "bought"].into_iter().enumerate() {
        phone.open(HERE).await;
        let faces = phone.driver.find_all(By::Css(".pick a")).await.expect("faces");
        faces[0].click().await.expect("a crafter");
        phone.sees("Barang").await;
        phone.tap(".pick--goods a").await;
        phone.type_in("input[name=grade_a]", &(5 + n).to_string()).await;
        if terms == "bought" {
            phone.tap("input[value=bought]").await;
        }
        phone.fits().await;
        phone.tap(".intake-form > button").await;
        phone.sees("Setoran sudah dicatat").await;
    }
    phone.put_down().await;
    door.ends().await;
}
