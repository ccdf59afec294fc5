//! Who can be paid.
use serde_json::Value;

use super::super::lenient;

/// A bank or wallet that takes payouts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutBank {
    /// What goes into `BankCode::parse`.
    pub code: String,
    /// Its full name.
    pub name: String,
}

impl PayoutBank {
    pub(super) fn read(body: &Value) -> Option<Self> {
        let code = lenient::text(body, "code")?;
        Some(Self { name: lenient::text(body, "name").unwrap_or_else(|| code.clone()), code })
    }
}
