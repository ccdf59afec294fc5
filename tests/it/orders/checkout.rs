//! The desk: name, phone and village are enough; whatever is wrong is said beside its field, and nothing is lost.
use std::collections::BTreeMap;

use entity::{
    order::{Delivery, Method, Payment, State},
    order_line, shipping_rate,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{MAKASSAR, fill, newest, open, orders, to_makassar};
use crate::support::{Browser, browser::Seen};

#[actix_web::test]
async fn an_order_is_placed_and_its_goods_are_kept() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    fill(&mut ratna, stand.basket, 3).await;
    let page = ratna.get("/pesan").await;
    page.is(200).says("Siapa yang pesan?");
    let sent = ratna.fill(&page, "/pesan", &to_makassar("qris")).await;
    sent.is(303);
    let url = sent.location.clone().expect("an address");
    assert!(url.starts_with("/pesanan/") && url.len() > 25, "{url}");
    let order = newest(&stand).await;
    assert_eq!((order.state, order.payment, order.method), (State::Placed, Payment::Unpaid, Method::Qris));
    assert_eq!(order.goods_total.0, 84_000);
    assert_eq!(order.total, order.goods_total + order.shipping_total);
    assert_eq!(order.pay_by, Some(stand.shop.clock.now() + chrono::Duration::minutes(15)));
    let lines = order_line::Entity::find().filter(order_line::Column::OrderId.eq(order.id));
    let lines = lines.all(&stand.shop.app.db).await.expect("lines");
    let parts: i64 = lines.iter().map(|l| l.maker_total.0 + l.outlet_total.0 + l.group_total.0).sum();
    assert_eq!(parts + order.shipping_total.0, order.total.0);
    assert_eq!(stand.available(stand.basket).await, 7);
    assert_eq!(ratna.cookies["warong_isi"], "0");
    ratna.get("/keranjang").await.says("masih kosong");
    ratna.follow(sent).await.is(200).says("Sebentar").says("K-2611-");
    stand.shop.settle().await;
    ratna.get(&url).await.is(200).says("<svg").says("11.15 WITA").says("Makassar");
    stand.close().await;
}

#[actix_web::test]
async fn a_double_tap_and_a_tap_after_the_back_button_make_one_order() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    fill(&mut ratna, stand.basket, 1).await;
    let page = ratna.get("/pesan").await;
    let form = to_makassar("qris");
    let (mut left, mut right) = (ratna.clone(), ratna.clone());
    let (one, two) = tokio::join!(left.fill(&page, "/pesan", &form), right.fill(&page, "/pesan", &form));
    one.is(303);
    two.is(303);
    assert_eq!(one.location, two.location);
    let later = ratna.fill(&page, "/pesan", &form).await;
    assert_eq!((later.status, later.location), (303, one.location));
    assert_eq!(orders(&stand).await, 1);
    let mut other = form.clone();
    other.push(("catatan", "lain"));
    let told = ratna.fill(&page, "/pesan", &other).await;
    assert_eq!(told.location, later_again(&mut ratna, &page, &form).await, "the order that stands is shown");
    ratna.follow(told).await.says("sudah dibuat");
    assert_eq!((orders(&stand).await, stand.available(stand.basket).await), (1, 9));
    stand.close().await;
}

async fn later_again(ratna: &mut Browser, page: &Seen, form: &[(&str, &str)]) -> Option<String> {
    ratna.fill(page, "/pesan", form).await.location
}

#[actix_web::test]
async fn an_order_is_never_made_of_what_the_page_did_not_show() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    fill(&mut ratna, stand.basket, 1).await;
    let form = to_makassar("qris");
    let page = ratna.get("/pesan").await;
    // In another tab two more come into the basket.
    stand.shop.clock.advance(chrono::Duration::seconds(6));
    fill(&mut ratna, stand.basket, 2).await;
    let asked = ratna.fill(&page, "/pesan", &form).await;
    asked.is(409).says("3 ×").says("Ibu Ratna");
    assert_eq!(orders(&stand).await, 0);
    // The price of sending was shown here, and was raised since.
    let shown = ratna.fill(&asked, "/pesan", &[&form[..], &[("tombol", "cari")]].concat()).await;
    let tx = stand.begin().await;
    shipping_rate::Entity::update_many()
        .col_expr(shipping_rate::Column::Base, Expr::value(99_000))
        .exec(&tx)
        .await
        .expect("a change");
    tx.commit().await.expect("it stands");
    let asked = ratna.fill(&shown, "/pesan", &form).await;
    asked.is(409).says("Ada yang berubah");
    ratna.fill(&asked, "/pesan", &form).await.is(303);
    assert_eq!(orders(&stand).await, 1);
    stand.close().await;
}

