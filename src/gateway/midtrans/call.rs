//! What one call carries beside its body.
use std::fmt;

use reqwest::Url;

const MAX_CHARS: usize = 46;
const MAX_URLS: usize = 3;

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

/// Where Midtrans reports a transaction: one to three addresses (two in 2021), http or https.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationUrls(String);

/// Addresses Midtrans would not call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidNotificationUrls {
    /// None at all, or more than Midtrans takes.
    #[error("Midtrans takes one to three notification addresses, not {0}")]
    Count(usize),
    /// Not an http or https address, or one with a comma, which would be read as two.
    #[error("{0} cannot be a notification address")]
    Address(String),
}

impl NotificationUrls {
    /// Checks each address.
    pub fn new<'a>(urls: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidNotificationUrls> {
        let urls: Vec<&str> = urls.into_iter().map(str::trim).collect();
        if !(1..=MAX_URLS).contains(&urls.len()) {
            return Err(InvalidNotificationUrls::Count(urls.len()));
        }
        let called = |url: &str| Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        let plain = |url: &str| url.bytes().all(|b| b.is_ascii_graphic() && b != b',');
        match urls.iter().find(|url| !called(url) || !plain(url)) {
            Some(bad) => Err(InvalidNotificationUrls::Address((*bad).to_owned())),
            None => Ok(Self(urls.join(","))),
        }
    }
}

impl fmt::Display for NotificationUrls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The headers of one call. They belong to the call and not to the client, so that no key leaks into the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallOptions {
    /// Without one a charge or capture is never sent again by itself.
    pub idempotency_key: Option<IdempotencyKey>,
    /// Where Midtrans reports this transaction, beside the address in its dashboard.
    pub append_notification: Option<NotificationUrls>,
    /// Where Midtrans reports this transaction, instead of the address in its dashboard. Wins over `append_notification`.
    pub override_notification: Option<NotificationUrls>,
}

impl CallOptions {
    /// Only a key.
    pub fn keyed(key: IdempotencyKey) -> Self {
        Self { idempotency_key: Some(key), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::{IdempotencyKey, InvalidNotificationUrls, NotificationUrls};

    #[test]
    fn a_key_that_would_be_ignored_cannot_be_made() {
        assert!(IdempotencyKey::parse("k".repeat(46)).is_ok());
        assert!(IdempotencyKey::parse("k".repeat(47)).is_err());
        assert!(IdempotencyKey::parse("").is_err());
        assert!(IdempotencyKey::parse("two words").is_err());
        assert!(IdempotencyKey::parse(IdempotencyKey::fresh().as_str()).is_ok());
    }

    #[test]
    fn one_to_three_addresses_go_into_a_header() {
        let urls = |urls: &[&str]| NotificationUrls::new(urls.iter().copied()).map(|urls| urls.to_string());
        assert_eq!(urls(&["https://a.id/x", " http://b.id "]), Ok("https://a.id/x,http://b.id".into()));
        assert_eq!(urls(&[]), Err(InvalidNotificationUrls::Count(0)));
        assert_eq!(urls(&["https://a.id"; 4]), Err(InvalidNotificationUrls::Count(4)));
        for bad in ["warong.id", "ftp://a.id", "https://a.id/x,y", "https://a.id/\r\nX: y", "https://é.id"] {
            assert_eq!(urls(&[bad]), Err(InvalidNotificationUrls::Address(bad.into())));
        }
    }
}
