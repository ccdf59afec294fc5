//! Recorded exchanges, signature vectors and sample notifications, held against our client.
use std::{
    io::Read,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use entity::Rupiah;
use serde_json::{Value, json};
use warong::gateway::midtrans::{
    Bank, CallOptions, ChargeRequest, Client, ClientKey, Config, Customer, EnabledPayment, Environment, Error, Expiry,
    IdempotencyKey, InvalidReference, Item, Keys, Method, Notification, NotificationError, NotificationUrls,
    ProviderOrderId, Purchase, QrisAcquirer, Refund, RefundKey, RefundOutcome, RefundRequest, ServerKey, SnapRequest,
    Switching, TransactionId, TransactionStatus, TransportKind, signature,
};

use super::script::{KEY, Script, Seen};

pub fn data(name: &str) -> Value {
    let path = format!("{}/tests/data/midtrans/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

pub fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} in {value}"))
}

fn order_id() -> ProviderOrderId {
    ProviderOrderId::parse("UEP-20260101-0001").unwrap()
}

fn bill() -> Purchase {
    let items = vec![
        Item::new("BAMBU-01", "Besek bambu isi 10", Rupiah(250_000), 1).made_by("Ibu Siti"),
        Item::new("ONGKIR", "Ongkos kirim JNE REG", Rupiah(25_000), 1),
    ];
    Purchase::new(order_id(), Rupiah(275_000), items).unwrap()
}

fn bare() -> Purchase {
    Purchase::new(order_id(), Rupiah(275_000), vec![]).unwrap()
}

fn qris() -> Method {
    Method::Qris(QrisAcquirer::Gopay)
}

/// Makes the call a label stands for; `None` for what our client cannot say.
async fn replay(client: &Client, label: &str) -> Option<Result<(), Error>> {
    let plain = CallOptions::default();
    let ours = CallOptions {
        idempotency_key: Some(IdempotencyKey::parse("d63ae3e0-a7c5-4733-8d81-b451168d8a2c").unwrap()),
        append_notification: None,
        override_notification: Some(NotificationUrls::new(["https://warong.example/api/midtrans/notif"]).unwrap()),
    };
    let transaction = TransactionId::parse("0d8178e1-c6c7-4ab4-81a6-893be9d924ab").unwrap();
    let refund =
        RefundRequest::new(RefundKey::parse("UEP-RF-1").unwrap(), Rupiah(5_000)).unwrap().reason("barang rusak");
    let accepted = |outcome| match outcome {
        RefundOutcome::Accepted(refund) => {
            assert_eq!(
                (refund.refund_amount, refund.refund_chargeback_id.as_deref()),
                (Some(Rupiah(5_000)), Some("1"))
            );
            assert_eq!(refund.refund_key.as_deref(), Some("UEP-RF-1"));
            assert_eq!(refund.status.transaction_status, TransactionStatus::PartialRefund);
        }
        other => panic!("{other:?}"),
    };
    Some(match call_of(label) {
        "create_transaction" | "createTransaction" => {
            let customer = Customer::named("Budi").phone("081234567890").email("budi@example.com");
            let offered = vec![EnabledPayment::Gopay, EnabledPayment::OtherQris, EnabledPayment::BriVa];
            let request = SnapRequest::new(bill(), offered)
                .customer(customer)
                .custom_fields(["pesanan", "", ""])
                .expiry(Expiry::minutes(60).from("2026-01-01T03:00:00Z".parse().unwrap()))
                .unwrap();
            client.snap_create(&request, &plain).await.map(|_| ())
        }
        "charge qris" => {
            let request = ChargeRequest::new(bill(), qris()).expiry(Expiry::minutes(15)).unwrap();
            client.charge(&request, &plain).await.map(|_| ())
        }
        "charge bank_transfer bri" => {
            let method = Method::VirtualAccount { bank: Bank::Bri, va_number: None };
            client.charge(&ChargeRequest::new(bare(), method), &plain).await.map(|_| ())
        }
        "charge with custom headers" | "charge with global default headers" => {
            client.charge(&ChargeRequest::new(bare(), qris()), &ours).await.map(|_| ())
        }
        "status" => client.status(&order_id()).await.map(|_| ()),
        "notification" | "notification with custom_headers set" => client.status(&transaction).await.map(|_| ()),
        "cancel" => client.cancel(&order_id()).await.map(|_| ()),
        "expire" => client.expire(&order_id()).await.map(|_| ()),
        "approve" => client.approve(&order_id()).await.map(|_| ()),
        "deny" => client.deny(&order_id()).await.map(|_| ()),
        "refund" => client.refund(&order_id(), &refund).await.map(accepted),
        "refundDirect" => client.refund_direct(&order_id(), &refund).await.map(accepted),
        _ => return None,
    })
}

/// `transactions.expire (body status_code 407)` is about `expire`.
fn call_of(label: &str) -> &str {
    label.rsplit('.').next().unwrap().split(" (").next().unwrap()
}

/// Our body says everything theirs says; it may say it in more words.
pub fn says(ours: &Value, theirs: &Value, path: &str) {
    match theirs {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| match name.as_str() {
            // Snap takes the plural too; we do not send it.
            "unit" => assert!(value.as_str().unwrap().starts_with(ours[name].as_str().unwrap())),
            _ => says(&ours[name], value, &format!("{path}.{name}")),
        }),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| says(&ours[i], v, &format!("{path}[{i}]"))),
        // An official client sends `null` where there is nothing to say.
        Value::Null => assert!(ours.as_object().is_none_or(|fields| fields.is_empty()), "{path}"),
        _ => assert_eq!(ours, theirs, "{path}"),
    }
}

