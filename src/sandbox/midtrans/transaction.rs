//! One transaction: what it is and what may still happen to it.
use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub(super) use super::standing::State;
use super::{
    bill::{self, Bill},
    dial::Dial,
    event::Route,
    method::Method,
    refund::{self, Refund},
};

/// One try at paying one bill one way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Transaction {
    pub id: String,
    pub bill: Bill,
    pub method: Method,
    pub state: State,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
    pub qr_string: Option<String>,
    pub va_number: Option<String>,
    pub bill_key: Option<String>,
    pub acquirer: Option<String>,
    pub snap_token: Option<String>,
    pub route: Route,
    /// What is laid over the status answer and the notifications.
    #[serde(default)]
    pub overlay: Map<String, Value>,
    /// What the buyer pays on top.
    #[serde(default)]
    pub fee: i64,
    /// What the merchant's wallet holds of it.
    #[serde(default)]
    pub booked: i64,
    #[serde(default)]
    pub refunds: Vec<Refund>,
    #[serde(default)]
    pub status_answer: Dial,
    /// What the bank says to a refund.
    #[serde(default)]
    pub bank: refund::Bank,
}

impl Transaction {
    /// Whether it waits although its time is over.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.state.is_open() && self.expires_at <= now
    }

    /// Whether a buyer, the shop or the clock may move it there; the bank may do anything.
    pub fn may_become(&self, state: State) -> bool {
        self.state.is_open() || (self.state == State::Capture && matches!(state, State::Cancel | State::Settlement))
    }

    /// Whether the fraud check has doubts; only an order from a test can make it so.
    pub fn is_challenged(&self) -> bool {
        self.overlay.get("fraud_status").and_then(Value::as_str) == Some("challenge")
    }

    /// Whether another wallet than the acquirer's own paid.
    pub fn is_off_us(&self) -> bool {
        self.overlay.get("transaction_type").and_then(Value::as_str).unwrap_or(self.issuer().1) == "off-us"
    }

    /// What has gone back so far.
    pub fn refunded(&self) -> i64 {
        self.refunds.iter().map(|refund| refund.amount).sum()
    }

    /// What the merchant should have of it now, as it is told.
    pub fn held(&self) -> i64 {
        if !matches!(self.state, State::Settlement | State::PartialRefund | State::PartialChargeback) {
            return 0;
        }
        let gross = self.overlay.get("gross_amount").and_then(bill::whole).unwrap_or(self.bill.gross + self.fee);
        let back = match self.overlay.get("refunds").and_then(Value::as_array) {
            Some(told) => told.iter().filter_map(|refund| bill::whole(&refund["refund_amount"])).sum(),
            None => self.refunded(),
        };
        gross - back
    }

    /// What could still go back.
    pub fn refundable(&self) -> i64 {
        self.bill.gross - self.refunded()
    }

    /// The amount as every answer writes it.
    pub fn gross_amount(&self) -> String {
        format!("{}.00", self.bill.gross + self.fee)
    }

    /// Whose wallet pays, and whether it is the acquirer's own. Varies from one transaction to the next.
    pub fn issuer(&self) -> (&'static str, &'static str) {
        match self.id.bytes().map(usize::from).sum::<usize>() % 4 {
            0 => ("gopay", "on-us"),
            1 => ("dana", "off-us"),
            2 => ("bri", "off-us"),
            _ => ("ovo", "off-us"),
        }
    }
}

/// The local time of Jakarta, without saying so.
pub(super) fn jakarta(at: DateTime<Utc>, format: &str) -> String {
    match FixedOffset::east_opt(7 * 3600) {
        Some(zone) => at.with_timezone(&zone).format(format).to_string(),
        None => at.format(format).to_string(),
    }
}

/// As every answer writes a time.
pub(super) fn clock_text(at: DateTime<Utc>) -> String {
    jakarta(at, "%Y-%m-%d %H:%M:%S")
}
