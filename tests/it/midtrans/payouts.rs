//! Money out: what the official client sends, what may come back, and whose word is believed.
use std::sync::Arc;

use entity::Rupiah;
use serde_json::{Value, json};
use warong::gateway::midtrans::{
    ApproverKey, CreatorKey, Environment, Error, MerchantKey, Sen,
    payouts::{
        Account, Alias, BankCode, Direction, NewBeneficiary, NewPayout, Otp, PayoutFault, PayoutKey, PayoutKeys,
        PayoutNotification, PayoutNotificationError, PayoutReference, PayoutStatus, Payouts, PayoutsConfig,
        StatementKind, payout_signature,
    },
};

use super::{
    recorded::{data, recorded, same, text},
    script::Script,
};

const MERCHANT: &str = "IRIS-merchant-TESTKEY";

fn at(base: &str) -> Payouts {
    let keys = PayoutKeys {
        creator: CreatorKey::new("IRIS-creator-TESTKEY"),
        approver: ApproverKey::new("IRIS-approver-TESTKEY"),
        merchant: vec![MerchantKey::new(MERCHANT)],
    };
    Payouts::new(PayoutsConfig::new(Environment::Sandbox, keys, Some(base)).unwrap()).unwrap()
}

async fn telling(answers: Vec<(u16, &str)>) -> (Payouts, Arc<Script>) {
    let script = Script::telling(answers.into_iter().map(|(http, body)| (http, body.to_owned())).collect()).await;
    (at(&script.base), script)
}

fn account(bank: &str, number: &str) -> Account {
    Account::new(BankCode::parse(bank).unwrap(), number).unwrap()
}

fn siti() -> NewBeneficiary {
    let account = account("bri", "1172993826");
    NewBeneficiary::new("Siti Aminah", account, Alias::parse("sitibri").unwrap()).unwrap().email("siti@example.com")
}

fn wages() -> Vec<NewPayout> {
    let siti = account("bri", "1172993826");
    let rohani = account("gopay", "081234567890");
    vec![
        NewPayout::new("Siti Aminah", siti, Rupiah(100_000), "Hasil jual besek Jan").unwrap().email("siti@example.com"),
        NewPayout::new("Rohani", rohani, Rupiah(50_000), "Hasil jual kap lampu").unwrap(),
    ]
}

fn reference() -> PayoutReference {
    PayoutReference::parse("1d4f8423393005").unwrap()
}

fn key() -> PayoutKey {
    PayoutKey::parse("UEP-OUT-20260131-1").unwrap()
}

/// Makes the call a label stands for, and looks at what it brings.
async fn replay(payouts: &Payouts, label: &str) {
    match label.strip_prefix("iris.").unwrap().split(" (").next().unwrap() {
        "ping" => payouts.ping().await.unwrap(),
        "createBeneficiaries" => payouts.create_beneficiary(&siti(), &key()).await.unwrap(),
        "getBeneficiaries" => assert_eq!(payouts.beneficiaries().await.unwrap(), []),
        "validateBankAccount" => {
            let holder = payouts.validate_account(&account("bri", "1172993826")).await.unwrap().unwrap();
            assert_eq!((holder.account_name.as_str(), holder.bank_name.as_deref()), ("SITI", Some("bri")));
        }
        "createPayouts" => {
            let queued = payouts.create(&wages(), &key()).await.unwrap();
            assert_eq!((&queued[0].reference_no, &queued[0].status), (&reference(), &PayoutStatus::Queued));
        }
        "approvePayouts" => payouts.approve(&[reference()], Some(&Otp::new("335 163")), &key()).await.unwrap(),
        "rejectPayouts" => payouts.reject(&[reference()], "rekening salah", &key()).await.unwrap(),
        "getPayoutDetails" => {
            let payout = payouts.status(&reference()).await.unwrap();
            assert_eq!((payout.status, payout.amount), (PayoutStatus::Completed, Some(Rupiah(100_000))));
            assert_eq!(payout.updated_at, "2026-01-01T00:00:05Z".parse().ok());
            assert_eq!(payout.beneficiary_email, None);
        }
        "getBalance" => assert_eq!(payouts.balance().await.unwrap(), Sen(28_900_000)),
        "getTransactionHistory" => {
            let (from, to) = ("2026-01-01".parse().unwrap(), "2026-01-31".parse().unwrap());
            assert_eq!(payouts.statements(from, to).await.unwrap(), []);
        }
        other => panic!("{other} is not replayed"),
    }
}

#[actix_web::test]
async fn our_client_sends_what_the_official_client_sends() {
    let mut replayed = 0;
    for exchange in recorded().iter().filter(|exchange| text(exchange, "label").starts_with("iris.")) {
        let (label, response) = (text(exchange, "label"), &exchange["response"]);
        let http = response["status"].as_u64().unwrap() as u16;
        let (payouts, script) = telling(vec![(http, &response["body"].to_string())]).await;
        replay(&payouts, label).await;
        let seen = script.last();
        same(&seen, exchange);
        assert_eq!(seen.header("x-idempotency-key").is_some(), seen.method != "GET", "{label}");
        replayed += 1;
    }
    assert_eq!(replayed, 10);
}

