//! Giving money back, and what may come of it.
//!
//! Source: Midtrans' pages "Refund Transactions" and "Direct Refund Transaction" (April 2026).
use entity::Rupiah;
use serde_json::{Value, json};

use super::answer::Answer;
use super::purchase::cut;
use super::retry::Answered;
use super::{BuildError, Error, RefundKey, Status, lenient};

const REASON_CHARS: usize = 255;

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
    /// When this key was sent before, also: given back already. Read `Status::refund` first.
    NotAllowed {
        /// In Midtrans' words.
        message: String,
    },
    /// Code 414: more than is left of the payment, or than our balance at Midtrans. When this key was sent before, also:
    /// given back already. Read `Status::refund` first.
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

impl Answered<RefundOutcome> {
    /// After a try that may have worked, "not allowed" and "too much" may only say that the money is back already. Then
    /// the lost try is told, which sends the caller to the status, and not a no.
    pub(super) fn settled(self) -> Result<RefundOutcome, Error> {
        match (self.answer, self.perhaps_done) {
            (RefundOutcome::NotAllowed { .. } | RefundOutcome::AmountOrFunds { .. }, Some(lost)) => Err(lost),
            (outcome, _) => Ok(outcome),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::wire::Raw;
    use super::{Answer, BuildError, Error, RefundKey, RefundOutcome, RefundRequest, Rupiah};

    fn outcome(body: Value) -> Result<RefundOutcome, Error> {
        Answer::parse(&Raw { http: 200, bytes: body.to_string().into() }).and_then(RefundOutcome::read)
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
}
