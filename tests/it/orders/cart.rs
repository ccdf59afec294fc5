//! The basket: what goes in, what is refused, and what is said when something changed meanwhile.
use entity::{Rupiah, item, product};
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{MAKASSAR, fill, open};
use crate::counter::stand::Stand;

async fn reprice(stand: &Stand, item_id: i64, price: i64) {
    let tx = stand.begin().await;
    let change = item::ActiveModel { id: Set(item_id), price: Set(Rupiah(price)), ..Default::default() };
    item::Entity::update(change).exec(&tx).await.expect("a new price");
    tx.commit().await.expect("it stands");
}

async fn withdraw(stand: &Stand, item_id: i64) {
    let tx = stand.begin().await;
    let item = item::Entity::find_by_id(item_id).one(&tx).await.expect("a read").expect("an item");
    let state = Set(product::State::Withdrawn);
    let change = product::ActiveModel { id: Set(item.product_id), state, ..Default::default() };
    product::Entity::update(change).exec(&tx).await.expect("withdrawn");
    tx.commit().await.expect("it stands");
}

#[actix_web::test]
async fn pieces_go_in_are_changed_and_taken_out() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    ratna.get("/keranjang").await.is(200).says("masih kosong");
    let page = fill(&mut ratna, stand.basket, 2).await;
    page.is(200).says("Keranjang sampah anyam").says("Rp56.000");
    assert_eq!(ratna.cookies["warong_isi"], "2");
    let page = fill(&mut ratna, stand.basket, 1).await;
    page.says("Rp84.000").says("value=\"3\"");
    let sent = ratna.fill(&page, "/keranjang/isi", &[("jumlah-1", "5")]).await;
    let page = ratna.follow(sent).await;
    page.says("Rp140.000");
    let sent = ratna.fill(&page, "/keranjang/isi", &[("hapus", "1")]).await;
    ratna.follow(sent).await.says("masih kosong");
    stand.close().await;
}

#[actix_web::test]
async fn a_number_that_is_none_comes_back_with_a_sentence() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    let basket = stand.basket.to_string();
    for (typed, said) in [
        ("0", "Paling sedikit 1"),
        ("-1", "Tulis angka bulat"),
        ("1e3", "Tulis angka bulat"),
        ("1000000000", "Paling banyak 999"),
        ("", "Harap diisi"),
        ("dua", "Tulis angka bulat"),
        ("11", "Tinggal 10 buah"),
    ] {
        let seen = ratna.post_raw("/keranjang", &[("item_id", &basket), ("jumlah", typed)]).await;
        seen.is(422).says(said).says(&format!("value=\"{typed}\""));
    }
    assert!(!ratna.cookies.contains_key("warong_cart"), "a refused basket was made");
    for item in ["0", "999999", "abc", ""] {
        ratna.post_raw("/keranjang", &[("item_id", item), ("jumlah", "1")]).await.is(422);
    }
    let page = fill(&mut ratna, stand.basket, 2).await;
    for (typed, said) in [("99", "Tinggal 10 buah"), ("1e3", "Tulis angka bulat"), ("1000", "Paling banyak 999")] {
        let seen = ratna.fill(&page, "/keranjang/isi", &[("jumlah-1", typed)]).await;
        seen.is(422).says(said).says(&format!("value=\"{typed}\""));
    }
    ratna.get("/keranjang").await.says("Rp56.000");
    stand.close().await;
}

#[actix_web::test]
async fn made_to_order_may_be_more_than_there_is() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    fill(&mut ratna, stand.cage, 4).await.is(200).says("4 dibuat dulu").says("Selasa, 24 November 2026");
    stand.close().await;
}

#[actix_web::test]
async fn a_double_tap_puts_in_once() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    fill(&mut ratna, stand.basket, 1).await;
    let basket = stand.basket.to_string();
    let again = [("item_id", basket.as_str()), ("jumlah", "2"), ("request_key", "tap-0123456789")];
    ratna.post_raw("/keranjang", &again).await.is(303);
    ratna.post_raw("/keranjang", &again).await.is(303);
    ratna.get("/keranjang").await.says("Rp84.000");
    let other = [("item_id", basket.as_str()), ("jumlah", "3"), ("request_key", "tap-0123456789")];
    ratna.post_raw("/keranjang", &other).await.is(409);
    stand.close().await;
}

#[actix_web::test]
async fn a_new_price_is_taken_only_after_a_yes() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    fill(&mut ratna, stand.basket, 2).await;
    reprice(&stand, stand.basket, 30_000).await;
    let page = ratna.get("/keranjang").await;
    page.says("Harga berubah dari Rp28.000 menjadi Rp30.000").says("Setuju harga baru");
    assert_eq!(ratna.get("/pesan").await.location.as_deref(), Some("/keranjang"));
    let sent = ratna.fill(&page, "/keranjang/isi", &[("tombol", "setuju"), ("harga-1", "29.000")]).await;
    ratna.follow(sent).await.says("Setuju harga baru");
    let sent = ratna.fill(&page, "/keranjang/isi", &[("tombol", "setuju")]).await;
    let page = ratna.follow(sent).await;
    assert!(!page.body.contains("Setuju harga baru") && page.body.contains("Rp60.000"), "{}", page.body);
    stand.close().await;
}

