//! Money out: a creator prepares, an approver lets go, the bank does it, and may change its mind.
use chrono::Duration;
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use super::shop::{Received, Shop};

/// Two people with a key each.
struct Office {
    shop: Shop,
    creator: String,
    approver: String,
}

impl Office {
    async fn open() -> Self {
        let shop = Shop::open().await;
        let (_, keys) = shop.call(reqwest::Method::GET, "/key", "", "").await;
        let key = |name: &str| keys[name].as_str().unwrap().to_owned();
        Self { creator: key("iris_creator_key"), approver: key("iris_approver_key"), shop }
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.shop.call(reqwest::Method::GET, &format!("/iris/api/v1{path}"), &self.creator, "").await
    }

    async fn post(&self, key: &str, path: &str, body: Value) -> (u16, Value) {
        self.shop.call(reqwest::Method::POST, &format!("/iris/api/v1{path}"), key, &body.to_string()).await
    }

    async fn queue(&self, account: &str, amount: &str) -> String {
        let (http, answer) = self.post(&self.creator, "/payouts", payouts(account, amount)).await;
        assert_eq!((http, &answer["payouts"][0]["status"]), (201, &json!("queued")), "{answer}");
        answer["payouts"][0]["reference_no"].as_str().unwrap().to_owned()
    }

    async fn approve(&self, reference_no: &str) -> u16 {
        self.post(&self.approver, "/payouts/approve", json!({"reference_nos": [reference_no], "otp": "335163"})).await.0
    }

    async fn status(&self, reference_no: &str) -> String {
        self.get(&format!("/payouts/{reference_no}")).await.1["status"].as_str().unwrap().to_owned()
    }

    async fn balance(&self) -> String {
        self.get("/balance").await.1["balance"].as_str().unwrap().to_owned()
    }

    fn is_signed(&self, received: &Received) -> bool {
        let signed = [&received.body[..], self.creator.as_bytes()].concat();
        let expected: String = Sha512::digest(&signed).iter().map(|byte| format!("{byte:02x}")).collect();
        received.iris_signature.as_deref() == Some(expected.as_str())
    }
}

fn payouts(account: &str, amount: &str) -> Value {
    json!({"payouts": [{
        "beneficiary_name": "Siti Aminah", "beneficiary_account": account, "beneficiary_bank": "bri",
        "beneficiary_email": "siti@example.com", "amount": amount, "notes": "Hasil jual besek Jan",
    }]})
}

fn statuses(mail: &[Received]) -> Vec<String> {
    let word = |r: &Received| serde_json::from_slice::<Value>(&r.body).unwrap()["status"].as_str().unwrap().to_owned();
    mail.iter().map(word).collect()
}

#[actix_web::test]
async fn a_payout_goes_its_way_and_each_step_is_told_and_signed() {
    let office = Office::open().await;
    let before = office.balance().await;
    assert_eq!(before, "100000000.0");
    let payout = office.queue("1172993826", "100000.00").await;
    assert_eq!(office.balance().await, before);
    assert_eq!(office.approve(&payout).await, 202);
    assert_eq!((office.status(&payout).await.as_str(), office.balance().await.as_str()), ("approved", "99900000.0"));
    assert_eq!(office.approve(&payout).await, 400);
    office.shop.wait(Duration::minutes(2));
    assert_eq!(office.status(&payout).await, "completed");
    let mail = office.shop.mail().await;
    assert_eq!(statuses(&mail), ["approved", "processed", "completed"]);
    assert!(mail.iter().all(|received| received.path == "/midtrans/payout" && office.is_signed(received)));

    // The bank returns it: owed again, and the money is back.
    let failed = json!({"status": "failed", "error_code": "003", "error_message": "Nama tidak cocok"});
    let told = office.shop.set(json!({"reference_no": payout, "set": failed})).await;
    assert_eq!((&told["payout"]["status"], &told["payout"]["error_code"]), (&json!("failed"), &json!("003")));
    assert_eq!((office.status(&payout).await.as_str(), office.balance().await), ("failed", before));
    let mail = office.shop.mail().await;
    let body: Value = serde_json::from_slice(&mail[0].body).unwrap();
    assert_eq!((&body["status"], &body["error_message"]), (&json!("failed"), &json!("Nama tidak cocok")));
    let moved = office.get("/statements").await.1;
    assert_eq!((&moved[0]["status"], &moved[1]["status"]), (&json!("debit"), &json!("credit")));
    assert_eq!(office.get("/statements?from_date=2026-01-02&to_date=2026-01-31").await.1, json!([]));

    office.shop.set(json!({"reference_no": payout, "notify": {"times": 2, "signature": "forged"}})).await;
    let mail = office.shop.mail().await;
    assert_eq!(mail.len(), 2);
    assert!(!office.is_signed(&mail[0]));
}

