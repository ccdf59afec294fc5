//! Money given back: asked for, then confirmed by the bank a little later, each told once.
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::transaction::clock_text;

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
