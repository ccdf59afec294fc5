//! Money back through the stand-in, and what only cards can do.
use chrono::Duration;
use serde_json::{Value, json};
use warong::gateway::midtrans::{Bank, Method};

use super::shop::{Shop, id, qris};

async fn post(shop: &Shop, path: &str, body: Value) -> Value {
    let key = shop.sandbox.server_key();
    shop.call(reqwest::Method::POST, &format!("/v2/{path}"), &key, &body.to_string()).await.1
}

async fn refund(shop: &Shop, order: &str, key: &str, amount: i64) -> Value {
    let wish = json!({"refund_key": key, "amount": amount, "reason": "barang rusak"});
    post(shop, &format!("{order}/refund"), wish).await
}

async fn paid(shop: &Shop, order: &str, method: Method) {
    let charged = shop.charge(order, method).await.unwrap();
    shop.pay(&charged).await;
    shop.mail().await;
}

fn code(answer: &Value) -> (&str, &str) {
    (answer["status_code"].as_str().unwrap(), answer["status_message"].as_str().unwrap())
}

#[actix_web::test]
async fn a_part_then_the_rest_goes_back_and_each_is_told_twice() {
    let shop = Shop::open().await;
    paid(&shop, "UEP-1", qris()).await;
    let first = refund(&shop, "UEP-1", "R-1", 75_000).await;
    assert_eq!(code(&first), ("200", "Success, refund request is approved"));
    assert_eq!(
        (&first["transaction_status"], &first["refund_amount"], &first["refund_key"]),
        (&json!("partial_refund"), &json!("75000.00"), &json!("R-1"))
    );
    assert!(first["refund_chargeback_id"].as_u64().unwrap() > 0);
    let mail = shop.mail().await;
    assert_eq!(mail.len(), 1);
    assert!(mail[0].read().verify(&shop.keys()));
    assert_eq!(mail[0].read().claim.refunds[0].bank_confirmed_at, None);

    shop.wait(Duration::minutes(5));
    let mail = shop.mail().await;
    assert_eq!(mail.len(), 1);
    let told = &mail[0].read().claim.refunds[0];
    assert_eq!(told.bank_confirmed_at, Some("2026-01-01T03:05:00Z".parse().unwrap()));
    assert_eq!((told.refund_key.as_deref(), told.reason.as_deref()), (Some("R-1"), Some("barang rusak")));

    assert_eq!(code(&refund(&shop, "UEP-1", "R-1", 75_000).await), ("406", "Duplicate refund ID"));
    assert_eq!(code(&refund(&shop, "UEP-1", "R-2", 200_001).await).0, "414");
    // Nothing named is all that is left; the older address does the same.
    let rest = post(&shop, "UEP-1/refund/online/direct", json!({"refund_key": "R-2"})).await;
    assert_eq!((code(&rest).0, &rest["transaction_status"]), ("200", &json!("refund")));
    let status = shop.client.status(&super::shop::order("UEP-1")).await.unwrap();
    assert_eq!((status.refunds.len(), &status.raw["refund_amount"]), (2, &json!("275000.00")));
    assert_eq!(code(&refund(&shop, "UEP-1", "R-3", 1).await).0, "414");
    assert_eq!(code(&refund(&shop, "UEP-1", "R-2", 200_000).await).0, "406");
}

#[actix_web::test]
async fn a_refund_that_cannot_be_is_told_why() {
    let shop = Shop::open().await;
    assert_eq!(code(&refund(&shop, "UEP-0", "R", 1).await).0, "404");
    shop.qris("UEP-1").await;
    assert_eq!(code(&refund(&shop, "UEP-1", "R", 1).await).0, "412");
    let bank = Method::VirtualAccount { bank: Bank::Bri, va_number: None };
    paid(&shop, "UEP-2", bank).await;
    let echannel = Method::MandiriBill { info1: "Bayar".into(), info2: "Kerajinan".into() };
    paid(&shop, "UEP-3", echannel).await;
    for name in ["UEP-2", "UEP-3"] {
        let answer = refund(&shop, name, "R", 1_000).await;
        assert_eq!(code(&answer), ("412", "Merchant cannot modify the status of the transaction"));
    }
    paid(&shop, "UEP-4", Method::Shopeepay { callback_url: "https://warong.example/".into() }).await;
    assert_eq!(
        code(&refund(&shop, "UEP-4", "R", 1_000).await),
        ("414", "Refund request is rejected due to invalid amount")
    );
    assert_eq!(code(&refund(&shop, "UEP-4", "R", 275_000).await).0, "200");
    for bad in [json!({"refund_key": "a b"}), json!({"reason": "x".repeat(256)}), json!({"refund_key": 7})] {
        assert_eq!(code(&post(&shop, "UEP-4/refund", bad).await).0, "400");
    }
}

