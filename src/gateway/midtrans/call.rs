//! What one call carries beside its body.
use std::fmt;

const MAX_CHARS: usize = 46;

/// Names one logical call, so that sending it again gives the first answer again. Midtrans keeps it for five minutes
/// and shares it between endpoints: never use one key for two different calls.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

/// A key Midtrans would ignore without a word, which is worse than none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key is 1 to 46 visible ASCII characters")]
pub struct InvalidIdempotencyKey;

impl IdempotencyKey {
    /// Checks length and letters.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidIdempotencyKey> {
        let text = text.into();
        let fits = (1..=MAX_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if fits { Ok(Self(text)) } else { Err(InvalidIdempotencyKey) }
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

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The headers of one call. They belong to the call and not to the client, so that no key leaks into the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallOptions {
    /// Without one, a charge whose answer was lost comes back as `Error::Duplicate` when sent again.
    pub idempotency_key: Option<IdempotencyKey>,
    /// Where Midtrans reports this transaction, instead of the address in its dashboard.
    pub override_notification: Option<String>,
}

impl CallOptions {
    /// Only a key.
    pub fn keyed(key: IdempotencyKey) -> Self {
        Self { idempotency_key: Some(key), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::IdempotencyKey;

    #[test]
    fn a_key_that_would_be_ignored_cannot_be_made() {
        assert!(IdempotencyKey::parse("k".repeat(46)).is_ok());
        assert!(IdempotencyKey::parse("k".repeat(47)).is_err());
        assert!(IdempotencyKey::parse("").is_err());
        assert!(IdempotencyKey::parse("two words").is_err());
        assert!(IdempotencyKey::parse(IdempotencyKey::fresh().as_str()).is_ok());
    }
}
