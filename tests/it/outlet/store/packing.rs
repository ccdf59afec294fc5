//! Sacks become bags, and what they cost goes with them, also when it turns out later what it was.
use entity::{Rupiah, place};
use futures_util::future::join_all;
use warong::{
    ledger::Book,
    outlet::repacking::{self, NewRepacking},
    stock,
};

use super::{KG, Pantry, refused};

#[actix_web::test]
async fn a_sack_becomes_bags_and_half_a_kilo_is_spilled() {
    let pantry = Pantry::open().await;
    let stand = &pantry.granary.stand;
    pantry.buys(pantry.rice, 50 * KG, 600_000, pantry.today(), Some(pantry.day(60))).await;
    pantry.buys(pantry.rice, 50 * KG, 610_000, pantry.today(), Some(pantry.day(30))).await;
    let new = NewRepacking {
        bag_cost: Rupiah(5_000),
        ..pantry.packing(pantry.rice, 50 * KG, &[(pantry.five, 9), (pantry.one, 4)])
    };
    let packed = pantry.packs(&new).await.expect("packed");
    assert_eq!((packed.content, packed.lost), (50 * KG, KG));
    // Half of 1,210,000: 605,000, of which 49 parts of 50 go into bags, and the bags come to it.
    assert_eq!(pantry.worth(pantry.rice).await, (50 * KG, 605_000));
    assert_eq!(pantry.books(Book::Loss).await, 12_100);
    assert_eq!(pantry.worth(pantry.five).await, (9, 544_500 + 4_592));
    assert_eq!(pantry.worth(pantry.one).await, (4, 48_400 + 408));
    assert_eq!(pantry.books(Book::Cash).await, -5_000);
    assert_eq!(pantry.books(Book::CostOfGoods).await, 0, "nothing was sold");
    assert_eq!(pantry.books(Book::Stock).await, 1_210_000 - 12_100 + 5_000);
    let lot = stock::moves_of(&stand.shop.app.db, pantry.five, 1).await.expect("moves")[0].lot_id.expect("a lot");
    let lots = warong::outlet::store::lots(&stand.shop.app.db, pantry.five).await.expect("lots");
    assert_eq!(lots[0].id, lot);
    assert_eq!(lots[0].expires_on, Some(pantry.day(30)), "as long as the first of the sacks");
    assert_eq!(lots[0].batch.as_deref(), Some(pantry.day(30).format("B%m%d").to_string().as_str()));
    pantry.sells(pantry.five, 9).await.expect("sold");
    assert_eq!(pantry.books(Book::CostOfGoods).await, 549_092);
    pantry.close().await;
}

#[actix_web::test]
async fn a_note_found_later_makes_the_bags_dearer_and_what_was_packed_out_of_them() {
    let pantry = Pantry::open().await;
    pantry.buys(pantry.rice, 50 * KG, 600_000, pantry.today(), None).await;
    pantry.pass(1);
    pantry.packs(&pantry.packing(pantry.rice, 40 * KG, &[(pantry.five, 8)])).await.expect("packed");
    pantry.pass(1);
    pantry.packs(&pantry.packing(pantry.five, 4, &[(pantry.one, 20)])).await.expect("packed further");
    pantry.pass(1);
    pantry.sells(pantry.one, 10).await.expect("sold");
    // Some of it goes back into the heap of loose rice.
    pantry.packs(&pantry.packing(pantry.one, 5, &[(pantry.rice, 5 * KG)])).await.expect("opened again");
    assert_eq!(pantry.worth(pantry.five).await, (4, 240_000));
    assert_eq!(pantry.worth(pantry.one).await, (5, 60_000));
    assert_eq!(pantry.worth(pantry.rice).await, (15 * KG, 180_000));
    pantry.adds_up().await;
    // Fifty kilos for 14,000 were there from the start: the average was 13,000 all along.
    pantry.buys(pantry.rice, 50 * KG, 700_000, pantry.day(-3), None).await;
    assert_eq!(pantry.worth(pantry.five).await, (4, 260_000));
    assert_eq!(pantry.worth(pantry.one).await, (5, 65_000));
    assert_eq!(pantry.worth(pantry.rice).await, (65 * KG, 845_000));
    assert_eq!(pantry.books(Book::CostOfGoods).await, 130_000);
    assert_eq!(pantry.books(Book::Stock).await, 1_300_000 - 130_000);
    pantry.close().await;
}

#[actix_web::test]
async fn what_makes_no_sense_is_not_packed() {
    let pantry = Pantry::open().await;
    let stand = &pantry.granary.stand;
    pantry.buys(pantry.rice, 50 * KG, 600_000, pantry.today(), Some(pantry.day(5))).await;
    let good = pantry.packing(pantry.rice, 10 * KG, &[(pantry.five, 2)]);
    let with = |change: &dyn Fn(&mut NewRepacking)| {
        let mut new = good.clone();
        change(&mut new);
        new
    };
    for (new, key) in [
        (with(&|new| new.made.clear()), "repacking.nothing"),
        (with(&|new| new.made.push((pantry.five, 1))), "repacking.twice"),
        (with(&|new| new.made.push((pantry.rice, KG))), "repacking.twice"),
        (with(&|new| new.made[0].1 = 3), "repacking.more_than_was"),
        (with(&|new| new.made[0].1 = 0), "purchase.too_much"),
        (with(&|new| new.made[0].1 = -1), "purchase.too_much"),
        (with(&|new| new.made[0].1 = i64::MAX), "purchase.too_much"),
        (with(&|new| new.quantity = 0), "purchase.too_much"),
        (with(&|new| new.quantity = 60 * KG), "stock.not_enough"),
        (
            with(&|new| {
                new.quantity = 10_050;
                new.reason = None
            }),
            "repacking.explain",
        ),
        (
            with(&|new| {
                new.quantity = 20 * KG;
                new.is_sure = false
            }),
            "repacking.much_lost",
        ),
        (with(&|new| new.bag_cost = Rupiah(-1)), "purchase.too_dear"),
        (with(&|new| new.item_id = stand.basket), "not found"),
        (with(&|new| new.made[0].0 = stand.basket), "not found"),
        (with(&|new| new.place_id = 9_999), "not found"),
        (with(&|new| new.into_place_id = 9_999), "not found"),
    ] {
        assert_eq!(refused(pantry.packs(&new).await), key, "{new:?}");
    }
    let aside = pantry.place(place::Kind::Expired).await;
    assert_eq!(refused(pantry.packs(&with(&|new| new.into_place_id = aside)).await), "not found");
    assert_eq!(pantry.worth(pantry.rice).await, (50 * KG, 600_000), "nothing is half done");
    let taps = join_all((0..6).map(|_| pantry.packs_once(&good, "tapped"))).await;
    assert!(taps.iter().any(Result::is_ok));
    assert_eq!(pantry.worth(pantry.five).await.0, 2, "packed once");
    let many = join_all((0..6).map(|_| pantry.packs(&good))).await;
    assert_eq!(many.iter().filter(|done| done.is_ok()).count(), 4, "forty kilos hold four of ten");
    pantry.pass(6);
    pantry.buys(pantry.rice, 5 * KG, 60_000, pantry.today(), Some(pantry.day(-1) + chrono::Duration::days(2))).await;
    let list = repacking::list(&stand.shop.app.db, stand.outlet.id, 9).await.expect("a list");
    assert_eq!(list.len(), 5);
    pantry.close().await;
}
