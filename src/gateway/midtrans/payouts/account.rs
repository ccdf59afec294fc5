//! Where money goes: an account at a bank, or the phone number of a wallet.
use std::{fmt, str::FromStr};

use serde_json::Value;

use super::super::{Error, lenient};
use super::answer;

const MIN_DIGITS: usize = 6;
const MAX_DIGITS: usize = 20;
const WALLETS: [&str; 2] = ["gopay", "ovo"];

/// Why a text names no account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAccount {
    /// Not a code such as `bri` or `mandiri_syar`.
    #[error("{0:?} is not a bank code: small letters, digits and _")]
    Bank(String),
    /// Too short, too long, or with other characters than digits.
    #[error("an account number has 6 to 20 digits and nothing else")]
    Number,
    /// A wallet is found by its phone number.
    #[error("the number of a wallet is a phone number that starts with 62 or 08")]
    Phone,
}

/// The word Midtrans uses for a bank or wallet, such as `bri` or `gopay`; all of them are told by `Payouts::banks`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BankCode(String);

impl BankCode {
    /// Checks the letters, not whether there is such a bank.
    pub fn parse(text: &str) -> Result<Self, InvalidAccount> {
        let code = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let fits = !text.is_empty() && text.bytes().all(code);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidAccount::Bank(text.to_owned())) }
    }

    /// The code as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a wallet, whose account number is a phone number.
    pub fn is_wallet(&self) -> bool {
        WALLETS.contains(&self.as_str())
    }
}

impl fmt::Display for BankCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for BankCode {
    type Err = InvalidAccount;

    fn from_str(text: &str) -> Result<Self, InvalidAccount> {
        Self::parse(text)
    }
}

/// An account that may exist. Ask `Payouts::validate_account` whose it is before money goes there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    bank: BankCode,
    number: String,
}

impl Account {
    /// 6 to 20 digits; for a wallet a phone number, `62…` or `08…`.
    pub fn new(bank: BankCode, number: &str) -> Result<Self, InvalidAccount> {
        let number = number.trim();
        if !(MIN_DIGITS..=MAX_DIGITS).contains(&number.len()) || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidAccount::Number);
        }
        if bank.is_wallet() && !(number.starts_with("62") || number.starts_with("08")) {
            return Err(InvalidAccount::Phone);
        }
        Ok(Self { bank, number: number.to_owned() })
    }

    /// At which bank.
    pub fn bank(&self) -> &BankCode {
        &self.bank
    }

    /// Its digits.
    pub fn number(&self) -> &str {
        &self.number
    }
}

/// Whose account it is, in the words of the bank. Show the name to a person before saving the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountHolder {
    /// As the bank writes it.
    pub account_name: String,
    /// As the bank writes it; may be more than what was asked for.
    pub account_no: Option<String>,
    /// The bank's code.
    pub bank_name: Option<String>,
}

impl AccountHolder {
    pub(super) fn read(body: &Value) -> Result<Self, Error> {
        Ok(Self {
            account_name: lenient::text(body, "account_name").ok_or_else(|| answer::unreadable(body))?,
            account_no: lenient::text(body, "account_no"),
            bank_name: lenient::text(body, "bank_name"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Account, BankCode, InvalidAccount};

    fn account(bank: &str, number: &str) -> Result<Account, InvalidAccount> {
        Account::new(BankCode::parse(bank)?, number)
    }

    #[test]
    fn an_account_that_cannot_exist_cannot_be_made() {
        assert!(account("bri", "1172993826").is_ok());
        assert!(account("mandiri_syar", " 123456 ").is_ok());
        assert!(account("gopay", "081234567890").is_ok());
        assert!(account("ovo", "6281234567890").is_ok());
        for bad in ["12345", "123456789012345678901", "1172-993826", "", "１２３４５６"] {
            assert_eq!(account("bri", bad), Err(InvalidAccount::Number), "{bad}");
        }
        assert_eq!(account("gopay", "1172993826"), Err(InvalidAccount::Phone));
        for bad in ["", "BRI", "b/ri", "bank bri"] {
            assert_eq!(account(bad, "1172993826"), Err(InvalidAccount::Bank(bad.into())));
        }
    }
}
