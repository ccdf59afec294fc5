//! Answers and notifications of Core, field by field.
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha512};

use super::{
    book::Book,
    dice::Dice,
    keys::Keys,
    manner::{Manner, Signature, overlay},
    method::{Bank, Method},
    numbers::BILLER_CODE,
    refund::Refund,
    transaction::{State, Transaction, clock_text},
};

/// An answer of Core: its code is the business result, told in the body.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Reply {
    pub code: u16,
    pub body: Value,
}

impl Reply {
    /// A success; ending a payment answers 407 and is one.
    pub fn is_success(&self) -> bool {
        matches!(self.code, 200..=299 | 407)
    }

    fn with(code: u16, message: &str, mut body: Map<String, Value>) -> Self {
        body.insert("status_code".into(), code.to_string().into());
        body.insert("status_message".into(), message.into());
        Self { code, body: Value::Object(body) }
    }

    /// A refusal in Midtrans' own words.
    pub fn refused(code: u16) -> Self {
        let message = match code {
            401 => "Transaction cannot be authorized with the current client/server key.",
            402 => "Payment channel is not activated.",
            404 => "Transaction doesn't exist.",
            406 => {
                "The request could not be completed due to a conflict with the current state of the target resource, \
                 please try again"
            }
            412 => "Merchant cannot modify the status of the transaction",
            503 => "Sorry, the bank cannot be reached at the moment. Please try again.",
            413 => "The request cannot be processed due to malformed syntax in the request body",
            _ => "Sorry, we encountered internal server error. We will fix this soon.",
        };
        Self::told(code, message)
    }

    /// A refusal in other words than the usual ones of its code.
    pub fn told(code: u16, message: &str) -> Self {
        Self::with(code, message, Map::new())
    }

    /// A refusal carries an id of its own, by which it can be asked about; a wrong key gets none.
    pub fn numbered(mut self, dice: &Dice) -> Self {
        if !self.is_success() && self.code != 401 && self.body.get("transaction_id").is_none() {
            self.body["id"] = dice.uuid("refusal").to_string().into();
        }
        self
    }

    /// What was done to a transaction.
    pub fn about(transaction: &Transaction, keys: &Keys, code: u16, message: &str) -> Self {
        let mut body = describe(transaction, keys);
        if let Some(fraud) = transaction.overlay.get("fraud_status") {
            body.insert("fraud_status".into(), fraud.clone());
        }
        Self::with(code, message, body)
    }

    /// 400, with everything that is wrong.
    pub fn invalid(messages: Vec<String>) -> Self {
        let mut body = Map::new();
        body.insert("validation_messages".into(), json!(messages));
        Self::with(400, "One or more parameters in the payload is invalid.", body)
    }

    /// A transaction has been made.
    pub fn charged(transaction: &Transaction, keys: &Keys, mount: &str) -> Self {
        let message = match transaction.method {
            Method::Qris => "QRIS transaction is created",
            Method::Va(Bank::Permata) => "Success, PERMATA VA transaction is successful",
            Method::Va(_) => "Success, Bank Transfer transaction is created",
            Method::Bill => "OK, Mandiri Bill transaction is successful",
            Method::Gopay => "GoPay transaction is created",
            Method::Shopeepay => "ShopeePay transaction is created",
        };
        let mut body = describe(transaction, keys);
        if let Some(code) = &transaction.qr_string {
            body.insert("qr_string".into(), code.as_str().into());
        }
        let actions = actions(transaction, mount);
        if !actions.is_empty() {
            body.insert("actions".into(), actions.into());
        }
        Self::with(201, message, body)
    }

    /// How a transaction stands, as Get Status tells it: on an untidy day not as it should.
    pub fn status(transaction: &Transaction, book: &Book) -> Self {
        Self::standing(transaction, book, |body| book.chaos.dress(body))
    }

    /// How a transaction really stands.
    pub fn truth(transaction: &Transaction, book: &Book) -> Self {
        Self::standing(transaction, book, |_| {})
    }

    fn standing(transaction: &Transaction, book: &Book, dress: impl Fn(&mut Map<String, Value>)) -> Self {
        let code = code(transaction, transaction.state.status_code());
        let mut reply = Self::with(code, "Success, transaction is found", describe(transaction, &book.keys));
        if let Value::Object(body) = &mut reply.body {
            dress(body);
            overlay(body, &transaction.overlay);
            if !transaction.overlay.contains_key("signature_key") {
                sign(body, &book.keys.server);
            }
        }
        reply.code = reply.body["status_code"].as_str().and_then(|code| code.parse().ok()).unwrap_or(code);
        reply
    }

    /// The same with the transaction's id where the order's should stand, signed like that.
    pub fn with_id_for_order(mut self, key: &str) -> Self {
        if let Value::Object(body) = &mut self.body {
            let id = body.get("transaction_id").cloned().unwrap_or_default();
            body.insert("order_id".into(), id);
            sign(body, key);
        }
        self
    }

    /// A transaction has been closed on request.
    pub fn closed(transaction: &Transaction, keys: &Keys) -> Self {
        let message = match transaction.state {
            State::Expire => "Success, transaction has expired",
            _ => "Success, transaction is canceled",
        };
        Self::with(transaction.state.status_code(), message, describe(transaction, keys))
    }
}

