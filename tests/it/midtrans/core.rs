//! Core: charge, status, cancel, expire.
use chrono::Duration;
use entity::Rupiah;
use serde_json::{Value, json};
use warong::{
    gateway::midtrans::{
        Bank, CallOptions, ChargeRequest, Client, ClientKey, Config, Customer, Environment, Error, IdempotencyKey,
        Keys, Method, Purchase, ServerKey, TransactionStatus,
    },
    sandbox::midtrans::HttpLayer,
};

use super::shop::{Shop, bill, id, minutes, order, qris};

#[actix_web::test]
async fn every_way_of_paying_can_be_begun_and_paid() {
    let shop = Shop::open().await;
    let va = |bank| Method::VirtualAccount { bank, va_number: None };
    let banks = [Bank::Bca, Bank::Bni, Bank::Bri, Bank::Permata, Bank::Cimb, Bank::Danamon, Bank::Bsi]
        .into_iter()
        .chain([Bank::Seabank, Bank::Saqu]);
    let mut methods: Vec<Method> = banks.map(va).collect();
    methods.push(qris());
    methods.push(Method::MandiriBill { info1: "Pembayaran kerajinan".into(), info2: "Warong UEP".into() });
    methods.push(Method::Gopay { callback_url: Some("https://warong.example/pesanan/x".into()) });
    methods.push(Method::Shopeepay { callback_url: "https://warong.example/pesanan/x".into() });
    for (n, method) in methods.into_iter().enumerate() {
        let name = format!("UEP-{n}");
        let customer = Customer::named(&"Budi ".repeat(20)).phone("6281234567890");
        let request = ChargeRequest::new(bill(&name), method.clone()).customer(customer);
        let charged = shop.client.charge(&request, &CallOptions::default()).await.unwrap();
        assert_eq!((charged.status_code.as_str(), charged.gross), ("201", Some(Rupiah(275_000))), "{method:?}");
        assert_eq!(charged.transaction_status, TransactionStatus::Pending);
        assert_eq!(charged.order_id.as_deref(), Some(name.as_str()));
        assert_eq!(charged.gross_amount.as_deref(), Some("275000.00"));
        match &method {
            Method::VirtualAccount { bank: Bank::Permata, .. } => assert!(charged.permata_va_number.is_some()),
            Method::VirtualAccount { bank, .. } => assert_eq!(charged.va_numbers[0].bank, bank.name()),
            Method::MandiriBill { .. } => {
                assert_eq!(charged.biller_code.as_deref(), Some("70012"));
                assert_eq!(charged.bill_key.as_ref().unwrap().len(), 12);
            }
            Method::Qris(_) => assert!(charged.qr_string.as_ref().unwrap().contains("5406275000")),
            _ => assert!(charged.action("deeplink-redirect").unwrap().contains("/sandbox/midtrans/bayar/")),
        }
        let (http, page) = shop.pay(&charged).await;
        assert_eq!(http, 200);
        assert!(page.contains("Sudah dibayar"), "{method:?}: {page}");
        let status = shop.client.status(&order(&name)).await.unwrap();
        assert_eq!((status.status_code.as_str(), status.transaction_status), ("200", TransactionStatus::Settlement));
        assert_eq!(status.settlement_time, Some("2026-01-01T03:00:00Z".parse().unwrap()));
    }
}

#[actix_web::test]
async fn a_paid_qris_names_the_wallet_that_paid() {
    let shop = Shop::open().await;
    let charged = shop.qris("UEP-1").await;
    assert_eq!((charged.issuer.as_deref(), charged.acquirer.as_deref()), (None, Some("gopay")));
    shop.pay(&charged).await;
    let status = shop.client.status(charged.transaction_id.as_ref().unwrap()).await.unwrap();
    assert!(status.issuer.is_some() && status.raw["transaction_type"].is_string());
}

#[actix_web::test]
async fn an_order_id_is_taken_until_its_payment_is_over() {
    let shop = Shop::open().await;
    shop.qris("UEP-1").await;
    assert!(matches!(shop.charge("UEP-1", qris()).await, Err(Error::Duplicate)));
    shop.client.cancel(&order("UEP-1")).await.unwrap();
    let second = shop.qris("UEP-1").await;
    shop.pay(&second).await;
    assert!(matches!(shop.charge("UEP-1", qris()).await, Err(Error::Duplicate)));
    let status = shop.client.status(&order("UEP-1")).await.unwrap();
    assert_eq!(status.transaction_id, second.transaction_id);
}

