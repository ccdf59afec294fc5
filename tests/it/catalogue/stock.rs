//! The shelf: goods taken in, counts put right, every move with its cause.
use entity::stock_move;
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use warong::stock;

use super::shop::Outlet;

const INTAKE: [(&str, &str); 2] = [("quantity", "12"), ("cost", "21.280")];

/// The outlet's own goods, made by no crafter of the village.
async fn own(outlet: &Outlet) -> i64 {
    let (product, item) = outlet.published().await;
    let tx = warong::db::begin(&outlet.shop.app.db).await.expect("a transaction");
    let change = entity::product::ActiveModel { id: Set(product), crafter_id: Set(None), ..Default::default() };
    entity::product::Entity::update(change).exec(&tx).await.expect("its own");
    tx.commit().await.expect("it stands");
    item
}

#[actix_web::test]
async fn what_a_crafter_made_is_not_taken_in_behind_their_back() {
    let outlet = Outlet::open().await;
    let (_, item) = outlet.published().await;
    let mut siti = outlet.siti();
    let page = siti.get(&format!("/kelola/stok/{item}")).await;
    page.says("/kelola/setoran/baru");
    let csrf = page.hidden(&format!("/kelola/stok/{item}/hitungan"));
    let csrf = csrf.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.as_str()).expect("a token");
    let typed = [("csrf", csrf), ("quantity", "12"), ("cost", "0")];
    siti.post_raw(&format!("/kelola/stok/{item}/setoran"), &typed).await.is(422).says("lewat Setoran");
    assert_eq!(stock_move::Entity::find().count(&outlet.shop.app.db).await.unwrap(), 0);
    outlet.shop.close().await;
}

#[actix_web::test]
async fn goods_are_taken_in_once_and_a_count_is_put_right_with_a_reason() {
    let outlet = Outlet::open().await;
    let mut siti = outlet.siti();
    let item = own(&outlet).await;
    let path = format!("/kelola/stok/{item}");
    siti.get("/kelola/stok").await.is(200).says("Keranjang sampah anyam").says("stock-free--few");
    let page = siti.get(&path).await;
    let intake = format!("{path}/setoran");
    siti.fill(&page, &intake, &INTAKE).await.is(303);
    siti.fill(&page, &intake, &INTAKE).await.is(303);
    let free = async || stock::available(&outlet.shop.app.db, &[item]).await.expect("an answer").get(&item).copied();
    assert_eq!(free().await, Some(12));
    let lot = entity::lot::Entity::find().one(&outlet.shop.app.db).await.unwrap().unwrap();
    assert_eq!((lot.owner_id, lot.cost.0), (None, 21_280));

    let page = siti.get(&path).await;
    let count = format!("{path}/hitungan");
    siti.fill(&page, &count, &[("counted", "10"), ("reason", "")]).await.is(422).says("Harap diisi");
    siti.fill(&page, &count, &[("counted", "-1"), ("reason", "Hilang")]).await.is(422);
    let counted = [("counted", "10"), ("reason", "Dimakan rayap")];
    siti.fill(&page, &count, &counted).await.is(303);
    siti.fill(&page, &count, &counted).await.is(303);
    assert_eq!(free().await, Some(10));
    assert_eq!(stock_move::Entity::find().count(&outlet.shop.app.db).await.unwrap(), 2);
    siti.get(&path).await.says("Dimakan rayap").says("Bu Siti Aminah").says("-2");
    outlet.shop.close().await;
}

#[actix_web::test]
async fn the_shelf_is_the_outlets_alone() {
    let outlet = Outlet::open().await;
    let item = own(&outlet).await;
    for mut nosy in [outlet.sati(), outlet.anton()] {
        nosy.get("/kelola/stok").await.is(403);
        nosy.get(&format!("/kelola/stok/{item}")).await.is(403);
        nosy.post_raw(&format!("/kelola/stok/{item}/setoran"), &INTAKE).await;
    }
    let mut siti = outlet.siti();
    siti.get("/kelola/stok/999").await.is(404);
    let page = siti.get(&format!("/kelola/stok/{item}")).await;
    let odd = [("quantity", "1000000000"), ("cost", "0")];
    siti.fill(&page, &format!("/kelola/stok/{item}/setoran"), &odd).await.is(422).says("1000000000");
    assert_eq!(stock_move::Entity::find().count(&outlet.shop.app.db).await.unwrap(), 0);
    outlet.shop.close().await;
}

#[actix_web::test]
async fn what_is_promised_cannot_be_counted_away() {
    let outlet = Outlet::open().await;
    let mut siti = outlet.siti();
    let item = own(&outlet).await;
    let path = format!("/kelola/stok/{item}");
    let page = siti.get(&path).await;
    siti.fill(&page, &format!("{path}/setoran"), &INTAKE).await.is(303);
    let tx = warong::db::begin(&outlet.shop.app.db).await.unwrap();
    let place = stock::shelf(&tx, &outlet.shop.clock, outlet.outlet_id).await.unwrap();
    let want = stock::Want { item_id: item, quantity: 7 };
    stock::hold(&tx, &outlet.shop.clock, "order:1", place, &[want], None).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let page = siti.get(&path).await;
    let seen = siti.fill(&page, &format!("{path}/hitungan"), &[("counted", "5"), ("reason", "Hilang")]).await;
    seen.is(422).says("Sudah ada 7 buah yang dipesan");
    outlet.shop.close().await;
}
