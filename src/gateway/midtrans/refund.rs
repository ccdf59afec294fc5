//! Money given back. Every refund has a key of ours, so that the same refund can be asked for twice and is made once.
//!
//! Source: Midtrans' pages "Refund Transactions" and "Direct Refund Transaction" (April 2026).
use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use entity::Rupiah;
use serde_json::{Value, json};

use super::answer::Answer;
use super::purchase::cut;
use super::{BuildError, Error, Status, lenient};

const KEY_CHARS: usize = 50;
const REASON_CHARS: usize = 255;

/// Names one refund for good: 1 to 50 of `A-Z a-z 0-9 - _` (Midtrans documents the letters, not the length). After a
/// lost answer the same key may be sent again for seven days; a new key is a new refund.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RefundKey(String);

/// A key Midtrans would refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a refund key is 1 to 50 letters, digits, - or _")]
pub struct InvalidRefundKey;

impl RefundKey {
    /// Checks length and letters.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidRefundKey> {
        let text = text.into();
        let letters = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        if letters && (1..=KEY_CHARS).contains(&text.len()) { Ok(Self(text)) } else { Err(InvalidRefundKey) }
    }

    /// A fresh key. Store it before the call, or a lost answer cannot be asked for again.
    pub fn fresh() -> Self {
        Self(uuid::Uuid::new_v4().to_string())
    }

    /// The key as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RefundKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RefundKey {
    type Err = InvalidRefundKey;

    fn from_str(text: &str) -> Result<Self, InvalidRefundKey> {
        Self::parse(text)
    }
}

/// A refund that is ready to be asked for. The amount is always said: without one Midtrans would give back everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequest {
    refund_key: RefundKey,
    amount: Rupiah,
    reason: Option<String>,
}

impl RefundRequest {
    /// `amount` in whole rupiah, from 1 to what was paid and not yet given back; ShopeePay and OVO take only the whole.
    /// `BuildError::NoAmount` for less than one rupiah.
    pub fn new(refund_key: RefundKey, amount: Rupiah) -> Result<Self, BuildError> {
        if amount < Rupiah(1) {
            return Err(BuildError::NoAmount);
        }
        Ok(Self { refund_key, amount, reason: None })
    }

    /// Why, cut to 255 characters. GoPay shows it to the buyer.
    pub fn reason(mut self, reason: &str) -> Self {
        self.reason = Some(cut(reason, REASON_CHARS)).filter(|reason| !reason.is_empty());
        self
    }

    /// The key it goes by.
    pub fn refund_key(&self) -> &RefundKey {
        &self.refund_key
    }

    pub(super) fn body(&self) -> Value {
        let mut body = json!({"refund_key": self.refund_key.as_str(), "amount": self.amount});
        if let Some(reason) = &self.reason {
            body["reason"] = reason.as_str().into();
        }
        body
    }
}

/// What became of a refund. Failures that say nothing of the refund itself (no connection, a wrong key, 404) are `Error`s.
#[derive(Clone, Debug, PartialEq)]
pub enum RefundOutcome {
    /// Code 200: Midtrans will give the money back. The bank has done so only when `Refund::bank_confirmed_at` is there.
    Accepted(Box<AcceptedRefund>),
    /// Code 202: the bank says no. Nothing was given back, the transaction stays as it was.
    Denied {
        /// In Midtrans' words.
        message: String,
    },
    /// Code 406: this key came before. The first call may have worked: read `Status::refund` of the transaction.
    DuplicateKey,
    /// Code 412: not settled yet (cancel it instead), past the window of its method, or of a method that cannot refund.
    NotAllowed {
        /// In Midtrans' words.
        message: String,
    },
    /// Code 414: more than is left of the payment, or than our balance at Midtrans.
    AmountOrFunds {
        /// In Midtrans' words.
        message: String,
    },
}

/// A refund Midtrans has agreed to.
#[derive(Clone, Debug, PartialEq)]
pub struct AcceptedRefund {
    /// The key it goes by, as Midtrans repeats it.
    pub refund_key: Option<String>,
    /// Midtrans' number for it.
    pub refund_chargeback_id: Option<String>,
    /// One page says: of this refund; another: of all refunds together. To be sure read `Status::refund`.
    pub refund_amount: Option<Rupiah>,
    /// The transaction after it: `Refund` or `PartialRefund`.
    pub status: Status,
}

