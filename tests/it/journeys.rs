//! Walks through the shop on a phone's screen, in a real browser.
use crate::support::{Shop, chrome::Phone};

#[actix_web::test]
async fn a_lost_visitor_finds_the_way_back() {
    let shop = Shop::empty().await;
    let phone = Phone::new(&shop.base, true).await;
    phone.open("/tidak-ada").await;
    phone.sees("Halaman ini tidak ada").await;
    phone.fits().await;
    phone.put_down().await;
    shop.close().await;
}
