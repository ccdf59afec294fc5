//! The six digits some accounts ask of the approver.
use std::fmt;

/// A one-time password, from the approver's authenticator. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Otp(String);

impl Otp {
    /// As typed, without blanks; Midtrans judges it.
    pub fn new(text: &str) -> Self {
        Self(text.chars().filter(|c| !c.is_whitespace()).collect())
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Otp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Otp(…)")
    }
}
