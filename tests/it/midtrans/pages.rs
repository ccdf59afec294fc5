//! Pages on which a person plays the buyer.
use chrono::Duration;
use warong::gateway::midtrans::{Bank, CallOptions, ChargeRequest, Customer, Method, TransactionStatus};

use super::shop::{Shop, bill, id, order, qris};

fn bri() -> Method {
    Method::VirtualAccount { bank: Bank::Bri, va_number: None }
}

/// As a form sends it.
fn typed(text: &str) -> String {
    format!("nomor={}", text.replace(' ', "+"))
}

#[actix_web::test]
async fn a_number_can_be_paid_at_the_cash_machine() {
    let shop = Shop::open().await;
    let va = shop.charge("UEP-1", bri()).await.unwrap();
    let bill = Method::MandiriBill { info1: "Bayar".into(), info2: "Kerajinan".into() };
    let bill = shop.charge("UEP-2", bill).await.unwrap();
    let code = shop.qris("UEP-3").await;
    let (_, page) = shop.get("/simulator").await;
    assert!(page.contains("UEP-1") && page.contains("UEP-2") && page.contains("UEP-3"));

    let spaced = va.va_number().unwrap().as_bytes().chunks(4).map(|c| std::str::from_utf8(c).unwrap());
    let spaced = spaced.collect::<Vec<_>>().join(" ");
    let whole_bill = format!("70012{}", bill.bill_key.as_ref().unwrap());
    for number in [spaced.as_str(), &whole_bill, code.qr_string.as_ref().unwrap()] {
        let (http, page) = shop.post("/simulator", &typed(number)).await;
        assert_eq!(http, 200, "{number}: {page}");
        assert!(page.contains("Sudah dibayar"), "{number}: {page}");
        let (http, page) = shop.post("/simulator", &typed(number)).await;
        assert_eq!(http, 422);
        assert!(page.contains("sudah dibayar pada 1 Januari 2026 pukul 10.00 WIB"), "{page}");
    }
    assert!(shop.get("/simulator").await.1.contains("Tidak ada tagihan yang menunggu"));
}

#[actix_web::test]
async fn the_cash_machine_says_why_not() {
    let shop = Shop::open().await;
    let va = shop.charge("UEP-1", bri()).await.unwrap();
    let code = shop.qris("UEP-2").await;
    shop.wait(Duration::hours(25));
    let say = async |text: &str| shop.post("/simulator", &typed(text)).await;
    assert!(say(va.va_number().unwrap()).await.1.contains("sudah habis"));
    assert!(say("123").await.1.contains("Periksa lagi angkanya"));
    assert!(say("").await.1.contains("Ketik nomornya dulu"));
    let broken = code.qr_string.as_ref().unwrap().replace("275000", "275001");
    assert!(say(&broken).await.1.contains("rusak atau terpotong"));
    let (http, page) = say("\"><script>").await;
    assert_eq!(http, 422);
    assert!(!page.contains("<script>"), "{page}");
}

#[actix_web::test]
async fn every_decision_shows_its_result() {
    let shop = Shop::open().await;
    let decisions = [
        ("bayar", "Sudah dibayar", TransactionStatus::Settlement),
        ("gagal", "Pembayaran gagal", TransactionStatus::Deny),
        ("kedaluwarsa", "Waktu bayar habis", TransactionStatus::Expire),
    ];
    for (act, words, expected) in decisions {
        let charged = shop.charge(act, qris()).await.unwrap();
        let path = format!("/bayar/{}", id(&charged));
        let (_, page) = shop.get(&path).await;
        assert!(page.contains("Bayar Rp275.000") && page.contains("<svg") && page.contains("Bukan uang sungguhan"));
        let (http, page) = shop.post(&path, &format!("act={act}")).await;
        assert_eq!(http, 200);
        assert!(page.contains(words) && page.contains("Kembali ke toko"), "{page}");
        // Changing one's mind changes nothing.
        for other in ["bayar", "gagal", "kedaluwarsa"] {
            shop.post(&path, &format!("act={other}")).await;
        }
        assert_eq!(shop.client.status(&order(act)).await.unwrap().transaction_status, expected);
    }
    assert_eq!(shop.get("/bayar/tidak-ada").await.0, 404);
    assert_eq!(shop.post("/bayar/tidak-ada", "act=bayar").await.0, 404);
    assert_eq!(shop.post("/bayar/bayar", "act=lain").await.0, 400);
}

#[actix_web::test]
async fn the_way_back_stays_with_the_shop() {
    let shop = Shop::open().await;
    let charged = shop.qris("UEP-1").await;
    let path = format!("/bayar/{}", id(&charged));
    let (_, page) = shop.get(&format!("{path}?finish=/pesanan/rahasia")).await;
    assert!(page.contains("/pesanan/rahasia?order_id=UEP-1&amp;status_code=201"), "{page}");
    for bad in ["//jahat.example", "https://jahat.example", "javascript:alert(1)", "/%5Cjahat.example"] {
        let (_, page) = shop.get(&format!("{path}?finish={bad}")).await;
        assert!(!page.contains("jahat") && !page.contains("javascript"), "{bad}: {page}");
    }
    let (_, page) = shop.post(&format!("{path}?finish=/pesanan/rahasia"), "act=bayar").await;
    assert!(page.contains("/pesanan/rahasia?order_id=UEP-1&amp;status_code=200"), "{page}");
}

#[actix_web::test]
async fn a_name_is_shown_and_never_run() {
    let shop = Shop::open().await;
    let customer = Customer::named("<b>Budi & 'Ani'</b>");
    let request = ChargeRequest::new(bill("UEP-1"), qris()).customer(customer);
    let charged = shop.client.charge(&request, &CallOptions::default()).await.unwrap();
    let (_, page) = shop.get(&format!("/bayar/{}", id(&charged))).await;
    assert!(page.contains("&lt;b&gt;Budi &amp; &#39;Ani&#39;&lt;/b&gt;"), "{page}");
    assert_eq!(shop.get("/gaya.css").await.0, 200);
}
