//! Refunds, captures and the balance: every answer is read for what the caller must do next.
use entity::Rupiah;
use serde_json::{Value, json};
use warong::gateway::midtrans::{
    BalancePeriod, CallOptions, CaptureRequest, Error, FraudStatus, ProviderOrderId, RefundKey, RefundOutcome,
    RefundRequest, Sen, Switching, TransactionId, TransactionStatus, WalletSource,
};

use super::script::Script;

fn request() -> RefundRequest {
    RefundRequest::new(RefundKey::parse("UEP-RF-1").unwrap(), Rupiah(5_000)).unwrap()
}

fn transaction() -> TransactionId {
    TransactionId::parse("0d8178e1-c6c7-4ab4-81a6-893be9d924ab").unwrap()
}

async fn refunded(http: u16, body: Value) -> Result<RefundOutcome, Error> {
    let (client, _) = Script::answering(vec![(http, body)]).await;
    client.refund(&transaction(), &request()).await
}

#[actix_web::test]
async fn a_refund_is_told_in_either_http_layer() {
    for mirrored in [false, true] {
        let said = |code: u16, message: &str| {
            let body = json!({"status_code": code.to_string(), "status_message": message, "id": "x"});
            refunded(if mirrored { code } else { 200 }, body)
        };
        let denied = said(202, "Refund denied by the bank").await.unwrap();
        assert_eq!(denied, RefundOutcome::Denied { message: "Refund denied by the bank".into() });
        assert_eq!(said(406, "Duplicate refund ID").await.unwrap(), RefundOutcome::DuplicateKey);
        let late = said(412, "Merchant cannot modify the status of the transaction").await.unwrap();
        assert!(matches!(late, RefundOutcome::NotAllowed { message } if message.contains("cannot modify")));
        let amount = said(414, "Refund request is rejected due to invalid amount").await.unwrap();
        assert!(matches!(amount, RefundOutcome::AmountOrFunds { message } if message.contains("invalid amount")));
        assert!(matches!(said(404, "Transaction doesn't exist.").await, Err(Error::NotFound)));
    }
}

#[actix_web::test]
async fn a_lost_refund_is_asked_for_again_with_the_same_key_and_found_in_the_status() {
    let broken = json!({"status_code": "503", "status_message": "Bank is out"});
    let known = json!({"status_code": "406", "status_message": "Duplicate refund ID"});
    let status = json!({
        "status_code": "200", "transaction_status": "partial_refund", "transaction_type": "ON-US", "issuer": "gopay",
        "refunds": [
            {"refund_key": "UEP-RF-0", "refund_amount": "1000.00"},
            {"refund_key": "UEP-RF-1", "refund_amount": "5000.00", "refund_chargeback_id": 4001},
            {"refund_key": "UEP-RF-1", "refund_amount": "5000.00", "bank_confirmed_at": "2026-01-02 09:00:07"},
        ],
    });
    let (client, midtrans) = Script::answering(vec![(503, broken), (200, known), (200, status)]).await;
    assert_eq!(client.refund(&transaction(), &request()).await.unwrap(), RefundOutcome::DuplicateKey);
    let status = client.status(&transaction()).await.unwrap();
    let refund = status.refund(request().refund_key()).unwrap();
    assert_eq!((refund.amount, refund.refund_chargeback_id.as_deref()), (Some(Rupiah(5_000)), Some("4001")));
    assert!(refund.bank_confirmed_at.is_some());
    assert_eq!(status.refunds.len(), 2);
    assert_eq!(status.transaction_type, Some(Switching::OnUs));
    let seen = midtrans.seen();
    assert_eq!(seen[0].raw, seen[1].raw);
    assert_eq!(seen[0].body, json!({"refund_key": "UEP-RF-1", "amount": 5000}));
}

#[actix_web::test]
async fn a_no_after_a_lost_try_may_only_mean_that_the_money_is_back_already() {
    for code in ["412", "414"] {
        let broken = (500, json!({"status_code": "500"}));
        let no = (200, json!({"status_code": code, "status_message": "Merchant cannot modify"}));
        let (client, _) = Script::answering(vec![broken, no.clone(), no]).await;
        let error = client.refund(&transaction(), &request()).await.unwrap_err();
        assert!(matches!(error, Error::Server { code: 500, .. }) && error.is_uncertain(), "{code}: {error:?}");
        let outcome = client.refund(&transaction(), &request()).await.unwrap();
        assert!(matches!(outcome, RefundOutcome::NotAllowed { .. } | RefundOutcome::AmountOrFunds { .. }));
    }
}

#[actix_web::test]
async fn a_refund_that_is_still_running_is_never_called_denied() {
    let running = (202, json!({"status_code": "202", "status_message": "Request is being processed"}));
    let (client, midtrans) = Script::answering(vec![running]).await;
    let error = client.refund(&transaction(), &request()).await.unwrap_err();
    assert!(matches!(error, Error::InProgress) && error.is_uncertain(), "{error:?}");
    assert_eq!(midtrans.seen().len(), 1);
}

