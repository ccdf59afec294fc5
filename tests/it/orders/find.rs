//! Finding an order again: by number and phone, and no other way.
use entity::order::{Delivery, Method};

use super::open;

#[actix_web::test]
async fn number_and_phone_lead_to_the_order() {
    let stand = open().await;
    let order = stand.order(Method::Transfer, Delivery::Pickup, &[(stand.basket, 1)]).await;
    let number = format!("K-2611-{:04}", order.id);
    let mut ratna = stand.shop.browser();
    let page = ratna.get("/pesanan").await;
    page.is(200).says("Cari pesanan");
    let found = ratna.fill(&page, "/pesanan", &[("nomor", &number), ("hp", "0812-0000-0003")]).await;
    assert_eq!(found.location, Some(format!("/pesanan/{}", order.secret)));
    for (number, phone) in
        [(number.as_str(), "081200000009"), ("K-2611-9999", "081200000003"), ("K-2501-0001", "081200000003")]
    {
        let seen = ratna.fill(&page, "/pesanan", &[("nomor", number), ("hp", phone)]).await;
        seen.is(422).says("Tidak ada pesanan dengan nomor dan HP itu");
    }
    ratna.fill(&page, "/pesanan", &[("nomor", ""), ("hp", "x")]).await.is(422).says("Harap diisi");
    stand.close().await;
}

#[actix_web::test]
async fn guessing_is_slow() {
    let stand = open().await;
    let mut anton = stand.shop.browser();
    let mut last = 0;
    for n in 0..12 {
        let number = format!("K-2611-{n:04}");
        last = anton.post_raw("/pesanan", &[("nomor", &number), ("hp", "081200000009")]).await.status;
    }
    assert_eq!(last, 429);
    stand.close().await;
}
