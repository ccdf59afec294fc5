//! Where a payout stands.
use chrono::{DateTime, Utc};
use entity::Rupiah;
use serde_json::Value;

use super::super::{Error, lenient};
use super::{PayoutReference, answer};

/// The life of a payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayoutStatus {
    /// Waits for the approver.
    Queued,
    /// Released by the approver.
    Approved,
    /// Refused by the approver; final.
    Rejected,
    /// Sent to the bank.
    Processed,
    /// With the beneficiary, as far as the bank knows. The bank may still return it.
    Completed,
    /// Did not go through, or was returned; the money is owed again. Final.
    Failed,
    /// A word we have not met, in lower case; empty when the answer had none.
    Other(String),
}

impl PayoutStatus {
    /// Reads Midtrans' word, in any case.
    pub fn parse(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "queued" => Self::Queued,
            "approved" => Self::Approved,
            "rejected" => Self::Rejected,
            "processed" => Self::Processed,
            "completed" => Self::Completed,
            "failed" => Self::Failed,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The word Midtrans uses.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Queued => "queued",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Processed => "processed",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Other(word) => word,
        }
    }

    /// Whether nothing comes after it. `Completed` is not final: a bank may return the money.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Rejected | Self::Failed)
    }

    /// Whether `next` can come after it, directly or with steps between that nobody told us of. Notifications come twice
    /// and out of order: what cannot come after is old news.
    pub fn may_become(&self, next: &Self) -> bool {
        match (self.step(), next.step()) {
            (Some(now), Some(then)) => {
                then > now && !(*next == Self::Rejected && *self != Self::Queued) && !self.is_final()
            }
            _ => false,
        }
    }

    fn step(&self) -> Option<u8> {
        match self {
            Self::Queued => Some(0),
            Self::Approved | Self::Rejected => Some(1),
            Self::Processed => Some(2),
            Self::Completed => Some(3),
            Self::Failed => Some(4),
            Self::Other(_) => None,
        }
    }
}

/// One payout as Midtrans describes it. Why it failed is told only by its notification.
#[derive(Clone, Debug, PartialEq)]
pub struct Payout {
    /// Midtrans' name for it.
    pub reference_no: PayoutReference,
    /// Where it stands.
    pub status: PayoutStatus,
    /// How much, when it is whole rupiah.
    pub amount: Option<Rupiah>,
    /// To whom.
    pub beneficiary_name: Option<String>,
    /// To which account.
    pub beneficiary_account: Option<String>,
    /// Its bank, by code or by full name.
    pub bank: Option<String>,
    /// What for.
    pub notes: Option<String>,
    /// Who was told of it.
    pub beneficiary_email: Option<String>,
    /// Who asked for it.
    pub created_by: Option<String>,
    /// When it was asked for.
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// The whole answer.
    pub raw: Value,
}

impl Payout {
    pub(super) fn read(raw: Value) -> Result<Self, Error> {
        let text = |field| lenient::text(&raw, field);
        let time = |field| text(field).as_deref().and_then(lenient::time);
        let reference = text("reference_no").and_then(|id| PayoutReference::parse(id).ok());
        Ok(Self {
            reference_no: reference.ok_or_else(|| answer::unreadable(&raw))?,
            status: PayoutStatus::parse(&text("status").unwrap_or_default()),
            amount: text("amount").as_deref().and_then(lenient::rupiah),
            beneficiary_name: text("beneficiary_name"),
            beneficiary_account: text("beneficiary_account"),
            bank: text("bank"),
            notes: text("notes"),
            beneficiary_email: text("beneficiary_email"),
            created_by: text("created_by"),
            created_at: time("created_at"),
            updated_at: time("updated_at"),
            raw,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::PayoutStatus::{Approved, Completed, Failed, Other, Processed, Queued, Rejected};

    #[test]
    fn a_payout_goes_forward_and_completed_may_still_fail() {
        let all = [Queued, Approved, Rejected, Processed, Completed, Failed, Other("new".into())];
        let arrows: Vec<(&str, &str)> = all
            .iter()
            .flat_map(|now| all.iter().filter(|next| now.may_become(next)).map(|next| (now.as_str(), next.as_str())))
            .collect();
        let expected = [
            ("queued", "approved"),
            ("queued", "rejected"),
            ("queued", "processed"),
            ("queued", "completed"),
            ("queued", "failed"),
            ("approved", "processed"),
            ("approved", "completed"),
            ("approved", "failed"),
            ("processed", "completed"),
            ("processed", "failed"),
            ("completed", "failed"),
        ];
        assert_eq!(arrows, expected);
        assert!(Failed.is_final() && Rejected.is_final() && !Completed.is_final());
    }
}
