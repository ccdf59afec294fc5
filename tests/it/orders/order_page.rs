//! The order page: paying, paying another way, giving up, being too late; and the mails that go with it.
use chrono::Duration;
use entity::{
    order::{Method, Payment, State},
    payment_attempt,
};
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};

use super::{fill, newest, open, to_makassar};
use crate::{
    counter::stand::Stand,
    support::{Browser, browser::Seen},
};

/// Ibu Ratna orders one basket and looks at her order.
pub async fn ordered(stand: &Stand, method: &'static str, more: &[(&'static str, &'static str)]) -> (Browser, String) {
    let mut ratna = stand.shop.browser();
    fill(&mut ratna, stand.basket, 1).await;
    let page = ratna.get("/pesan").await;
    let mut form = to_makassar(method);
    form.extend_from_slice(more);
    let sent = ratna.fill(&page, "/pesan", &form).await;
    sent.is(303);
    stand.shop.settle().await;
    (ratna, sent.location.expect("an address"))
}

/// Acts as the wallet or the bank on the stand-in's page.
pub async fn at_the_bank(stand: &Stand, act: &str) {
    let attempt = payment_attempt::Entity::find().order_by_desc(payment_attempt::Column::Id);
    let attempt = attempt.one(&stand.shop.app.db).await.expect("a read").expect("an attempt");
    let path = format!("/sandbox/midtrans/bayar/{}", attempt.provider_order_id);
    stand.shop.browser().post_raw(&path, &[("act", act)]).await.is(303);
    stand.shop.settle().await;
}

async fn tap(browser: &mut Browser, url: &str, act: &str, fields: &[(&str, &str)]) -> Seen {
    let page = browser.get(url).await;
    let sent = browser.fill(&page, &format!("{url}{act}"), fields).await;
    browser.follow(sent).await
}

#[actix_web::test]
async fn each_way_shows_what_it_needs() {
    for (method, shown) in [
        ("qris", "<svg viewBox=\"0 0"),
        ("bri_va", "data-copy=\""),
        ("mandiri_bill", "Kode perusahaan"),
        ("gopay", "Bayar di GoPay"),
        ("shopeepay", "Bayar di ShopeePay"),
        ("transfer", "Kirim bukti"),
    ] {
        let stand = open().await;
        let (mut ratna, url) = ordered(&stand, method, &[]).await;
        let page = ratna.get(&url).await;
        page.is(200).says(shown).says("WITA").says("wa.me/6281200000001");
        assert!(page.body.len() <= 15_000, "{method}: the page weighs {} bytes", page.body.len());
        assert_eq!(page.headers["referrer-policy"], "same-origin");
        assert!(page.headers.get_all("x-robots-tag").iter().any(|rule| rule == "googlebot: noindex, nofollow"));
        stand.close().await;
    }
}

#[actix_web::test]
async fn money_arrives_and_the_page_says_so() {
    let stand = open().await;
    let (mut ratna, url) = ordered(&stand, "qris", &[("email", "ratna@example.com")]).await;
    let before = ratna.get(&format!("{url}/keadaan")).await.body;
    at_the_bank(&stand, "bayar").await;
    ratna.get(&url).await.says("Lunas. Sedang disiapkan").says("Dikemas di warong");
    assert_ne!(before, ratna.get(&format!("{url}/keadaan")).await.body);
    let order = newest(&stand).await;
    assert_eq!((order.payment, order.pay_by), (Payment::Paid, None));
    stand.shop.clock.advance(Duration::days(2));
    stand.shop.settle().await;
    assert_eq!(newest(&stand).await.state, State::Placed, "a paid order does not expire");
    let mails = stand.shop.browser().get("/sandbox/mail").await;
    mails.is(200).says("sudah kami catat").says("lunas").says("ratna@example.com");
    ratna.get(&format!("{url}/nota")).await.is(200).says("Lunas").says("Nota K-2611-");
    stand.close().await;
}

#[actix_web::test]
async fn who_says_they_paid_is_looked_after() {
    let stand = open().await;
    let (mut ratna, url) = ordered(&stand, "qris", &[]).await;
    tap(&mut ratna, &url, "/cek", &[]).await.says("Belum ada pembayaran");
    for _ in 0..8 {
        ratna.post_raw(&format!("{url}/cek"), &[]).await.is(303);
    }
    ratna.get(&url).await.says("Terlalu sering");
    ratna.get(&format!("{url}/cek")).await.is(303);
    stand.close().await;
}