/// What we sent is what the official client sent: method, path, key, the headers of the call, and the body.
pub fn same(seen: &Seen, exchange: &Value) {
    let (label, request) = (text(exchange, "label"), &exchange["request"]);
    // One official client leaks its headers into the query, a fault not worth copying.
    let path = text(request, "path").split("?X-Override").next().unwrap();
    assert_eq!((seen.method.as_str(), seen.path.as_str()), (text(request, "method"), path), "{label}");
    let headers = request["headers"].as_array().unwrap();
    let header = |name: &str| headers.iter().find(|h| h[0].as_str().unwrap().eq_ignore_ascii_case(name));
    for name in ["authorization", "accept", "content-type", "idempotency-key", "x-override-notification"] {
        let theirs = header(name).and_then(|h| h[1].as_str());
        // Python says nothing of the type when there is no body.
        assert!(theirs.is_none() && name == "content-type" || seen.header(name) == theirs, "{label}: {name}");
    }
    let theirs: Value = serde_json::from_str(text(request, "body_raw")).unwrap_or_default();
    says(&seen.body, &theirs, label);
}

/// An order id that breaks the address cannot be made; with one that can, the answer is read for what it says.
async fn refused_id(exchange: &Value, client: &Client) {
    let hash = text(exchange, "label").contains("hash");
    let (bad, letter) = if hash { ("INV#1", '#') } else { ("INV/2026/01", '/') };
    assert_eq!(ProviderOrderId::parse(bad), Err(InvalidReference::Character(letter)));
    match client.status(&order_id()).await {
        Ok(status) => assert!(!hash && status.transaction_status == TransactionStatus::Settlement),
        Err(error) => assert!(hash && matches!(error, Error::NotFound), "{error}"),
    }
}

pub fn recorded() -> Vec<Value> {
    let files = ["python-midtransclient-1.4.2.json", "nodejs-midtrans-client-1.4.3.json"];
    files.iter().flat_map(|file| data(file)["exchanges"].as_array().unwrap().clone()).collect()
}

#[actix_web::test]
async fn our_client_sends_what_the_official_clients_send() {
    let (mut replayed, mut refused, mut payouts) = (0, 0, 0);
    for exchange in recorded() {
        let (label, response) = (text(&exchange, "label"), &exchange["response"]);
        if label.starts_with("iris.") {
            payouts += 1; // Replayed in `payouts.rs`.
            continue;
        }
        let http = response["status"].as_u64().unwrap() as u16;
        let (client, midtrans) = Script::answering(vec![(http, response["body"].clone())]).await;
        match replay(&client, label).await {
            Some(result) => {
                result.unwrap_or_else(|e| panic!("{label}: {e}"));
                same(&midtrans.last(), &exchange);
                replayed += 1;
            }
            None => {
                assert!(label.ends_with("unescaped"), "{label}");
                refused_id(&exchange, &client).await;
                refused += 1;
            }
        }
    }
    assert_eq!((replayed, refused, payouts), (25, 4, 10));
}

