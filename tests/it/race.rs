//! Two hundred buyers want fifty baskets, all at once.
use entity::{order, stock};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use warong::check;

use crate::{
    counter::stand::Stand,
    support::{Browser, browser::Seen},
};

const BUYERS: usize = 200;
const BASKETS: i64 = 50;

/// What a buyer was told in the end.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    Bought,
    /// Before paying, with a sentence.
    Gone,
}

#[actix_web::test]
async fn fifty_of_two_hundred_buyers_get_a_basket_and_the_others_are_told() {
    let stand = Stand::open().await;
    stand.brings(stand.basket, BASKETS - 10).await;
    let buyers: Vec<Browser> = (0..BUYERS).map(|_| stand.shop.browser()).collect();
    let told = join_all(buyers.into_iter().enumerate().map(|(n, buyer)| buy(buyer, n, stand.basket))).await;

    let bought = told.iter().filter(|told| **told == Told::Bought).count();
    assert_eq!(bought, BASKETS as usize);
    let db = &stand.shop.app.db;
    assert_eq!(order::Entity::find().count(db).await.expect("a count"), BASKETS as u64);
    let shelf = stock::Entity::find().filter(stock::Column::ItemId.eq(stand.basket)).one(db).await.expect("a row");
    let shelf = shelf.expect("the shelf");
    assert_eq!((shelf.on_hand, shelf.promised), (BASKETS, BASKETS));
    stand.shop.settle().await;
    let report = check::all(db).await.expect("the books can be read");
    assert!(report.ok, "{}", check::in_words(&report));
    stand.close().await;
}

async fn buy(mut buyer: Browser, n: usize, item_id: i64) -> Told {
    let added = buyer.post_raw("/keranjang", &[("item_id", &item_id.to_string()), ("jumlah", "1")]).await;
    if added.status != 303 {
        return gone(&added);
    }
    let desk = buyer.visit("/pesan").await;
    if desk.status != 200 || !desk.body.contains("action=\"/pesan\"") {
        return gone(&desk);
    }
    let phone = format!("0813{n:08}");
    // One in four pays cash, the others by QRIS, whose charges are asked for meanwhile.
    let way = if n.is_multiple_of(4) { "pay_at_pickup" } else { "qris" };
    let typed = [("nama", "Ibu Ratna"), ("hp", &phone), ("cara", "ambil"), ("bayar", way), ("tombol", "pesan")];
    let placed = buyer.fill(&desk, "/pesan", &typed).await;
    if placed.status == 303 {
        let page = buyer.follow(placed).await;
        page.is(200).says("K-2611-");
        return Told::Bought;
    }
    gone(&placed)
}

/// A sentence that helps, never an error page.
fn gone(seen: &Seen) -> Told {
    assert!(matches!(seen.status, 200 | 409 | 422), "status {}:\n{}", seen.status, seen.body);
    // The sentence stands where a person looks: beside the field or in the notice, not somewhere on the page.
    let told: Vec<&str> = ["field__wrong\"", "form-wrong\"", "notice--urgent\"", "class=\"lead\""]
        .iter()
        .flat_map(|mark| seen.body.split(mark).skip(1))
        .map(|rest| rest.split("</").next().unwrap_or_default())
        .collect();
    let says = ["tinggal", "habis", "berubah", "tersedia", "kosong"];
    assert!(told.iter().any(|text| says.iter().any(|word| text.contains(word))), "no sentence:\n{}", seen.body);
    Told::Gone
}
