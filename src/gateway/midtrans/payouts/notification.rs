//! What Midtrans tells us of payouts, unasked.
//!
//! Unlike the signature of a payment this one covers the whole body, so what it says may be believed. It may still come
//! twice, late, or in another order: `PayoutStatus::may_become` tells news from old news.
use chrono::{DateTime, Utc};
use entity::Rupiah;
use serde_json::Value;
use sha2::{Digest, Sha512};
use subtle::{Choice, ConstantTimeEq};

use super::super::notification::hex;
use super::super::{MAX_NOTIFICATION_BYTES, MerchantKey, lenient};
use super::{PayoutFault, PayoutReference, PayoutStatus};

/// Why a body is no notification.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayoutNotificationError {
    /// Larger than any real one.
    #[error("a notification of {0} bytes is too large")]
    TooLarge(usize),
    /// None of our keys signed it.
    #[error("the signature is not Midtrans'")]
    Forged,
    /// Signed, but not a JSON object.
    #[error("the body is not a JSON object")]
    NotJson,
    /// Signed, but a field it must have is not there.
    #[error("{0} is missing or unreadable")]
    Missing(&'static str),
}

/// A notification that Midtrans has signed.
#[derive(Clone, Debug, PartialEq)]
pub enum PayoutNotification {
    /// A payout has moved on.
    Payout(PayoutNotice),
    /// Our balance has grown.
    TopUp(TopUp),
}

/// News of a payout.
#[derive(Clone, Debug, PartialEq)]
pub struct PayoutNotice {
    /// Which.
    pub reference_no: PayoutReference,
    /// Where it stands now.
    pub status: PayoutStatus,
    /// How much, when it is whole rupiah.
    pub amount: Option<Rupiah>,
    /// Since when.
    pub updated_at: Option<DateTime<Utc>>,
    /// Why it failed. Told here and nowhere else.
    pub fault: Option<PayoutFault>,
    /// The same in Midtrans' words.
    pub error_message: Option<String>,
}

/// News of money that came into the payout balance.
#[derive(Clone, Debug, PartialEq)]
pub struct TopUp {
    /// Midtrans' id.
    pub transaction_id: Option<String>,
    /// The id Payouts gave it.
    pub order_id: Option<String>,
    /// How much, when it is whole rupiah.
    pub amount: Option<Rupiah>,
    /// When.
    pub transaction_time: Option<DateTime<Utc>>,
}

impl PayoutNotification {
    /// Reads the raw bytes of a request, if one of `keys` signed them: `signature` is the header `Iris-Signature`. Several
    /// keys, because one that is being replaced still signs for a while. Takes the same time whichever letter is wrong;
    /// a signature in upper case is refused, Midtrans never sends one.
    pub fn open(bytes: &[u8], signature: &str, keys: &[MerchantKey]) -> Result<Self, PayoutNotificationError> {
        if bytes.len() > MAX_NOTIFICATION_BYTES {
            return Err(PayoutNotificationError::TooLarge(bytes.len()));
        }
        let signed = |key| payout_signature(bytes, key).as_bytes().ct_eq(signature.as_bytes());
        if !bool::from(keys.iter().map(signed).fold(Choice::from(0), |any, one| any | one)) {
            return Err(PayoutNotificationError::Forged);
        }
        Self::kept(bytes)
    }

    /// Reads the bytes of one that was opened, and kept, before.
    pub fn kept(bytes: &[u8]) -> Result<Self, PayoutNotificationError> {
        let body: Value = serde_json::from_slice(bytes).map_err(|_| PayoutNotificationError::NotJson)?;
        if !body.is_object() {
            return Err(PayoutNotificationError::NotJson);
        }
        Self::read(&body)
    }

    fn read(body: &Value) -> Result<Self, PayoutNotificationError> {
        let text = |field| lenient::text(body, field);
        let time = |field| text(field).as_deref().and_then(lenient::time);
        let rupiah = |field| text(field).as_deref().and_then(lenient::rupiah);
        let status = text("status").ok_or(PayoutNotificationError::Missing("status"))?;
        if status.eq_ignore_ascii_case("topup") {
            return Ok(Self::TopUp(TopUp {
                transaction_id: text("transaction_id"),
                order_id: text("order_id"),
                amount: rupiah("gross_amount"),
                transaction_time: time("transaction_time"),
            }));
        }
        let reference = text("reference_no").and_then(|id| PayoutReference::parse(id).ok());
        Ok(Self::Payout(PayoutNotice {
            reference_no: reference.ok_or(PayoutNotificationError::Missing("reference_no"))?,
            status: PayoutStatus::parse(&status),
            amount: rupiah("amount"),
            updated_at: time("updated_at"),
            fault: text("error_code").as_deref().map(PayoutFault::parse),
            error_message: text("error_message"),
        }))
    }
}

/// Lower-case hex SHA-512 over the whole body as it came, and the key.
pub fn payout_signature(body: &[u8], key: &MerchantKey) -> String {
    hex(&Sha512::new().chain_update(body).chain_update(key.expose().as_bytes()).finalize())
}
