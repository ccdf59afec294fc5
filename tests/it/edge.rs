//! The edge: what every request meets before anything else.
use reqwest::Method;

use crate::support::Shop;

#[actix_web::test]
async fn an_address_that_is_not_there_offers_a_way_on() {
    let shop = Shop::empty().await;
    let mut buyer = shop.browser();
    buyer.get("/tidak-ada").await.is(404).says("Kembali ke toko");
    shop.close().await;
}

#[actix_web::test]
async fn a_form_sent_from_another_site_is_turned_away() {
    let shop = Shop::empty().await;
    let mut buyer = shop.browser();
    let body = Some("bahasa=en".to_owned());
    for header in [("Origin", "https://elsewhere.example"), ("Sec-Fetch-Site", "cross-site"), ("Origin", "null")] {
        buyer.send(Method::POST, "/bahasa", body.clone(), &[header]).await.is(403);
    }
    shop.close().await;
}

#[actix_web::test]
async fn health_and_readiness_are_told_apart() {
    let shop = Shop::empty().await;
    let mut probe = shop.browser();
    probe.get("/healthz").await.is(200);
    probe.get("/readyz").await.is(200).says("\"database\":true");
    shop.close().await;
}