#[actix_web::test]
async fn nobody_pays_and_the_goods_go_back_on_the_shelf() {
    let stand = open().await;
    let (mut ratna, url) = ordered(&stand, "bri_va", &[("email", "ratna@example.com")]).await;
    assert_eq!(stand.available(stand.basket).await, 9);
    stand.shop.clock.advance(Duration::hours(23));
    stand.shop.settle().await;
    assert_eq!(newest(&stand).await.state, State::Placed);
    stand.shop.clock.advance(Duration::hours(2));
    stand.shop.settle().await;
    ratna.get(&url).await.is(200).says("Waktu bayar habis");
    assert_eq!((newest(&stand).await.state, stand.available(stand.basket).await), (State::Expired, 10));
    stand.shop.browser().get("/sandbox/mail").await.says("habis");
    stand.close().await;
}

#[actix_web::test]
async fn an_order_that_was_just_paid_is_not_given_up() {
    let stand = open().await;
    let (mut ratna, url) = ordered(&stand, "qris", &[]).await;
    let attempt = payment_attempt::Entity::find().one(&stand.shop.app.db).await.expect("a read").expect("an attempt");
    let path = format!("/sandbox/midtrans/bayar/{}", attempt.provider_order_id);
    stand.shop.browser().post_raw(&path, &[("act", "bayar")]).await.is(303);
    let told = tap(&mut ratna, &url, "/batal", &[]).await;
    assert!(!told.body.contains("Pesanan dibatalkan"), "{}", told.body);
    stand.shop.settle().await;
    assert_eq!(newest(&stand).await.payment, Payment::Paid);
    stand.close().await;
}

#[actix_web::test]
async fn another_way_to_pay_ends_the_first() {
    let stand = open().await;
    let (mut ratna, url) = ordered(&stand, "qris", &[]).await;
    tap(&mut ratna, &url, "/bayar", &[("bayar", "bri_va")]).await.is(200);
    stand.shop.settle().await;
    ratna.get(&url).await.says("data-copy=\"");
    let attempts = payment_attempt::Entity::find().order_by_asc(payment_attempt::Column::Id);
    let attempts = attempts.all(&stand.shop.app.db).await.expect("attempts");
    let states: Vec<_> = attempts.iter().map(|attempt| attempt.state).collect();
    assert_eq!(states, [payment_attempt::State::Closed, payment_attempt::State::Pending]);
    let order = newest(&stand).await;
    assert_eq!(order.method, Method::BriVa);
    assert_eq!(order.pay_by, Some(stand.shop.clock.now() + Duration::hours(24)));
    tap(&mut ratna, &url, "/bayar", &[("bayar", "bri_va")]).await.is(200);
    let count = payment_attempt::Entity::find().count(&stand.shop.app.db).await.expect("a count");
    assert_eq!(count, 2, "the same way twice opens nothing");
    for (method, sentence) in [
        ("cod", "tidak tersedia"),
        ("pay_at_pickup", "tidak tersedia"),
        ("emas", "Pilih salah satu"),
        ("", "Pilih salah satu"),
    ] {
        tap(&mut ratna, &url, "/bayar", &[("bayar", method)]).await.is(200).says(sentence);
    }
    // Changing one's mind again and again does not keep goods from others for ever.
    stand.shop.clock.advance(Duration::hours(23));
    tap(&mut ratna, &url, "/bayar", &[("bayar", "bni_va")]).await.is(200);
    stand.shop.settle().await;
    stand.shop.clock.advance(Duration::hours(23));
    tap(&mut ratna, &url, "/bayar", &[("bayar", "bca_va")]).await.is(200);
    stand.shop.settle().await;
    stand.shop.clock.advance(Duration::hours(23));
    tap(&mut ratna, &url, "/bayar", &[("bayar", "bri_va")]).await.is(200);
    let last = newest(&stand).await;
    assert_eq!(last.pay_by, Some(last.placed_at + Duration::hours(72)));
    stand.close().await;
}