#[actix_web::test]
async fn a_challenged_card_is_let_through_or_refused_once() {
    let through = json!({"status_code": "200", "transaction_status": "capture", "fraud_status": "accept"});
    let late = json!({"status_code": "412", "status_message": "Merchant cannot modify the status of the transaction"});
    let (client, midtrans) = Script::answering(vec![(200, through), (200, late)]).await;
    let order = ProviderOrderId::parse("UEP-20260101-0005").unwrap();
    let status = client.approve(&order).await.unwrap();
    assert_eq!(status.fraud_status, Some(FraudStatus::Accept));
    assert!(matches!(client.deny(&order).await, Err(Error::Forbidden { .. })));
    assert_eq!(midtrans.last().path, "/v2/UEP-20260101-0005/deny");
}

#[actix_web::test]
async fn what_is_held_is_taken_whole_or_in_part() {
    let taken = json!({"status_code": "200", "transaction_status": "capture", "gross_amount": "145000.00"});
    let (client, midtrans) = Script::answering(vec![(200, taken.clone()), (200, taken)]).await;
    let status = client.capture(&CaptureRequest::all(transaction()), &CallOptions::default()).await.unwrap();
    assert_eq!(status.transaction_status, TransactionStatus::Capture);
    let id = transaction();
    assert_eq!(midtrans.last().path, "/v2/capture");
    assert_eq!(midtrans.last().body, json!({"transaction_id": id}));
    client
        .capture(&CaptureRequest::part(transaction(), Rupiah(145_000)).unwrap(), &CallOptions::default())
        .await
        .unwrap();
    assert_eq!(midtrans.last().body, json!({"transaction_id": id, "gross_amount": 145_000}));
    assert!(CaptureRequest::part(transaction(), Rupiah(0)).is_err());
}

fn march() -> BalancePeriod {
    BalancePeriod::new("2026-03-01T17:00:00Z".parse().unwrap(), "2026-03-16T16:59:59Z".parse().unwrap()).unwrap()
}

#[actix_web::test]
async fn the_balance_is_read_to_the_hundredth() {
    let answer = json!({
        "currency": "IDR", "start_time": "2026-03-02T00:00:00+07:00", "end_time": "2026-03-16T23:59:59+07:00",
        "opening_balance_effective": 962000.01, "closing_balance_effective": "59312508.02",
        "opening_balance_pending": 0.01, "closing_balance_pending": 0.00,
        "opening_balance_overall": 962000.02, "closing_balance_overall": 59312508.02,
        "wallets": [
            {"source": "payin", "closing_balance_overall": 144},
            {"source": "IRIS", "opening_balance_overall": 0.01, "closing_balance_overall": 59312514.01},
            {"source": "emas"},
        ],
    });
    let (client, midtrans) = Script::answering(vec![(200, answer)]).await;
    let mutation = client.balance_mutation(&march()).await.unwrap();
    let query = "start_time=2026-03-02T00%3A00%3A00%2B07%3A00&end_time=2026-03-16T23%3A59%3A59%2B07%3A00";
    assert_eq!(midtrans.last().path, format!("/v1/balance/mutation?currency=IDR&{query}"));
    assert_eq!((midtrans.last().method.as_str(), midtrans.last().raw.len()), ("GET", 0));
    assert_eq!(mutation.total.overall.opening, Some(Sen(96_200_002)));
    assert_eq!(mutation.total.effective.closing, Some(Sen(5_931_250_802)));
    assert_eq!(mutation.total.pending.closing, Some(Sen(0)));
    assert_eq!(mutation.end, "2026-03-16T16:59:59Z".parse().ok());
    assert_eq!(mutation.wallet(&WalletSource::Payin).unwrap().balances.overall.closing, Some(Sen(14_400)));
    assert_eq!(mutation.wallet(&WalletSource::Iris).unwrap().balances.overall.opening, Some(Sen(1)));
    assert_eq!(mutation.wallets[2].source, WalletSource::Other("emas".into()));
}

#[actix_web::test]
async fn a_balance_that_is_not_told_is_an_error() {
    let empty = json!({"error_messages": ["currency must not be empty"]});
    let wrong_key = json!({"status_code": "401", "status_message": "Unknown Merchant server_key/id"});
    let (client, _) = Script::answering(vec![(400, empty), (401, wrong_key), (200, json!({}))]).await;
    assert!(
        matches!(client.balance_mutation(&march()).await, Err(Error::Validation { messages }) if messages.len() == 1)
    );
    assert!(matches!(client.balance_mutation(&march()).await, Err(Error::Unauthorized)));
    assert!(matches!(client.balance_mutation(&march()).await, Err(Error::Unparsable { .. })));
    assert!(
        BalancePeriod::new("2026-03-02T00:00:00Z".parse().unwrap(), "2026-03-01T00:00:00Z".parse().unwrap()).is_err()
    );
}