#[actix_web::test]
async fn what_was_withdrawn_must_be_taken_out() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    fill(&mut ratna, stand.basket, 2).await;
    fill(&mut ratna, stand.cage, 1).await;
    withdraw(&stand, stand.basket).await;
    let page = ratna.get("/keranjang").await;
    page.says("tidak dijual lagi");
    assert_eq!(ratna.get("/pesan").await.location.as_deref(), Some("/keranjang"));
    let sent = ratna.fill(&page, "/keranjang/isi", &[("tombol", "sesuaikan")]).await;
    let page = ratna.follow(sent).await;
    assert!(!page.body.contains("Keranjang sampah anyam") && page.body.contains("Kurungan ayam"));
    ratna.get("/pesan").await.is(200);
    stand.close().await;
}

#[actix_web::test]
async fn a_basket_that_nobody_gave_out_is_empty() {
    let stand = open().await;
    let mut anton = stand.shop.browser();
    for token in ["abcdefghijklmnopqrstuvwxyz", "' OR 1=1 --aaaaaaaaaaaaaaaa", "x"] {
        anton.cookies.insert("warong_cart".into(), token.into());
        anton.get("/keranjang").await.is(200).says("masih kosong");
    }
    stand.close().await;
}

#[actix_web::test]
async fn sending_has_a_price_before_any_address() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    fill(&mut ratna, stand.basket, 1).await;
    let page = ratna.get("/keranjang?tujuan=mariso+makasar").await;
    page.is(200).says("Makassar");
    let sent = ratna.fill(&page, "/keranjang/isi", &[("desa", MAKASSAR)]).await;
    sent.is(303);
    let page = ratna.get("/keranjang").await;
    page.says("Reguler").says("2 sampai 5 hari").says("lagi ikut dengan ongkos yang sama");
    ratna.get("/keranjang?tujuan=%3Cscript%3Ealert(1)%3C/script%3E").await.is(200).says("&lt;script&gt;");
    ratna.post_raw("/keranjang/isi", &[("desa", "99.99.99.9999")]).await.is(422);
    stand.close().await;
}

#[actix_web::test]
async fn a_number_typed_goes_along_wherever_the_next_tap_leads() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    fill(&mut ratna, stand.basket, 1).await;
    let page = ratna.get("/keranjang").await;
    let line =
        page.body.split("name=\"jumlah-").nth(1).and_then(|rest| rest.split('"').next()).expect("a line").to_owned();
    let field = format!("jumlah-{line}");
    for (typed, tap, leads, then) in [
        ("5", ("tombol", "pesan"), "/pesan", "5 ×"),
        ("4", ("tombol", "cari"), "/keranjang?tujuan=#ongkir", "value=\"4\""),
        ("4", ("tambah", line.as_str()), "/keranjang", "value=\"5\""),
        ("2", ("kurang", line.as_str()), "/keranjang", "value=\"1\""),
    ] {
        let seen = ratna.fill(&page, "/keranjang/isi", &[(&field, typed), tap]).await;
        assert_eq!((seen.status, seen.location.as_deref()), (303, Some(leads)));
        ratna.follow(seen).await.says(then);
    }
    ratna.fill(&page, "/keranjang/isi", &[(&field, "999"), ("tambah", line.as_str())]).await.is(422).says("999");
    ratna.get("/keranjang/isi").await.is(303);
    stand.close().await;
}

#[actix_web::test]
async fn a_guests_double_tap_puts_one_in() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    let item = stand.basket.to_string();
    let wish = [("item_id", item.as_str()), ("jumlah", "2"), ("request_key", "")];
    ratna.post_raw("/keranjang", &wish).await.is(303);
    ratna.post_raw("/keranjang", &wish).await.is(303);
    ratna.get("/keranjang").await.says("value=\"2\"");
    stand.shop.clock.advance(chrono::Duration::seconds(6));
    ratna.post_raw("/keranjang", &wish).await.is(303);
    ratna.get("/keranjang").await.says("value=\"4\"");
    stand.close().await;
}

#[actix_web::test]
async fn a_product_says_what_sending_it_costs() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    fill(&mut ratna, stand.basket, 1).await;
    let cart = ratna.get("/keranjang").await;
    let at = cart.body.find("/produk/").expect("a product");
    let path: String = cart.body[at..].chars().take_while(|c| *c != '"').collect();
    let mut guest = stand.shop.browser();
    guest.get(&format!("{path}?tujuan=mariso+makassar")).await.is(200).says(&format!("?tujuan={MAKASSAR}"));
    guest.get(&format!("{path}?tujuan={MAKASSAR}")).await.is(200).says("Reguler").says("buah lagi ikut");
    guest.get(&format!("{path}?tujuan=zzzzzz")).await.is(200).says("tidak ditemukan");
    stand.close().await;
}

#[actix_web::test]
async fn villages_are_found_while_typing() {
    let stand = open().await;
    let seen = stand.shop.browser().get("/wilayah?q=kemuning+lor").await;
    seen.is(200).says("\"code\":\"35.09.22.2001\"").says("\"postcode\":\"68191\"");
    for odd in ["/wilayah", "/wilayah?q=", "/wilayah?q=%00%ff", "/wilayah?q='+OR+1=1"] {
        let status = stand.shop.browser().get(odd).await.status;
        assert!(status == 200 || status == 400, "{odd}: {status}");
    }
    stand.close().await;
}