#[actix_web::test]
async fn what_is_over_cannot_be_changed() {
    for layer in [HttpLayer::StrictDoc, HttpLayer::MirrorsBody] {
        let shop = Shop::open().await;
        shop.sandbox.set_http_layer(layer);
        shop.qris("A").await;
        let canceled = shop.client.cancel(&order("A")).await.unwrap();
        assert_eq!(canceled.transaction_status, TransactionStatus::Cancel);
        assert_eq!(shop.client.status(&order("A")).await.unwrap().status_code, "200");

        shop.qris("B").await;
        let expired = shop.client.expire(&order("B")).await.unwrap();
        assert_eq!((expired.status_code.as_str(), expired.transaction_status), ("407", TransactionStatus::Expire));
        assert_eq!(shop.client.status(&order("B")).await.unwrap().status_code, "407");

        let paid = shop.qris("C").await;
        shop.pay(&paid).await;
        for name in ["A", "B", "C"] {
            assert!(matches!(shop.client.cancel(&order(name)).await, Err(Error::Forbidden { .. })), "{name}");
            assert!(matches!(shop.client.expire(&order(name)).await, Err(Error::Forbidden { .. })), "{name}");
        }
        assert!(matches!(shop.client.cancel(&order("D")).await, Err(Error::NotFound)));
        assert!(matches!(shop.client.expire(&order("D")).await, Err(Error::NotFound)));
        assert!(matches!(shop.client.status(&order("D")).await, Err(Error::NotFound)));
        assert!(matches!(shop.charge("C", qris()).await, Err(Error::Duplicate)));
    }
}

#[actix_web::test]
async fn the_clock_ends_what_is_not_paid() {
    let shop = Shop::open().await;
    let request = ChargeRequest::new(bill("UEP-1"), qris()).expiry(minutes(60)).unwrap();
    let charged = shop.client.charge(&request, &CallOptions::default()).await.unwrap();
    assert_eq!(charged.expiry_time, Some("2026-01-01T04:00:00Z".parse().unwrap()));
    shop.wait(Duration::minutes(59));
    assert_eq!(shop.client.status(&order("UEP-1")).await.unwrap().transaction_status, TransactionStatus::Pending);
    shop.wait(Duration::minutes(1));
    assert_eq!(shop.client.status(&order("UEP-1")).await.unwrap().transaction_status, TransactionStatus::Expire);
    let (_, page) = shop.pay(&charged).await;
    assert!(page.contains("Waktu bayarnya sudah habis"), "{page}");
    assert_eq!(shop.client.status(&order("UEP-1")).await.unwrap().transaction_status, TransactionStatus::Expire);
}

#[actix_web::test]
async fn the_same_key_gives_the_same_answer_for_five_minutes() {
    let shop = Shop::open().await;
    let options = CallOptions::keyed(IdempotencyKey::fresh());
    let charge = |name| ChargeRequest::new(bill(name), qris());
    let first = shop.client.charge(&charge("UEP-1"), &options).await.unwrap();
    // Whatever is asked the second time.
    let second = shop.client.charge(&charge("UEP-2"), &options).await.unwrap();
    assert_eq!(first.raw, second.raw);
    shop.wait(Duration::minutes(5));
    let third = shop.client.charge(&charge("UEP-2"), &options).await.unwrap();
    assert_ne!(first.transaction_id, third.transaction_id);
}

#[actix_web::test]
async fn a_wrong_key_and_a_live_key_open_nothing() {
    let shop = Shop::open().await;
    let keys = Keys { server: ServerKey::new("SB-Mid-server-salah"), client: ClientKey::new("SB-x") };
    let base = format!("{}/sandbox/midtrans", shop.base);
    let stranger = Client::new(Config::new(Environment::Sandbox, keys, Some(&base)).unwrap()).unwrap();
    assert!(matches!(stranger.status(&order("UEP-1")).await, Err(Error::Unauthorized)));
    assert!(matches!(stranger.cancel(&order("UEP-1")).await, Err(Error::Unauthorized)));
    let request = ChargeRequest::new(bill("UEP-1"), qris());
    assert!(matches!(stranger.charge(&request, &CallOptions::default()).await, Err(Error::Unauthorized)));
}

