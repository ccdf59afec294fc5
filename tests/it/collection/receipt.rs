//! The receipt: for whoever holds its address, found again by number and name, and nothing to walk through.
use warong::collection::intake::{NewIntake, receipt_url};

use super::yard::Yard;

#[actix_web::test]
async fn anybody_with_the_address_reads_prints_and_saves_the_receipt() {
    let yard = Yard::open().await;
    let intake = yard.takes_in("one", &NewIntake::consigned(yard.sati, yard.stand.basket, 12)).await;
    let mut anybody = yard.stand.shop.browser();
    let url = receipt_url(&intake);
    let page = anybody.get(&url).await;
    page.is(200).says(&intake.number).says("Bu Sati").says("Rp21.280").says("wa.me").says("Tercatat di buku warong");
    assert_eq!(page.headers["x-robots-tag"], "noindex, nofollow");
    anybody.get(&format!("{url}/cetak")).await.is(200).says("paper--58").says(&intake.number);
    anybody.get(&format!("{url}/cetak?kertas=a6")).await.is(200).says("paper--a6");
    let picture = anybody.raw(&format!("{url}/kartu.png"), &[]).await;
    assert_eq!((picture.status().as_u16(), picture.headers()["content-type"].as_bytes()), (200, &b"image/png"[..]));
    let bytes = picture.bytes().await.expect("a picture");
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() < 120_000, "{}", bytes.len());
    anybody.get("/setoran/abcdefghijklmnopqrstuv").await.is(404);
    anybody.get("/setoran/1").await.is(404);
    yard.close().await;
}

#[actix_web::test]
async fn a_number_is_checked_with_the_name_or_the_code_and_a_slip_is_told() {
    let yard = Yard::open().await;
    let intake = yard.takes_in("one", &NewIntake::consigned(yard.sati, yard.stand.basket, 12)).await;
    let mut anybody = yard.stand.shop.browser();
    let page = anybody.get("/setoran/cek").await;
    let mut check = async |number: &str, sign: &str| {
        anybody.fill(&page, "/setoran/cek", &[("nomor", number), ("tanda", sign)]).await
    };
    let number = intake.number.as_str();
    let found = check(number, "bu sati").await;
    assert_eq!(found.is(303).location.as_deref(), Some(receipt_url(&intake).as_str()));
    check(&number.replace('-', " ").to_lowercase(), "SATI").await.is(303);
    let mut slip = number.to_owned();
    let digit = if &slip[10..11] == "9" { "8" } else { "9" };
    slip.replace_range(10..11, digit);
    check(&slip, "bu sati").await.is(422).says("salah ketik");
    check("halo", "bu sati").await.is(422).says("bukan nomor tanda terima");
    check(number, "Pak Marsuki").await.is(422).says("Tidak ada tanda terima");
    check(number, "").await.is(422).says("Harap diisi");
    for _ in 0..7 {
        check(number, "Pak Marsuki").await.is(422);
    }
    check(number, "bu sati").await.is(429).says("Terlalu sering");
    yard.close().await;
}
