//! Orders from tests: what is true, how it is told, how it is answered, and what time it is.
use std::time::Duration;

use serde_json::{Value, json};
use warong::gateway::midtrans::TransactionStatus;

use super::shop::{Received, Shop, id, order, qris};

fn words(mail: &[Received]) -> Vec<String> {
    mail.iter().map(|received| received.read().claim.transaction_status.as_str().to_owned()).collect()
}

#[actix_web::test]
async fn what_the_bank_does_happens_and_is_told() {
    let shop = Shop::open().await;
    for (word, code, told_code) in [
        ("settlement", "200", "200"),
        ("expire", "407", "202"),
        ("cancel", "200", "202"),
        ("deny", "202", "202"),
        ("refund", "200", "200"),
        ("chargeback", "200", "200"),
    ] {
        shop.qris(word).await;
        shop.mail().await;
        let told = shop.set(json!({"order_id": word, "set": {"transaction_status": word}})).await;
        assert_eq!(told["transaction"]["transaction_status"], word);
        let status = shop.client.status(&order(word)).await.unwrap();
        assert_eq!((status.transaction_status.as_str(), status.status_code.as_str()), (word, code));
        assert_eq!(status.refunds.len(), usize::from(word == "refund"), "{word}");
        let mail = shop.mail().await;
        assert_eq!(words(&mail), [word]);
        let notification = mail[0].read();
        assert_eq!(notification.status_code, told_code, "{word}");
        assert!(notification.verify(&shop.keys()));
        // Once more is no news.
        shop.set(json!({"order_id": word, "set": {"transaction_status": word}})).await;
        assert!(shop.mail().await.is_empty());
    }
    // The bank may take back what it said.
    shop.set(json!({"order_id": "settlement", "set": {"transaction_status": "deny"}})).await;
    assert_eq!(words(&shop.mail().await), ["deny"]);
}

#[actix_web::test]
async fn any_field_can_be_laid_over_what_is_told() {
    let shop = Shop::open().await;
    let charged = shop.qris("UEP-1").await;
    shop.mail().await;
    let fields = json!({
        "transaction_status": "SETTLEMENT", "gross_amount": 279_440, "fraud_status": null, "new": [1],
        "metadata": {"extra_info": {"gross_amount_info": {"original_amount": "275000.00"}}},
        "refunds": [{"refund_key": "R-1", "refund_amount": "5000.00"}],
    });
    shop.set(json!({"transaction_id": id(&charged), "set": fields})).await;
    let status = shop.client.status(&order("UEP-1")).await.unwrap();
    assert_eq!(status.transaction_status, TransactionStatus::Settlement);
    assert_eq!((status.gross_amount.as_deref(), status.fraud_status), (Some("279440.00"), None));
    assert_eq!(status.raw["transaction_status"], "SETTLEMENT");
    assert_eq!(status.raw["new"], json!([1]));
    assert_eq!(status.refunds[0].refund_key.as_deref(), Some("R-1"));
    let mail = shop.mail().await;
    let notification = mail[0].read();
    assert!(notification.verify(&shop.keys()));
    assert_eq!(notification.claim.gross_amount.as_deref(), Some("279440.00"));
    // A word nobody knows is only told.
    shop.set(json!({"order_id": "UEP-1", "set": {"transaction_status": "dipikirkan"}})).await;
    assert_eq!(words(&shop.mail().await), ["dipikirkan"]);
    let status = shop.client.status(&order("UEP-1")).await.unwrap();
    assert_eq!(status.transaction_status, TransactionStatus::Other("dipikirkan".into()));
    // Other fields alone are told when somebody asks.
    shop.set(json!({"order_id": "UEP-1", "set": {"issuer": "ovo"}})).await;
    assert!(shop.mail().await.is_empty());
}

#[actix_web::test]
async fn a_notice_can_be_doubled_dropped_late_tampered_with_or_forged() {
    let shop = Shop::open().await;
    shop.qris("UEP-1").await;
    shop.mail().await;
    let notify = async |how: Value| shop.set(json!({"order_id": "UEP-1", "notify": how})).await;
    notify(json!({"times": 3})).await;
    assert_eq!(words(&shop.mail().await), ["pending"; 3]);

    let dropped = json!({"order_id": "UEP-1", "set": {"transaction_status": "settlement"}, "notify": {"times": 0}});
    shop.set(dropped).await;
    assert!(shop.mail().await.is_empty());
    assert_eq!(shop.client.status(&order("UEP-1")).await.unwrap().transaction_status, TransactionStatus::Settlement);

    notify(json!({"delay_s": 3600})).await;
    assert!(shop.mail().await.is_empty());
    shop.set(json!({"clock_advance_s": 3600})).await;
    assert_eq!(words(&shop.mail().await), ["settlement"]);

    // A true signature over a changed status.
    notify(json!({"tamper": {"transaction_status": "refund"}})).await;
    let mail = shop.mail().await;
    assert_eq!(words(&mail), ["refund"]);
    assert!(mail[0].read().verify(&shop.keys()));
    notify(json!({"signature": "forged"})).await;
    assert!(!shop.mail().await[0].read().verify(&shop.keys()));
    notify(json!({"tamper": {"signature_key": "abc", "order_id": "UEP-2"}})).await;
    let mail = shop.mail().await;
    assert_eq!(mail[0].read().order_id, "UEP-2");
    assert!(!mail[0].read().verify(&shop.keys()));
}

