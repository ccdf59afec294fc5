//! What will happen by itself at some moment.
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{kept::Kept, payout::Standing, transaction::State};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Later {
    /// The bank confirms a refund.
    Confirm { transaction_id: String, refund_key: String },
    /// A payout goes on, if it still stands where it stood.
    Payout { reference_no: String, from: Standing, to: Standing },
    /// A transaction becomes something else, if nothing came between.
    Become { transaction_id: String, from: State, to: State },
}

/// All of it, in no order.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Diary(pub Kept<(DateTime<Utc>, Later)>);

impl Diary {
    pub fn note(&mut self, at: DateTime<Utc>, what: Later) {
        self.0.push((at, what));
    }

    /// When the next thing happens.
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.0.iter().map(|(at, _)| *at).min()
    }

    /// Takes the earliest out.
    pub fn take(&mut self) -> Option<(DateTime<Utc>, Later)> {
        let (at, _) = self.0.iter().enumerate().min_by_key(|(_, (at, _))| *at)?;
        Some(self.0.remove(at))
    }
}
