//! A charge by Core API: we draw the QR or show the number on our own page.
use serde_json::{Map, Value, json};

use super::purchase::{CustomFields, cut};
use super::{BuildError, Customer, Expiry, Purchase};

/// Who takes a QRIS payment for us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QrisAcquirer {
    /// GoPay, the usual one.
    #[default]
    Gopay,
    /// ShopeePay, by its older name.
    Shopeepay,
}

impl QrisAcquirer {
    fn name(self) -> &'static str {
        match self {
            QrisAcquirer::Gopay => "gopay",
            QrisAcquirer::Shopeepay => "airpay shopee",
        }
    }
}

/// Banks that give a virtual account. Mandiri has its own way: `Method::MandiriBill`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bank {
    /// BCA.
    Bca,
    /// BNI.
    Bni,
    /// BRI.
    Bri,
    /// Permata; has no idempotency, so a lost answer is asked for by status.
    Permata,
    /// CIMB Niaga.
    Cimb,
    /// Danamon.
    Danamon,
    /// Bank Syariah Indonesia.
    Bsi,
    /// SeaBank.
    Seabank,
    /// Bank Saqu.
    Saqu,
}

impl Bank {
    /// The word Midtrans uses.
    pub fn name(self) -> &'static str {
        match self {
            Bank::Bca => "bca",
            Bank::Bni => "bni",
            Bank::Bri => "bri",
            Bank::Permata => "permata",
            Bank::Cimb => "cimb",
            Bank::Danamon => "danamon",
            Bank::Bsi => "bsi",
            Bank::Seabank => "seabank",
            Bank::Saqu => "saqu",
        }
    }
}

/// How the buyer pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// One code for every bank and wallet.
    Qris(QrisAcquirer),
    /// A number to transfer to; `va_number` asks for certain digits at its end.
    VirtualAccount {
        /// Whose.
        bank: Bank,
        /// Digits we would like.
        va_number: Option<String>,
    },
    /// Mandiri's bill payment.
    MandiriBill {
        /// What it is for, 10 characters.
        info1: String,
        /// In more words, 30 characters.
        info2: String,
    },
    /// GoPay, by opening the app.
    Gopay {
        /// Where the app returns the buyer to.
        callback_url: Option<String>,
    },
    /// ShopeePay, by opening the app.
    Shopeepay {
        /// Where the app returns the buyer to.
        callback_url: String,
    },
}

impl Method {
    fn payment_type(&self) -> &'static str {
        match self {
            Method::Qris(_) => "qris",
            Method::VirtualAccount { .. } => "bank_transfer",
            Method::MandiriBill { .. } => "echannel",
            Method::Gopay { .. } => "gopay",
            Method::Shopeepay { .. } => "shopeepay",
        }
    }

    fn details(&self) -> Value {
        match self {
            Method::Qris(acquirer) => json!({"acquirer": acquirer.name()}),
            Method::VirtualAccount { bank, va_number: None } => json!({"bank": bank.name()}),
            Method::VirtualAccount { bank, va_number: Some(number) } => {
                json!({"bank": bank.name(), "va_number": number})
            }
            Method::MandiriBill { info1, info2 } => json!({"bill_info1": cut(info1, 10), "bill_info2": cut(info2, 30)}),
            Method::Gopay { callback_url: None } => json!({"enable_callback": false}),
            Method::Gopay { callback_url: Some(url) } => json!({"enable_callback": true, "callback_url": url}),
            Method::Shopeepay { callback_url } => json!({"callback_url": callback_url}),
        }
    }

    /// Whether Midtrans keeps an idempotency key for it, so that the same call may be sent again.
    pub(super) fn keeps_keys(&self) -> bool {
        !matches!(self, Method::VirtualAccount { bank: Bank::Permata, .. })
    }

    fn fit(&self, customer: Customer) -> Customer {
        match self {
            Method::VirtualAccount { bank: Bank::Bca, .. } => customer.for_bca(),
            Method::VirtualAccount { bank: Bank::Bni, .. } => customer.for_bni(),
            _ => customer,
        }
    }
}

/// A charge that is ready to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct ChargeRequest {
    purchase: Purchase,
    method: Method,
    customer: Option<Customer>,
    expiry: Option<Expiry>,
    custom_fields: CustomFields,
    metadata: Option<Value>,
}

impl ChargeRequest {
    /// One purchase, paid one way.
    pub fn new(purchase: Purchase, method: Method) -> Self {
        Self { purchase, method, customer: None, expiry: None, custom_fields: CustomFields::default(), metadata: None }
    }

    /// Who pays, fitted to what the chosen bank takes.
    pub fn customer(mut self, customer: Customer) -> Self {
        self.customer = Some(self.method.fit(customer));
        self
    }

    /// Whether the same call may be sent again under one key.
    pub(super) fn keeps_keys(&self) -> bool {
        self.method.keeps_keys()
    }

    /// How long it stays open, instead of the method's own time.
    pub fn expiry(mut self, expiry: Expiry) -> Result<Self, BuildError> {
        if expiry.duration == 0 {
            return Err(BuildError::NoTime);
        }
        self.expiry = Some(expiry);
        Ok(self)
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
        let payment_type = self.method.payment_type();
        let mut body = Map::new();
        body.insert("payment_type".into(), payment_type.into());
        self.purchase.write(&mut body);
        body.insert(payment_type.into(), self.method.details());
        self.custom_fields.write(&mut body);
        let extras = [
            ("customer_details", self.customer.as_ref().map(|c| json!(c))),
            ("custom_expiry", self.expiry.map(Expiry::core)),
            ("metadata", self.metadata.clone()),
        ];
        body.extend(extras.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        Value::Object(body)
    }
}
