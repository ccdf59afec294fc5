//! Idempotency keys of Core: shared by all endpoints, at most 46 letters, and one call at a time.
use std::time::Duration;

use serde_json::{Value, json};

use super::shop::Shop;

/// A call under a key: HTTP status and text.
async fn call(shop: &Shop, path: &str, key: &str, body: &Value, patience: u64) -> reqwest::Result<(u16, String)> {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_millis(patience)).build()?;
    let answer = client
        .post(format!("{}/sandbox/midtrans{path}", shop.base))
        .basic_auth(shop.sandbox.server_key(), Some(""))
        .header("idempotency-key", key)
        .body(body.to_string())
        .send()
        .await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

fn charge(order: &str, method: &str) -> Value {
    let details = json!({"order_id": order, "gross_amount": 275_000});
    json!({"payment_type": method, "transaction_details": details, "bank_transfer": {"bank": "permata"}})
}

#[actix_web::test]
async fn the_second_call_is_told_to_wait_while_the_first_one_runs() {
    let shop = Shop::open().await;
    shop.set(json!({"chaos": {"answer": "slow"}})).await;
    let body = charge("A", "qris");
    let first = call(&shop, "/v2/charge", "K", &body, 1_500);
    let second = async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        call(&shop, "/v2/charge", "K", &body, 800).await
    };
    let other = async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        call(&shop, "/v2/charge", "L", &charge("B", "qris"), 500).await
    };
    let (first, second, other) = tokio::join!(first, second, other);
    assert!(first.unwrap_err().is_timeout() && other.unwrap_err().is_timeout());
    let (http, text) = second.unwrap();
    assert_eq!((http, text.as_str()), (202, "{}"));

    // Nobody waits any more: the key gives what the first one did.
    shop.set(json!({"chaos": {}})).await;
    for _ in 0..50 {
        let (http, text) = call(&shop, "/v2/charge", "K", &body, 2_000).await.unwrap();
        if http == 202 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        }
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&answer["status_code"], &answer["order_id"]), (&json!("201"), &json!("A")));
        return;
    }
    panic!("the key is never free");
}

#[actix_web::test]
async fn a_key_is_shared_kept_when_it_went_well_and_at_most_46_long() {
    let shop = Shop::open().await;
    let ask = async |path: &str, key: &str, body: &Value| {
        let (_, text) = call(&shop, path, key, body, 5_000).await.unwrap();
        serde_json::from_str::<Value>(&text).unwrap()
    };
    // A cancel under the key of a charge gets the charge's answer.
    let charged = ask("/v2/charge", "K", &charge("A", "qris")).await;
    assert_eq!(ask("/v2/A/cancel", "K", &json!({})).await, charged);
    let key = shop.sandbox.server_key();
    let status = shop.call(reqwest::Method::GET, "/v2/A/status", &key, "").await.1;
    assert_eq!(status["transaction_status"], "pending");
    // Refusals are not kept.
    assert_eq!(ask("/v2/B/cancel", "M", &json!({})).await["status_code"], "404");
    shop.qris("B").await;
    assert_eq!(ask("/v2/B/cancel", "M", &json!({})).await["status_code"], "200");
    let (fits, long) = ("k".repeat(46), "k".repeat(47));
    for (key, kept) in [(fits.as_str(), true), (long.as_str(), false)] {
        let first = ask("/v2/charge", key, &charge(&format!("{}-1", key.len()), "qris")).await;
        let second = ask("/v2/charge", key, &charge(&format!("{}-2", key.len()), "qris")).await;
        assert_eq!((first["status_code"].as_str(), first == second), (Some("201"), kept));
    }
    // Permata keeps none.
    let first = ask("/v2/charge", "P", &charge("P-1", "bank_transfer")).await;
    let second = ask("/v2/charge", "P", &charge("P-2", "bank_transfer")).await;
    assert_eq!((&first["order_id"], &second["order_id"]), (&json!("P-1"), &json!("P-2")));
}
