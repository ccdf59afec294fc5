//! Where a transaction may stand, and which code and HTTP status say so.
use serde_json::{Value, json};
use warong::sandbox::midtrans::HttpLayer;

use super::shop::{Shop, id};

/// Status, code of a notification, code of Get Status (Midtrans' pages on statuses and notifications).
const TABLE: [(&str, &str, &str); 11] = [
    ("authorize", "200", "200"),
    ("capture", "200", "200"),
    ("settlement", "200", "200"),
    ("partial_refund", "200", "200"),
    ("refund", "200", "200"),
    ("partial_chargeback", "200", "200"),
    ("chargeback", "200", "200"),
    ("deny", "202", "202"),
    ("failure", "202", "202"),
    ("cancel", "202", "200"),
    ("expire", "202", "407"),
];

async fn status(shop: &Shop, id: &str) -> (u16, Value) {
    let key = shop.sandbox.server_key();
    shop.call(reqwest::Method::GET, &format!("/v2/{id}/status"), &key, "").await
}

#[actix_web::test]
async fn every_status_has_its_two_codes() {
    for layer in [HttpLayer::StrictDoc, HttpLayer::MirrorsBody] {
        let shop = Shop::open().await;
        shop.sandbox.set_http_layer(layer);
        for (word, told, asked) in TABLE {
            let charged = shop.qris(word).await;
            let (_, pending) = status(&shop, word).await;
            assert_eq!((&pending["status_code"], &pending["transaction_status"]), (&json!("201"), &json!("pending")));
            let notice = shop.mail().await.remove(0).read();
            assert_eq!(notice.status_code, "201");
            let order = json!({"transaction_id": id(&charged), "order_id": word, "set": {"transaction_status": word}});
            shop.set(order).await;
            let mail = shop.mail().await;
            assert_eq!(mail.len(), 1, "{word}");
            let notice = mail[0].read();
            assert!(notice.verify(&shop.keys()), "{word}");
            assert_eq!((notice.claim.transaction_status.as_str(), notice.status_code.as_str()), (word, told));
            for by in [word, id(&charged)] {
                let (http, body) = status(&shop, by).await;
                assert_eq!((&body["transaction_status"], &body["status_code"]), (&json!(word), &json!(asked)));
                let expected = if layer == HttpLayer::StrictDoc { 200 } else { asked.parse().unwrap() };
                assert_eq!(http, expected, "{word}");
            }
        }
        // A card under suspicion waits.
        shop.qris("UEP-1").await;
        shop.mail().await;
        let card = json!({"transaction_status": "capture", "fraud_status": "challenge"});
        shop.set(json!({"order_id": "UEP-1", "set": card})).await;
        assert_eq!(shop.mail().await[0].read().status_code, "201");
        assert_eq!(status(&shop, "UEP-1").await.1["status_code"], "201");
    }
}

#[actix_web::test]
async fn both_ids_must_be_of_one_transaction() {
    let shop = Shop::open().await;
    let (a, b) = (shop.qris("A").await, shop.qris("B").await);
    let set = json!({"transaction_status": "settlement"});
    let (http, told) = shop.control(json!({"order_id": "A", "transaction_id": id(&b), "set": set})).await;
    assert_eq!(http, 400, "{told}");
    assert!(told["error"].as_str().unwrap().contains("not of this order_id"), "{told}");
    for name in ["A", "B"] {
        assert_eq!(status(&shop, name).await.1["transaction_status"], "pending");
    }
    shop.set(json!({"order_id": "A", "transaction_id": id(&a), "set": set})).await;
    assert_eq!(status(&shop, "A").await.1["transaction_status"], "settlement");
    assert_eq!(shop.control(json!({"order_id": "A", "transaction_id": "x", "set": set})).await.0, 404);
}

#[actix_web::test]
async fn what_is_listed_is_true_however_untidy_the_day() {
    let shop = Shop::open().await;
    let charged = shop.qris("A").await;
    shop.set(json!({
        "chaos": {"upper_case": true, "dana_id": true, "no_fraud_status": true, "unknown_fields": true, "answer": "503"},
        "status_answer": "404",
    }))
    .await;
    let (http, all) = shop.call(reqwest::Method::GET, "/control/transactions", "", "").await;
    assert_eq!((http, all.as_array().unwrap().len()), (200, 1));
    let listed = &all[0];
    assert_eq!((&listed["order_id"], &listed["transaction_id"]), (&json!("A"), &json!(id(&charged))));
    assert_eq!((&listed["transaction_status"], &listed["fraud_status"]), (&json!("pending"), &json!("accept")));
    assert_eq!(listed.get("promo_campaign"), None);
    let told = shop.set(json!({"order_id": "A", "set": {"transaction_status": "settlement"}})).await;
    assert_eq!(told["transaction"]["transaction_status"], "settlement");
}

#[actix_web::test]
async fn a_true_signature_covers_what_was_tampered_with_and_nothing_else() {
    let shop = Shop::open().await;
    shop.qris("UEP-1").await;
    shop.mail().await;
    let notice = async |how: Value| {
        shop.set(json!({"order_id": "UEP-1", "notify": how})).await;
        shop.mail().await.remove(0)
    };
    for (field, value) in [("order_id", "UEP-2"), ("status_code", "200"), ("gross_amount", "1.00")] {
        let tamper = json!({field: value});
        let read = notice(json!({"tamper": tamper, "signature": "valid"})).await.read();
        assert!(read.verify(&shop.keys()), "{field}");
        assert_eq!([&read.order_id, &read.status_code, &read.gross_amount].iter().filter(|v| **v == value).count(), 1);
        assert!(!notice(json!({"tamper": tamper, "signature": "forged"})).await.read().verify(&shop.keys()), "{field}");
    }
    for (field, value) in [("transaction_status", "settlement"), ("transaction_id", "x"), ("payment_type", "gopay")] {
        let read = notice(json!({"tamper": {field: value}})).await;
        let body: Value = serde_json::from_slice(&read.body).unwrap();
        assert_eq!(body[field], value);
        assert!(read.read().verify(&shop.keys()), "{field}");
    }
    // Numbers are signed as they stand there.
    let received = notice(json!({"tamper": {"gross_amount": 5}})).await;
    let body: Value = serde_json::from_slice(&received.body).unwrap();
    let key = &shop.keys()[0];
    assert_eq!(body["signature_key"], warong::gateway::midtrans::signature("UEP-1", "201", "5", key));
    // The truth was never touched.
    assert_eq!(status(&shop, "UEP-1").await.1["gross_amount"], "275000.00");
}

#[actix_web::test]
async fn five_late_copies_come_together_and_late() {
    let shop = Shop::open().await;
    shop.qris("UEP-1").await;
    shop.mail().await;
    let late = json!({"times": 5, "delay_s": 600});
    shop.set(json!({"order_id": "UEP-1", "set": {"transaction_status": "settlement"}, "notify": late})).await;
    shop.set(json!({"clock_advance_s": 599})).await;
    assert!(shop.mail().await.is_empty());
    shop.set(json!({"clock_advance_s": 1})).await;
    assert_eq!(shop.mail().await.len(), 5);
    assert_eq!(shop.sandbox.notifications_waiting(), 0);
}
