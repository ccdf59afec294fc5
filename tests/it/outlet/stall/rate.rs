//! How fast sales are taken in; for reading, not for judging: `tests/measure-sync`.
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Stall;
use crate::outlet::field::handset::Handset;

const EVENTS: usize = 500;
const BATCHES: usize = 12;

/// Says what batches came to; the first of them warms up.
fn say(what: &str, took: &[Duration]) {
    let whole: Duration = took[1..].iter().sum();
    let slowest = took.iter().max().expect("a batch");
    let rate = (EVENTS * (took.len() - 1)) as f64 / whole.as_secs_f64();
    println!("{what}: {rate:.0} sales a second, the slowest batch of {EVENTS} in {slowest:.2?}");
}

async fn measured(till: &mut Handset, batches: &[Vec<Value>]) -> Vec<Duration> {
    let mut all = Vec::new();
    for batch in batches {
        let start = Instant::now();
        let told = till.told(batch).await;
        all.push(start.elapsed());
        assert!(told.iter().all(|told| told["verdict"] == "accepted"));
    }
    all
}

/// A stall with more rice and sugar than it will sell.
async fn full() -> Stall {
    let stall = Stall::open().await;
    stall.granary.buys(&stall.granary.of(5_000_000, 60_000_000, stall.granary.today())).await.expect("rice");
    let mut bags = stall.granary.of(20_000, 320_000_000, stall.granary.today());
    bags.lines[0].item_id = stall.sugar;
    stall.granary.buys(&bags).await.expect("sugar");
    stall
}

fn batches(stall: &Stall, lines: impl Fn(usize) -> Vec<Value>) -> Vec<Vec<Value>> {
    (0..BATCHES).map(|_| (0..EVENTS).map(|n| stall.sells(&lines(n))).collect()).collect()
}

#[actix_web::test]
#[ignore = "measures; it says nothing about right and wrong"]
async fn sales_of_one_thing_a_second() {
    let stall = full().await;
    let sales = batches(&stall, |n| vec![stall.line(stall.granary.rice, 100 + n as i64 % 7)]);
    say("of one thing", &measured(&mut *stall.till.lock().await, &sales).await);
    let again = Instant::now();
    stall.told(&sales[0]).await;
    println!("told again: {EVENTS} sales in {:.2?}", again.elapsed());
    assert_eq!(stall.odd().await, [], "all of it was there");
    assert_eq!(stall.sales().await.len(), EVENTS * BATCHES);
    stall.close().await;
}

#[actix_web::test]
#[ignore = "measures; it says nothing about right and wrong"]
async fn sales_of_three_things_a_second() {
    let stall = full().await;
    let sales = batches(&stall, |n| {
        let rice = |grams| stall.line(stall.granary.rice, grams);
        vec![rice(100 + n as i64 % 7), stall.line(stall.sugar, 1), rice(250)]
    });
    say("of three things", &measured(&mut *stall.till.lock().await, &sales).await);
    assert_eq!(stall.odd().await, [], "all of it was there");
    stall.close().await;
}

#[actix_web::test]
#[ignore = "measures; it says nothing about right and wrong"]
async fn sales_a_second_of_what_is_not_in_the_books() {
    let stall = Stall::open().await;
    stall.told(&[stall.sells(&[stall.line(stall.granary.rice, 100_000)])]).await;
    let sales = batches(&stall, |n| vec![stall.line(stall.granary.rice, 100 + n as i64 % 7)]);
    say("of what is not in the books", &measured(&mut *stall.till.lock().await, &sales).await);
    assert_eq!(stall.odd().await.len(), EVENTS * BATCHES);
    stall.close().await;
}