#[actix_web::test]
async fn what_is_wrong_is_said_beside_its_field_and_nothing_is_lost() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    fill(&mut ratna, stand.basket, 1).await;
    let page = ratna.get("/pesan").await;
    let long = "x".repeat(200);
    let big = "x".repeat(70_000);
    for (name, typed, said) in [
        ("nama", "", "Harap diisi"),
        ("nama", long.as_str(), "Terlalu panjang"),
        ("hp", "12", "Nomor HP tidak dikenali"),
        ("hp", "", "Harap diisi"),
        ("email", "ratna@", "Alamat email tidak lengkap"),
        ("desa", "99.99.99.9999", "Pilih desa dari daftar"),
        ("jalan", "", "Harap diisi"),
        ("rt", "1e3", "Tulis angka bulat"),
        ("kodepos", "12", "Kode pos lima angka"),
        ("layanan", "roket", "Ini ongkos kirimnya"),
        ("bayar", "", "Pilih salah satu"),
        ("bayar", "emas", "tidak tersedia"),
        ("bayar", "cod", "hanya untuk Kabupaten Jember"),
        ("bayar", "pay_at_pickup", "tidak tersedia"),
    ] {
        let mut form: BTreeMap<&str, &str> = to_makassar("qris").into_iter().collect();
        form.insert("patokan", "rumah <b>hijau</b>");
        form.insert(name, typed);
        let form: Vec<_> = form.into_iter().collect();
        let seen = ratna.fill(&page, "/pesan", &form).await;
        seen.is(422).says(said).says("rumah &lt;b&gt;hijau&lt;");
        if !typed.is_empty() && typed != "emas" && name != "desa" && name != "layanan" && name != "bayar" {
            seen.says(&format!("value=\"{typed}\""));
        }
    }
    let mut form = to_makassar("qris");
    form.push(("nama", &big));
    ratna.fill(&page, "/pesan", &form).await.is(413);
    assert_eq!((orders(&stand).await, stand.available(stand.basket).await), (0, 10));
    stand.close().await;
}

#[actix_web::test]
async fn without_script_a_village_is_looked_up_and_priced() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    fill(&mut ratna, stand.basket, 1).await;
    let page = ratna.get("/pesan").await;
    page.says("pilih desa dulu");
    let typed = [("tombol", "cari"), ("nama", "Ibu Ratna"), ("cara", "kirim"), ("tujuan", "mariso makasar")];
    let page = ratna.fill(&page, "/pesan", &typed).await;
    page.is(200).says("value=\"Ibu Ratna\"").says("name=\"desa\"").says("Kota Makassar");
    let chosen = [("tombol", "cari"), ("nama", "Ibu Ratna"), ("cara", "kirim"), ("desa", MAKASSAR)];
    let page = ratna.fill(&page, "/pesan", &chosen).await;
    page.is(200).says("Reguler").says("value=\"Ibu Ratna\"").says("name=\"kodepos\" type=\"text\" value=\"90126\"");
    ratna.fill(&page, "/pesan", &[("tombol", "cari"), ("tujuan", "zzzzzz")]).await.is(200).says("tidak ditemukan");
    stand.close().await;
}

#[actix_web::test]
async fn two_want_the_last_piece_and_one_gets_it() {
    let stand = open().await;
    let (mut ratna, mut anton) = (stand.shop.browser(), stand.shop.browser());
    fill(&mut ratna, stand.basket, 10).await;
    fill(&mut anton, stand.basket, 2).await;
    let (first, second) = (ratna.get("/pesan").await, anton.get("/pesan").await);
    ratna.fill(&first, "/pesan", &to_makassar("qris")).await.is(303);
    let mut form = to_makassar("qris");
    form.push(("catatan", "tolong bungkus rapat"));
    let told = anton.fill(&second, "/pesan", &form).await;
    told.is(409).says("sudah habis").says("tolong bungkus rapat").says("Jl. Perintis 10");
    assert_eq!((orders(&stand).await, stand.available(stand.basket).await), (1, 0));
    stand.close().await;
}