#[actix_web::test]
async fn an_amount_outside_the_limits_is_refused_with_a_sentence() {
    let shop = Shop::open().await;
    let large = Purchase::new(order("UEP-1"), Rupiah(10_000_001), vec![]).unwrap();
    let result = shop.client.charge(&ChargeRequest::new(large, qris()), &CallOptions::default()).await;
    assert!(matches!(result, Err(Error::Validation { messages }) if messages[0].contains("range")));
}

/// What a careless client may send.
async fn raw(shop: &Shop, method: reqwest::Method, path: &str, body: &str) -> (u16, Value) {
    let response = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .request(method, format!("{}/sandbox/midtrans{path}", shop.base))
        .basic_auth(shop.sandbox.server_key(), Some(""))
        .body(body.to_owned())
        .send()
        .await
        .unwrap();
    (response.status().as_u16(), serde_json::from_str(&response.text().await.unwrap()).unwrap())
}

#[actix_web::test]
async fn careless_requests_are_told_what_is_wrong() {
    let shop = Shop::open().await;
    let charge = async |body: Value| raw(&shop, reqwest::Method::POST, "/v2/charge", &body.to_string()).await;
    let wrong = json!({
        "payment_type": "qris",
        "transaction_details": {"order_id": "UEP#1", "gross_amount": 5},
        "item_details": [{"id": "a", "name": "a", "price": 4, "quantity": 1}],
    });
    let (http, body) = charge(wrong).await;
    assert_eq!((http, body["status_code"].as_str()), (400, Some("400")));
    assert_eq!(body["validation_messages"].as_array().unwrap().len(), 2);

    let (http, body) = charge(json!({"payment_type": "credit_card"})).await;
    assert_eq!((http, body["status_code"].as_str()), (402, Some("402")));
    assert_eq!(charge(Value::Null).await.0, 400);
    let long = "x".repeat(17_000);
    assert_eq!(raw(&shop, reqwest::Method::POST, "/v2/charge", &long).await.0, 413);
    assert_eq!(raw(&shop, reqwest::Method::POST, "/v2/charge", "{").await.0, 413);
    assert_eq!(raw(&shop, reqwest::Method::GET, "/v2/INV", "").await.0, 404);
}

#[actix_web::test]
async fn orders_items_and_amounts_are_judged_as_documented() {
    let shop = Shop::open().await;
    let charge = async |method: Value, order_id: Value, gross: Value, items: Value| {
        let mut body = json!({
            "transaction_details": {"order_id": order_id, "gross_amount": gross}, "item_details": items,
        });
        body.as_object_mut().unwrap().extend(method.as_object().unwrap().clone());
        let answer = raw(&shop, reqwest::Method::POST, "/v2/charge", &body.to_string()).await.1;
        answer["status_code"].as_str().unwrap().to_owned()
    };
    let qris = || json!({"payment_type": "qris"});
    for (order_id, code) in [
        (json!("a".repeat(50)), "201"),
        (json!("Az0-_~."), "201"),
        (json!("a".repeat(51)), "400"),
        (json!("a b"), "400"),
        (json!("é"), "400"),
        (json!(""), "400"),
        (Value::Null, "400"),
    ] {
        assert_eq!(charge(qris(), order_id.clone(), json!(1_000), Value::Null).await, code, "{order_id}");
    }
    for (n, (gross, code)) in [
        (json!(0), "400"),
        (json!(-5), "400"),
        (json!(10.5), "400"),
        (json!("1000"), "201"),
        (json!(1), "201"),
        (json!(10_000_000), "201"),
        (json!(10_000_001), "400"),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(charge(qris(), json!(format!("G-{n}")), gross.clone(), Value::Null).await, code, "{gross}");
    }
    let item = |price: i64, quantity: i64| json!({"id": "a", "name": "Besek", "price": price, "quantity": quantity});
    for (n, (items, code)) in [
        (json!([item(600, 2), item(-200, 1)]), "201"),
        (json!([item(600, 2)]), "400"),
        (json!([item(1_000, 0), item(1_000, 1)]), "400"),
        (json!([item(i64::MAX, 2), item(1_000, 1)]), "400"),
        (json!([{"name": "x".repeat(51), "price": 1_000, "quantity": 1}]), "400"),
        (json!([{"price": 1_000, "quantity": 1}]), "400"),
        (json!([]), "201"),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(charge(qris(), json!(format!("I-{n}")), json!(1_000), items.clone()).await, code, "{items}");
    }
    let va = |bank: &str| json!({"payment_type": "bank_transfer", "bank_transfer": {"bank": bank}});
    for (bank, least, most) in [
        ("bca", 10_000, 20_000_000_000_i64),
        ("bri", 1, 20_000_000_000),
        ("bsi", 1_000, 20_000_000_000),
        ("cimb", 1, 250_000_000),
        ("seabank", 10_000, 100_000_000),
    ] {
        for (gross, code) in [(least - 1, "400"), (least, "201"), (most, "201"), (most + 1, "400")] {
            let order = json!(format!("{bank}-{gross}"));
            assert_eq!(charge(va(bank), order, json!(gross), Value::Null).await, code, "{bank} {gross}");
        }
    }
    assert_eq!(charge(va("lain"), json!("L"), json!(1_000), Value::Null).await, "400");
    let lasting = |unit: &str, duration: i64| json!({"payment_type": "qris", "custom_expiry": {"unit": unit, "expiry_duration": duration}});
    let lifetimes = [("second", 19, "400"), ("second", 20, "201"), ("days", 7, "201"), ("day", 8, "400")];
    for (unit, duration, code) in lifetimes {
        let order = json!(format!("{unit}-{duration}"));
        assert_eq!(charge(lasting(unit, duration), order, json!(1_000), Value::Null).await, code, "{unit} {duration}");
    }
}

