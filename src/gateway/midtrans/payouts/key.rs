//! What makes a payout call safe to send twice.
use std::fmt;

const MAX_CHARS: usize = 100;

/// Names one logical call (`X-Idempotency-Key`): sent again with the same key and the same body, it is done once and
/// answered the same. With another body it is `Error::KeyReused`. Midtrans forgets keys older than a day, at midnight
/// UTC: after that, look before sending again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PayoutKey(String);

/// A key Midtrans would refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the idempotency key of a payout is 1 to 100 visible ASCII characters")]
pub struct InvalidPayoutKey;

impl PayoutKey {
    /// Checks length and letters.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidPayoutKey> {
        let text = text.into();
        let fits = (1..=MAX_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if fits { Ok(Self(text)) } else { Err(InvalidPayoutKey) }
    }

    /// A fresh key. Store it, and what is sent under it, before the call.
    pub fn fresh() -> Self {
        Self(uuid::Uuid::new_v4().to_string())
    }

    /// The key as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PayoutKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::PayoutKey;

    #[test]
    fn a_key_that_would_be_refused_cannot_be_made() {
        assert!(PayoutKey::parse("k".repeat(100)).is_ok());
        assert!(PayoutKey::parse(PayoutKey::fresh().as_str()).is_ok());
        for bad in ["", "two words", "é", "a\n", &"k".repeat(101)] {
            assert!(PayoutKey::parse(bad).is_err(), "{bad}");
        }
    }
}
