//! Taking what a card or GoPay holds for us.
//!
//! Source: Midtrans' page "Capture Transaction" (November 2025).
use entity::Rupiah;
use serde_json::{Value, json};

use super::{BuildError, TransactionId};

/// A capture that is ready to be sent. Only the transaction id will do here, not the order id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureRequest {
    transaction_id: TransactionId,
    gross: Option<Rupiah>,
}

impl CaptureRequest {
    /// All that is held.
    pub fn all(transaction_id: TransactionId) -> Self {
        Self { transaction_id, gross: None }
    }

    /// So much of it, in whole rupiah; the rest goes back to the buyer. `BuildError::NoAmount` for less than one rupiah.
    pub fn part(transaction_id: TransactionId, gross: Rupiah) -> Result<Self, BuildError> {
        if gross < Rupiah(1) {
            return Err(BuildError::NoAmount);
        }
        Ok(Self { transaction_id, gross: Some(gross) })
    }

    pub(super) fn body(&self) -> Value {
        match self.gross {
            None => json!({"transaction_id": self.transaction_id}),
            Some(gross) => json!({"transaction_id": self.transaction_id, "gross_amount": gross}),
        }
    }
}
