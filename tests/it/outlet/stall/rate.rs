//! How fast sales are taken in; for reading, not for judging: `tests/measure-sync`.
use std::time::Instant;

use serde_json::Value;

use super::Stall;

const EVENTS: usize = 500;
const BATCHES: usize = 12;

#[actix_web::test]
#[ignore = "measures; it says nothing about right and wrong"]
async fn sales_a_second() {
    let stall = Stall::open().await;
    let batches: Vec<Vec<Value>> = (0..BATCHES)
        .map(|_| (0..EVENTS).map(|n| stall.sells(&[stall.line(stall.granary.rice, 100 + n as i64 % 7)])).collect())
        .collect();
    let mut whole = std::time::Duration::ZERO;
    for (n, batch) in batches.iter().enumerate() {
        let start = Instant::now();
        let told = stall.told(batch).await;
        let took = start.elapsed();
        assert!(told.iter().all(|told| told["verdict"] == "accepted"));
        println!("batch {n}: {EVENTS} sales in {took:.2?}, {:.0} a second", EVENTS as f64 / took.as_secs_f64());
        if n > 0 {
            whole += took;
        }
    }
    println!("after the first batch: {:.0} sales a second", ((BATCHES - 1) * EVENTS) as f64 / whole.as_secs_f64());
    assert_eq!(stall.sales().await.len(), EVENTS * BATCHES);
    stall.close().await;
}
