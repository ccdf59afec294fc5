//! What expires first goes first, and what expired is sold by nobody.
use entity::{Rupiah, place, stock_move::Kind};
use futures_util::future::join_all;
use warong::{
    ledger::Book,
    outlet::{
        expired::{self, End},
        store::{self, Carry},
        supplier,
    },
    stock::{self, Want},
};

use super::{KG, Pantry, refused};

/// The worked example A-7, through the counter.
#[actix_web::test]
async fn what_expires_first_is_sold_first_and_what_expired_is_passed_over() {
    let pantry = Pantry::open().await;
    let shelf = pantry.granary.stand.place_id;
    // Today is the third of July of the example, and the purchases are written late.
    let day = |n: i64| pantry.day(n - 3);
    pantry.buys(pantry.rice, 30 * KG, 360_000, day(1), Some(day(10))).await;
    pantry.buys(pantry.rice, 60 * KG, 720_000, day(2), Some(day(5))).await;
    pantry.buys(pantry.rice, 20 * KG, 240_000, day(0), Some(day(5))).await;
    pantry.buys(pantry.rice, 15 * KG, 180_000, day(1), None).await;
    pantry.pass(1);
    pantry.sells(pantry.rice, 75 * KG).await.expect("a sale on the fourth");
    assert_eq!(pantry.left(pantry.rice, shelf).await, [30 * KG, 5 * KG, 0, 15 * KG]);
    pantry.pass(2);
    pantry.sells(pantry.rice, 10 * KG).await.expect("a sale on the sixth");
    assert_eq!(pantry.left(pantry.rice, shelf).await, [20 * KG, 5 * KG, 0, 15 * KG], "five kilos are blocked");
    assert_eq!(
        refused(pantry.sells(pantry.rice, 36 * KG).await),
        "stock.expired",
        "35 are good, whatever the books say"
    );
    pantry.sells(pantry.rice, 35 * KG).await.expect("all that is good");
    assert_eq!(pantry.available(pantry.rice).await, 5 * KG, "until the night comes");
    assert_eq!(pantry.puts_aside().await, 1);
    assert_eq!(pantry.available(pantry.rice).await, 0);
    assert_eq!(pantry.puts_aside().await, 0, "once");
    let aside = pantry.place(place::Kind::Expired).await;
    assert_eq!(pantry.left(pantry.rice, aside).await, [5 * KG]);
    assert_eq!(pantry.worth(pantry.rice).await, (5 * KG, 60_000), "it is still worth what it cost");
    pantry.close().await;
}

#[actix_web::test]
async fn what_expired_is_thrown_away_or_sent_back_with_a_reason() {
    let pantry = Pantry::open().await;
    let stand = &pantry.granary.stand;
    pantry.buys(pantry.rice, 10 * KG, 120_000, pantry.today(), Some(pantry.day(2))).await;
    pantry.pass(2);
    assert_eq!(pantry.puts_aside().await, 0, "its last day is a day of selling");
    pantry.pass(1);
    assert_eq!(join_all((0..4).map(|_| pantry.puts_aside())).await.iter().sum::<usize>(), 1, "four nights at once");
    let lots = expired::aside(&stand.shop.app.db, stand.outlet.id).await.expect("what is aside");
    let lot = lots[0].id;
    let take_out = async |quantity: i64, end: End, reason: &str, key: &str| {
        let tx = pantry.begin().await;
        let what = (lot, quantity);
        let by = stand.operator_id;
        expired::take_out(&tx, &stand.shop.clock, &stand.outlet, what, (end, reason), by, key).await?;
        tx.commit().await?;
        warong::error::Result::Ok(())
    };
    assert_eq!(refused(take_out(11 * KG, End::ThrownAway, "berjamur", "a").await), "stock.not_enough");
    assert_eq!(refused(take_out(0, End::ThrownAway, "berjamur", "b").await), "stock.not_enough");
    assert_eq!(refused(take_out(KG, End::ThrownAway, " ", "c").await), "form.required");
    take_out(4 * KG, End::ThrownAway, "berjamur", "d").await.expect("thrown away");
    assert_eq!(pantry.books(Book::Loss).await, 48_000);
    let back = |credit| End::SentBack(Rupiah(credit));
    assert_eq!(refused(take_out(6 * KG, back(120_001), "diambil pemasok", "e").await), "purchase.back_dear");
    let dear = take_out(6 * KG, back(72_001), "diambil pemasok", "e").await;
    assert_eq!(refused(dear), "purchase.back_dear", "six kilos had cost 72,000, whatever all ten had");
    assert_eq!(refused(take_out(6 * KG, back(-1), "diambil pemasok", "e").await), "purchase.back_dear");
    assert_eq!(refused(take_out(7 * KG, back(0), "diambil pemasok", "e").await), "purchase.back_more");
    let owed = async || supplier::owed(&stand.shop.app.db, pantry.granary.sumber.id).await.expect("a balance").0;
    let before = owed().await;
    for _ in 0..2 {
        take_out(6 * KG, back(50_000), "diambil pemasok", "e").await.expect("sent back");
    }
    assert_eq!(before - owed().await, 50_000, "once");
    assert_eq!(pantry.worth(pantry.rice).await, (0, 0));
    assert_eq!(pantry.moves(Kind::Damaged).await, [(pantry.rice, -4 * KG)]);
    pantry.buys(pantry.rice, KG, 12_000, pantry.today(), None).await;
    let good = stock::moves_of(&stand.shop.app.db, pantry.rice, 1).await.expect("moves")[0].lot_id.expect("a lot");
    let tx = pantry.begin().await;
    let by = stand.operator_id;
    let what = (good, KG);
    let done = expired::take_out(&tx, &stand.shop.clock, &stand.outlet, what, (End::ThrownAway, "x"), by, "f").await;
    assert_eq!(refused(done), "not found", "good goods are not thrown away here");
    drop(tx);
    pantry.close().await;
}

