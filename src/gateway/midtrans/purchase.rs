//! What is being paid, in the words Snap and Core share.
use chrono::{DateTime, FixedOffset, Utc};
use entity::Rupiah;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{BuildError, ProviderOrderId, lenient};

const ITEM_TEXT: usize = 50;
const CUSTOMER_TEXT: usize = 255;
const CUSTOM_FIELDS: [&str; 3] = ["custom_field1", "custom_field2", "custom_field3"];

/// One line of the bill. A discount is a line with a negative price; shipping is a line too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    id: String,
    name: String,
    price: Rupiah,
    quantity: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_name: Option<String>,
}

impl Item {
    /// A line of the bill; texts are cut to what Midtrans stores.
    pub fn new(id: &str, name: &str, price: Rupiah, quantity: i64) -> Self {
        Self { id: cut(id, ITEM_TEXT), name: cut(name, ITEM_TEXT), price, quantity, merchant_name: None }
    }

    /// Who made it.
    pub fn made_by(mut self, merchant: &str) -> Self {
        self.merchant_name = Some(cut(merchant, ITEM_TEXT));
        self
    }
}

/// An order id, its amount and its lines, known to add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purchase {
    pub(super) order_id: ProviderOrderId,
    pub(super) gross: Rupiah,
    pub(super) items: Vec<Item>,
}

impl Purchase {
    /// Refuses lines that do not add up to `gross`. No lines at all is allowed.
    pub fn new(order_id: ProviderOrderId, gross: Rupiah, items: Vec<Item>) -> Result<Self, BuildError> {
        if gross < Rupiah(1) {
            return Err(BuildError::NothingToPay);
        }
        if items.iter().any(|item| item.quantity < 1) {
            return Err(BuildError::Quantity);
        }
        if items.iter().any(|item| item.name.trim().is_empty()) {
            return Err(BuildError::NamelessItem);
        }
        let sum = items
            .iter()
            .try_fold(0_i64, |sum, item| item.price.times(item.quantity).and_then(|line| sum.checked_add(line.0)))
            .map(Rupiah)
            .ok_or(BuildError::OutOfRange)?;
        if !items.is_empty() && sum != gross {
            return Err(BuildError::SumDiffers { sum, gross });
        }
        Ok(Self { order_id, gross, items })
    }

    pub(super) fn write(&self, body: &mut Map<String, Value>) {
        let details = json!({"order_id": self.order_id, "gross_amount": self.gross});
        body.insert("transaction_details".into(), details);
        if !self.items.is_empty() {
            body.insert("item_details".into(), json!(self.items));
        }
    }
}

/// Three texts of ours that Midtrans keeps and tells again, cut to what it stores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CustomFields([Option<String>; 3]);

impl CustomFields {
    pub fn new(texts: [&str; 3]) -> Self {
        Self(texts.map(filled))
    }

    /// As an answer tells them.
    pub fn read(body: &Value) -> [Option<String>; 3] {
        CUSTOM_FIELDS.map(|field| lenient::text(body, field))
    }

    pub fn write(&self, body: &mut Map<String, Value>) {
        for (field, text) in CUSTOM_FIELDS.iter().zip(&self.0) {
            if let Some(text) = text {
                body.insert((*field).to_owned(), text.as_str().into());
            }
        }
    }
}

/// Who pays. Every field may stay empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Customer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<String>,
}

impl Customer {
    /// A person by name; cut to what Midtrans stores.
    pub fn named(first_name: &str) -> Self {
        Self { first_name: filled(first_name), ..Self::default() }
    }

    /// With a family name.
    pub fn last_name(mut self, name: &str) -> Self {
        self.last_name = filled(name);
        self
    }

    /// With an address for mail.
    pub fn email(mut self, email: &str) -> Self {
        self.email = filled(email);
        self
    }

    /// With a phone number.
    pub fn phone(mut self, phone: &str) -> Self {
        self.phone = filled(phone);
        self
    }

    /// BCA prints at most 30 characters of a name.
    pub(super) fn for_bca(mut self) -> Self {
        self.first_name = self.first_name.map(|name| cut(&name, 30));
        self.last_name = self.last_name.map(|name| cut(&name, 30));
        self
    }

    /// BNI takes a phone only when it starts with +62 or 0; a number that cannot be written so is left out.
    pub(super) fn for_bni(mut self) -> Self {
        self.phone = self.phone.and_then(|phone| match phone.trim() {
            p if p.starts_with("+62") || p.starts_with('0') => Some(p.to_owned()),
            p if p.starts_with("62") => Some(format!("+{p}")),
            p if p.starts_with('8') => Some(format!("0{p}")),
            _ => None,
        });
        self
    }
}

/// How long a payment stays open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expiry {
    /// How many.
    pub duration: u32,
    /// Of what.
    pub unit: ExpiryUnit,
    /// Counted from here; without it, from the moment Midtrans makes the transaction.
    pub start: Option<DateTime<Utc>>,
}

