//! A whole code: read from a text, or made by a [`super::Merchant`].
use std::fmt;

use super::{
    Account, Amount, Wrong,
    amount::written as amount_written,
    tlv::{self, Field, crc, get},
};
use entity::Rupiah;

/// The rupiah, by its number in ISO 4217.
pub(super) const RUPIAH: &str = "360";
/// Merchant accounts: of a country's schemes, and QRIS's own two.
pub(super) const ACCOUNTS: [std::ops::RangeInclusive<u8>; 2] = [26..=45, 50..=51];
const EXTRA: u8 = 62;
const CHECKSUM: &str = "6304";
/// Tag and length of the checksum, and its four digits.
const END: usize = 8;

/// Whether the payer types the amount, and the code serves again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Static,
    Dynamic,
}

/// What is asked for on top of the amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tip {
    /// The payer may add one.
    Asked,
    Fixed(Amount),
    /// Per cent, as it stands in the code.
    Percent(String),
}

/// What else is said about the purchase.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extra {
    pub bill: Option<String>,
    pub store: Option<String>,
    pub reference: Option<String>,
    pub terminal: Option<String>,
    pub purpose: Option<String>,
}

/// A code that was understood. Its fields stand as they came; the checksum is made anew whenever it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    pub(super) fields: Vec<Field>,
}

impl Payload {
    /// Reads a code. Checksum, structure, version, currency and amount are judged; lengths that only a writer must keep
    /// are not.
    pub fn parse(text: &str) -> Result<Payload, Wrong> {
        if !tlv::is_printable(text) {
            return Err(Wrong::NotAscii);
        }
        let (fields, sum) =
            text.len().checked_sub(END).and_then(|at| text.split_at_checked(at)).ok_or(Wrong::NoChecksum)?;
        let found = sum.strip_prefix(CHECKSUM).ok_or(Wrong::NoChecksum)?;
        let expected = checksum(fields);
        if found != expected {
            return Err(Wrong::Checksum { expected, found: found.to_owned() });
        }
        Payload::of(tlv::read(fields)?)
    }

    /// Judges fields that were read or put together.
    pub(super) fn of(fields: Vec<Field>) -> Result<Payload, Wrong> {
        if fields.first().is_none_or(|first| first.tag != 0 || first.value != "01") {
            return Err(Wrong::Version);
        }
        if let Some(kind) = get(&fields, 1).filter(|kind| !matches!(*kind, "11" | "12")) {
            return Err(Wrong::Kind(kind.to_owned()));
        }
        for field in fields.iter().filter(|field| is_account(field.tag) || field.tag == EXTRA) {
            tlv::read(&field.value).map_err(|wrong| Wrong::Inside { tag: field.tag, wrong: Box::new(wrong) })?;
        }
        for tag in [52, 53, 58, 59, 60] {
            get(&fields, tag).ok_or(Wrong::Missing(tag))?;
        }
        // The checksum comes last and once.
        if get(&fields, 63).is_some() {
            return Err(Wrong::Twice(63));
        }
        if let Some(other) = get(&fields, 53).filter(|currency| *currency != RUPIAH) {
            return Err(Wrong::Currency(other.to_owned()));
        }
        get(&fields, 54).map(Amount::parse).transpose()?;
        tip(&fields)?;
        Ok(Payload { fields })
    }

    /// Static where nothing is said.
    pub fn kind(&self) -> Kind {
        if self.get(1) == Some("12") { Kind::Dynamic } else { Kind::Static }
    }

    /// What is to be paid; none where the payer types it.
    pub fn amount(&self) -> Option<Amount> {
        self.get(54).and_then(|text| Amount::parse(text).ok())
    }

    pub fn tip(&self) -> Option<Tip> {
        tip(&self.fields).ok().flatten()
    }

    /// Who gets the money, as each acquirer and the national register know them, in the order of the code.
    pub fn accounts(&self) -> Vec<Account> {
        self.fields
            .iter()
            .filter(|field| is_account(field.tag))
            .map(|f| Account::read(f.tag, &inside(&f.value)))
            .collect()
    }

    /// What the merchant deals in (ISO 18245).
    pub fn category(&self) -> &str {
        self.get(52).unwrap_or_default()
    }

    pub fn country(&self) -> &str {
        self.get(58).unwrap_or_default()
    }

    pub fn name(&self) -> &str {
        self.get(59).unwrap_or_default()
    }

    pub fn city(&self) -> &str {
        self.get(60).unwrap_or_default()
    }

    pub fn postcode(&self) -> Option<&str> {
        self.get(61)
    }

    pub fn extra(&self) -> Extra {
        let fields = inside(self.get(EXTRA).unwrap_or_default());
        let text = |tag| get(&fields, tag).map(str::to_owned);
        Extra { bill: text(1), store: text(3), reference: text(5), terminal: text(7), purpose: text(8) }
    }

    /// Any field as it stands, by its tag.
    pub fn get(&self, tag: u8) -> Option<&str> {
        get(&self.fields, tag)
    }

    /// The code with an amount in it, which the payer then need not type.
    ///
    /// Made from an outlet's printed code this is easy, and proves nothing: the provider does not know the sale, gives
    /// no reference for it and tells nobody of it, so its money can be anybody's. Only where a cashier sees the money
    /// arrive by another way; never as proof that a sale was paid.
    pub fn with_amount(&self, amount: Rupiah) -> Result<Payload, Wrong> {
        let asked = Field { tag: 54, value: amount_written(amount)? };
        let kept = self.fields.iter().filter(|field| !matches!(field.tag, 1 | 54)).cloned();
        let mut fields: Vec<Field> = kept.collect();
        fields.insert(1, Field { tag: 1, value: "12".into() });
        let at = fields.iter().position(|field| field.tag > 54).unwrap_or(fields.len());
        fields.insert(at, asked);
        Payload::of(fields)
    }
}

/// The text that a QR code carries.
impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = tlv::written(&self.fields);
        write!(f, "{fields}{CHECKSUM}{}", checksum(&fields))
    }
}

impl std::str::FromStr for Payload {
    type Err = Wrong;
    fn from_str(text: &str) -> Result<Payload, Wrong> {
        Payload::parse(text)
    }
}

fn checksum(fields: &str) -> String {
    format!("{:04X}", crc(format!("{fields}{CHECKSUM}").as_bytes()))
}

fn is_account(tag: u8) -> bool {
    ACCOUNTS.iter().any(|tags| tags.contains(&tag))
}

/// The fields in a field; they were judged when the code was read.
fn inside(value: &str) -> Vec<Field> {
    tlv::read(value).unwrap_or_default()
}

fn tip(fields: &[Field]) -> Result<Option<Tip>, Wrong> {
    let Some(said) = get(fields, 55) else { return Ok(None) };
    let refused = || Wrong::Tip(said.to_owned());
    Ok(Some(match said {
        "01" => Tip::Asked,
        "02" => Tip::Fixed(Amount::parse(get(fields, 56).ok_or_else(refused)?)?),
        "03" => Tip::Percent(get(fields, 57).ok_or_else(refused)?.to_owned()),
        _ => return Err(refused()),
    }))
}