#[actix_web::test]
async fn the_bank_may_say_no() {
    let shop = Shop::open().await;
    paid(&shop, "UEP-1", qris()).await;
    shop.set(json!({"order_id": "UEP-1", "refund_answer": "denies"})).await;
    let denied = refund(&shop, "UEP-1", "R-1", 5_000).await;
    assert_eq!(code(&denied), ("202", "Refund denied by the bank"));
    assert_eq!((&denied["transaction_status"], &denied["refund_amount"]), (&json!("settlement"), &json!("0.00")));
    shop.set(json!({"order_id": "UEP-1", "refund_answer": "short"})).await;
    assert_eq!(code(&refund(&shop, "UEP-1", "R-1", 5_000).await).0, "414");
    shop.set(json!({"order_id": "UEP-1", "refund_answer": "approves"})).await;
    assert_eq!(code(&refund(&shop, "UEP-1", "R-1", 5_000).await).0, "200");
}

#[actix_web::test]
async fn money_of_another_wallet_goes_back_for_seven_days_only() {
    for (kind, days) in [("off-us", 7), ("on-us", 45)] {
        let shop = Shop::open().await;
        paid(&shop, "UEP-1", qris()).await;
        shop.set(json!({"order_id": "UEP-1", "set": {"transaction_type": kind}})).await;
        shop.set(json!({"clock_advance_s": days * 86_400})).await;
        assert_eq!(code(&refund(&shop, "UEP-1", "R-1", 5_000).await).0, "200", "{kind}");
        shop.set(json!({"clock_advance_s": 1})).await;
        let answer = refund(&shop, "UEP-1", "R-2", 5_000).await;
        assert_eq!(code(&answer), ("412", "Payment Provider doesn't allow refund within this time"), "{kind}");
    }
}

#[actix_web::test]
async fn a_suspicious_card_is_decided_once() {
    let shop = Shop::open().await;
    for (act, word, fraud) in [("approve", "capture", "accept"), ("deny", "deny", "deny")] {
        let charged = shop.qris(act).await;
        assert_eq!(code(&post(&shop, &format!("{act}/{act}"), json!({})).await).0, "412");
        let card = json!({"transaction_status": "capture", "fraud_status": "challenge"});
        let told = shop.set(json!({"transaction_id": id(&charged), "set": card})).await;
        assert_eq!(told["transaction"]["status_code"], "201");
        let answer = post(&shop, &format!("{act}/{act}"), json!({})).await;
        assert_eq!(code(&answer).0, "200", "{answer}");
        assert_eq!((&answer["transaction_status"], &answer["fraud_status"]), (&json!(word), &json!(fraud)));
        assert_eq!(code(&post(&shop, &format!("{act}/{act}"), json!({})).await).0, "412");
    }
}

#[actix_web::test]
async fn money_that_is_only_held_can_be_taken() {
    let shop = Shop::open().await;
    let charged = shop.qris("UEP-1").await;
    let take = async |gross: i64| {
        code(&post(&shop, "capture", json!({"transaction_id": id(&charged), "gross_amount": gross})).await).0.to_owned()
    };
    assert_eq!(take(275_000).await, "412");
    shop.set(json!({"order_id": "UEP-1", "set": {"transaction_status": "authorize"}})).await;
    assert_eq!(take(275_001).await, "400");
    assert_eq!(take(0).await, "400");
    assert_eq!(take(145_000).await, "200");
    assert_eq!(take(145_000).await, "412");
    let status = shop.client.status(&super::shop::order("UEP-1")).await.unwrap();
    assert_eq!((status.status_code.as_str(), status.gross_amount.as_deref()), ("200", Some("145000.00")));
    assert_eq!(code(&post(&shop, "capture", json!({"transaction_id": "x"})).await).0, "404");
    assert_eq!(code(&post(&shop, "capture", json!({})).await).0, "400");
}
