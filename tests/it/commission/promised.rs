//! The day the shop promises comes from what can be made.
use chrono::{Days, NaiveDate};
use warong::catalogue::capacity;

use super::Workshop;

async fn promised(workshop: &Workshop, cages: i64) -> NaiveDate {
    let order = workshop.order(cages).await;
    order.ready_on.expect("it is made first")
}

#[actix_web::test]
async fn whoever_orders_later_is_promised_a_later_day() {
    // Seven and seven a week: two a day together.
    let workshop = Workshop::with(&[14, 14]).await;
    let today = workshop.clock().today();
    assert_eq!(promised(&workshop, 2).await, today + Days::new(3), "at least what one cage takes");
    assert_eq!(promised(&workshop, 12).await, today + Days::new(7));
    assert_eq!(promised(&workshop, 2).await, today + Days::new(8));
    // The product's page says the same of the next one, to guests too.
    let mut guest = workshop.stand.shop.browser();
    guest.get("/produk/kurungan-ayam").await.is(200).says("30 November 2026");
    let next = promised(&workshop, 1).await;
    assert_eq!(next, today + Days::new(9));
    guest.get("/produk/kurungan-ayam").await.is(200).says("30 November 2026");
    promised(&workshop, 2).await;
    guest.get("/produk/kurungan-ayam").await.is(200).says("1 Desember 2026");
    workshop.close().await;
}

#[actix_web::test]
async fn what_was_shared_out_is_not_counted_twice() {
    let workshop = Workshop::with(&[28, 28]).await;
    let order = workshop.order(40).await;
    let before = capacity::pool(&workshop.stand.shop.app.db, workshop.stand.cage).await.expect("a pool");
    assert_eq!((before.waiting, before.days_for(1)), (40, Some(11)));
    let id = workshop.shares_out(&order, 40).await.row.id;
    let after = capacity::pool(&workshop.stand.shop.app.db, workshop.stand.cage).await.expect("a pool");
    assert_eq!((after.waiting, after.days_for(1)), (0, Some(11)));
    workshop.everybody_says_yes(id).await;
    workshop.hands_in(id, 0, 20, 0).await;
    let later = capacity::pool(&workshop.stand.shop.app.db, workshop.stand.cage).await.expect("a pool");
    assert_eq!(later.days_for(1), Some(1));
    workshop.close().await;
}

#[actix_web::test]
async fn other_work_of_a_household_counts() {
    let workshop = Workshop::with(&[14, 14]).await;
    let (stand, clock) = (&workshop.stand, workshop.clock());
    let coop = stand.another_basket("Kandang").await;
    let tx = stand.begin().await;
    for maker in &workshop.makers {
        capacity::say(&tx, clock, maker.id, coop, 7, maker.person_id).await.expect("said");
    }
    tx.commit().await.expect("it stands");
    let order = workshop.order(20).await;
    workshop.shares_out(&order, 20).await;
    // Ten cages each are ten days of work before the first coop.
    let pool = capacity::pool(&stand.shop.app.db, coop).await.expect("a pool");
    assert_eq!((pool.room(10), pool.room(12)), (0, 4));
    workshop.close().await;
}
