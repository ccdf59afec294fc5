//! Finding goods by words that people mistype.
use super::{BIN, Goods, Village};

#[actix_web::test]
async fn words_typed_wrong_find_what_was_meant() {
    let village = Village::open().await;
    let names = ["Kurungan ayam besar", "Kursi bambu", "Tampah 50 cm", "Keranjang sampah", "Besek isi 10"];
    for (n, name) in names.iter().enumerate() {
        village.sells(Goods { slug: &format!("b{n}"), name, ..BIN }).await;
    }
    let mut buyer = village.shop.browser();
    for (asked, meant) in [
        ("kurngan ayam", "b0"),
        ("krusi bambu", "b1"),
        ("tampa", "b2"),
        ("kranjang smpah", "b3"),
        ("bes", "b4"),
        ("KURUNGAN", "b0"),
    ] {
        let page = buyer.get(&format!("/produk?q={}", asked.replace(' ', "+"))).await;
        let first = page.is(200).body.find("<li class=\"product-card\"><a href=\"/produk/").expect("a card");
        assert!(
            page.body[first..].starts_with(&format!("<li class=\"product-card\"><a href=\"/produk/{meant}\"")),
            "{asked}"
        );
    }
    buyer.get("/produk?q=kurngan+ayam").await.says("Yang dicari: kurungan ayam").says("value=\"kurngan ayam\"");
    village.shop.close().await;
}

#[actix_web::test]
async fn nothing_found_offers_a_way_on() {
    let village = Village::open().await;
    village.sells(BIN).await;
    let mut buyer = village.shop.browser();
    let page = buyer.get("/produk?q=zzzzqq").await;
    page.is(200).says("Belum ketemu").says("Mungkin ini").says("Keranjang sampah anyam").says("noindex");
    buyer.get(&format!("/produk?q={}", "x".repeat(5000))).await.is(200).says("Belum ketemu");
    village.shop.close().await;
}

#[actix_web::test]
async fn what_is_new_is_found_at_once() {
    let village = Village::open().await;
    village.sells(BIN).await;
    let mut buyer = village.shop.browser();
    buyer.get("/produk?q=kukusan").await.says("Belum ketemu");
    village.sells(Goods { slug: "kukusan", name: "Kukusan nasi", ..BIN }).await;
    buyer.get("/produk?q=kukusan").await.says("/produk/kukusan");
    village.shop.close().await;
}