impl RefundOutcome {
    pub(super) fn read(answer: Answer) -> Result<Self, Error> {
        let status = match answer.core() {
            Ok(answer) => Status::read(answer.body),
            Err(Error::Duplicate) => return Ok(Self::DuplicateKey),
            Err(Error::Forbidden { message }) => return Ok(Self::NotAllowed { message }),
            Err(Error::RefundRejected { message }) => return Ok(Self::AmountOrFunds { message }),
            Err(error) => return Err(error),
        };
        let message = status.status_message.clone().unwrap_or_default();
        match status.status_code.as_str() {
            "200" => Ok(Self::Accepted(Box::new(AcceptedRefund {
                refund_key: lenient::text(&status.raw, "refund_key"),
                refund_chargeback_id: lenient::text(&status.raw, "refund_chargeback_id"),
                refund_amount: status.refund_amount,
                status,
            }))),
            // 202 is also the code of a call that is still running, and "denied" must never be said of one that may
            // yet succeed: the caller would refund again.
            "202" if status.refund_amount == Some(Rupiah::ZERO) || message.to_ascii_lowercase().contains("denied") => {
                Ok(Self::Denied { message })
            }
            "202" => Err(Error::InProgress),
            code => Err(Error::Refused { code: code.parse().unwrap_or_default(), message }),
        }
    }
}

/// One refund of a transaction, perhaps not yet confirmed by the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// The key we gave it.
    pub refund_key: Option<String>,
    /// How much, when it is whole rupiah.
    pub amount: Option<Rupiah>,
    /// Midtrans' number for it.
    pub refund_chargeback_id: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// `online` (by call) or `offline` (by hand).
    pub refund_method: Option<String>,
    /// When it was asked for.
    pub created_at: Option<DateTime<Utc>>,
    /// When the bank said yes; absent until then. Midtrans sends one notification without it and one with it.
    pub bank_confirmed_at: Option<DateTime<Utc>>,
}

impl Refund {
    fn read(body: &Value) -> Self {
        let text = |field| lenient::text(body, field);
        let time = |field| text(field).as_deref().and_then(lenient::time);
        Self {
            refund_key: text("refund_key"),
            amount: text("refund_amount").as_deref().and_then(lenient::rupiah),
            refund_chargeback_id: text("refund_chargeback_id"),
            reason: text("reason"),
            refund_method: text("refund_method"),
            created_at: time("created_at"),
            bank_confirmed_at: time("bank_confirmed_at"),
        }
    }

    /// Reads all refunds of a transaction; those that go by the same key are one, told in more than one line.
    pub(super) fn list(bodies: &[Value]) -> Vec<Self> {
        bodies.iter().map(Self::read).fold(Vec::new(), |mut merged: Vec<Self>, next| {
            match merged.iter_mut().find(|known| known.is(&next)) {
                Some(known) => known.merge(next),
                None => merged.push(next),
            }
            merged
        })
    }

    fn is(&self, other: &Self) -> bool {
        match (&self.refund_key, &other.refund_key) {
            (None, None) => {
                self.refund_chargeback_id.is_some() && self.refund_chargeback_id == other.refund_chargeback_id
            }
            (own, others) => own == others,
        }
    }

