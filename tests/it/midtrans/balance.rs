//! What lies in the merchant's wallets agrees with what happened, to the rupiah.
use serde_json::{Value, json};

use super::shop::{Shop, qris};

async fn ask(shop: &Shop, query: &str) -> (u16, Value) {
    let key = shop.sandbox.server_key();
    shop.call(reqwest::Method::GET, &format!("/v1/balance/mutation?{query}"), &key, "").await
}

/// What came in and went out of the buyers' wallet in an hour of that day, Jakarta time.
async fn moved(shop: &Shop, hour: u32) -> i64 {
    let query = format!(
        "currency=IDR&start_time=2026-01-01T{hour:02}%3A00%3A00%2B07%3A00&end_time=2026-01-01T{hour:02}:59:59%2B07:00"
    );
    let (http, body) = ask(shop, &query).await;
    assert_eq!((http, &body["currency"]), (200, &json!("IDR")), "{body}");
    let wallet = &body["wallets"][0];
    assert_eq!((&wallet["source"], &body["wallets"][1]["source"]), (&json!("payin"), &json!("iris")));
    let rupiah = |value: &Value| value.as_f64().unwrap() as i64;
    let change = rupiah(&wallet["closing_balance_effective"]) - rupiah(&wallet["opening_balance_effective"]);
    let all = rupiah(&body["closing_balance_overall"]) - rupiah(&body["opening_balance_overall"]);
    assert_eq!(change, all);
    change
}

#[actix_web::test]
async fn every_rupiah_that_moves_is_in_the_balance() {
    let shop = Shop::open().await;
    for name in ["A", "B", "C", "D"] {
        let charged = shop.charge(name, qris()).await.unwrap();
        shop.pay(&charged).await;
    }
    shop.qris("E").await;
    assert_eq!(moved(&shop, 10).await, 4 * 275_000);
    let an_hour_later = json!({"clock_advance_s": 3600});
    shop.set(an_hour_later.clone()).await;
    let key = shop.sandbox.server_key();
    for (refund_key, amount) in [("R-1", 5_000), ("R-1", 5_000), ("R-2", 7_000)] {
        let wish = json!({"refund_key": refund_key, "amount": amount}).to_string();
        shop.call(reqwest::Method::POST, "/v2/A/refund", &key, &wish).await;
    }
    assert_eq!(moved(&shop, 11).await, -12_000);
    shop.set(an_hour_later.clone()).await;
    shop.set(json!({"order_id": "B", "set": {"transaction_status": "deny"}})).await;
    shop.set(json!({"order_id": "C", "set": {"transaction_status": "chargeback"}})).await;
    shop.set(json!({"order_id": "D", "set": {"gross_amount": 279_440}})).await;
    // Paid after its time was over.
    shop.set(json!({"order_id": "E", "set": {"transaction_status": "settlement"}})).await;
    assert_eq!(moved(&shop, 12).await, -275_000 - 275_000 + 4_440 + 275_000);
    shop.set(an_hour_later).await;
    shop.set(json!({"order_id": "E", "set": {"transaction_status": "refund"}})).await;
    assert_eq!(moved(&shop, 13).await, -275_000);
    assert_eq!(moved(&shop, 11).await, -12_000);
}

#[actix_web::test]
async fn a_question_without_days_is_sent_back() {
    let shop = Shop::open().await;
    let (http, body) = ask(&shop, "").await;
    assert_eq!(http, 400);
    assert_eq!(body["error_messages"].as_array().unwrap().len(), 3);
    assert_eq!(body["error_messages"][0], "currency must not be empty");
    let turned = "currency=IDR&start_time=2026-01-02T00:00:00Z&end_time=2026-01-01T00:00:00Z";
    assert_eq!(ask(&shop, turned).await.0, 400);
    assert_eq!(ask(&shop, "currency=USD&start_time=x&end_time=2026-01-01T00:00:00Z").await.0, 400);
    let (http, _) = shop.call(reqwest::Method::GET, "/v1/balance/mutation", "lain", "").await;
    assert_eq!(http, 401);
}