/// The units Midtrans counts in. Seconds are for Core only; Snap gets the minutes they fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiryUnit {
    /// Core only.
    Second,
    /// Sixty seconds.
    Minute,
    /// Sixty minutes.
    Hour,
    /// Twenty-four hours.
    Day,
}

impl ExpiryUnit {
    fn name(self) -> &'static str {
        match self {
            ExpiryUnit::Second => "second",
            ExpiryUnit::Minute => "minute",
            ExpiryUnit::Hour => "hour",
            ExpiryUnit::Day => "day",
        }
    }
}

impl Expiry {
    /// So many minutes from the moment Midtrans makes the transaction.
    pub fn minutes(duration: u32) -> Self {
        Self { duration, unit: ExpiryUnit::Minute, start: None }
    }

    /// Counted from `start`.
    pub fn from(mut self, start: DateTime<Utc>) -> Self {
        self.start = Some(start);
        self
    }

    pub(super) fn core(self) -> Value {
        let mut body = json!({"expiry_duration": self.duration, "unit": self.unit.name()});
        if let Some(start) = self.start {
            body["order_time"] = jakarta_text(start).into();
        }
        body
    }

    pub(super) fn snap(self) -> Value {
        let (duration, unit) = match self.unit {
            ExpiryUnit::Second => (self.duration.div_ceil(60), ExpiryUnit::Minute),
            unit => (self.duration, unit),
        };
        let mut body = json!({"duration": duration, "unit": unit.name()});
        if let Some(start) = self.start {
            body["start_time"] = jakarta_text(start).into();
        }
        body
    }
}

/// As requests carry a time: `2026-01-01 10:00:00 +0700`.
fn jakarta_text(at: DateTime<Utc>) -> String {
    let local = FixedOffset::east_opt(7 * 3600).map(|zone| at.with_timezone(&zone).naive_local());
    format!("{} +0700", local.unwrap_or(at.naive_utc()).format("%Y-%m-%d %H:%M:%S"))
}

/// Cuts by characters, never inside one.
pub(super) fn cut(text: &str, max: usize) -> String {
    text.trim().chars().take(max).collect()
}

fn filled(text: &str) -> Option<String> {
    Some(cut(text, CUSTOMER_TEXT)).filter(|t| !t.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{BuildError, Customer, Item, ProviderOrderId, Purchase, Rupiah};

    fn purchase(gross: i64, items: Vec<Item>) -> Result<Purchase, BuildError> {
        let order_id = ProviderOrderId::parse("UEP-20260101-0001-1").map_err(|_| BuildError::OutOfRange)?;
        Purchase::new(order_id, Rupiah(gross), items)
    }

    #[test]
    fn lines_must_add_up_to_the_bill() {
        let lines = || {
            vec![
                Item::new("BAMBU-01", "Besek bambu isi 10", Rupiah(125_000), 2),
                Item::new("POTONGAN", "Potongan", Rupiah(-5_000), 1),
            ]
        };
        assert!(purchase(245_000, lines()).is_ok());
        assert_eq!(
            purchase(250_000, lines()),
            Err(BuildError::SumDiffers { sum: Rupiah(245_000), gross: Rupiah(250_000) })
        );
        assert_eq!(purchase(0, vec![]), Err(BuildError::NothingToPay));
        assert_eq!(purchase(5, vec![Item::new("a", "a", Rupiah(5), 0)]), Err(BuildError::Quantity));
        assert_eq!(purchase(5, vec![Item::new("a", "a", Rupiah(i64::MAX), 2)]), Err(BuildError::OutOfRange));
        assert_eq!(purchase(5, vec![Item::new("a", " ", Rupiah(5), 1)]), Err(BuildError::NamelessItem));
    }

    #[test]
    fn names_are_cut_by_characters_and_not_by_bytes() {
        let item = Item::new("x", &"é".repeat(60), Rupiah(1), 1);
        assert_eq!(item.name.chars().count(), 50);
        let long = Customer::named(&"ñ".repeat(300));
        assert_eq!(long.first_name.map(|n| n.chars().count()), Some(255));
        let bca = Customer::named(&"ñ".repeat(300)).for_bca();
        assert_eq!(bca.first_name.map(|n| n.chars().count()), Some(30));
    }

    #[test]
    fn bni_gets_a_phone_it_takes_or_none() {
        let phone = |p| Customer::named("Budi").phone(p).for_bni().phone;
        assert_eq!(phone("6281234567890").as_deref(), Some("+6281234567890"));
        assert_eq!(phone("81234567890").as_deref(), Some("081234567890"));
        assert_eq!(phone("081234567890").as_deref(), Some("081234567890"));
        assert_eq!(phone("+15551234"), None);
    }
}
