//! What Midtrans says of a transaction.
use chrono::{DateTime, Utc};
use entity::Rupiah;
use serde_json::Value;

use super::purchase::CustomFields;
use super::{Refund, RefundKey, TransactionId, lenient};

/// Where a transaction stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransactionStatus {
    /// Held on a card, not taken.
    Authorize,
    /// Taken from a card; paid unless the fraud status says otherwise.
    Capture,
    /// Paid.
    Settlement,
    /// Waiting for the buyer.
    Pending,
    /// Refused, or taken back after a settlement.
    Deny,
    /// Called off by us.
    Cancel,
    /// Too late.
    Expire,
    /// Broken on the way.
    Failure,
    /// Given back in full.
    Refund,
    /// Given back in part.
    PartialRefund,
    /// Disputed by the card holder.
    Chargeback,
    /// Disputed in part.
    PartialChargeback,
    /// A word we have not met, in lower case; empty when the answer had none.
    Other(String),
}

impl TransactionStatus {
    fn parse(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "authorize" => Self::Authorize,
            "capture" => Self::Capture,
            "settlement" => Self::Settlement,
            "pending" => Self::Pending,
            "deny" => Self::Deny,
            "cancel" => Self::Cancel,
            "expire" => Self::Expire,
            "failure" => Self::Failure,
            "refund" => Self::Refund,
            "partial_refund" => Self::PartialRefund,
            "chargeback" => Self::Chargeback,
            "partial_chargeback" => Self::PartialChargeback,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The word Midtrans uses.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Authorize => "authorize",
            Self::Capture => "capture",
            Self::Settlement => "settlement",
            Self::Pending => "pending",
            Self::Deny => "deny",
            Self::Cancel => "cancel",
            Self::Expire => "expire",
            Self::Failure => "failure",
            Self::Refund => "refund",
            Self::PartialRefund => "partial_refund",
            Self::Chargeback => "chargeback",
            Self::PartialChargeback => "partial_chargeback",
            Self::Other(word) => word,
        }
    }
}

/// What the fraud check says. Only cards are ever challenged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FraudStatus {
    /// Fine.
    Accept,
    /// Waits for a person to decide.
    Challenge,
    /// Fraud.
    Deny,
    /// A word we have not met.
    Other(String),
}

impl FraudStatus {
    fn parse(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "accept" => Self::Accept,
            "challenge" => Self::Challenge,
            "deny" => Self::Deny,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The word Midtrans uses.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Accept => "accept",
            Self::Challenge => "challenge",
            Self::Deny => "deny",
            Self::Other(word) => word,
        }
    }
}

/// A number to transfer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaNumber {
    /// Lower-case short name.
    pub bank: String,
    /// As the buyer types it.
    pub va_number: String,
}

/// Somewhere the buyer can go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Such as `generate-qr-code` or `deeplink-redirect`.
    pub name: String,
    /// GET or POST.
    pub method: String,
    /// Where.
    pub url: String,
}

/// Whether a QRIS payment stayed with its acquirer. It decides how long a refund is possible: GoPay gives 45 days for
/// its own buyers, 7 for those of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Switching {
    /// The buyer's wallet is the acquirer's own.
    OnUs,
    /// The buyer's wallet or bank is another's.
    OffUs,
    /// A word we have not met, in lower case.
    Other(String),
}