#[actix_web::test]
async fn a_lost_payout_is_asked_for_again_in_the_same_words_under_the_same_key() {
    let queued = r#"{"payouts":[{"status":"queued","reference_no":"a1"},{"status":"QUEUED","reference_no":"a2"}]}"#;
    let (payouts, script) = telling(vec![(503, "<html>"), (500, "{}"), (201, queued)]).await;
    let told = payouts.create(&wages(), &key()).await.unwrap();
    assert_eq!(told.iter().map(|p| p.reference_no.as_str()).collect::<Vec<_>>(), ["a1", "a2"]);
    assert!(told.iter().all(|p| p.status == PayoutStatus::Queued));
    let seen = script.seen();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|s| s.raw == seen[0].raw && s.header("x-idempotency-key") == Some(key().as_str())));
}

#[actix_web::test]
async fn refusals_say_what_to_do_next() {
    let reused = r#"{"error_message":"idempotency-key is not unique","errors":"idempotency-key is not unique"}"#;
    let taken = r#"{"error_message":"An error occurred when creating beneficiary","errors":["Account has already been taken"]}"#;
    let too_much =
        r#"{"error_message":"An error occurred when creating payouts","errors":{"0":["Balance is not enough"]}}"#;
    let (payouts, script) = telling(vec![
        (400, reused),
        (400, taken),
        (400, too_much),
        (401, "HTTP Basic: Access denied."),
        (404, r#"{"error_message":"not found"}"#),
        (201, r#"{"payouts":[]}"#),
        (201, r#"{"payouts":[{"status":"queued","reference_no":"a1"},{"status":"queued"}]}"#),
    ])
    .await;
    let error = payouts.create(&wages(), &key()).await.unwrap_err();
    assert!(matches!(error, Error::KeyReused) && error.is_uncertain());
    assert!(matches!(payouts.create_beneficiary(&siti(), &key()).await, Err(Error::Duplicate)));
    let error = payouts.create(&wages(), &key()).await.unwrap_err();
    assert!(matches!(&error, Error::Validation { messages } if messages.contains(&"0: Balance is not enough".into())));
    assert!(!error.is_uncertain());
    assert!(matches!(payouts.approve(&[reference()], None, &key()).await, Err(Error::Unauthorized)));
    assert_eq!(script.last().body, json!({"reference_nos": ["1d4f8423393005"]}));
    assert!(matches!(payouts.status(&reference()).await, Err(Error::NotFound)));
    for _ in 0..2 {
        let error = payouts.create(&wages(), &key()).await.unwrap_err();
        assert!(error.is_uncertain(), "queued, but under which name? {error:?}");
    }
    assert_eq!(script.seen().len(), 7);
    assert!(payouts.create(&[], &key()).await.is_err());
    assert!(payouts.approve(&[], None, &key()).await.is_err());
    assert_eq!(script.seen().len(), 7, "nothing to ask for is not asked for");
}

#[actix_web::test]
async fn an_account_nobody_has_is_an_answer_and_not_a_failure() {
    let unknown_bank =
        r#"{"error_message":"An error occurred","errors":{"bank":["Bank is not included in the list"]}}"#;
    let (payouts, _) =
        telling(vec![(400, r#"{"errors":{"account":["Account does not exist"]}}"#), (400, unknown_bank), (200, "{}")])
            .await;
    let somebody = account("bri", "1172993826");
    assert_eq!(payouts.validate_account(&somebody).await.unwrap(), None);
    assert!(matches!(payouts.validate_account(&somebody).await, Err(Error::Validation { .. })));
    assert!(matches!(payouts.validate_account(&somebody).await, Err(Error::Unparsable { .. })));
}

#[actix_web::test]
async fn lists_are_read_and_a_page_of_somebody_else_is_no_empty_list() {
    let banks = r#"{"beneficiary_banks":[{"code":"jatim","name":"BPD Jawa Timur"},{"code":"ovo"},{"name":"?"}]}"#;
    let saved = r#"[{"name":"Siti","bank":"bri","account":1172993826,"alias_name":"sitibri","new":1}]"#;
    let lines = r#"[{"account":"Permata","type":"Topup","amount":"300000.00","status":"credit","created_at":"2016-08-09T17:00:00Z"},
        {"reference_no":"1e4d9943929504","type":"Payout","amount":"45000.00","status":"debit"},{"type":"Fee","amount":"2500.25"}]"#;
    let updated = r#"{"status":"updated"}"#;
    let (payouts, script) =
        telling(vec![(200, banks), (200, saved), (200, lines), (200, updated), (200, "<html>"), (200, "{}")]).await;
    let banks = payouts.banks().await.unwrap();
    assert_eq!(banks.iter().map(|b| b.name.as_str()).collect::<Vec<_>>(), ["BPD Jawa Timur", "ovo"]);
    assert_eq!(payouts.beneficiaries().await.unwrap()[0].account.as_deref(), Some("1172993826"));
    let (from, to) = ("2016-08-01".parse().unwrap(), "2016-08-31".parse().unwrap());
    let lines = payouts.statements(from, to).await.unwrap();
    assert_eq!((&lines[0].kind, &lines[0].direction), (&StatementKind::Topup, &Direction::Credit));
    assert_eq!(lines[1].reference_no.as_deref(), Some("1e4d9943929504"));
    assert_eq!((&lines[2].kind, lines[2].amount), (&StatementKind::Fee, Some(Sen(250_025))));
    payouts.update_beneficiary(&Alias::parse("sitilama").unwrap(), &siti(), &key()).await.unwrap();
    let seen = script.last();
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("PATCH", "/iris/api/v1/beneficiaries/sitilama"));
    assert_eq!(seen.body["alias_name"], "sitibri");
    assert!(matches!(payouts.beneficiaries().await, Err(Error::Unparsable { .. })));
    assert!(matches!(payouts.beneficiaries().await, Err(Error::Unparsable { .. })));
}

#[actix_web::test]
async fn no_key_is_ever_printed() {
    let payouts = at("http://127.0.0.1:9");
    let error = payouts.ping().await.unwrap_err();
    let otp = Otp::new("335163");
    for shown in [format!("{payouts:?}"), format!("{error:?}"), error.to_string(), format!("{otp:?}")] {
        assert!(!shown.contains("TESTKEY") && !shown.contains("Basic") && !shown.contains("335163"), "{shown}");
    }
}

fn opened(body: &str, key: &str) -> Result<PayoutNotification, PayoutNotificationError> {
    let signature = payout_signature(body.as_bytes(), &MerchantKey::new(key));
    PayoutNotification::open(body.as_bytes(), &signature, &[MerchantKey::new("old"), MerchantKey::new(MERCHANT)])
}

#[test]
fn a_notification_is_read_only_when_all_of_it_is_signed() {
    let vector: Value = data("signature_vectors.json")["iris"].clone();
    let (body, signature) = (text(&vector, "raw_body").as_bytes(), text(&vector, "Iris-Signature"));
    let key = MerchantKey::new(text(&vector, "merchant_key"));
    assert_eq!(payout_signature(body, &key), signature);
    let keys = [MerchantKey::new("old"), key];
    let Ok(PayoutNotification::Payout(notice)) = PayoutNotification::open(body, signature, &keys) else {
        panic!("a signed notification is refused");
    };
    assert_eq!((notice.reference_no, notice.status), (reference(), PayoutStatus::Completed));
    assert_eq!((notice.amount, notice.fault), (Some(Rupiah(100_000)), None));
    assert_eq!(notice.updated_at, "2026-01-01T00:00:05Z".parse().ok());

    let forged = Err(PayoutNotificationError::Forged);
    let changed = text(&vector, "raw_body").replace("completed", "failed");
    assert_eq!(PayoutNotification::open(changed.as_bytes(), signature, &keys), forged);
    let spaced = text(&vector, "raw_body").replace(",", ", ");
    assert_eq!(PayoutNotification::open(spaced.as_bytes(), signature, &keys), forged);
    assert_eq!(PayoutNotification::open(body, &signature[..127], &keys), forged);
    assert_eq!(PayoutNotification::open(body, &signature.to_uppercase(), &keys), forged);
    assert_eq!(PayoutNotification::open(body, "", &keys), forged);
    assert_eq!(PayoutNotification::open(body, signature, &keys[..1]), forged);
    assert_eq!(PayoutNotification::open(body, signature, &[]), forged);
}

#[test]
fn a_notification_tells_why_a_payout_failed_or_what_came_in() {
    let failed = r#"{"reference_no":"21b6d59f9414b2636b","amount":"10000.00","status":"FAILED","updated_at":"2018-07-23T10:23:31Z",
        "error_code":"002","error_message":"Invalid destination account number","new":[]}"#;
    let Ok(PayoutNotification::Payout(notice)) = opened(failed, MERCHANT) else { panic!("not read") };
    assert_eq!((notice.status, notice.fault), (PayoutStatus::Failed, Some(PayoutFault::AccountNumber)));
    assert_eq!(notice.error_message.as_deref(), Some("Invalid destination account number"));

    let top_up = r#"{"transaction_id":"t1","order_id":"o1","gross_amount":"300000.00","status":"topup"}"#;
    let Ok(PayoutNotification::TopUp(top_up)) = opened(top_up, MERCHANT) else { panic!("not read") };
    assert_eq!((top_up.amount, top_up.order_id.as_deref()), (Some(Rupiah(300_000)), Some("o1")));

    assert_eq!(opened("{}", "not ours"), Err(PayoutNotificationError::Forged));
    assert_eq!(opened("", MERCHANT), Err(PayoutNotificationError::NotJson));
    assert_eq!(opened("[]", MERCHANT), Err(PayoutNotificationError::NotJson));
    assert_eq!(opened("{}", MERCHANT), Err(PayoutNotificationError::Missing("status")));
    let nameless = r#"{"status":"completed","reference_no":"../1"}"#;
    assert_eq!(opened(nameless, MERCHANT), Err(PayoutNotificationError::Missing("reference_no")));
    assert_eq!(opened(&" ".repeat(70_000), MERCHANT), Err(PayoutNotificationError::TooLarge(70_000)));
}
