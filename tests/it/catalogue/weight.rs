//! What a first visit weighs: the shop arrives in one breath, from nowhere but here.
use warong::seed;

use crate::support::{Browser, Shop};

/// HTML, style and script of a first page together, compressed, in bytes.
const MOST: usize = 14_000;

#[actix_web::test]
async fn front_and_product_page_are_light_and_ask_nobody_else() {
    let shop = Shop::empty().await;
    seed::run_small(&shop.app.db, &shop.clock, &shop.app.files).await.expect("the village");
    shop.knows_its_place().await;
    let mut guest = shop.browser();
    for path in ["/", "/produk", "/produk/keranjang-sampah-anyam"] {
        let page = guest.get(path).await;
        let mut bytes = packed(&guest, path).await;
        let mut blocking = 1;
        for tag in page.body.split('<').filter(|tag| tag.starts_with("link ") || tag.starts_with("script ")) {
            let from = ["href=\"", "src=\""].iter().find_map(|name| tag.split(name).nth(1)?.split('"').next());
            let Some(from) = from else { continue };
            if tag.contains("stylesheet") || tag.starts_with("script ") {
                bytes += packed(&guest, from).await;
                blocking += usize::from(tag.contains("stylesheet"));
            }
        }
        assert!(bytes <= MOST, "{path} weighs {bytes} bytes");
        assert!(blocking <= 3, "{path} waits for {blocking} files");
        for part in page.body.split("src=\"").skip(1) {
            assert!(part.starts_with('/'), "{path} asks elsewhere: {}", &part[..40]);
        }
    }
    shop.close().await;
}

/// How many bytes come over the wire for an address.
async fn packed(guest: &Browser, path: &str) -> usize {
    let answer = guest.clone().raw(path, &[("accept-encoding", "br")]).await;
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    answer.bytes().await.expect("bytes").len()
}