#[actix_web::test]
async fn each_key_opens_its_own_doors() {
    let office = Office::open().await;
    let payout = office.queue("1172993826", "100000.00").await;
    let decision = json!({"reference_nos": [payout], "reject_reason": "rekening salah"});
    for path in ["/payouts/approve", "/payouts/reject"] {
        assert_eq!(office.post(&office.creator, path, decision.clone()).await.0, 401);
    }
    assert_eq!(office.post(&office.approver, "/payouts", payouts("1172993826", "1.00")).await.0, 401);
    assert_eq!(office.post("lain", "/payouts", payouts("1172993826", "1.00")).await.0, 401);
    assert_eq!(office.post(&office.approver, "/beneficiaries", json!({})).await.0, 401);
    assert_eq!(office.status(&payout).await, "queued");
    assert_eq!(office.post(&office.approver, "/payouts/reject", decision).await, (202, json!({"status": "ok"})));
    assert_eq!(office.status(&payout).await, "rejected");
    assert_eq!(office.balance().await, "100000000.0");
}

#[actix_web::test]
async fn payouts_that_cannot_be_are_refused_whole() {
    let office = Office::open().await;
    for (account, amount) in [("117", "1.00"), ("1172993826", "1.50"), ("1172993826", "0.00"), ("1172993826", "x")] {
        let (http, answer) = office.post(&office.creator, "/payouts", payouts(account, amount)).await;
        assert_eq!(http, 400, "{answer}");
        assert!(answer["errors"]["0"][0].is_string(), "{answer}");
    }
    let decide = async |numbers: Value| {
        office.post(&office.approver, "/payouts/approve", json!({"reference_nos": numbers})).await.0
    };
    let payout = office.queue("1172993826", "100000.00").await;
    assert_eq!(decide(json!([])).await, 400);
    assert_eq!(decide(json!([payout, "tidak-ada"])).await, 404);
    assert_eq!(office.status(&payout).await, "queued");
    let large = office.queue("1172993826", "100000001.00").await;
    assert_eq!(decide(json!([large])).await, 400);
    // An account that does not exist fails at the bank, not before.
    let missing = office.queue("1172993000", "100000.00").await;
    assert_eq!(office.approve(&missing).await, 202);
    office.shop.wait(Duration::minutes(2));
    let (_, told) = office.get(&format!("/payouts/{missing}")).await;
    assert_eq!((&told["status"], &told["error_code"]), (&json!("failed"), &json!("001")));
    assert_eq!(office.get("/payouts/tidak-ada").await.0, 404);
    let (http, told) = office.shop.control(json!({"reference_no": "tidak-ada", "set": {"status": "failed"}})).await;
    assert_eq!(http, 404, "{told}");
}

#[actix_web::test]
async fn the_same_key_prepares_a_payout_once() {
    let office = Office::open().await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = async |amount: &str| {
        let url = format!("{}/sandbox/midtrans/iris/api/v1/payouts", office.shop.base);
        let request = client.post(url).basic_auth(&office.creator, Some("")).header("X-Idempotency-Key", "bayar-1");
        let answer = request.body(payouts("1172993826", amount).to_string()).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let first = ask("100000.00").await;
    assert_eq!(ask("100000.00").await, first);
    let (http, text) = ask("100001.00").await;
    assert_eq!(http, 400);
    assert!(text.contains("idempotency-key is not unique"), "{text}");
    // Forgotten at midnight in Greenwich.
    office.shop.wait(Duration::hours(21));
    assert_ne!(ask("100000.00").await, first);
}

#[actix_web::test]
async fn beneficiaries_are_kept_and_accounts_have_names() {
    let office = Office::open().await;
    let siti = json!({
        "name": "Siti Aminah", "account": "1172993826", "bank": "bri", "alias_name": "sitibri",
        "email": "siti@example.com",
    });
    let made = office.post(&office.creator, "/beneficiaries", siti.clone()).await;
    assert_eq!(made, (201, json!({"status": "created"})));
    let (http, twice) = office.post(&office.creator, "/beneficiaries", siti.clone()).await;
    assert_eq!((http, &twice["error_message"]), (400, &json!("An error occurred when creating beneficiary")));
    assert!(twice["errors"][0].as_str().unwrap().contains("has already been taken"));
    assert_eq!(office.get("/beneficiaries").await.1, json!([siti]));
    let path = "/iris/api/v1/beneficiaries/sitibri";
    let patch = json!({"name": "Siti Aminah Binti Ali"}).to_string();
    let patched = office.shop.call(reqwest::Method::PATCH, path, &office.creator, &patch).await;
    assert_eq!(patched, (200, json!({"status": "updated"})));
    let (_, whose) = office.get("/account_validation?bank=bri&account=1172993826").await;
    assert_eq!(whose["account_name"], "SITI AMINAH BINTI ALI");
    assert_eq!(office.get("/account_validation?bank=bri&account=1172993000").await.0, 400);
    assert_eq!(office.get("/account_validation?bank=bri&account=081234567890").await.0, 200);
    assert_eq!(office.get("/account_validation").await.0, 400);
    for bad in [json!({"account": "12"}), json!({"bank": "x"}), json!({"alias_name": "a b"}), json!({"name": ""})] {
        let mut body = siti.clone();
        body.as_object_mut().unwrap().extend(bad.as_object().unwrap().clone());
        assert_eq!(office.post(&office.creator, "/beneficiaries", body).await.0, 400, "{bad}");
    }
    let (_, banks) = office.get("/beneficiary_banks").await;
    assert!(banks["beneficiary_banks"].as_array().unwrap().iter().any(|bank| bank["code"] == "bri"));
    assert_eq!(office.get("/channels").await.0, 200);
    let (_, text) = office.shop.get("/iris/api/v1/ping").await;
    assert!(text.contains("denied"), "{text}");
}