impl Switching {
    fn parse(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().replace('_', "-").as_str() {
            "on-us" => Self::OnUs,
            "off-us" => Self::OffUs,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The word Midtrans uses.
    pub fn as_str(&self) -> &str {
        match self {
            Self::OnUs => "on-us",
            Self::OffUs => "off-us",
            Self::Other(word) => word,
        }
    }
}

/// One transaction as Midtrans describes it, in an answer or in a notification.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// Midtrans' id.
    pub transaction_id: Option<TransactionId>,
    /// Our id; for some methods the transaction id stands here instead.
    pub order_id: Option<String>,
    /// Where it stands.
    pub transaction_status: TransactionStatus,
    /// Absent for some methods.
    pub fraud_status: Option<FraudStatus>,
    /// The business result, which is not the payment status.
    pub status_code: String,
    /// In words, for the log.
    pub status_message: Option<String>,
    /// Exactly as received, for the signature.
    pub gross_amount: Option<String>,
    /// The same as money; `None` when it has a fraction.
    pub gross: Option<Rupiah>,
    /// Such as `qris` or `bank_transfer`.
    pub payment_type: Option<String>,
    /// Such as `IDR`.
    pub currency: Option<String>,
    /// Whose money it is.
    pub merchant_id: Option<String>,
    /// Made.
    pub transaction_time: Option<DateTime<Utc>>,
    /// Paid.
    pub settlement_time: Option<DateTime<Utc>>,
    /// Closes.
    pub expiry_time: Option<DateTime<Utc>>,
    /// Whose wallet or bank paid.
    pub issuer: Option<String>,
    /// Who took it for us.
    pub acquirer: Option<String>,
    /// Whether both are the same; only QRIS tells.
    pub transaction_type: Option<Switching>,
    /// Numbers to transfer to.
    pub va_numbers: Vec<VaNumber>,
    /// Permata has a field of its own.
    pub permata_va_number: Option<String>,
    /// Mandiri's number for this bill.
    pub bill_key: Option<String>,
    /// Mandiri's number for Midtrans.
    pub biller_code: Option<String>,
    /// What a QRIS code says.
    pub qr_string: Option<String>,
    /// Where the buyer can go on.
    pub actions: Vec<Action>,
    /// What was given back in all, when it is whole rupiah; in the answer to a refund perhaps only that refund.
    pub refund_amount: Option<Rupiah>,
    /// All refunds, not only the last; each key once.
    pub refunds: Vec<Refund>,
    /// The shop of cash: `alfamart` or `indomaret`.
    pub store: Option<String>,
    /// What the buyer says there.
    pub payment_code: Option<String>,
    /// Ours, given back.
    pub custom_fields: [Option<String>; 3],
    /// Ours, given back; also where an added fee is told.
    pub metadata: Value,
    /// The whole answer.
    pub raw: Value,
}

impl Status {
    /// Reads whatever fields are there.
    pub(super) fn read(raw: Value) -> Self {
        let text = |field| lenient::text(&raw, field);
        let time = |field| lenient::text(&raw, field).as_deref().and_then(lenient::time);
        let gross_amount = text("gross_amount");
        Self {
            transaction_id: text("transaction_id").and_then(|id| TransactionId::parse(id).ok()),
            order_id: text("order_id"),
            transaction_status: TransactionStatus::parse(&text("transaction_status").unwrap_or_default()),
            fraud_status: text("fraud_status").as_deref().map(FraudStatus::parse),
            status_code: text("status_code").unwrap_or_default(),
            status_message: text("status_message"),
            gross: gross_amount.as_deref().and_then(lenient::rupiah),
            gross_amount,
            payment_type: text("payment_type").map(|t| t.to_ascii_lowercase()),
            currency: text("currency"),
            merchant_id: text("merchant_id"),
            transaction_time: time("transaction_time"),
            settlement_time: time("settlement_time"),
            expiry_time: time("expiry_time"),
            issuer: text("issuer"),
            acquirer: text("acquirer"),
            transaction_type: text("transaction_type").as_deref().map(Switching::parse),
            va_numbers: lenient::list(&raw, "va_numbers").iter().filter_map(va_number).collect(),
            permata_va_number: text("permata_va_number"),
            bill_key: text("bill_key"),
            biller_code: text("biller_code"),
            qr_string: text("qr_string"),
            actions: lenient::list(&raw, "actions").iter().filter_map(action).collect(),
            refund_amount: text("refund_amount").as_deref().and_then(lenient::rupiah),
            refunds: Refund::list(lenient::list(&raw, "refunds")),
            store: text("store"),
            payment_code: text("payment_code"),
            custom_fields: CustomFields::read(&raw),
            metadata: raw.get("metadata").cloned().unwrap_or_default(),
            raw,
        }
    }

    /// The one number a buyer transfers to, whichever field it came in.
    pub fn va_number(&self) -> Option<&str> {
        self.permata_va_number.as_deref().or_else(|| self.va_numbers.first().map(|va| va.va_number.as_str()))
    }

    /// The refund that goes by this key. After a lost answer, or `RefundOutcome::DuplicateKey`, this is where the truth
    /// is; `None`: Midtrans knows of no refund by this key yet.
    pub fn refund(&self, key: &RefundKey) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.refund_key.as_deref() == Some(key.as_str()))
    }

    /// Where the action of this name leads.
    pub fn action(&self, name: &str) -> Option<&str> {
        self.actions.iter().find(|action| action.name == name).map(|action| action.url.as_str())
    }
}

fn va_number(body: &Value) -> Option<VaNumber> {
    let bank = lenient::text(body, "bank").unwrap_or_default().to_ascii_lowercase();
    lenient::text(body, "va_number").map(|va_number| VaNumber { bank, va_number })
}

fn action(body: &Value) -> Option<Action> {
    Some(Action {
        name: lenient::text(body, "name")?,
        method: lenient::text(body, "method").unwrap_or_else(|| "GET".into()),
        url: lenient::text(body, "url")?,
    })
}