/// The same rice in the other shop, enough of it.
async fn elsewhere(stall: &Stall) -> i64 {
    use entity::{item, product};
    use sea_orm::{ActiveValue::NotSet, EntityTrait};
    use warong::outlet::{purchase, supplier};
    let stand = &stall.granary.stand;
    let tx = stand.begin().await;
    let outlets = entity::outlet::Entity::find().all(&tx).await.expect("a read");
    let other = outlets.into_iter().find(|outlet| outlet.id != stand.outlet.id).expect("another outlet");
    let rice = item::Entity::find_by_id(stall.granary.rice).one(&tx).await.expect("a read").expect("rice");
    let like = product::Entity::find_by_id(rice.product_id).one(&tx).await.expect("a read").expect("its product");
    let mut product = product::ActiveModel::from(like);
    (product.id, product.outlet_id, product.slug) = (NotSet, Set(other.id), Set("beras-lain".into()));
    let product_id = product::Entity::insert(product).exec(&tx).await.expect("rice there").last_insert_id;
    let mut loose = item::ActiveModel::from(rice);
    (loose.id, loose.product_id) = (NotSet, Set(product_id));
    let item_id = item::Entity::insert(loose).exec(&tx).await.expect("loose rice there").last_insert_id;
    let clock = &stand.shop.clock;
    let sumber =
        supplier::NewSupplier { name: "UD Sumber".into(), kind: supplier::Kind::Wholesaler, phone: None, place: None };
    let sumber = supplier::add(&tx, clock, other.id, &sumber).await.expect("a supplier");
    let mut new = stall.granary.of(5_000_000, 60_000_000, stall.granary.today());
    (new.supplier_id, new.lines[0].item_id) = (sumber.id, item_id);
    purchase::buy(&tx, clock, &other, &new, stand.operator_id, "elsewhere").await.expect("rice");
    tx.commit().await.expect("it stands");
    item_id
}

/// Two tills at once, each with its own rice.
async fn at_once(what: &str, stall: Stall, mut tills: [Handset; 2], rice: [i64; 2]) {
    let mut batches = Vec::new();
    for (till, rice) in tills.iter_mut().zip(rice) {
        let shift = Uuid::new_v4().to_string();
        let mut sale = |n: usize| {
            let mut line = stall.line(stall.granary.rice, 100 + n as i64 % 7);
            line["item"] = json!(rice);
            let mut body = stall.sale(&[line]);
            body["shift"] = json!(shift);
            till.records("sale", &body)
        };
        batches.push((0..BATCHES).map(|_| (0..EVENTS).map(&mut sale).collect()).collect::<Vec<Vec<Value>>>());
    }
    for (till, batches) in tills.iter_mut().zip(&batches) {
        measured(till, &batches[..1]).await;
    }
    let start = Instant::now();
    join_all(tills.iter_mut().zip(&batches).map(|(till, batches)| measured(till, &batches[1..]))).await;
    let rate = (2 * EVENTS * (BATCHES - 1)) as f64 / start.elapsed().as_secs_f64();
    println!("two tills at once, {what}: {rate:.0} sales a second");
    assert_eq!(stall.odd().await, [], "all of it was there");
    assert_eq!(stall.sales().await.len(), 2 * EVENTS * BATCHES);
    stall.close().await;
}

#[actix_web::test]
#[ignore = "measures; it says nothing about right and wrong"]
async fn sales_a_second_of_two_tills_of_one_shop() {
    let stall = full().await;
    let stand = &stall.granary.stand;
    let tills = [Handset::of(stand, stand.siti.clone()).await, Handset::of(stand, stand.hasan.clone()).await];
    let rice = [stall.granary.rice; 2];
    at_once("of one shop", stall, tills, rice).await;
}

#[actix_web::test]
#[ignore = "measures; it says nothing about right and wrong"]
async fn sales_a_second_of_two_shops() {
    let stall = full().await;
    let stand = &stall.granary.stand;
    let tills = [Handset::of(stand, stand.siti.clone()).await, Handset::of(stand, stand.stranger.clone()).await];
    let rice = [stall.granary.rice, elsewhere(&stall).await];
    at_once("each of its own shop", stall, tills, rice).await;
}