#[actix_web::test]
async fn a_broken_midtrans_is_asked_three_times_with_the_same_key() {
    let broken = (503, json!({"status_code": "503", "status_message": "Bank is out"}));
    let (client, midtrans) = Script::answering(vec![broken.clone(), broken.clone(), broken]).await;
    let options = CallOptions::keyed(IdempotencyKey::fresh());
    let result = client.charge(&ChargeRequest::new(bare(), qris()), &options).await;
    assert!(matches!(result, Err(Error::Server { code: 503, .. })));
    let seen = midtrans.seen();
    assert_eq!(seen.len(), 3);
    let key = options.idempotency_key.as_ref().map(IdempotencyKey::as_str);
    assert!(seen.iter().all(|s| s.header("idempotency-key") == key));
}

#[actix_web::test]
async fn a_call_that_may_have_been_made_is_never_told_as_not_made() {
    let slow_down = (429, json!({"message": "API rate limit exceeded"}));
    let broken = (500, json!({"status_code": "500"}));
    let (client, _) = Script::answering(vec![broken, slow_down.clone(), slow_down.clone()]).await;
    let keyed = CallOptions::keyed(IdempotencyKey::fresh());
    let error = client.charge(&ChargeRequest::new(bare(), qris()), &keyed).await.unwrap_err();
    assert!(matches!(error, Error::Server { code: 500, .. }) && error.is_uncertain(), "{error:?}");
    let (client, _) = Script::answering(vec![slow_down.clone(), slow_down.clone(), slow_down]).await;
    let error = client.charge(&ChargeRequest::new(bare(), qris()), &keyed).await.unwrap_err();
    assert!(matches!(error, Error::RateLimited) && !error.is_uncertain(), "{error:?}");
}

#[actix_web::test]
async fn a_call_cut_off_on_the_way_may_have_been_made_and_is_not_sent_again() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let keys = Keys { server: ServerKey::new(KEY), client: ClientKey::new("") };
    let base = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::new(Config::new(Environment::Sandbox, keys, Some(&base)).unwrap()).unwrap();
    let cut = Arc::new(AtomicU32::new(0));
    let counted = cut.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 64 * 1024]);
            counted.fetch_add(1, Ordering::SeqCst);
            // The line goes dead after the request has come in.
            drop(stream);
        }
    });
    let charge = ChargeRequest::new(bare(), qris());
    let error = client.charge(&charge, &CallOptions::keyed(IdempotencyKey::fresh())).await.unwrap_err();
    assert!(matches!(error, Error::Transport { kind: TransportKind::Other, .. }) && error.is_uncertain(), "{error:?}");
    assert!(!format!("{error:?}").contains("Basic"));
    assert_eq!(cut.load(Ordering::SeqCst), 1);
}

#[actix_web::test]
async fn a_refusal_is_not_asked_again() {
    let (client, midtrans) = Script::answering(vec![(200, json!({"status_code": "406"}))]).await;
    let result = client.charge(&ChargeRequest::new(bare(), qris()), &CallOptions::default()).await;
    assert!(matches!(result, Err(Error::Duplicate)));
    assert_eq!(midtrans.seen().len(), 1);
}

#[actix_web::test]
async fn an_untidy_answer_is_still_read() {
    let untidy = json!({
        "status_code": 200, "transaction_status": "SETTLEMENT", "gross_amount": 275000, "fraud_status": null,
        "settlement_time": "2026-01-01 10:06:01", "va_numbers": {"bank": "BRI", "va_number": 130_600}, "new": [1],
    });
    let (client, _) = Script::answering(vec![(200, untidy)]).await;
    let status = client.status(&order_id()).await.unwrap();
    assert_eq!(status.transaction_status, TransactionStatus::Settlement);
    assert_eq!((status.gross, status.fraud_status.as_ref()), (Some(Rupiah(275_000)), None));
    assert_eq!(status.settlement_time, Some("2026-01-01T03:06:01Z".parse().unwrap()));
    assert_eq!(status.va_number(), Some("130600"));
    assert_eq!(status.va_numbers[0].bank, "bri");
}

#[actix_web::test]
async fn nobody_at_the_door_is_a_connect_error_and_no_key_is_printed() {
    let keys = Keys { server: ServerKey::new(KEY), client: ClientKey::new("SB-Mid-client-rahasia") };
    let client = Client::new(Config::new(Environment::Sandbox, keys, Some("http://127.0.0.1:9")).unwrap()).unwrap();
    let error = client.status(&order_id()).await.unwrap_err();
    assert!(!error.is_uncertain(), "{error:?}");
    for shown in [format!("{client:?}"), format!("{error:?}"), error.to_string()] {
        assert!(!shown.contains("TESTKEY") && !shown.contains("rahasia") && !shown.contains("Basic"), "{shown}");
    }
}

