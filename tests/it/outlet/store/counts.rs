//! Counting while the shop goes on selling, and every difference explained.
use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use entity::{lot, place, stock_move};
use futures_util::future::join_all;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use warong::{
    error::Result,
    ledger::Book,
    outlet::count::{self, Cause, Explained},
    stock::{self, Want},
};

use super::{KG, Pantry, refused};

impl Pantry {
    async fn opens(&self, place_id: i64) -> i64 {
        let stand = &self.granary.stand;
        let tx = self.begin().await;
        let id =
            count::open(&tx, &stand.shop.clock, &stand.outlet, place_id, stand.operator_id).await.expect("a sheet");
        tx.commit().await.expect("it stands");
        id
    }

    async fn counts(&self, sheet: i64, counted: &[(i64, i64)]) -> Result<()> {
        let stand = &self.granary.stand;
        let tx = self.begin().await;
        count::write(&tx, &stand.shop.clock, &stand.outlet, sheet, counted, stand.operator_id).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn books_count(&self, sheet: i64, why: &[(i64, Explained)]) -> Result<()> {
        let stand = &self.granary.stand;
        let tx = self.begin().await;
        let why: BTreeMap<i64, Explained> = why.iter().cloned().collect();
        count::book(&tx, &stand.shop.clock, &stand.outlet, sheet, &why, stand.operator_id).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn differs(&self, sheet: i64) -> Vec<(i64, i64)> {
        let stand = &self.granary.stand;
        let db = &stand.shop.app.db;
        let sheet = count::read(db, stand.outlet.id, sheet).await.expect("a sheet");
        let all = count::differences(db, &sheet).await.expect("differences");
        all.iter().map(|one| (one.quantity, one.worth.0)).collect()
    }
}

impl Pantry {
    /// So much rice is counted on the shelf, more than the books say: until when what was found keeps.
    async fn finds(&self, counted: i64) -> Option<NaiveDate> {
        let sheet = self.opens(self.granary.stand.place_id).await;
        self.counts(sheet, &[(self.rice, counted)]).await.expect("counted");
        self.books_count(sheet, &[(self.rice, (Cause::Miscounted, None))]).await.expect("booked");
        let lots = lot::Entity::find().filter(lot::Column::ItemId.eq(self.rice)).order_by_desc(lot::Column::Id);
        lots.one(&self.granary.stand.shop.app.db).await.expect("a read").expect("a lot").expires_on
    }
}

#[actix_web::test]
async fn what_is_found_keeps_as_long_as_what_is_good_and_there() {
    let pantry = Pantry::open().await;
    let long = pantry.day(40);
    pantry.buys(pantry.rice, 10 * KG, 120_000, pantry.today(), Some(long)).await;
    pantry.buys(pantry.rice, 10 * KG, 120_000, pantry.today(), Some(pantry.day(2))).await;
    pantry.sells(pantry.rice, 10 * KG).await.expect("all that keeps two days");
    assert_eq!(pantry.finds(13 * KG).await, Some(long), "the newest lot is gone and says nothing");
    pantry.pass(41);
    assert_eq!(pantry.finds(14 * KG).await, None, "what stands there is past its day");
    pantry.close().await;
}

/// The worked example A-6: in at 25,116 and 26,599, out, and two kilos short.
#[actix_web::test]
async fn two_kilos_are_short_and_it_was_the_mice() {
    let pantry = Pantry::open().await;
    let shelf = pantry.granary.stand.place_id;
    pantry.buys(pantry.rice, 100 * KG, 2_511_600, pantry.today(), None).await;
    pantry.pass(2);
    pantry.sells(pantry.rice, 40 * KG).await.expect("sold");
    pantry.pass(1);
    pantry.buys(pantry.rice, 60 * KG, 1_595_940, pantry.today(), None).await;
    pantry.pass(1);
    pantry.sells(pantry.rice, 70 * KG).await.expect("sold");
    assert_eq!(pantry.worth(pantry.rice).await, (50 * KG, 1_292_875));
    let sheet = pantry.opens(shelf).await;
    assert_eq!(refused(pantry.books_count(sheet, &[]).await), "count.nothing");
    pantry.counts(sheet, &[(pantry.rice, 48 * KG)]).await.expect("counted");
    assert_eq!(pantry.differs(sheet).await, [(-2 * KG, -51_715)], "its worth is said before it is booked");
    assert_eq!(refused(pantry.books_count(sheet, &[]).await), "count.explain");
    let other = (pantry.rice, (Cause::Other, None));
    assert_eq!(refused(pantry.books_count(sheet, &[other]).await), "count.explain", "other needs words");
    pantry.books_count(sheet, &[(pantry.rice, (Cause::Mice, None))]).await.expect("booked");
    assert_eq!(pantry.worth(pantry.rice).await, (48 * KG, 1_241_160));
    assert_eq!(pantry.books(Book::Loss).await, 51_715);
    assert_eq!(refused(pantry.books_count(sheet, &[(pantry.rice, (Cause::Mice, None))]).await), "count.closed");
    assert_eq!(refused(pantry.counts(sheet, &[(pantry.rice, 1)]).await), "count.closed");
    pantry.adds_up().await;
    // The note of the second day turns up: 20 kg at 24,000, before anything was sold.
    pantry.buys(pantry.rice, 20 * KG, 480_000, pantry.day(-3), None).await;
    assert_eq!(pantry.worth(pantry.rice).await, (68 * KG, 1_743_879));
    assert_eq!(pantry.differs(sheet).await, [(-2 * KG, -51_291)], "the report says what it cost in the end");
    pantry.close().await;
}

#[actix_web::test]
async fn what_is_sold_while_counting_makes_no_difference() {
    let pantry = Pantry::open().await;
    let stand = &pantry.granary.stand;
    let (clock, shelf) = (&stand.shop.clock, stand.place_id);
    pantry.buys(pantry.rice, 50 * KG, 600_000, pantry.today(), None).await;
    pantry.buys(pantry.five, 20, 1_200_000, pantry.today(), None).await;
    let sheet = pantry.opens(shelf).await;
    pantry.sells(pantry.rice, 3 * KG).await.expect("sold before it was counted");
    clock.advance(Duration::minutes(5));
    pantry.counts(sheet, &[(pantry.rice, 47 * KG)]).await.expect("counted");
    clock.advance(Duration::minutes(5));
    pantry.sells(pantry.rice, 7 * KG).await.expect("sold after it was counted");
    pantry.sells(pantry.five, 2).await.expect("sold");
    pantry.counts(sheet, &[(pantry.rice, 47 * KG), (pantry.five, 17)]).await.expect("the rest");
    assert_eq!(pantry.differs(sheet).await.iter().map(|one| one.0).collect::<Vec<_>>(), [0, -1]);
    // A till tells only now what it sold before the rice was counted: the shelf knew, the books did not.
    let tx = pantry.begin().await;
    let cause = stock::Cause { subject: None, reason: None, person_id: None, source_key: "late" };
    stock::sell(&tx, clock, pantry.rice, shelf, KG, None, cause).await.expect("told late");
    let late = stock_move::Entity::find();
    let late = late.all(&tx).await.expect("moves").into_iter().max_by_key(|row| row.id).expect("a move");
    let earlier = clock.now() - Duration::minutes(7);
    let change = stock_move::ActiveModel { id: Set(late.id), happened_at: Set(earlier), ..Default::default() };
    stock_move::Entity::update(change).exec(&tx).await.expect("it was earlier");
    warong::outlet::cost::follow(&tx, clock, stand.outlet.id, &[pantry.rice]).await.expect("its cost");
    tx.commit().await.expect("it stands");
    assert_eq!(pantry.differs(sheet).await[0].0, KG, "so there is a kilo more than the books say");
    let why = [(pantry.rice, (Cause::Other, Some("timbangan".to_owned()))), (pantry.five, (Cause::Theft, None))];
    pantry.books_count(sheet, &why).await.expect("booked");
    assert_eq!(pantry.worth(pantry.rice).await.0, 40 * KG, "47 were there, and 7 were sold since");
    assert_eq!(pantry.worth(pantry.five).await.0, 17);
    pantry.close().await;
}

#[actix_web::test]
async fn two_who_count_one_place_write_on_one_sheet_and_it_is_booked_once() {
    let pantry = Pantry::open().await;
    let stand = &pantry.granary.stand;
    let shelf = stand.place_id;
    pantry.buys(pantry.rice, 10 * KG, 120_000, pantry.today(), None).await;
    let sheets = join_all((0..4).map(|_| pantry.opens(shelf))).await;
    assert!(sheets.iter().all(|sheet| *sheet == sheets[0]), "{sheets:?}");
    let sheet = sheets[0];
    let counted = join_all((0..4).map(async |n| pantry.counts(sheet, &[(pantry.rice, (8 + n % 2) * KG)]).await)).await;
    assert!(counted.iter().all(Result::is_ok));
    pantry.counts(sheet, &[(pantry.rice, 9 * KG)]).await.expect("the last word");
    let why = [(pantry.rice, (Cause::Spilled, None))];
    let booked = join_all((0..4).map(|_| pantry.books_count(sheet, &why))).await;
    assert_eq!(booked.iter().filter(|done| done.is_ok()).count(), 1);
    assert_eq!(pantry.worth(pantry.rice).await.0, 9 * KG);
    let next = pantry.opens(shelf).await;
    assert_ne!(next, sheet, "the next count is a new one");
    pantry.counts(next, &[(pantry.rice, 0)]).await.expect("counted");
    let tx = pantry.begin().await;
    count::call_off(&tx, &stand.shop.clock, &stand.outlet, next, stand.operator_id).await.expect("called off");
    tx.commit().await.expect("it stands");
    assert_eq!(pantry.worth(pantry.rice).await.0, 9 * KG, "nothing was booked");
    assert_eq!(refused(pantry.books_count(next, &why).await), "count.closed");
    pantry.close().await;
}

#[actix_web::test]
async fn what_is_promised_cannot_be_counted_away_and_places_of_others_are_not_there() {
    let pantry = Pantry::open().await;
    let stand = &pantry.granary.stand;
    pantry.buys(pantry.rice, 10 * KG, 120_000, pantry.today(), None).await;
    let tx = pantry.begin().await;
    let wants = [Want { item_id: pantry.rice, quantity: 6 * KG }];
    let held = stock::hold(&tx, &stand.shop.clock, "story:1", stand.place_id, &wants, None).await.expect("a hold");
    assert!(held.is_ok());
    tx.commit().await.expect("it stands");
    let sheet = pantry.opens(stand.place_id).await;
    pantry.counts(sheet, &[(pantry.rice, 5 * KG)]).await.expect("counted");
    let why = [(pantry.rice, (Cause::Shrunk, None))];
    assert_eq!(refused(pantry.books_count(sheet, &why).await), "count.promised");
    assert_eq!(pantry.worth(pantry.rice).await.0, 10 * KG, "nothing is half done");
    pantry.counts(sheet, &[(pantry.rice, 6 * KG)]).await.expect("counted again");
    pantry.books_count(sheet, &why).await.expect("booked");
    assert_eq!(pantry.available(pantry.rice).await, 0);
    let tx = pantry.begin().await;
    stock::release(&tx, "story:1").await.expect("called off");
    tx.commit().await.expect("it stands");
    let aside = pantry.place(place::Kind::Expired).await;
    for place_id in [aside, 9_999] {
        let tx = pantry.begin().await;
        let done = count::open(&tx, &stand.shop.clock, &stand.outlet, place_id, stand.operator_id).await;
        assert_eq!(refused(done), "not found");
    }
    let next = pantry.opens(stand.place_id).await;
    assert_eq!(refused(pantry.counts(next, &[(stand.basket, 3)]).await), "not found", "crafts are counted elsewhere");
    assert_eq!(refused(pantry.counts(9_999, &[(pantry.rice, 3)]).await), "not found");
    pantry.close().await;
}
