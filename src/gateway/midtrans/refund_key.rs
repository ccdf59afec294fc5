//! The name of a refund, which makes it one refund however often it is asked for.
use std::{fmt, str::FromStr};

const MAX_CHARS: usize = 50;

/// Names one refund for good: 1 to 50 of `A-Z a-z 0-9 - _` (Midtrans documents the letters, not the length). After a
/// lost answer the same key may be sent again for seven days; a new key is a new refund.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RefundKey(String);

/// A key Midtrans would refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a refund key is 1 to 50 letters, digits, - or _")]
pub struct InvalidRefundKey;

impl RefundKey {
    /// Checks length and letters.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidRefundKey> {
        let text = text.into();
        let letters = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        if letters && (1..=MAX_CHARS).contains(&text.len()) { Ok(Self(text)) } else { Err(InvalidRefundKey) }
    }

    /// A fresh key. Store it before the call, or a lost answer cannot be asked for again.
    pub fn fresh() -> Self {
        Self(uuid::Uuid::new_v4().to_string())
    }

    /// The key as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RefundKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for RefundKey {
    type Err = InvalidRefundKey;

    fn from_str(text: &str) -> Result<Self, InvalidRefundKey> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::RefundKey;

    #[test]
    fn a_key_that_would_be_refused_cannot_be_made() {
        for good in ["UEP-RF-1", "a_b", &"k".repeat(50), RefundKey::fresh().as_str()] {
            assert!(RefundKey::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "a.b", "a/b", "é", &"k".repeat(51)] {
            assert!(RefundKey::parse(bad).is_err(), "{bad}");
        }
    }
}
