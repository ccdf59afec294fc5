//! People who are paid more than once, saved under a short name.
use std::fmt;

use serde_json::{Value, json};

use super::super::{lenient, reference::escaped};
use super::Account;

const MAX_ALIAS: usize = 20;

/// Why somebody cannot be saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBeneficiary {
    /// No name.
    #[error("a beneficiary needs a name")]
    Nameless,
    /// A short name Midtrans would refuse.
    #[error("an alias is 1 to 20 letters and digits")]
    Alias,
}

/// The short name of a beneficiary: 1 to 20 ASCII letters and digits, each used once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Alias(String);

impl Alias {
    /// Checks length and letters.
    pub fn parse(text: &str) -> Result<Self, InvalidBeneficiary> {
        let fits = (1..=MAX_ALIAS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidBeneficiary::Alias) }
    }

    /// The alias as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn segment(&self) -> String {
        escaped(&self.0)
    }
}

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody who is ready to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBeneficiary {
    name: String,
    account: Account,
    alias: Alias,
    email: Option<String>,
}

impl NewBeneficiary {
    /// A person, their account, and the short name they go by.
    pub fn new(name: &str, account: Account, alias: Alias) -> Result<Self, InvalidBeneficiary> {
        match name.trim() {
            "" => Err(InvalidBeneficiary::Nameless),
            name => Ok(Self { name: name.to_owned(), account, alias, email: None }),
        }
    }

    /// Where Midtrans tells them of a payout.
    pub fn email(mut self, email: &str) -> Self {
        self.email = Some(email.trim().to_owned()).filter(|email| !email.is_empty());
        self
    }

    pub(super) fn body(&self) -> Value {
        let mut body = json!({
            "name": self.name,
            "account": self.account.number(),
            "bank": self.account.bank().as_str(),
            "alias_name": self.alias.as_str(),
        });
        if let Some(email) = &self.email {
            body["email"] = email.as_str().into();
        }
        body
    }
}

/// Somebody saved at Midtrans, as they stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beneficiary {
    /// Their name.
    pub name: Option<String>,
    /// The code of their bank.
    pub bank: Option<String>,
    /// Their account number.
    pub account: Option<String>,
    /// Their short name.
    pub alias_name: Option<String>,
    /// Their address for mail.
    pub email: Option<String>,
}

impl Beneficiary {
    pub(super) fn read(body: &Value) -> Self {
        let text = |field| lenient::text(body, field);
        Self {
            name: text("name"),
            bank: text("bank"),
            account: text("account"),
            alias_name: text("alias_name"),
            email: text("email"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Alias, InvalidBeneficiary};

    #[test]
    fn an_alias_is_short_and_plain() {
        assert!(Alias::parse("sitibri").is_ok());
        assert!(Alias::parse(&"a".repeat(20)).is_ok());
        for bad in ["", "siti bri", "siti-bri", "sítí", &"a".repeat(21)] {
            assert_eq!(Alias::parse(bad), Err(InvalidBeneficiary::Alias), "{bad}");
        }
    }
}
