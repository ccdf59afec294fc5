//! Codes of our own, from who gets the money.
use super::{
    Extra, Payload, Wrong,
    amount::written,
    payload::{ACCOUNTS, RUPIAH},
    tlv::{Field, get},
};
use entity::Rupiah;

/// How large a merchant is, which decides what a payment costs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criteria {
    Micro,
    Small,
    Middle,
    Large,
}

impl Criteria {
    const ALL: [(Criteria, &'static str); 4] =
        [(Criteria::Micro, "UMI"), (Criteria::Small, "UKE"), (Criteria::Middle, "UME"), (Criteria::Large, "UBE")];

    fn code(self) -> &'static str {
        Criteria::ALL.iter().find(|(criteria, _)| *criteria == self).map_or("", |(_, code)| code)
    }
}

/// The merchant at one acquirer (26 to 45, 50) or in the national register (51).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub tag: u8,
    /// Whose numbers these are: a name turned round like a package's, `ID.CO.QRIS.WWW` for the register.
    pub guid: String,
    /// The acquirer in its first eight digits, then the merchant; the register has none.
    pub pan: Option<String>,
    pub merchant_id: Option<String>,
    pub criteria: Option<Criteria>,
}

impl Account {
    pub(super) fn read(tag: u8, fields: &[Field]) -> Account {
        let text = |tag| get(fields, tag).map(str::to_owned);
        let criteria = get(fields, 3).and_then(|said| Criteria::ALL.iter().find(|(_, code)| *code == said));
        Account {
            tag,
            guid: text(0).unwrap_or_default(),
            pan: text(1),
            merchant_id: text(2),
            criteria: criteria.map(|(criteria, _)| *criteria),
        }
    }

    fn field(&self) -> Result<Field, Wrong> {
        if !ACCOUNTS.iter().any(|tags| tags.contains(&self.tag)) {
            return Err(Wrong::Unfit { tag: self.tag, text: self.guid.clone() });
        }
        let mut fields = vec![Field::new(0, &self.guid, 32)?];
        if let Some(pan) = &self.pan {
            fields.push(Field::new(1, pan, 19)?);
        }
        if let Some(id) = &self.merchant_id {
            fields.push(Field::new(2, id, 15)?);
        }
        if let Some(criteria) = self.criteria {
            fields.push(Field::new(3, criteria.code(), 3)?);
        }
        Field::of(self.tag, &fields)
    }
}

/// Who gets the money. Texts that do not fit are refused, never cut: a cut name is another merchant's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merchant {
    pub accounts: Vec<Account>,
    /// What the merchant deals in: four digits (ISO 18245).
    pub category: String,
    /// At most 25 characters.
    pub name: String,
    /// At most 15 characters.
    pub city: String,
    pub postcode: Option<String>,
}

impl Merchant {
    /// A code to be printed: the payer types the amount.
    pub fn printed(&self, extra: &Extra) -> Result<Payload, Wrong> {
        self.code("11", None, extra)
    }

    /// A code for one sale.
    pub fn asking(&self, amount: Rupiah, extra: &Extra) -> Result<Payload, Wrong> {
        self.code("12", Some(written(amount)?), extra)
    }

    fn code(&self, kind: &str, amount: Option<String>, extra: &Extra) -> Result<Payload, Wrong> {
        if self.accounts.is_empty() {
            return Err(Wrong::Missing(26));
        }
        if self.category.len() != 4 || !self.category.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Wrong::Unfit { tag: 52, text: self.category.clone() });
        }
        let mut fields = vec![Field::new(0, "01", 2)?, Field::new(1, kind, 2)?];
        for account in &self.accounts {
            let field = account.field()?;
            if fields.iter().any(|other| other.tag == field.tag) {
                return Err(Wrong::Twice(field.tag));
            }
            fields.push(field);
        }
        fields.push(Field::new(52, &self.category, 4)?);
        fields.push(Field::new(53, RUPIAH, 3)?);
        if let Some(amount) = amount {
            fields.push(Field::new(54, &amount, 13)?);
        }
        fields.push(Field::new(58, "ID", 2)?);
        fields.push(Field::new(59, &self.name, 25)?);
        fields.push(Field::new(60, &self.city, 15)?);
        if let Some(postcode) = &self.postcode {
            fields.push(Field::new(61, postcode, 10)?);
        }
        fields.extend(self::extra(extra)?);
        Payload::of(fields)
    }
}

fn extra(extra: &Extra) -> Result<Option<Field>, Wrong> {
    let Extra { bill, store, reference, terminal, purpose } = extra;
    let mut fields = Vec::new();
    for (tag, text) in [(1, bill), (3, store), (5, reference), (7, terminal), (8, purpose)] {
        if let Some(text) = text {
            fields.push(Field::new(tag, text, 25)?);
        }
    }
    if fields.is_empty() { Ok(None) } else { Field::of(62, &fields).map(Some) }
}
