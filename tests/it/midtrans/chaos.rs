//! The chaos dial: what goes wrong by itself until it is turned off.
use std::time::Duration;

use serde_json::{Value, json};
use warong::gateway::midtrans::{Bank, Method, TransactionStatus};

use super::shop::{Received, Shop, order, qris};

fn words(mail: &[Received]) -> Vec<String> {
    mail.iter().map(|received| received.read().claim.transaction_status.as_str().to_owned()).collect()
}

async fn dial(shop: &Shop, chaos: Value) {
    shop.set(json!({"chaos": chaos})).await;
}

async fn later(shop: &Shop, seconds: i64) -> Vec<Received> {
    shop.set(json!({"clock_advance_s": seconds})).await;
    shop.mail().await
}

#[actix_web::test]
async fn notices_are_doubled_dropped_late_forged_or_tampered_with() {
    let shop = Shop::open().await;
    dial(&shop, json!({"duplicate": 2})).await;
    shop.qris("A").await;
    assert_eq!(words(&shop.mail().await), ["pending"; 3]);
    dial(&shop, json!({"drop": true})).await;
    shop.qris("B").await;
    assert!(shop.mail().await.is_empty());
    dial(&shop, json!({"forge": true})).await;
    shop.qris("C").await;
    assert!(!shop.mail().await[0].read().verify(&shop.keys()));
    dial(&shop, json!({"tamper": {"transaction_status": "settlement"}})).await;
    shop.qris("D").await;
    let mail = shop.mail().await;
    assert!(mail[0].read().verify(&shop.keys()));
    assert_eq!(words(&mail), ["settlement"]);
    assert_eq!(shop.client.status(&order("D")).await.unwrap().transaction_status, TransactionStatus::Pending);

    dial(&shop, json!({"delay_past_expiry": true})).await;
    let charged = shop.qris("E").await;
    shop.pay(&charged).await;
    dial(&shop, json!({})).await;
    assert!(later(&shop, 900).await.iter().all(|received| received.read().order_id != "E"));
    let mail = later(&shop, 60).await;
    assert_eq!(words(&mail), ["pending", "settlement"]);
}

#[actix_web::test]
async fn notices_overtake_one_another() {
    let shop = Shop::open().await;
    dial(&shop, json!({"shuffle": true})).await;
    let mut disorder = 0;
    for n in 0..12 {
        let charged = shop.qris(&format!("UEP-{n}")).await;
        shop.pay(&charged).await;
        let told = words(&later(&shop, 60).await);
        assert_eq!(told.len(), 2);
        disorder += usize::from(told == ["settlement", "pending"]);
    }
    assert!(disorder > 0);
}

#[actix_web::test]
async fn the_bank_takes_back_and_gives_back() {
    let shop = Shop::open().await;
    dial(&shop, json!({"reversal": true, "refund_after_expire": true})).await;
    let bank = Method::VirtualAccount { bank: Bank::Permata, va_number: None };
    let charged = shop.charge("A", bank).await.unwrap();
    shop.pay(&charged).await;
    shop.mail().await;
    assert_eq!(words(&later(&shop, 180).await), ["deny"]);
    let status = shop.client.status(&order("A")).await.unwrap();
    assert_eq!((status.transaction_status, status.status_code.as_str()), (TransactionStatus::Deny, "202"));

    shop.qris("B").await;
    shop.mail().await;
    assert_eq!(words(&later(&shop, 900).await), ["expire"]);
    // Money that came too late goes back at once, and the bank confirms it a little later.
    assert_eq!(words(&later(&shop, 300).await), ["refund"]);
    let mail = later(&shop, 300).await;
    assert!(mail[0].read().claim.refunds[0].bank_confirmed_at.is_some());
}

#[actix_web::test]
async fn a_fee_is_explained_and_untidy_answers_are_still_true() {
    let shop = Shop::open().await;
    dial(&shop, json!({"fee": 4440})).await;
    let charged = shop.qris("A").await;
    shop.mail().await;
    shop.pay(&charged).await;
    let status = shop.client.status(&order("A")).await.unwrap();
    assert_eq!(status.gross_amount.as_deref(), Some("279440.00"));
    let explained = &status.metadata["extra_info"]["gross_amount_info"];
    assert_eq!(
        explained,
        &json!({
            "original_amount": "275000.00", "gross_amount": "279440.00", "customer_imposed_payment_fee": "4440.00",
        })
    );
    let mail = shop.mail().await;
    assert!(mail[0].read().verify(&shop.keys()));
    assert_eq!(mail[0].read().claim.gross_amount.as_deref(), Some("279440.00"));

    dial(&shop, json!({"dana_id": true, "upper_case": true, "no_fraud_status": true, "unknown_fields": true})).await;
    let status = shop.client.status(&order("A")).await.unwrap();
    assert_eq!(status.order_id.as_deref(), status.transaction_id.as_ref().map(|id| id.as_str()));
    assert_eq!((&status.raw["transaction_status"], status.fraud_status), (&json!("SETTLEMENT"), None));
    assert!(status.raw["promo_campaign"].is_object());
    // What it holds to be true still goes by the order.
    let (_, all) = shop.call(reqwest::Method::GET, "/control/transactions", "", "").await;
    assert_eq!(all[0]["order_id"], "A");
}

