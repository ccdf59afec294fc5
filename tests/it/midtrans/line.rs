//! The line to Midtrans: what is sent again and what never is, and answers that are none.
use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use entity::Rupiah;
use futures_util::future::join_all;
use serde_json::json;
use tokio::net::{TcpSocket, TcpStream};
use warong::gateway::midtrans::{
    Bank, CallOptions, CaptureRequest, ChargeRequest, Client, ClientKey, Config, EnabledPayment, Environment, Error,
    IdempotencyKey, Keys, Method, ProviderOrderId, Purchase, QrisAcquirer, RefundKey, RefundOutcome, RefundRequest,
    ServerKey, SnapRequest, SnapToken, TransactionId, TransportKind,
};

use super::script::{KEY, Script};

fn order() -> ProviderOrderId {
    ProviderOrderId::parse("UEP-20260101-0001").unwrap()
}

fn purchase() -> Purchase {
    Purchase::new(order(), Rupiah(275_000), vec![]).unwrap()
}

fn qris() -> ChargeRequest {
    ChargeRequest::new(purchase(), Method::Qris(QrisAcquirer::Gopay))
}

fn keyed() -> CallOptions {
    CallOptions::keyed(IdempotencyKey::fresh())
}

/// Somebody who always answers this.
async fn always(http: u16, body: &str) -> (Client, std::sync::Arc<Script>) {
    Script::saying(vec![(http, body.to_owned()); 6]).await
}

/// How often two calls were sent that are always answered so.
async fn sent(http: u16, body: String) -> usize {
    let (client, midtrans) = always(http, &body).await;
    client.status(&order()).await.ok();
    client.charge(&qris(), &keyed()).await.ok();
    midtrans.seen().len()
}

#[actix_web::test]
async fn only_what_may_help_is_sent_again_and_three_times_at_most() {
    let again = [429, 500, 503, 505];
    let never = [200, 202, 302, 400, 401, 402, 404, 406, 407, 410, 412, 413, 414, 501, 502, 504];
    let cases = again.into_iter().chain(never).flat_map(|http| {
        // A refusal says so in its body or, where there is none to speak of, by its HTTP status.
        let told = json!({"status_code": http.to_string(), "transaction_status": "x"}).to_string();
        [(http, told), (http, "<html>".to_owned())]
    });
    join_all(cases.map(|(http, body)| async move {
        let tries = if again.contains(&http) { 3 } else { 1 };
        assert_eq!(sent(http, body.clone()).await, tries * 2, "{http} {body}");
    }))
    .await;
    let (client, midtrans) = always(429, r#"{"message":"API rate limit exceeded"}"#).await;
    assert!(matches!(client.status(&order()).await, Err(Error::RateLimited)));
    assert_eq!(midtrans.seen().len(), 3);
}

#[actix_web::test]
async fn what_could_become_a_second_payment_is_sent_once() {
    let broken = r#"{"status_code":"500"}"#;
    let permata = Method::VirtualAccount { bank: Bank::Permata, va_number: None };
    let permata = ChargeRequest::new(purchase(), permata);
    let capture = CaptureRequest::all(TransactionId::parse("0d8178e1").unwrap());
    for http in [429, 500, 503, 505] {
        let (client, midtrans) = always(http, broken).await;
        client.charge(&qris(), &CallOptions::default()).await.unwrap_err();
        // Permata keeps no keys.
        client.charge(&permata, &keyed()).await.unwrap_err();
        client.capture(&capture, &CallOptions::default()).await.unwrap_err();
        assert_eq!(midtrans.seen().len(), 3, "{http}");
    }
    let (client, midtrans) = always(503, broken).await;
    client.capture(&capture, &keyed()).await.unwrap_err();
    let seen = midtrans.seen();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|s| s.header("idempotency-key").is_some()));
}

