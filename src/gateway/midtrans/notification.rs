//! What Midtrans tells us unasked.
//!
//! The signature covers the order id, the code and the amount, and nothing else: a body with another
//! `transaction_status` still verifies. So a signature opens the door, and only a status we fetch ourselves decides.
use serde_json::Value;
use sha2::{Digest, Sha512};
use subtle::ConstantTimeEq;

use super::{ServerKey, Status};

/// A notification is never larger than this.
pub const MAX_NOTIFICATION_BYTES: usize = 64 * 1024;

/// Why a body is no notification.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotificationError {
    /// Larger than any real one.
    #[error("a notification of {0} bytes is too large")]
    TooLarge(usize),
    /// Not a JSON object.
    #[error("the body is not a JSON object")]
    NotJson,
    /// A field the signature needs is not there as a text.
    #[error("{0} is missing or not a text")]
    Missing(&'static str),
}

/// A notification as received. Nothing in it may be believed before `verify`, and little after.
#[derive(Clone, Debug, PartialEq)]
pub struct Notification {
    /// Exactly as received.
    pub order_id: String,
    /// Exactly as received.
    pub status_code: String,
    /// Exactly as received.
    pub gross_amount: String,
    /// Exactly as received.
    pub signature_key: String,
    /// What it claims.
    pub claim: Status,
}

impl Notification {
    /// Reads the raw bytes of a request.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotificationError> {
        if bytes.len() > MAX_NOTIFICATION_BYTES {
            return Err(NotificationError::TooLarge(bytes.len()));
        }
        let body: Value = serde_json::from_slice(bytes).map_err(|_| NotificationError::NotJson)?;
        if !body.is_object() {
            return Err(NotificationError::NotJson);
        }
        let text = |field: &'static str| match body.get(field) {
            Some(Value::String(text)) => Ok(text.clone()),
            _ => Err(NotificationError::Missing(field)),
        };
        Ok(Self {
            order_id: text("order_id")?,
            status_code: text("status_code")?,
            gross_amount: text("gross_amount")?,
            signature_key: text("signature_key")?,
            claim: Status::read(body),
        })
    }

    /// Whether one of `keys` signed it. Several, because a key that is being replaced still signs for a while. Takes
    /// the same time whichever letter is wrong; a signature in upper case is refused, Midtrans never sends one.
    pub fn verify(&self, keys: &[ServerKey]) -> bool {
        let matches = keys.iter().map(|key| {
            let expected = signature(&self.order_id, &self.status_code, &self.gross_amount, key);
            expected.as_bytes().ct_eq(self.signature_key.as_bytes())
        });
        matches.fold(subtle::Choice::from(0), |any, one| any | one).into()
    }
}

/// Lower-case hex SHA-512 over the texts exactly as they are written, and the key.
pub fn signature(order_id: &str, status_code: &str, gross_amount: &str, key: &ServerKey) -> String {
    let mut hash = Sha512::new();
    for part in [order_id, status_code, gross_amount, key.expose()] {
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