#[actix_web::test]
async fn the_answer_to_get_status_can_go_wrong() {
    let shop = Shop::open().await;
    shop.qris("UEP-1").await;
    shop.qris("UEP-2").await;
    let key = shop.sandbox.server_key();
    let status = async |name: &str| shop.call(reqwest::Method::GET, &format!("/v2/{name}/status"), &key, "").await;
    for answer in ["404", "503"] {
        shop.set(json!({"order_id": "UEP-1", "status_answer": answer})).await;
        assert_eq!(status("UEP-1").await.1["status_code"], answer);
        assert_eq!(status("UEP-2").await.1["status_code"], "201");
    }
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_millis(400)).build().unwrap();
    let ask = async || {
        let url = format!("{}/sandbox/midtrans/v2/UEP-1/status", shop.base);
        let answer = client.get(url).basic_auth(&key, Some("")).send().await?;
        answer.bytes().await
    };
    shop.set(json!({"order_id": "UEP-1", "status_answer": "slow"})).await;
    assert!(ask().await.unwrap_err().is_timeout());
    shop.set(json!({"order_id": "UEP-1", "status_answer": "cut"})).await;
    let error = ask().await.unwrap_err();
    assert!(!error.is_timeout(), "{error:?}");
    shop.set(json!({"order_id": "UEP-1", "status_answer": "normal"})).await;
    assert_eq!(status("UEP-1").await.1["status_code"], "201");
    // Without a name it holds for all.
    shop.set(json!({"status_answer": "503"})).await;
    assert_eq!(status("UEP-2").await.0, 503);
}

#[actix_web::test]
async fn the_clock_can_be_moved() {
    let shop = Shop::open().await;
    shop.qris("UEP-1").await;
    shop.mail().await;
    let told = shop.set(json!({"order_id": "UEP-1", "clock_advance_s": 900})).await;
    assert_eq!((&told["now"], &told["transaction"]["status_code"]), (&json!("2026-01-01 10:15:00"), &json!("407")));
    assert_eq!(words(&shop.mail().await), ["expire"]);
}

#[actix_web::test]
async fn everything_it_holds_to_be_true_can_be_read() {
    let shop = Shop::open().await;
    let charged = shop.qris("UEP-1").await;
    shop.charge("UEP-2", qris()).await.unwrap();
    shop.pay(&charged).await;
    let (http, all) = shop.call(reqwest::Method::GET, "/control/transactions", "", "").await;
    assert_eq!(http, 200);
    let status = shop.client.status(&order("UEP-1")).await.unwrap();
    assert_eq!(all[0], status.raw);
    assert_eq!((&all[1]["order_id"], &all[1]["transaction_status"]), (&json!("UEP-2"), &json!("pending")));
}

#[actix_web::test]
async fn an_order_that_makes_no_sense_changes_nothing_and_says_why() {
    let shop = Shop::open().await;
    shop.qris("UEP-1").await;
    for (bad, http, word) in [
        (json!(null), 400, "understood"),
        (json!([1]), 400, "understood"),
        (json!({"notfiy": {}}), 400, "notfiy"),
        (json!({"order_id": "X", "set": {}}), 404, "X"),
        (json!({"set": {"transaction_status": "settlement"}}), 400, "which transaction"),
        (json!({"order_id": "UEP-1", "status_answer": "418"}), 400, "418"),
        (json!({"order_id": "UEP-1", "notify": {"times": 1000}}), 400, "times"),
        (json!({"order_id": "UEP-1", "notify": {"delay_s": -1}}), 400, "delay_s"),
        (json!({"order_id": "UEP-1", "notify": {"signature": "nice"}}), 400, "nice"),
        (json!({"order_id": "UEP-1", "set": {"transaction_status": "expire"}, "clock_advance_s": -1}), 400, "clock"),
    ] {
        let (code, told) = shop.control(bad.clone()).await;
        assert_eq!(code, http, "{bad}: {told}");
        assert!(told["error"].as_str().unwrap().contains(word), "{bad}: {told}");
    }
    let (code, told) = shop.call(reqwest::Method::POST, "/control", "", "{").await;
    assert_eq!((code, told), (400, json!({"error": "the order is not JSON"})));
    assert_eq!(shop.client.status(&order("UEP-1")).await.unwrap().transaction_status, TransactionStatus::Pending);
}
