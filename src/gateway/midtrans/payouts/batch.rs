//! What the creator asks for.
use entity::Rupiah;
use serde_json::{Value, json};

use super::super::purchase::cut;
use super::super::{BuildError, lenient};
use super::{Account, PayoutReference, PayoutStatus};

const NOTE_CHARS: usize = 100;

/// One payout that is ready to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayout {
    name: String,
    account: Account,
    amount: Rupiah,
    notes: String,
    email: Option<String>,
}

impl NewPayout {
    /// To a person, in whole rupiah of at least one (`BuildError::NoAmount`). `notes` says what for, best with something
    /// that tells it from every other payout; cut to 100 characters.
    pub fn new(name: &str, account: Account, amount: Rupiah, notes: &str) -> Result<Self, BuildError> {
        if amount < Rupiah(1) {
            return Err(BuildError::NoAmount);
        }
        match name.trim() {
            "" => Err(BuildError::NamelessPayee),
            name => Ok(Self { name: name.to_owned(), account, amount, notes: cut(notes, NOTE_CHARS), email: None }),
        }
    }

    /// Where Midtrans tells them of it.
    pub fn email(mut self, email: &str) -> Self {
        self.email = Some(email.trim().to_owned()).filter(|email| !email.is_empty());
        self
    }

    pub(super) fn body(&self) -> Value {
        let mut body = json!({
            "beneficiary_name": self.name,
            "beneficiary_account": self.account.number(),
            "beneficiary_bank": self.account.bank().as_str(),
            // A text with the decimals that must be zero.
            "amount": format!("{}.00", self.amount.0),
            "notes": self.notes,
        });
        if let Some(email) = &self.email {
            body["beneficiary_email"] = email.as_str().into();
        }
        body
    }
}

/// A payout that waits for the approver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedPayout {
    /// Midtrans' name for it.
    pub reference_no: PayoutReference,
    /// Usually `Queued`.
    pub status: PayoutStatus,
}

impl QueuedPayout {
    pub(super) fn read(body: &Value) -> Option<Self> {
        Some(Self {
            reference_no: PayoutReference::parse(lenient::text(body, "reference_no")?).ok()?,
            status: PayoutStatus::parse(&lenient::text(body, "status").unwrap_or_default()),
        })
    }
}
