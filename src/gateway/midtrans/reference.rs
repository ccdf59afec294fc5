//! The two names a transaction goes by, the order id we gave it and the transaction id Midtrans gave it; and the one
//! name of a payout.
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// Everything but the unreserved characters, so that no id can leave its place in the path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

const MAX_CHARS: usize = 50;

/// A text as it may stand in a path or a query.
pub(super) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Why a text cannot name a transaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReference {
    /// Nothing at all, or dots that a URL would take for a folder.
    #[error("an id cannot be empty or only dots")]
    Empty,
    /// Longer than Midtrans stores.
    #[error("an id has at most 50 characters, this one has {0}")]
    TooLong(usize),
    /// A character Midtrans does not take.
    #[error("an id cannot hold {0:?}")]
    Character(char),
}

/// Something that can stand in the path of a status, cancel, expire, approve, deny or refund call.
pub trait Reference {
    /// The id, escaped for one segment of a path.
    fn segment(&self) -> String;
}

macro_rules! reference {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Checks length and letters.
            pub fn parse(text: impl Into<String>) -> Result<Self, InvalidReference> {
                checked(text.into()).map(Self)
            }

            /// The id as it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Reference for $name {
            fn segment(&self) -> String {
                escaped(&self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidReference;

            fn from_str(text: &str) -> Result<Self, InvalidReference> {
                Self::parse(text)
            }
        }
    };
}

reference! {
    /// Our name for one try at paying: at most 50 of `A-Z a-z 0-9 - _ ~ .`, never used twice.
    ProviderOrderId
}

reference! {
    /// Midtrans' name for a transaction. The safer one to ask by: some methods answer with it in place of the order id.
    TransactionId
}

reference! {
    /// Midtrans' name for a payout.
    PayoutReference
}

fn checked(text: String) -> Result<String, InvalidReference> {
    if text.chars().all(|c| c == '.') {
        return Err(InvalidReference::Empty);
    }
    if let Some(c) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || "-_~.".contains(*c))) {
        return Err(InvalidReference::Character(c));
    }
    match text.len() {
        0..=MAX_CHARS => Ok(text),
        long => Err(InvalidReference::TooLong(long)),
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidReference, ProviderOrderId};

    #[test]
    fn an_order_id_cannot_break_out_of_its_path() {
        for bad in ["INV#1", "INV/2026/01", "a b", "é", "a?b", "100%"] {
            assert!(matches!(ProviderOrderId::parse(bad), Err(InvalidReference::Character(_))), "{bad}");
        }
        for bad in ["", ".", ".."] {
            assert_eq!(ProviderOrderId::parse(bad), Err(InvalidReference::Empty));
        }
        assert_eq!(ProviderOrderId::parse("a".repeat(51)), Err(InvalidReference::TooLong(51)));
        assert!(ProviderOrderId::parse("UEP-20260101-0001-1_~.").is_ok());
    }
}