#[actix_web::test]
async fn all_three_interfaces_go_down_together() {
    let shop = Shop::open().await;
    let key = shop.sandbox.server_key();
    let ask = async |path: &str| shop.call(reqwest::Method::GET, path, &key, "").await;
    let paths = ["/v2/A/status", "/snap/v1/transactions", "/iris/api/v1/balance", "/v1/balance/mutation"];
    for (answer, http) in [("429", 429), ("503", 503)] {
        dial(&shop, json!({"answer": answer})).await;
        for path in paths {
            assert_eq!(ask(path).await.0, http, "{path}");
        }
    }
    dial(&shop, json!({"answer": "429"})).await;
    assert_eq!(ask("/v2/A/status").await.1, json!({"message": "API rate limit exceeded"}));
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_millis(400)).build().unwrap();
    let charge = async |name: &str| {
        let body = json!({
            "payment_type": "qris", "transaction_details": {"order_id": name, "gross_amount": 275_000},
        });
        let url = format!("{}/sandbox/midtrans/v2/charge", shop.base);
        let answer = client.post(url).basic_auth(&key, Some("")).body(body.to_string()).send().await?;
        answer.bytes().await
    };
    // Slow and cut come after the work is done.
    for answer in ["slow", "cut"] {
        dial(&shop, json!({"answer": answer})).await;
        let error = charge(answer).await.unwrap_err();
        assert_eq!(error.is_timeout(), answer == "slow", "{error:?}");
    }
    dial(&shop, json!({})).await;
    for name in ["slow", "cut"] {
        assert_eq!(shop.client.status(&order(name)).await.unwrap().status_code, "201");
        assert!(shop.charge(name, qris()).await.is_err());
    }
}

#[actix_web::test]
async fn both_ways_of_http_can_be_chosen() {
    let shop = Shop::open().await;
    let key = shop.sandbox.server_key();
    let ask = async || shop.call(reqwest::Method::GET, "/v2/A/status", &key, "").await;
    assert_eq!((ask().await.0, ask().await.1["status_code"].clone()), (200, json!("404")));
    shop.set(json!({"http": "http-mirrors-body"})).await;
    assert_eq!(ask().await.0, 404);
    shop.set(json!({"http": "strict-doc"})).await;
    assert_eq!(ask().await.0, 200);
    for bad in [json!({"http": "x"}), json!({"chaos": {"dupliacte": 1}}), json!({"chaos": {"fee": -1}})] {
        assert_eq!(shop.control(bad).await.0, 400);
    }
}

#[actix_web::test]
async fn a_person_turns_the_dials_on_a_page() {
    let shop = Shop::open().await;
    let charged = shop.qris("UEP-1").await;
    let (http, page) = shop.get("/kendali").await;
    assert_eq!(http, 200);
    assert!(page.contains("bukan uang sungguhan") && page.contains("UEP-1") && page.contains("10.00 WIB"), "{page}");
    let form = "drop=on&duplicate=1&fee=500&answer=normal&status_answer=404&http=http-mirrors-body&minutes=5\
                &field=issuer&value=ovo";
    let (http, page) = shop.post("/kendali", form).await;
    assert_eq!(http, 200);
    for set in [
        r#"name="drop" checked"#,
        r#"name="duplicate" inputmode="numeric" autocomplete="off" value="1""#,
        r#"value="500""#,
        r#"<option value="404" selected"#,
        r#"<option value="http-mirrors-body" selected"#,
        r#"value="issuer""#,
        "10.05 WIB",
    ] {
        assert!(page.contains(set), "{set} in {page}");
    }
    assert!(!page.contains(r#"name="shuffle" checked"#));
    let path = format!("id={}&status=settlement", super::shop::id(&charged));
    let (http, page) = shop.post("/kendali/transaksi", &path).await;
    assert_eq!(http, 200);
    assert!(page.contains("sekarang: settlement"), "{page}");
    // What cannot be is given back as typed, with a word beside its field, and changes nothing.
    let (http, page) = shop.post("/kendali", "minutes=lima&fee=7&drop=on&value=%22%3E%3Cb%3E").await;
    assert_eq!(http, 422);
    let field = r#"value="lima" aria-describedby="masalah-minutes" aria-invalid="true"><p class="trouble""#;
    for typed in [field, "Tulis angka tanpa titik", r#"value="7""#, r#"name="drop" checked"#, "&quot;&gt;&lt;b&gt;"] {
        assert!(page.contains(typed), "{typed} in {page}");
    }
    let (http, page) = shop.post("/kendali", "duplicate=100").await;
    assert_eq!(http, 422);
    assert!(page.contains("Tulis angka dari 0 sampai 99"), "{page}");
    assert_eq!(shop.post("/kendali", "seed=-1").await.0, 422);
    assert!(shop.get("/kendali").await.1.contains(r#"autocomplete="off" value="500""#));
    assert_eq!(shop.post("/kendali", "seed=7&fee=500").await.0, 200);
    let (http, page) = shop.post("/kendali/transaksi", "id=x&status=deny").await;
    assert_eq!(http, 422);
    assert!(page.contains(r#"action="/sandbox/midtrans/kendali""#), "the way on leads back: {page}");
    assert_eq!(shop.post("/kendali/payout", "id=%3Cb%3E&status=failed").await.0, 422);
    let (_, page) = shop.post("/kendali", "").await;
    assert!(!page.contains("checked"), "{page}");
}
