//! Money given back, as a status or a notification tells it: often in more than one line.
use chrono::{DateTime, Utc};
use entity::Rupiah;
use serde_json::Value;

use super::lenient;

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
    use serde_json::json;

    use super::{Refund, Rupiah};

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
