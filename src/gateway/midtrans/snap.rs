//! Snap: Midtrans' own page, on which the buyer picks a method.
use chrono::{DateTime, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::purchase::CustomFields;
use super::{BuildError, Customer, Error, Expiry, Purchase, lenient};

/// What the page may offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EnabledPayment {
    /// One QRIS for every bank and wallet; arrives as `qris`.
    OtherQris,
    /// GoPay's app.
    Gopay,
    /// ShopeePay's app.
    Shopeepay,
    /// DANA's app.
    Dana,
    /// OVO's app.
    Ovo,
    /// BCA virtual account.
    BcaVa,
    /// BNI virtual account.
    BniVa,
    /// BRI virtual account.
    BriVa,
    /// CIMB virtual account.
    CimbVa,
    /// Danamon virtual account.
    DanamonVa,
    /// BSI virtual account.
    BsiVa,
    /// SeaBank virtual account.
    SeabankVa,
    /// Permata virtual account.
    PermataVa,
    /// Bank Saqu virtual account.
    SaquVa,
    /// A virtual account for all other banks.
    OtherVa,
    /// Mandiri's bill payment.
    Echannel,
    /// Cash at Alfamart.
    Alfamart,
    /// Cash at Indomaret.
    Indomaret,
    /// Akulaku, by instalments.
    Akulaku,
    /// Kredivo, by instalments.
    Kredivo,
    /// Cards.
    CreditCard,
}

impl EnabledPayment {
    /// The word Midtrans uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::OtherQris => "other_qris",
            Self::Gopay => "gopay",
            Self::Shopeepay => "shopeepay",
            Self::Dana => "dana",
            Self::Ovo => "ovo",
            Self::BcaVa => "bca_va",
            Self::BniVa => "bni_va",
            Self::BriVa => "bri_va",
            Self::CimbVa => "cimb_va",
            Self::DanamonVa => "danamon_va",
            Self::BsiVa => "bsi_va",
            Self::SeabankVa => "seabank_va",
            Self::PermataVa => "permata_va",
            Self::SaquVa => "saqu_va",
            Self::OtherVa => "other_va",
            Self::Echannel => "echannel",
            Self::Alfamart => "alfamart",
            Self::Indomaret => "indomaret",
            Self::Akulaku => "akulaku",
            Self::Kredivo => "kredivo",
            Self::CreditCard => "credit_card",
        }
    }
}

/// A Snap page that is ready to be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct SnapRequest {
    purchase: Purchase,
    enabled_payments: Vec<EnabledPayment>,
    customer: Option<Customer>,
    expiry: Option<Expiry>,
    page_expiry: Option<Expiry>,
    finish: Option<String>,
    custom_fields: CustomFields,
    metadata: Option<Value>,
}

impl SnapRequest {
    /// One purchase; without `enabled_payments` the page offers everything that is active.
    pub fn new(purchase: Purchase, enabled_payments: Vec<EnabledPayment>) -> Self {
        Self {
            purchase,
            enabled_payments,
            customer: None,
            expiry: None,
            page_expiry: None,
            finish: None,
            custom_fields: CustomFields::default(),
            metadata: None,
        }
    }

    /// Who pays, fitted to the strictest bank on the page.
    pub fn customer(mut self, customer: Customer) -> Self {
        let strict = |payment| self.enabled_payments.is_empty() || self.enabled_payments.contains(&payment);
        let customer = if strict(EnabledPayment::BcaVa) { customer.for_bca() } else { customer };
        let customer = if strict(EnabledPayment::BniVa) { customer.for_bni() } else { customer };
        self.customer = Some(customer);
        self
    }

    /// How long a picked method stays open.
    pub fn expiry(mut self, expiry: Expiry) -> Result<Self, BuildError> {
        self.expiry = Some(lasting(expiry)?);
        Ok(self)
    }

    /// How long the page itself stays open. Midtrans says nothing when it closes, and a number already shown stays
    /// payable after it.
    pub fn page_expiry(mut self, expiry: Expiry) -> Result<Self, BuildError> {
        self.page_expiry = Some(lasting(Expiry { start: None, ..expiry })?);
        Ok(self)
    }

    /// Where the page returns the buyer to. What comes with it is unsigned: good for choosing a page, never as proof.
    pub fn finish(mut self, url: impl Into<String>) -> Self {
        self.finish = Some(url.into());
        self
    }

    /// Three texts that come back in every status and notification; an empty one is left out.
    pub fn custom_fields(mut self, texts: [&str; 3]) -> Self {
        self.custom_fields = CustomFields::new(texts);
        self
    }

    /// Comes back in every status and notification.
    pub fn metadata(mut self, metadata: Value) -> Self {
        self.metadata = Some(metadata);
        self
    }

    pub(super) fn body(&self) -> Value {
        let mut body = Map::new();
        self.purchase.write(&mut body);
        self.custom_fields.write(&mut body);
        if !self.enabled_payments.is_empty() {
            let names: Vec<&str> = self.enabled_payments.iter().map(|payment| payment.name()).collect();
            body.insert("enabled_payments".into(), json!(names));
        }
        let extras = [
            ("customer_details", self.customer.as_ref().map(|c| json!(c))),
            ("expiry", self.expiry.map(Expiry::snap)),
            ("page_expiry", self.page_expiry.map(Expiry::snap)),
            ("callbacks", self.finish.as_ref().map(|url| json!({"finish": url, "error": url}))),
            ("metadata", self.metadata.clone()),
        ];
        body.extend(extras.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        Value::Object(body)
    }
}

fn lasting(expiry: Expiry) -> Result<Expiry, BuildError> {
    if expiry.duration == 0 { Err(BuildError::NoTime) } else { Ok(expiry) }
}

/// Names a Snap page. Whoever holds it can pay the bill, so it is shown to nobody but the buyer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapToken(String);

impl SnapToken {
    /// A token as stored.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The token itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn segment(&self) -> String {
        utf8_percent_encode(&self.0, NON_ALPHANUMERIC).to_string()
    }
}

/// A page that waits for the buyer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapSession {
    /// Names the page.
    pub token: SnapToken,
    /// Where the page is; its form changes, so it is never taken apart.
    pub redirect_url: String,
}

impl SnapSession {
    pub(super) fn read(body: &Value, http: u16) -> Result<Self, Error> {
        match (lenient::text(body, "token"), lenient::text(body, "redirect_url")) {
            (Some(token), Some(redirect_url)) => Ok(Self { token: SnapToken(token), redirect_url }),
            _ => Err(Error::Unparsable { http, excerpt: body.to_string().chars().take(200).collect() }),
        }
    }
}

/// A page that is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapCanceled {
    /// When; absent if it had been closed before.
    pub canceled_at: Option<DateTime<Utc>>,
}

impl SnapCanceled {
    pub(super) fn read(body: &Value) -> Self {
        Self { canceled_at: lenient::text(body, "canceled_at").as_deref().and_then(lenient::time) }
    }
}
