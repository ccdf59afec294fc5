//! What is near its day is sold for less, under the rules.
use entity::{Rupiah, item, product};
use sea_orm::{ActiveValue::Set, EntityTrait};
use warong::{
    error::Result,
    outlet::{
        markdown::{self, Offer},
        price_ceiling,
    },
};

use super::{KG, Pantry, refused};

impl Pantry {
    /// The price on the board, of a kilogram.
    async fn posts(&self, price: i64) {
        let tx = self.begin().await;
        let row = item::ActiveModel { id: Set(self.rice), price: Set(Rupiah(price)), ..Default::default() };
        item::Entity::update(row).exec(&tx).await.expect("a price");
        tx.commit().await.expect("it stands");
    }

    async fn offers(&self, lot_id: i64, price: i64, is_sure: bool) -> Result<i64> {
        let stand = &self.granary.stand;
        let tx = self.begin().await;
        let new = Offer { lot_id, price: Rupiah(price), reason: "dekat kedaluwarsa".into(), is_sure };
        let id = markdown::offer(&tx, &stand.shop.clock, &stand.outlet, &new, stand.operator_id).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn marked(&self) -> Vec<(i64, i64)> {
        let stand = &self.granary.stand;
        let open = markdown::open(&stand.shop.app.db, stand.outlet.id).await.expect("markdowns");
        open.iter().map(|one| (one.lot_id, one.price.0)).collect()
    }
}

#[actix_web::test]
async fn a_lot_near_its_day_is_sold_for_less_until_it_is_gone() {
    let pantry = Pantry::open().await;
    let stand = &pantry.granary.stand;
    pantry.posts(13_000).await;
    pantry.buys(pantry.rice, 10 * KG, 120_000, pantry.today(), Some(pantry.day(5))).await;
    pantry.buys(pantry.rice, 10 * KG, 120_000, pantry.today(), Some(pantry.day(40))).await;
    let near = markdown::near(&stand.shop.app.db, &stand.shop.clock, stand.outlet.id, 14).await.expect("lots");
    assert_eq!(near.len(), 1);
    let lot = near[0].id;
    for (price, sure, key) in [
        (13_000, false, "markdown.not_less"),
        (14_000, true, "markdown.not_less"),
        (0, true, "markdown.not_less"),
        (11_900, false, "markdown.below_cost"),
    ] {
        assert_eq!(refused(pantry.offers(lot, price, sure).await), key);
    }
    assert_eq!(refused(pantry.offers(9_999, 12_500, false).await), "not found");
    let first = pantry.offers(lot, 12_500, false).await.expect("offered");
    assert_eq!(pantry.marked().await, [(lot, 12_500)]);
    pantry.offers(lot, 11_000, true).await.expect("lower, and meant to be");
    assert_eq!(pantry.marked().await, [(lot, 11_000)], "one price at a time");
    let end = async |id: i64| {
        let tx = pantry.begin().await;
        markdown::end(&tx, &stand.shop.clock, &stand.outlet, id, stand.operator_id).await?;
        tx.commit().await?;
        Result::Ok(())
    };
    assert_eq!(refused(end(first).await), "markdown.over");
    assert_eq!(refused(end(9_999).await), "not found");
    pantry.sells(pantry.rice, 10 * KG).await.expect("all of the lot");
    pantry.puts_aside().await;
    assert_eq!(pantry.marked().await, [], "it ends with the lot");
    assert_eq!(refused(pantry.offers(lot, 12_000, false).await), "markdown.gone");
    pantry.close().await;
}

#[actix_web::test]
async fn it_rests_while_the_board_is_no_dearer() {
    let pantry = Pantry::open().await;
    let stand = &pantry.granary.stand;
    let mut siti = stand.siti.clone();
    pantry.posts(13_000).await;
    pantry.buys(pantry.rice, 10 * KG, 120_000, pantry.today(), Some(pantry.day(5))).await;
    let near = markdown::near(&stand.shop.app.db, &stand.shop.clock, stand.outlet.id, 14).await.expect("lots");
    pantry.offers(near[0].id, 12_500, false).await.expect("offered");
    let good = format!("/kelola/gudang/barang/{}", pantry.rice);
    siti.get(&good).await.is(200).says("dijual Rp12.500");
    for posted in [12_500, 12_000] {
        pantry.posts(posted).await;
        assert!(!siti.get(&good).await.is(200).body.contains("dijual Rp12.500"), "{posted}");
        let seen = siti.get("/kelola/gudang/diskon").await;
        seen.is(200).says("Harga turun Rp12.500 tidak dipakai dulu");
        assert!(!seen.body.contains("dijual Rp12.500"), "{posted}");
    }
    pantry.posts(13_000).await;
    siti.get(&good).await.says("dijual Rp12.500");
    pantry.close().await;
}

#[actix_web::test]
async fn it_ends_with_the_day_and_is_never_above_the_law() {
    let pantry = Pantry::open().await;
    let stand = &pantry.granary.stand;
    let tx = pantry.begin().await;
    let rice = item::Entity::find_by_id(pantry.rice).one(&tx).await.expect("a read").expect("rice");
    let law = product::ActiveModel {
        id: Set(rice.product_id),
        commodity: Set(Some("beras medium".into())),
        ..Default::default()
    };
    product::Entity::update(law).exec(&tx).await.expect("a commodity");
    tx.commit().await.expect("it stands");
    let most = price_ceiling::most(&stand.shop.app.db, &stand.outlet, &rice, pantry.today()).await.expect("the law");
    let most = most.expect("a ceiling for medium rice").0;
    pantry.buys(pantry.rice, 10 * KG, 120_000, pantry.today(), Some(pantry.day(2))).await;
    // As it was posted before the law said less.
    pantry.posts(most + 2_000).await;
    let near = markdown::near(&stand.shop.app.db, &stand.shop.clock, stand.outlet.id, 14).await.expect("lots");
    let lot = near[0].id;
    assert_eq!(refused(pantry.offers(lot, most + 100, false).await), "markdown.above_ceiling");
    pantry.offers(lot, most, false).await.expect("as much as the law lets");
    pantry.posts(most).await;
    pantry.pass(2);
    pantry.puts_aside().await;
    assert_eq!(pantry.marked().await, [(lot, most)], "on its last day it is still sold");
    pantry.pass(1);
    pantry.puts_aside().await;
    assert_eq!(pantry.marked().await, []);
    pantry.close().await;
}
