//! How fast batches are taken in; for reading, not for judging: `tests/measure-sync`.
use std::time::Instant;

use serde_json::Value;

use super::handset::{Handset, intakes};
use crate::counter::stand::Stand;

const EVENTS: usize = 200;
const BATCHES: usize = 4;

#[actix_web::test]
#[ignore = "measures; it says nothing about right and wrong"]
async fn events_a_second() {
    let stand = Stand::open().await;
    let mut phone = Handset::of(&stand, stand.siti.clone()).await;
    let mut goods = vec![stand.basket, stand.cage];
    for n in 0..8 {
        goods.push(stand.another_basket(&format!("Keranjang {n}")).await);
    }
    for batch in 0..BATCHES {
        let events: Vec<Value> = (0..EVENTS)
            .map(|n| phone.takes_in(stand.crafter_id, goods[n % goods.len()], &(1 + n % 9).to_string()))
            .collect();
        let start = Instant::now();
        let told = phone.told(&events).await;
        let took = start.elapsed();
        assert!(told.iter().all(|told| told["verdict"] == "accepted"));
        println!("batch {batch}: {EVENTS} events in {took:.2?}, {:.0} a second", EVENTS as f64 / took.as_secs_f64());
    }
    assert_eq!(intakes(&stand).await.len(), EVENTS * BATCHES);
    stand.close().await;
}