/// The body of a notification, as it is true now, or as somebody wants it to look.
pub(super) fn notice(transaction: &Transaction, manner: &Manner, book: &Book) -> String {
    let code = code(transaction, transaction.state.notice_code());
    let mut reply = Reply::with(code, "midtrans payment notification", describe(transaction, &book.keys));
    if let Value::Object(body) = &mut reply.body {
        book.chaos.dress(body);
        overlay(body, &transaction.overlay);
        overlay(body, &manner.tamper);
        match manner.signature {
            Signature::Forged => sign(body, "SB-Mid-server-palsu"),
            Signature::Valid if manner.tamper.contains_key("signature_key") => {}
            Signature::Valid => sign(body, &book.keys.server),
        }
    }
    reply.body.to_string()
}

/// A card that was taken but is under suspicion is told as waiting.
fn code(transaction: &Transaction, usual: u16) -> u16 {
    if transaction.state == State::Capture && transaction.is_challenged() { 201 } else { usual }
}

fn describe(transaction: &Transaction, keys: &Keys) -> Map<String, Value> {
    let bill = &transaction.bill;
    let settled = transaction.settled_at;
    let (issuer, on_us) = transaction.issuer();
    let paid_by_wallet =
        |value: &str| (transaction.method == Method::Qris && settled.is_some()).then(|| Value::from(value));
    let va = transaction.va_number.as_deref();
    let [first, second, third] = &bill.custom_fields;
    let fields = [
        ("transaction_id", Some(transaction.id.as_str().into())),
        ("order_id", Some(bill.order_id.as_str().into())),
        ("merchant_id", Some(keys.merchant_id.as_str().into())),
        ("gross_amount", Some(transaction.gross_amount().into())),
        ("currency", Some("IDR".into())),
        ("payment_type", Some(transaction.method.payment_type().into())),
        ("transaction_time", Some(clock_text(transaction.created_at).into())),
        ("transaction_status", Some(transaction.state.word().into())),
        ("fraud_status", Some("accept".into())),
        ("expiry_time", Some(clock_text(transaction.expires_at).into())),
        ("settlement_time", settled.map(|at| clock_text(at).into())),
        ("acquirer", transaction.acquirer.as_deref().map(Value::from)),
        ("issuer", paid_by_wallet(issuer)),
        ("transaction_type", paid_by_wallet(on_us)),
        ("merchant_cross_reference_id", paid_by_wallet(&transaction.id)),
        ("custom_field1", first.as_deref().map(Value::from)),
        ("custom_field2", second.as_deref().map(Value::from)),
        ("custom_field3", third.as_deref().map(Value::from)),
        ("metadata", metadata(transaction)),
        ("bill_key", transaction.bill_key.as_deref().map(Value::from)),
        ("biller_code", transaction.bill_key.as_ref().map(|_| BILLER_CODE.into())),
    ];
    let mut body: Map<String, Value> =
        fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    match (transaction.method, va) {
        (Method::Va(Bank::Permata), Some(number)) => {
            body.insert("permata_va_number".into(), number.into());
        }
        (Method::Va(bank), Some(number)) => {
            body.insert("va_numbers".into(), json!([{"bank": bank.name(), "va_number": number}]));
            let paid = settled.map(|at| json!({"paid_at": clock_text(at), "amount": transaction.gross_amount()}));
            body.insert("payment_amounts".into(), paid.into_iter().collect());
        }
        _ => {}
    }
    if !transaction.refunds.is_empty() {
        body.insert("refund_amount".into(), format!("{}.00", transaction.refunded()).into());
        body.insert("refunds".into(), transaction.refunds.iter().map(Refund::told).collect());
    }
    body
}

/// What the shop said, and where a larger amount comes from.
fn metadata(transaction: &Transaction) -> Option<Value> {
    let said = transaction.bill.metadata.clone();
    if transaction.fee == 0 {
        return said;
    }
    let mut all = said.and_then(|said| said.as_object().cloned()).unwrap_or_default();
    let explained = json!({"gross_amount_info": {
        "original_amount": format!("{}.00", transaction.bill.gross),
        "gross_amount": transaction.gross_amount(),
        "customer_imposed_payment_fee": format!("{}.00", transaction.fee),
    }});
    all.insert("extra_info".into(), explained);
    Some(all.into())
}

fn actions(transaction: &Transaction, mount: &str) -> Vec<Value> {
    let id = &transaction.id;
    let action = |name: &str, method: &str, path: String| json!({"name": name, "method": method, "url": format!("{mount}/{path}")});
    let code = || action("generate-qr-code", "GET", format!("v2/qris/{id}/qr-code"));
    let newer = || action("generate-qr-code-v2", "GET", format!("v4/qris/{id}/qr-code"));
    let app = || action("deeplink-redirect", "GET", format!("bayar/{id}"));
    match transaction.method {
        Method::Qris => vec![code(), newer()],
        Method::Gopay => vec![
            code(),
            newer(),
            app(),
            action("get-status", "GET", format!("v2/{id}/status")),
            action("cancel", "POST", format!("v2/{id}/cancel")),
        ],
        Method::Shopeepay => vec![app()],
        Method::Va(_) | Method::Bill => vec![],
    }
}

/// Signs a body: lower-case hex SHA-512 over order id, code, amount and key, each as it stands there.
fn sign(body: &mut Map<String, Value>, key: &str) {
    let text = |field: &str| match body.get(field) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let signed = format!("{}{}{}{key}", text("order_id"), text("status_code"), text("gross_amount"));
    body.insert("signature_key".into(), hex_sha512(signed.as_bytes()).into());
}

pub(super) fn hex_sha512(bytes: &[u8]) -> String {
    Sha512::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