#[actix_web::test]
async fn digits_that_are_asked_for_end_a_number() {
    let shop = Shop::open().await;
    for (n, (bank, asked, expected)) in [
        (Bank::Bri, "1234567", "130601234567"),
        (Bank::Bca, "12", "81278000012"),
        (Bank::Bni, "123456789", "988812345678"),
    ]
    .into_iter()
    .enumerate()
    {
        let method = Method::VirtualAccount { bank, va_number: Some(asked.into()) };
        let charged = shop.charge(&format!("UEP-{n}"), method).await.unwrap();
        assert_eq!(charged.va_number(), Some(expected), "{bank:?}");
    }
}

#[actix_web::test]
async fn a_wrong_key_is_told_in_the_words_of_each_interface() {
    let shop = Shop::open().await;
    let core = shop.call(reqwest::Method::GET, "/v2/A/status", "SB-Mid-server-lain", "").await;
    let words = "Transaction cannot be authorized with the current client/server key.";
    assert_eq!(core, (401, json!({"status_code": "401", "status_message": words})));
    let snap = shop.call(reqwest::Method::POST, "/snap/v1/transactions", &shop.sandbox.client_key(), "{}").await;
    let words = "Access denied due to unauthorized transaction, please check client or server key";
    assert_eq!(snap, (401, json!({"error_messages": [words]})));
}

#[actix_web::test]
async fn bodies_that_say_nothing_are_accepted() {
    let shop = Shop::open().await;
    for (n, body) in ["", "{}", "null", "{\"a\":1}"].into_iter().enumerate() {
        let name = format!("UEP-{n}");
        shop.qris(&name).await;
        let (http, status) = raw(&shop, reqwest::Method::GET, &format!("/v2/{name}/status"), body).await;
        assert_eq!((http, status["status_code"].as_str()), (200, Some("201")));
        let (http, status) = raw(&shop, reqwest::Method::POST, &format!("/v2/{name}/cancel"), body).await;
        assert_eq!((http, status["transaction_status"].as_str()), (200, Some("cancel")));
    }
    let approve = raw(&shop, reqwest::Method::POST, "/v2/UEP-0/approve", "").await.1;
    assert_eq!(approve["status_code"], "412");
}

#[actix_web::test]
async fn a_code_can_be_seen_as_a_picture() {
    let shop = Shop::open().await;
    let charged = shop.qris("UEP-1").await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for name in ["generate-qr-code", "generate-qr-code-v2"] {
        let url = charged.action(name).unwrap();
        assert!(url.contains(id(&charged)));
        let bytes = client.get(url).send().await.unwrap().bytes().await.unwrap();
        assert!(bytes.starts_with(b"\x89PNG"));
    }
}

#[actix_web::test]
async fn the_keys_are_for_everybody_to_see() {
    let shop = Shop::open().await;
    let (_, text) = shop.get("/key").await;
    let keys: Value = serde_json::from_str(&text).unwrap();
    assert!(keys["server_key"].as_str().unwrap().starts_with("SB-Mid-server-"));
    assert_eq!(keys.as_object().unwrap().len(), 4);
}