    /// What is said later counts, but nothing that was said is forgotten.
    fn merge(&mut self, later: Self) {
        let earlier = self.clone();
        *self = Self {
            refund_key: later.refund_key.or(earlier.refund_key),
            amount: later.amount.or(earlier.amount),
            refund_chargeback_id: later.refund_chargeback_id.or(earlier.refund_chargeback_id),
            reason: later.reason.or(earlier.reason),
            refund_method: later.refund_method.or(earlier.refund_method),
            created_at: later.created_at.or(earlier.created_at),
            bank_confirmed_at: later.bank_confirmed_at.or(earlier.bank_confirmed_at),
        };
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::wire::Raw;
    use super::{Answer, BuildError, Error, Refund, RefundKey, RefundOutcome, RefundRequest, Rupiah};

    fn outcome(body: Value) -> Result<RefundOutcome, Error> {
        Answer::parse(&Raw { http: 200, bytes: body.to_string().into() }).and_then(RefundOutcome::read)
    }

    #[test]
    fn a_key_that_would_be_refused_cannot_be_made() {
        for good in ["UEP-RF-1", "a_b", &"k".repeat(50), RefundKey::fresh().as_str()] {
            assert!(RefundKey::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "a.b", "a/b", "é", &"k".repeat(51)] {
            assert!(RefundKey::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_request_says_how_much_and_why() -> Result<(), Box<dyn std::error::Error>> {
        let key = RefundKey::parse("UEP-RF-1")?;
        assert_eq!(RefundRequest::new(key.clone(), Rupiah(0)), Err(BuildError::NoAmount));
        let request = RefundRequest::new(key, Rupiah(5_000))?;
        assert_eq!(request.body(), json!({"refund_key": "UEP-RF-1", "amount": 5000}));
        let long = request.reason(&"é".repeat(300)).body();
        assert_eq!(long["reason"].as_str().map(|reason| reason.chars().count()), Some(255));
        Ok(())
    }

    #[test]
    fn every_answer_to_a_refund_has_its_own_meaning() {
        let accepted = outcome(json!({
            "status_code": "200", "transaction_status": "partial_refund", "refund_key": "UEP-RF-1",
            "refund_chargeback_id": 47594, "refund_amount": "5000.00",
        }));
        let Ok(RefundOutcome::Accepted(refund)) = accepted else { panic!("{accepted:?}") };
        assert_eq!(refund.refund_chargeback_id.as_deref(), Some("47594"));
        assert_eq!((refund.refund_amount, refund.refund_key.as_deref()), (Some(Rupiah(5_000)), Some("UEP-RF-1")));

        let said = |code: &str, message: &str| outcome(json!({"status_code": code, "status_message": message}));
        assert!(matches!(said("202", "Refund denied by the bank"), Ok(RefundOutcome::Denied { .. })));
        assert!(matches!(said("406", "Duplicate refund ID"), Ok(RefundOutcome::DuplicateKey)));
        assert!(matches!(said("412", "Merchant cannot modify"), Ok(RefundOutcome::NotAllowed { .. })));
        assert!(matches!(said("414", "invalid amount"), Ok(RefundOutcome::AmountOrFunds { .. })));
        assert!(matches!(said("404", "Transaction doesn't exist."), Err(Error::NotFound)));
        assert!(matches!(said("401", "Unknown"), Err(Error::Unauthorized)));
        assert!(matches!(said("407", "Expired"), Err(Error::Refused { code: 407, .. })));
        // Not a denial: nothing says that the bank refused.
        assert!(matches!(said("202", "Request is being processed"), Err(Error::InProgress)));
        let zero = json!({"status_code": "202", "transaction_status": "settlement", "refund_amount": "0.00"});
        assert!(matches!(outcome(zero), Ok(RefundOutcome::Denied { .. })));
    }

    #[test]
    fn lines_of_the_same_refund_are_one_refund() {
        let refunds = Refund::list(&[
            json!({"refund_key": "A", "refund_amount": "5000.00", "refund_chargeback_id": 1, "reason": "rusak"}),
            json!({"refund_key": "B", "refund_amount": "7000.00", "refund_method": "offline", "reason": ""}),
            json!({"refund_key": "A", "refund_amount": 5000, "bank_confirmed_at": "2026-01-02 09:00:07"}),
            json!({"refund_chargeback_id": 9, "refund_amount": "1.00"}),
            json!({"refund_chargeback_id": "9", "refund_amount": "1.00"}),
            json!({"refund_amount": "1.00"}),
            json!({"refund_amount": "1.00"}),
        ]);
        assert_eq!(refunds.len(), 5);
        assert_eq!(refunds[0].reason.as_deref(), Some("rusak"));
        assert_eq!(refunds[0].bank_confirmed_at, "2026-01-02T02:00:07Z".parse().ok());
        assert_eq!((refunds[1].amount, refunds[1].bank_confirmed_at), (Some(Rupiah(7_000)), None));
        assert_eq!(refunds[1].refund_method.as_deref(), Some("offline"));
    }
}
