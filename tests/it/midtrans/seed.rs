//! The same seed gives the same run again.
use serde_json::{Value, json};
use warong::gateway::midtrans::{Bank, CallOptions, EnabledPayment, Method, SnapRequest};

use super::shop::{Shop, bill};

/// A morning with a bit of everything, and all that came out of it.
async fn a_run(shop: &Shop) -> Vec<String> {
    let mut seen = vec![shop.get("/key").await.1];
    shop.set(json!({"chaos": {"shuffle": true}})).await;
    for n in 0..3 {
        let charged = shop.qris(&format!("A-{n}")).await;
        shop.pay(&charged).await;
        seen.push(charged.raw.to_string());
    }
    let bank = Method::VirtualAccount { bank: Bank::Bri, va_number: None };
    seen.push(shop.charge("B", bank).await.unwrap().raw.to_string());
    let bill_key = Method::MandiriBill { info1: "Bayar".into(), info2: "Kerajinan".into() };
    seen.push(shop.charge("C", bill_key).await.unwrap().raw.to_string());
    let page = SnapRequest::new(bill("D"), vec![EnabledPayment::OtherQris]);
    seen.push(shop.client.snap_create(&page, &CallOptions::default()).await.unwrap().token.as_str().to_owned());
    let key = shop.sandbox.server_key();
    let post = async |path: &str, body: Value| {
        shop.call(reqwest::Method::POST, path, &key, &body.to_string()).await.1.to_string()
    };
    seen.push(post("/v2/A-0/refund", json!({"amount": 5_000})).await);
    // Refusals have ids, too.
    seen.push(post("/v2/X/cancel", Value::Null).await);
    *shop.inbox.answers.lock().unwrap() = vec![503; 5];
    for _ in 0..20 {
        let mail = shop.mail().await;
        let mut words: Vec<String> = mail.iter().map(|r| String::from_utf8_lossy(&r.body).into_owned()).collect();
        words.sort();
        seen.extend(words);
        shop.set(json!({"clock_advance_s": 10})).await;
    }
    // Only the port is another one.
    seen.into_iter().map(|text| text.replace(&shop.base, "")).collect()
}

#[actix_web::test]
async fn a_run_with_the_same_seed_is_the_same_run() {
    let run = async |seed: Option<u64>| a_run(&Shop::open_seeded(Shop::folder(), seed).await).await;
    let (first, again) = (run(Some(7)).await, run(Some(7)).await);
    assert_eq!(first.len(), again.len());
    for (first, again) in first.iter().zip(&again) {
        assert_eq!(first, again);
    }
    let other = run(Some(8)).await;
    assert!(first.iter().zip(&other).take(8).all(|(first, other)| first != other));
    assert_ne!(run(None).await[0], run(None).await[0]);
}

#[actix_web::test]
async fn chance_can_begin_anew_in_the_middle_of_a_run() {
    let number = async |shop: &Shop, order: &str| {
        let bank = Method::VirtualAccount { bank: Bank::Bri, va_number: None };
        let charged = shop.charge(order, bank).await.unwrap();
        (charged.transaction_id.clone(), charged.va_number().unwrap().to_owned())
    };
    let (one, two) = (Shop::open().await, Shop::open().await);
    assert_ne!(number(&one, "A").await, number(&two, "A").await);
    for shop in [&one, &two] {
        shop.set(json!({"seed": 11})).await;
    }
    let first = number(&one, "B").await;
    assert_eq!(first, number(&two, "B").await);
    // The same dice once more give no id twice.
    one.set(json!({"seed": 11})).await;
    assert_ne!(number(&one, "C").await.0, first.0);
    for bad in [json!({"seed": "x"}), json!({"seed": -1})] {
        assert_eq!(one.control(bad).await.0, 400);
    }
}
