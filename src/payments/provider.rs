//! What the shop needs of a payment provider, in words of its own, so that another can take the place of Midtrans.
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{attempt::Details, status::Seen};
use entity::{Rupiah, payment_attempt};

/// A payment provider. Calls go over the network: never make one while a transaction is open.
#[async_trait::async_trait]
pub trait Provider: Send + Sync {
    /// Makes the transaction of an attempt. `key` names the call: the same key again gives the first answer again.
    async fn charge(&self, charge: &Charge<'_>, key: &str) -> Result<Opened, Failure>;
    /// Where a transaction stands; by transaction id where one is known, else by our order id.
    async fn status(&self, id: &str) -> Result<Verified, Failure>;
    /// Calls off what is not paid.
    async fn cancel(&self, id: &str) -> Result<(), Failure>;
    /// Gives money back. The key names the refund: asked for twice under the same one it is one refund.
    async fn refund(&self, wish: &GiveBack<'_>) -> Result<Given, Failure>;
    /// Ends what was not paid in time.
    async fn expire(&self, id: &str) -> Result<(), Failure>;
    /// What lies there for us at a moment, not yet drawn; none where the provider does not tell.
    async fn held(&self, _at: DateTime<Utc>) -> Result<Option<Sen>, Failure> {
        Ok(None)
    }
    /// Reads the bytes of a notice, whoever sent it; none when it is no notice at all.
    fn read(&self, bytes: &[u8]) -> Option<Notice>;
    /// Whether the provider itself has signed these bytes. The headers are those that are kept with a notice.
    fn is_signed(&self, headers: &Value, bytes: &[u8]) -> bool;
}

/// Where a notice says to look. It changes nothing by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    pub order_id: String,
    pub transaction_id: Option<String>,
    pub currency: Option<String>,
    pub merchant_id: Option<String>,
    /// Why it cannot be as the provider sent it, though the signature is good.
    pub oddity: Option<String>,
}

/// What is to be paid, and how.
pub struct Charge<'a> {
    pub attempt: &'a payment_attempt::Model,
    pub details: &'a Details,
}

/// Money to be given back.
#[derive(Clone, Copy, Debug)]
pub struct GiveBack<'a> {
    /// The transaction it came by.
    pub id: &'a str,
    pub key: &'a str,
    pub amount: Rupiah,
    pub reason: &'a str,
}

/// What came of giving money back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    Accepted,
    /// The bank says no, in its words; nothing was given back.
    Denied(String),
    /// The key came before; the status tells what became of it.
    Known,
}

/// One refund, as the provider tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    pub key: Option<String>,
    pub amount: Rupiah,
    /// The bank has done it.
    pub confirmed: bool,
}

/// What came of a charge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    pub transaction_id: Option<String>,
    pub show: Instructions,
}

/// What the buyer needs to pay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instructions {
    pub token: Option<String>,
    pub redirect_url: Option<String>,
    pub qr_string: Option<String>,
    pub va_number: Option<String>,
    pub bill_key: Option<String>,
    pub biller_code: Option<String>,
}

impl Instructions {
    /// Whether there is nothing the buyer could do with it.
    pub fn is_empty(&self) -> bool {
        *self == Instructions::default()
    }
}

/// How a transaction stands, as the provider itself says when asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    pub transaction_id: String,
    /// Ours; some methods put the transaction id here instead.
    pub order_id: Option<String>,
    pub seen: Seen,
    /// The provider's own words, for the record.
    pub word: String,
    pub fraud: Option<String>,
    pub amount: Option<Sen>,
    /// A fee the buyer paid on top, and what the bill was before it.
    pub fee: Option<Fee>,
    pub currency: Option<String>,
    pub merchant_id: Option<String>,
    pub issuer: Option<String>,
    pub acquirer: Option<String>,
    pub settled_at: Option<DateTime<Utc>>,
    /// How much was given back so far.
    pub refunded: Rupiah,
    pub refunds: Vec<Returned>,
    pub show: Instructions,
    pub raw: Value,
}

/// A fee that the provider laid on the buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fee {
    pub original: Sen,
    pub fee: Sen,
}

/// Hundredths of a rupiah: only to compare amounts exactly as they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sen(pub i64);

impl Sen {
    /// Reads `275000.00`, `275000` or `1500.5`; nothing else counts as an amount.
    pub fn parse(text: &str) -> Option<Sen> {
        let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let cents = fraction.trim_end_matches('0');
        if whole.is_empty() || !digits(whole) || !digits(cents) || cents.len() > 2 {
            return None;
        }
        let cents: i64 = format!("{cents:0<2}").parse().ok()?;
        whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents).map(Sen)
    }

    /// The same in hundredths.
    pub fn of(amount: Rupiah) -> Option<Sen> {
        amount.0.checked_mul(100).map(Sen)
    }
}

/// How a call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nothing is known by this id; on a page where the buyer has not picked a method yet this is no failure.
    #[error("the provider knows no such transaction")]
    NotFound,
    /// The order id is taken: an earlier call of ours worked.
    #[error("the order id is already in use")]
    Duplicate,
    /// Too late to change; it may just have been paid.
    #[error("the transaction can no longer be changed")]
    TooLate,
    /// A definite no to what was asked.
    #[error("refused: {0}")]
    Refused(String),
    /// It may or may not have happened; ask again.
    #[error("lost: {0}")]
    Lost(String),
}

#[cfg(test)]
mod tests {
    use super::Sen;

    #[test]
    fn amounts_are_compared_as_they_were_written() {
        assert_eq!(Sen::parse("275000.00"), Some(Sen(27_500_000)));
        assert_eq!(Sen::parse("275000"), Some(Sen(27_500_000)));
        assert_eq!(Sen::parse("1500.5"), Some(Sen(150_050)));
        assert_eq!(Sen::parse("1500.500"), Some(Sen(150_050)));
        for wrong in ["", ".5", "1e5", "-5", "+5", "1,500.00", "1500.123", "Rp5", "99999999999999999999"] {
            assert_eq!(Sen::parse(wrong), None, "{wrong}");
        }
    }
}