#[actix_web::test]
async fn what_was_promised_stays_until_the_order_is_over() {
    let pantry = Pantry::open().await;
    let stand = &pantry.granary.stand;
    pantry.buys(pantry.rice, 10 * KG, 120_000, pantry.today(), Some(pantry.day(1))).await;
    let tx = pantry.begin().await;
    let wants = [Want { item_id: pantry.rice, quantity: 6 * KG }];
    let held = stock::hold(&tx, &stand.shop.clock, "story:1", stand.place_id, &wants, None).await.expect("a hold");
    assert!(held.is_ok());
    tx.commit().await.expect("it stands");
    pantry.pass(3);
    assert_eq!(pantry.puts_aside().await, 1);
    assert_eq!(pantry.available(pantry.rice).await, 0, "four kilos went, six are promised");
    let tx = pantry.begin().await;
    let held = stock::held_for(&tx, "story:1").await.expect("holds");
    let taken = stock::take(&tx, &stand.shop.clock, &held[0], 6 * KG, None, "story").await.map(|_| ());
    assert_eq!(refused(taken), "stock.expired", "and nobody gets them");
    drop(tx);
    let tx = pantry.begin().await;
    stock::release(&tx, "story:1").await.expect("called off");
    tx.commit().await.expect("it stands");
    assert_eq!(pantry.puts_aside().await, 1);
    assert_eq!(pantry.available(pantry.rice).await, 0);
    pantry.close().await;
}

#[actix_web::test]
async fn goods_go_from_place_to_place_and_no_reserve_is_a_hoard() {
    let pantry = Pantry::open().await;
    let stand = &pantry.granary.stand;
    let (store, reserve) = (pantry.place(place::Kind::Store).await, pantry.place(place::Kind::Reserve).await);
    pantry.buys(pantry.rice, 500 * KG, 6_000_000, pantry.today(), Some(pantry.day(400))).await;
    let carry = async |from: i64, to: i64, kilos: i64, is_sure: bool| {
        let tx = pantry.begin().await;
        let new = Carry { item_id: pantry.rice, from, to, quantity: kilos * KG, is_sure };
        store::carry(&tx, &stand.shop.clock, &stand.outlet, new, stand.operator_id).await?;
        tx.commit().await?;
        warong::error::Result::Ok(())
    };
    let shelf = stand.place_id;
    carry(shelf, store, 400, false).await.expect("to the store room");
    assert_eq!(pantry.available(pantry.rice).await, 100 * KG, "only the shelf is sold from");
    carry(store, reserve, 100, false).await.expect("nothing was sold yet, so nothing speaks against it");
    assert_eq!(refused(pantry.sells(pantry.rice, 101 * KG).await), "stock.not_enough", "the reserve is not sold from");
    for _ in 0..20 {
        pantry.sells(pantry.rice, KG).await.expect("a kilo a day");
        pantry.pass(1);
    }
    assert_eq!(refused(carry(store, reserve, 50, false).await), "store.hoarding", "150 days of a kilo a day");
    carry(store, reserve, 50, true).await.expect("meant to be given out");
    carry(reserve, shelf, 20, false).await.expect("it rotates");
    assert_eq!(pantry.available(pantry.rice).await, 100 * KG);
    assert_eq!(refused(carry(store, store, 1, false).await), "store.same_place");
    assert_eq!(refused(carry(store, shelf, 1_000, false).await), "stock.not_enough");
    assert_eq!(refused(carry(store, shelf, 0, false).await), "stock.not_enough");
    let aside = pantry.place(place::Kind::Expired).await;
    assert_eq!(refused(carry(aside, shelf, 1, false).await), "not found", "what expired does not come back");
    assert_eq!(refused(carry(store, 9_999, 1, false).await), "not found");
    let both = join_all((0..2).map(|_| carry(store, shelf, 150, false))).await;
    assert_eq!(both.iter().filter(|done| done.is_ok()).count(), 1, "250 hold one of 150 and no second");
    assert_eq!(pantry.worth(pantry.rice).await, (480 * KG, 5_760_000));
    pantry.close().await;
}
