//! Money given back: asked for, then confirmed by the bank a little later, each told once.
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    answers::Reply,
    bill,
    dice::Dice,
    door::Call,
    idempotency::once,
    manner::Manner,
    method::Method,
    state::Desk,
    transaction::{State, Transaction, clock_text},
};

const MAX_REASON: usize = 255;

/// What the bank says when it is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Bank {
    #[default]
    Approves,
    Denies,
    /// There is not enough on the merchant's account.
    Short,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Refund {
    pub key: String,
    pub number: u64,
    pub amount: i64,
    pub reason: Option<String>,
    pub created_at: DateTime<Utc>,
    pub confirmed_at: Option<DateTime<Utc>>,
}

impl Refund {
    /// As `refunds` lists it.
    pub fn told(&self) -> Value {
        let mut body = json!({
            "refund_chargeback_id": self.number,
            "refund_amount": format!("{}.00", self.amount),
            "created_at": clock_text(self.created_at),
            "refund_key": self.key,
            "refund_method": "online",
        });
        if let Some(reason) = &self.reason {
            body["reason"] = reason.as_str().into();
        }
        if let Some(at) = self.confirmed_at {
            body["bank_confirmed_at"] = clock_text(at).into();
        }
        body
    }
}

/// What is asked for.
struct Wish {
    key: String,
    amount: i64,
    reason: Option<String>,
}

/// `POST /v2/{id}/refund` and `/refund/online/direct`.
pub(super) fn refund(desk: &mut Desk, id: &str, body: &Value, call: &Call) -> Reply {
    once(desk, call.key.as_deref(), |desk| {
        let Some(at) = desk.book.find(id) else { return Reply::refused(404) };
        let Some(transaction) = desk.book.at(at) else { return Reply::refused(404) };
        let wish = match judge(transaction, body, desk.now, &desk.book.dice) {
            Ok(wish) => wish,
            Err(refusal) => return refusal,
        };
        match transaction.bank {
            Bank::Approves => give(desk, at, wish),
            Bank::Denies => answer(transaction, desk, 202, "Refund denied by the bank", &wish.key, 0),
            Bank::Short => Reply::told(414, "Refund request is rejected due to insufficient merchant balance"),
        }
    })
}

fn judge(transaction: &Transaction, body: &Value, now: DateTime<Utc>, dice: &Dice) -> Result<Wish, Reply> {
    let key = match &body["refund_key"] {
        Value::Null => dice.uuid("refund key").to_string(),
        Value::String(key) if is_key(key) => key.clone(),
        _ => return Err(Reply::invalid(vec!["refund_key format is invalid".into()])),
    };
    let reason = body["reason"].as_str().map(str::to_owned);
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > MAX_REASON) {
        return Err(Reply::invalid(vec![format!("reason length must be less than or equal to {MAX_REASON}")]));
    }
    // First of all: a second call after a lost answer must find the first one, whatever became of the transaction.
    if transaction.refunds.iter().any(|refund| refund.key == key) {
        return Err(Reply::told(406, "Duplicate refund ID"));
    }
    let settled = transaction
        .settled_at
        .filter(|_| matches!(transaction.state, State::Settlement | State::PartialRefund | State::Refund));
    let (Some(settled), Some(days)) = (settled, window(transaction)) else { return Err(Reply::refused(412)) };
    if now - settled > Duration::days(days) {
        return Err(Reply::told(412, "Payment Provider doesn't allow refund within this time"));
    }
    let left = transaction.refundable();
    let amount = match &body["amount"] {
        Value::Null => left,
        amount => bill::whole(amount).unwrap_or(0),
    };
    let is_partial = amount < transaction.bill.gross;
    if !(1..=left).contains(&amount) || (is_partial && transaction.method == Method::Shopeepay) {
        return Err(Reply::told(414, "Refund request is rejected due to invalid amount"));
    }
    Ok(Wish { key, amount, reason })
}

fn is_key(key: &str) -> bool {
    (1..=50).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// For how many days after the payment money can go back by itself; from a bank account never.
fn window(transaction: &Transaction) -> Option<i64> {
    match transaction.method {
        Method::Qris if transaction.is_off_us() => Some(7),
        Method::Qris | Method::Gopay => Some(45),
        Method::Shopeepay => Some(365),
        Method::Va(_) | Method::Bill => None,
    }
}

fn give(desk: &mut Desk, at: usize, wish: Wish) -> Reply {
    let now = desk.now;
    desk.book.give_back(at, wish.amount, wish.key.clone(), wish.reason, now);
    let rest = desk.book.at(at).map_or(0, Transaction::refundable);
    let state = if rest == 0 { State::Refund } else { State::PartialRefund };
    // A second part leaves the status where it was and is told all the same.
    if !desk.book.force(at, state, false, now, &Manner::default()) {
        desk.book.reckon(at, now);
        desk.book.tell(at, &Manner::default(), now);
    }
    match desk.book.at(at) {
        Some(transaction) => {
            answer(transaction, desk, 200, "Success, refund request is approved", &wish.key, wish.amount)
        }
        None => Reply::refused(500),
    }
}

fn answer(transaction: &Transaction, desk: &Desk, code: u16, message: &str, key: &str, amount: i64) -> Reply {
    let mut reply = Reply::about(transaction, &desk.book.keys, code, message);
    let number = transaction.refunds.iter().find(|refund| refund.key == key).map_or(0, |refund| refund.number);
    reply.body["refund_chargeback_id"] = number.into();
    reply.body["refund_amount"] = format!("{amount}.00").into();
    reply.body["refund_key"] = key.into();
    reply
}
