//! Where a person wants money sent: a bank account or a wallet's number, as it was typed and judged.
use crate::{
    form::{Form, Wrong},
    locale::Said,
};

/// An account as it was typed and judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub bank: String,
    /// Digits only, 5 to 20 of them.
    pub number: String,
    pub holder: String,
}

impl Account {
    /// Judges what was typed. Spaces, dots and dashes in the number are how people read it out.
    pub fn read(form: &Form) -> Result<Account, Wrong> {
        let mut reader = form.read();
        let bank = reader.text("bank", 40);
        let typed = reader.text("rekening", 40);
        let number: String = typed.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
        let is_account = (5..=20).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        if !typed.is_empty() && !is_account {
            reader.refuse("rekening", Said::new("order.not_an_account"));
        }
        let holder = reader.text("pemilik", 80);
        reader.done(Account { bank, number, holder })
    }
}

/// The last four digits of a number: all that is shown where nobody has to send money.
pub fn end_of(number: &str) -> &str {
    number.get(number.len().saturating_sub(4)..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_as_people_read_it_out() {
        let read = |number: &str| {
            Account::read(&Form::of([("bank", "BRI"), ("rekening", number), ("pemilik", "Sati")])).map(|a| a.number)
        };
        assert_eq!(read("0021-01-000123.50 7"), Ok("002101000123507".into()));
        for wrong in ["", "1234", "BRI 123456", "123456789012345678901", "-1234", "１２３４５６"] {
            assert!(read(wrong).is_err_and(|wrong| wrong.0.contains_key("rekening")), "{wrong}");
        }
    }
}