#[actix_web::test]
async fn who_comes_late_may_take_what_is_left_without_typing_again() {
    let stand = open().await;
    let (mut ratna, mut anton) = (stand.shop.browser(), stand.shop.browser());
    fill(&mut ratna, stand.basket, 9).await;
    fill(&mut anton, stand.basket, 2).await;
    let (first, second) = (ratna.get("/pesan").await, anton.get("/pesan").await);
    ratna.fill(&first, "/pesan", &to_makassar("qris")).await.is(303);
    let told = anton.fill(&second, "/pesan", &to_makassar("qris")).await;
    told.is(409).says("Tinggal 1 buah");
    let mut form = to_makassar("qris");
    form[0] = ("tombol", "sesuaikan");
    let fitted = anton.fill(&told, "/pesan", &form).await;
    fitted.is(200).says("1 × Keranjang sampah anyam").says("Jl. Perintis 10");
    anton.fill(&fitted, "/pesan", &to_makassar("qris")).await.is(303);
    assert_eq!(stand.available(stand.basket).await, 0);
    stand.close().await;
}

#[actix_web::test]
async fn what_is_made_first_is_not_paid_through_a_bank_account() {
    let stand = open().await;
    let mut ratna = stand.shop.browser();
    fill(&mut ratna, stand.cage, 2).await;
    let page = ratna.get("/pesan").await;
    ratna.fill(&page, "/pesan", &to_makassar("bri_va")).await.is(422).says("barang yang dibuat dulu");
    ratna.fill(&page, "/pesan", &to_makassar("qris")).await.is(303);
    let order = newest(&stand).await;
    assert_eq!(order.ready_on.map(|day| day.to_string()).as_deref(), Some("2026-11-24"));
    stand.close().await;
}

#[actix_web::test]
async fn a_pickup_needs_no_address() {
    let stand = open().await;
    let mut anton = stand.shop.browser();
    fill(&mut anton, stand.basket, 1).await;
    let page = anton.get("/pesan").await;
    let typed = [
        ("tombol", "pesan"),
        ("nama", "Pak Anton"),
        ("hp", "0812 0000 0009"),
        ("cara", "ambil"),
        ("bayar", "pay_at_pickup"),
    ];
    let sent = anton.fill(&page, "/pesan", &typed).await;
    let order = newest(&stand).await;
    assert_eq!((order.delivery, order.shipping_total.0, order.region_code.clone()), (Delivery::Pickup, 0, None));
    anton.follow(sent).await.is(200).says("Menunggu jawaban warong");
    stand.close().await;
}

#[actix_web::test]
async fn cash_on_delivery_is_trusted_once_at_a_time() {
    let stand = open().await;
    let mut nur = stand.shop.browser();
    for expected in [303, 422] {
        fill(&mut nur, stand.basket, 1).await;
        let page = nur.get("/pesan").await;
        let mut form = to_makassar("cod");
        form.push(("desa", "35.09.22.2001"));
        form.retain(|pair| *pair != ("desa", MAKASSAR));
        let seen = nur.fill(&page, "/pesan", &form).await;
        seen.is(expected);
        if expected == 422 {
            seen.says("Belum bisa untuk pesanan ini");
        }
    }
    stand.close().await;
}

#[actix_web::test]
async fn an_empty_basket_is_not_ordered() {
    let stand = open().await;
    let mut anton = stand.shop.browser();
    assert_eq!(anton.get("/pesan").await.location.as_deref(), Some("/keranjang"));
    let seen = anton.post_raw("/pesan", &to_makassar("qris")).await;
    assert_eq!((seen.status, seen.location.as_deref()), (303, Some("/keranjang")));
    stand.close().await;
}

#[actix_web::test]
async fn many_race_for_few() {
    let stand = open().await;
    let mut buyers = Vec::new();
    for _ in 0..25 {
        let mut buyer = stand.shop.browser();
        fill(&mut buyer, stand.basket, 1).await;
        let page = buyer.get("/pesan").await;
        buyers.push((buyer, page));
    }
    let form = to_makassar("qris");
    let taps = buyers.iter_mut().map(|(buyer, page)| buyer.fill(page, "/pesan", &form));
    let seen = futures_util::future::join_all(taps).await;
    let sold = seen.iter().filter(|seen| seen.status == 303).count();
    let told = seen.iter().filter(|seen| seen.status == 409 && seen.body.contains("sudah habis")).count();
    assert_eq!((sold, told), (10, 15), "{:?}", seen.iter().map(|seen| seen.status).collect::<Vec<_>>());
    assert_eq!((orders(&stand).await, stand.available(stand.basket).await), (10, 0));
    stand.close().await;
}