#[test]
fn signatures_match_the_vectors() {
    let vectors = data("signature_vectors.json");
    let key = ServerKey::new(text(&vectors, "server_key"));
    let notification = |vector: &Value| Notification::parse(vector.to_string().as_bytes()).unwrap();
    for vector in vectors["valid"].as_array().unwrap() {
        assert!(notification(vector).verify(&[ServerKey::new("old"), key.clone()]), "{vector}");
        assert!(!notification(vector).verify(&[ServerKey::new("old")]));
        assert!(!notification(vector).verify(&[]));
    }
    for vector in vectors["invalid"].as_array().unwrap() {
        assert!(!notification(vector).verify(std::slice::from_ref(&key)), "{vector}");
    }
    let example = &vectors["docs_example"];
    let signed = signature(
        text(example, "order_id"),
        text(example, "status_code"),
        text(example, "gross_amount"),
        &ServerKey::new(text(example, "server_key")),
    );
    assert_eq!(signed, text(example, "signature_key"));
}

#[test]
fn every_sample_notification_is_read() {
    let samples = data("sample_notifications.json");
    let keys = [ServerKey::new(text(&samples, "server_key"))];
    let notifications = samples["notifications"].as_array().unwrap();
    assert_eq!(notifications.len(), 14);
    for sample in notifications {
        let label = text(sample, "label");
        let notification = Notification::parse(sample["body"].to_string().as_bytes()).expect(label);
        assert_eq!(notification.verify(&keys), !label.starts_with("FORGED"), "{label}");
        let claim = &notification.claim;
        assert!(!matches!(claim.transaction_status, TransactionStatus::Other(_)), "{label}");
        assert!(claim.transaction_time.is_some() && claim.gross.is_some(), "{label}");
        assert_eq!(claim.fraud_status.is_none(), label.contains("no fraud_status"), "{label}");
        if label.contains("partial refund") {
            let key = RefundKey::parse("UEP-RF-1").unwrap();
            let expected = Refund {
                refund_key: Some(key.to_string()),
                amount: Some(Rupiah(5_000)),
                refund_chargeback_id: Some("4001".into()),
                reason: Some("barang rusak".into()),
                refund_method: Some("online".into()),
                created_at: "2026-01-02T02:00:00Z".parse().ok(),
                bank_confirmed_at: "2026-01-02T02:00:07Z".parse().ok().filter(|_| label.ends_with(", confirmed")),
            };
            assert_eq!(claim.refund(&key), Some(&expected), "{label}");
            assert_eq!((claim.refunds.len(), claim.refund_amount), (1, Some(Rupiah(5_000))));
        }
        let off_us = text(&sample["body"], "payment_type") == "qris" && claim.settlement_time.is_some();
        if off_us && claim.status_code == "200" {
            assert_eq!(claim.transaction_type, Some(Switching::OffUs), "{label}");
            assert_eq!((claim.issuer.as_deref(), claim.acquirer.as_deref()), (Some("dana"), Some("gopay")), "{label}");
        }
        if label.contains("indomaret") {
            assert_eq!(claim.store.as_deref(), Some("indomaret"));
            assert_eq!(claim.payment_code.as_deref(), Some("25709650945026"));
        }
        if label.contains("fee") {
            assert_eq!(text(&claim.metadata["extra_info"]["gross_amount_info"], "original_amount"), "275000.00");
        }
    }
}

#[test]
fn what_is_no_notification_is_refused() {
    let parse = |body: &str| Notification::parse(body.as_bytes());
    assert_eq!(parse(""), Err(NotificationError::NotJson));
    assert_eq!(parse("[]"), Err(NotificationError::NotJson));
    assert_eq!(parse(r#"{"order_id":7}"#), Err(NotificationError::Missing("order_id")));
    let number = r#"{"order_id":"a","status_code":200,"gross_amount":"1.00","signature_key":"x"}"#;
    assert_eq!(parse(number), Err(NotificationError::Missing("status_code")));
    assert_eq!(parse(&" ".repeat(70_000)), Err(NotificationError::TooLarge(70_000)));
}
