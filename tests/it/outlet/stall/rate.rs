//! How fast sales are taken in; for reading, not for judging: `tests/measure-sync`.
use std::time::{Duration, Instant};

use futures_util::future::join_all;
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

#[actix_web::test]
#[ignore = "measures; it says nothing about right and wrong"]
async fn sales_a_second_of_two_tills() {
    let stall = full().await;
    let mut tills = [
        Handset::of(&stall.granary.stand, stall.granary.stand.siti.clone()).await,
        Handset::of(&stall.granary.stand, stall.granary.stand.hasan.clone()).await,
    ];
    let mut batches = Vec::new();
    for till in &mut tills {
        let shift = Uuid::new_v4().to_string();
        let mut of_till = Vec::new();
        for _ in 0..BATCHES {
            let sale = |n: usize| {
                let mut body = stall.sale(&[stall.line(stall.granary.rice, 100 + n as i64 % 7)]);
                body["shift"] = json!(shift);
                till.records("sale", &body)
            };
            of_till.push((0..EVENTS).map(sale).collect::<Vec<_>>());
        }
        batches.push(of_till);
    }
    for (till, batches) in tills.iter_mut().zip(&batches) {
        measured(till, &batches[..1]).await;
    }
    let start = Instant::now();
    join_all(tills.iter_mut().zip(&batches).map(|(till, batches)| measured(till, &batches[1..]))).await;
    let rate = (2 * EVENTS * (BATCHES - 1)) as f64 / start.elapsed().as_secs_f64();
    println!("two tills of one shop at once: {rate:.0} sales a second");
    assert_eq!(stall.sales().await.len(), 2 * EVENTS * BATCHES);
    stall.close().await;
}