#[actix_web::test]
async fn an_unpaid_order_is_taken_back_once() {
    let stand = open().await;
    let (mut ratna, url) = ordered(&stand, "qris", &[]).await;
    tap(&mut ratna, &url, "/batal", &[]).await.is(200).says("Pesanan dibatalkan");
    ratna.post_raw(&format!("{url}/batal"), &[]).await.is(303);
    assert_eq!(stand.available(stand.basket).await, 10);
    let (mut ratna, url) = ordered(&stand, "qris", &[]).await;
    at_the_bank(&stand, "bayar").await;
    ratna.post_raw(&format!("{url}/batal"), &[]).await.is(303);
    ratna.get(&url).await.says("tidak bisa dibatalkan");
    stand.shop.settle().await;
    stand.close().await;
}

#[actix_web::test]
async fn a_strangers_guess_finds_nothing() {
    let stand = open().await;
    let mut anton = stand.shop.browser();
    for path in [
        "/pesanan/1",
        "/pesanan/abcdefghijklmnopqrstuv",
        "/pesanan/%27%20OR%201=1",
        "/pesanan/x/nota",
        "/pesanan/x/keadaan",
    ] {
        anton.get(path).await.is(404);
    }
    for act in ["cek", "bayar", "batal"] {
        anton.post_raw(&format!("/pesanan/abcdefghijklmnopqrstuv/{act}"), &[("bayar", "qris")]).await.is(404);
    }
    stand.close().await;
}

#[actix_web::test]
async fn a_proof_stops_the_clock() {
    let stand = open().await;
    let (mut ratna, url) = ordered(&stand, "transfer", &[]).await;
    let action = format!("{url}/bukti");
    let before = newest(&stand).await.pay_by;
    send_photo(&stand, &action, b"bukan gambar").await.is(422).says("bukan foto").says("field__wrong").says("0021");
    send_photo(&stand, &action, b"").await.is(422).says("pilih satu foto");
    send_photo(&stand, &action, &picture()[..200]).await.is(422).says("terpotong");
    assert_eq!(newest(&stand).await.pay_by, before);
    // Whole outside and broken inside: the worker finds out, and the clock runs on.
    let mut broken = picture();
    let middle = broken.len() / 2;
    broken[middle..middle + 8].fill(0);
    send_photo(&stand, &action, &broken).await.is(303);
    stand.shop.settle().await;
    assert_eq!(newest(&stand).await.pay_by, before);
    ratna.get(&url).await.says("Kirim bukti").says("tidak terbaca");
    send_photo(&stand, &action, &picture()).await.is(303);
    stand.shop.settle().await;
    ratna.get(&url).await.says("Bukti sedang diperiksa").says("Bukti transfer sudah kami terima");
    stand.shop.clock.advance(Duration::days(3));
    stand.shop.settle().await;
    let order = newest(&stand).await;
    assert_eq!((order.state, order.pay_by), (State::Placed, None));
    assert_eq!(stand.available(stand.basket).await, 9);
    ratna.post_raw(&format!("{url}/batal"), &[]).await.is(303);
    ratna.get(&url).await.says("tidak bisa dibatalkan");
    stand.close().await;
}

#[actix_web::test]
async fn a_proof_is_taken_only_where_one_is_awaited() {
    let stand = open().await;
    let (_, url) = ordered(&stand, "qris", &[]).await;
    send_photo(&stand, &format!("{url}/bukti"), &picture()).await.is(409);
    send_photo(&stand, "/pesanan/abcdefghijklmnopqrstuv/bukti", &picture()).await.is(404);
    stand.close().await;
}

/// A picture as a phone's screen gives it.
fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let screen = image::RgbImage::from_pixel(360, 640, image::Rgb([240, 240, 230]));
    screen.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

async fn send_photo(stand: &Stand, action: &str, bytes: &[u8]) -> Seen {
    let mut body = b"--edge\r\nContent-Disposition: form-data; name=\"foto\"; filename=\"b.png\"\r\n\
                     Content-Type: image/png\r\n\r\n"
        .to_vec();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let answer = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client")
        .post(format!("{}{action}", stand.shop.base))
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(body)
        .send()
        .await
        .expect("an answer");
    Seen {
        status: answer.status().as_u16(),
        location: None,
        headers: answer.headers().clone(),
        body: answer.text().await.expect("text"),
    }
}
