//! The list of what went into and out of the payout balance.
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::super::{Sen, lenient};

/// What a line is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementKind {
    /// Money we put in.
    Topup,
    /// Money to a beneficiary.
    Payout,
    /// What Midtrans takes for it.
    Fee,
    /// Money back from a payout that failed.
    Refund,
    /// A word we have not met, in lower case.
    Other(String),
}

/// Which way the money went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To us.
    Credit,
    /// From us.
    Debit,
    /// A word we have not met, in lower case.
    Other(String),
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    /// What it is about.
    pub kind: StatementKind,
    /// Which way.
    pub direction: Direction,
    /// How much; fees may have parts of a rupiah.
    pub amount: Option<Sen>,
    /// Which payout.
    pub reference_no: Option<String>,
    /// To whom.
    pub beneficiary_name: Option<String>,
    /// To which account.
    pub beneficiary_account: Option<String>,
    /// The bank, or where a top-up came in.
    pub account: Option<String>,
    /// When.
    pub created_at: Option<DateTime<Utc>>,
}

impl StatementLine {
    pub(super) fn read(body: &Value) -> Self {
        let text = |field| lenient::text(body, field);
        let word = |field| text(field).unwrap_or_default().trim().to_ascii_lowercase();
        let kind = match word("type").as_str() {
            "topup" => StatementKind::Topup,
            "payout" => StatementKind::Payout,
            "fee" => StatementKind::Fee,
            "refund" => StatementKind::Refund,
            other => StatementKind::Other(other.to_owned()),
        };
        let direction = match word("status").as_str() {
            "credit" => Direction::Credit,
            "debit" => Direction::Debit,
            other => Direction::Other(other.to_owned()),
        };
        Self {
            kind,
            direction,
            amount: text("amount").as_deref().and_then(Sen::parse),
            reference_no: text("reference_no"),
            beneficiary_name: text("beneficiary_name"),
            beneficiary_account: text("beneficiary_account"),
            account: text("account"),
            created_at: text("created_at").as_deref().and_then(lenient::time),
        }
    }
}