#[actix_web::test]
async fn a_refund_a_page_and_an_end_may_be_asked_for_again() {
    let refund = RefundRequest::new(RefundKey::parse("UEP-RF-1").unwrap(), Rupiah(5_000)).unwrap();
    let page = SnapRequest::new(purchase(), vec![EnabledPayment::OtherQris]);
    let broken = r#"{"status_code":"503"}"#;
    let (client, midtrans) = always(503, broken).await;
    client.refund(&order(), &refund).await.unwrap_err();
    assert_eq!(midtrans.seen().len(), 3);
    let (client, midtrans) = always(503, broken).await;
    client.expire(&order()).await.unwrap_err();
    assert_eq!(midtrans.seen().len(), 3);
    let (client, midtrans) = always(500, r#"{"error_messages":["Sorry"]}"#).await;
    client.snap_create(&page, &CallOptions::default()).await.unwrap_err();
    assert_eq!(midtrans.seen().len(), 3);
}

#[actix_web::test]
async fn a_redirect_never_carries_the_key_on() {
    for http in [301, 302, 303, 307, 308] {
        for body in ["", "{}", "<html>"] {
            let (client, midtrans) = always(http, body).await;
            let error = client.charge(&qris(), &keyed()).await.unwrap_err();
            assert!(matches!(error, Error::Unparsable { .. }) && error.is_uncertain(), "{http}: {error:?}");
            // Closing a page by a redirect closes nothing.
            let error = client.snap_cancel(&SnapToken::new("x")).await.unwrap_err();
            assert!(matches!(error, Error::Unparsable { .. }), "{http}: {error:?}");
            assert!(midtrans.seen().iter().all(|seen| seen.path != "/di-tempat-lain"));
            assert_eq!(midtrans.seen().len(), 2);
        }
    }
}

#[actix_web::test]
async fn an_answer_that_is_none_is_told_by_its_http_status() {
    let status = async |http: u16, body: &str| {
        let (client, _) = always(http, body).await;
        client.status(&order()).await.unwrap_err()
    };
    for body in ["404", "\"404\"", "", "<html>", "null", "[]", "{}"] {
        assert!(matches!(status(404, body).await, Error::NotFound), "{body}");
        assert!(matches!(status(200, body).await, Error::Unparsable { .. } | Error::NotFound), "{body}");
    }
    assert!(matches!(status(401, "").await, Error::Unauthorized));
    assert!(matches!(status(502, "<html>bad gateway</html>").await, Error::Server { code: 502, .. }));
    // What a page said can be read in the log, but not all of it.
    let Error::Unparsable { http, excerpt } = status(200, &"<p>".repeat(500)).await else { panic!() };
    assert_eq!((http, excerpt.chars().count()), (200, 200));
}

#[actix_web::test]
async fn an_endless_answer_is_cut_off() {
    let (client, midtrans) = always(200, &format!(r#"{{"status_code":"200","x":"{}"}}"#, "y".repeat(3 << 20))).await;
    let error = client.status(&order()).await.unwrap_err();
    assert!(matches!(&error, Error::Unparsable { excerpt, .. } if excerpt.contains("endless")), "{error:?}");
    assert_eq!(midtrans.seen().len(), 1);
}

#[actix_web::test]
async fn a_request_over_sixteen_kilobytes_does_not_leave() {
    let (client, midtrans) = always(200, "{}").await;
    let large = qris().metadata(json!("x".repeat(17_000)));
    let error = client.charge(&large, &keyed()).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }) && !error.is_uncertain());
    assert!(midtrans.seen().is_empty());
}

#[actix_web::test]
async fn a_call_that_is_still_running_is_neither_made_nor_refused() {
    for body in ["", "{}", r#"{"status_code":"202","status_message":"still running"}"#] {
        let (client, _) = always(202, body).await;
        let error = client.charge(&qris(), &keyed()).await.unwrap_err();
        assert!(matches!(error, Error::InProgress) && error.is_uncertain(), "{body}: {error:?}");
    }
    // A card that was denied is an answer, and names what was denied.
    let (client, _) = always(200, r#"{"status_code":"202","transaction_status":"deny"}"#).await;
    assert!(client.charge(&qris(), &keyed()).await.is_ok());
    let (client, _) = always(202, r#"{"status_code":"202","status_message":"Refund denied by the bank"}"#).await;
    let refund = RefundRequest::new(RefundKey::fresh(), Rupiah(5_000)).unwrap();
    assert!(matches!(client.refund(&order(), &refund).await, Ok(RefundOutcome::Denied { .. })));
}

#[actix_web::test]
async fn a_silent_midtrans_is_left_after_twenty_seconds() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let keys = Keys { server: ServerKey::new(KEY), client: ClientKey::new("") };
    let client = Client::new(Config::new(Environment::Sandbox, keys, Some(&base)).unwrap()).unwrap();
    let began = Instant::now();
    let error = client.charge(&qris(), &CallOptions::default()).await.unwrap_err();
    assert!(matches!(error, Error::Transport { kind: TransportKind::Timeout, .. }), "{error:?}");
    assert!(error.is_uncertain());
    let waited = began.elapsed();
    assert!(waited >= Duration::from_secs(19) && waited < Duration::from_secs(30), "{waited:?}");
    drop(listener);
}

#[actix_web::test]
async fn a_door_that_nobody_opens_is_left_after_five_seconds() {
    // A waiting room for one, which is full.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let door = socket.listen(0).unwrap();
    let address = door.local_addr().unwrap();
    let mut waiting = Vec::new();
    for _ in 0..4 {
        let connecting = TcpStream::connect(address);
        if let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(200), connecting).await {
            waiting.push(stream);
        }
    }
    let keys = Keys { server: ServerKey::new(KEY), client: ClientKey::new("") };
    let base = format!("http://{address}");
    let client = Client::new(Config::new(Environment::Sandbox, keys, Some(&base)).unwrap()).unwrap();
    let began = Instant::now();
    let error = client.charge(&qris(), &CallOptions::default()).await.unwrap_err();
    let waited = began.elapsed();
    // Nothing was sent, so nothing can have been done.
    assert!(matches!(error, Error::Transport { kind: TransportKind::Connect, .. }), "{error:?}");
    assert!(!error.is_uncertain() && error.may_retry());
    assert!(waited >= Duration::from_millis(4_500) && waited < Duration::from_secs(12), "{waited:?}");
    drop((door, waiting));
}

#[actix_web::test]
async fn our_own_texts_come_back() {
    let told =
        json!({"status_code": "200", "transaction_status": "settlement", "custom_field1": "A", "custom_field3": 7});
    let (client, midtrans) = Script::answering(vec![(200, told)]).await;
    let request = qris().custom_fields([&"é".repeat(300), " ", "7"]);
    let status = client.charge(&request, &CallOptions::default()).await.unwrap();
    assert_eq!(status.custom_fields, [Some("A".to_owned()), None, Some("7".to_owned())]);
    let sent = midtrans.last().body;
    assert_eq!(sent["custom_field1"].as_str().map(|text| text.chars().count()), Some(255));
    assert_eq!((sent.get("custom_field2"), &sent["custom_field3"]), (None, &json!("7")));
}
