//! Money out: one payout and its way from queued to completed, or back.
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    answers::hex_sha512,
    bill,
    dice::Dice,
    keys::Keys,
    manner::{Manner, Signature, overlay},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Standing {
    Queued,
    Approved,
    Rejected,
    Processed,
    Completed,
    Failed,
}

impl Standing {
    pub fn parse(word: &str) -> Option<Standing> {
        serde_json::from_value(word.into()).ok()
    }

    fn is_money_out(self) -> bool {
        matches!(self, Standing::Approved | Standing::Processed | Standing::Completed)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Payout {
    pub reference_no: String,
    pub name: String,
    pub account: String,
    pub bank: String,
    pub email: String,
    pub amount: i64,
    pub notes: String,
    pub standing: Standing,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub error: Option<(String, String)>,
    /// What is laid over all that is told of it.
    pub overlay: Map<String, Value>,
}

impl Payout {
    /// Reads one entry of a request, or says what is wrong with it.
    pub fn read(body: &Value, now: DateTime<Utc>, dice: &Dice) -> Result<Payout, String> {
        let text = |field: &str| body[field].as_str().unwrap_or_default().trim().to_owned();
        let required =
            |field: &str| Some(text(field)).filter(|t| !t.is_empty()).ok_or(format!("{field} can't be blank"));
        let bank = required("beneficiary_bank")?;
        let account = required("beneficiary_account")?;
        if !is_bank(&bank) {
            return Err("beneficiary_bank is not supported".into());
        }
        if !is_account(&bank, &account) {
            return Err("beneficiary_account is invalid".into());
        }
        let amount = body["amount"].as_str().and(bill::whole(&body["amount"])).filter(|amount| *amount > 0);
        let notes = text("notes");
        if notes.chars().count() > 100 {
            return Err("notes is too long (maximum is 100 characters)".into());
        }
        Ok(Payout {
            reference_no: dice.hex("payout", 14),
            name: required("beneficiary_name")?,
            account,
            bank,
            email: text("beneficiary_email"),
            amount: amount.ok_or("amount must be a string of whole rupiah, such as 100000.00")?,
            notes,
            standing: Standing::Queued,
            created_at: now,
            updated_at: now,
            error: None,
            overlay: Map::new(),
        })
    }

    /// What it has taken out of the wallet.
    pub fn taken(&self) -> i64 {
        if self.standing.is_money_out() { self.amount } else { 0 }
    }

    pub fn details(&self) -> Value {
        let mut body = self.head();
        let rest = json!({
            "beneficiary_name": self.name,
            "beneficiary_account": self.account,
            "bank": self.bank,
            "beneficiary_email": self.email,
            "notes": self.notes,
            "created_by": "creator",
            "created_at": iso(self.created_at),
        });
        body.extend(rest.as_object().cloned().unwrap_or_default());
        overlay(&mut body, &self.overlay);
        Value::Object(body)
    }

    /// The callback and its `Iris-Signature`, over the raw body and the creator's key.
    pub fn notice(&self, manner: &Manner, keys: &Keys) -> (String, String) {
        let mut body = self.head();
        overlay(&mut body, &self.overlay);
        overlay(&mut body, &manner.tamper);
        let body = Value::Object(body).to_string();
        let key = match manner.signature {
            Signature::Valid => keys.iris_creator.as_str(),
            Signature::Forged => "IRIS-palsu",
        };
        let signature = hex_sha512(format!("{body}{key}").as_bytes());
        (body, signature)
    }

    fn head(&self) -> Map<String, Value> {
        let mut body = Map::new();
        body.insert("reference_no".into(), self.reference_no.as_str().into());
        body.insert("amount".into(), format!("{}.00", self.amount).into());
        body.insert("status".into(), json!(self.standing));
        body.insert("updated_at".into(), iso(self.updated_at).into());
        if let Some((code, message)) = &self.error {
            body.insert("error_code".into(), code.as_str().into());
            body.insert("error_message".into(), message.as_str().into());
        }
        body
    }
}

pub(super) fn iso(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Code and name of those that can be paid to.
pub(super) const BANKS: [(&str, &str); 11] = [
    ("bca", "PT. BANK CENTRAL ASIA TBK."),
    ("bni", "PT. BANK NEGARA INDONESIA (PERSERO)"),
    ("bri", "PT. BANK RAKYAT INDONESIA (PERSERO)"),
    ("bsi", "PT. BANK SYARIAH INDONESIA TBK."),
    ("cimb", "PT. BANK CIMB NIAGA TBK."),
    ("danamon", "PT. BANK DANAMON INDONESIA TBK."),
    ("jatim", "PT. BANK JATIM"),
    ("mandiri", "PT. BANK MANDIRI (PERSERO) TBK."),
    ("permata", "PT. BANK PERMATA TBK."),
    ("gopay", "GO-PAY"),
    ("ovo", "OVO"),
];

pub(super) fn is_bank(code: &str) -> bool {
    BANKS.iter().any(|(known, _)| *known == code)
}

/// Digits of a bank account, or the phone number of a wallet.
pub(super) fn is_account(bank: &str, account: &str) -> bool {
    let digits = (6..=20).contains(&account.len()) && account.bytes().all(|b| b.is_ascii_digit());
    let is_wallet = matches!(bank, "gopay" | "ovo");
    digits && (!is_wallet || account.starts_with("62") || account.starts_with("08"))
}

/// Accounts that end like this do not exist here: asking for the name fails, and so does a payout.
pub(super) fn is_missing(account: &str) -> bool {
    account.ends_with("000")
}
