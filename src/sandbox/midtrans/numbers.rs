//! Numbers to transfer to.
use super::{dice::Dice, method::Bank};

/// Mandiri's number for Midtrans.
pub(super) const BILLER_CODE: &str = "70012";

/// A virtual account: the bank's own digits, then those asked for or random ones.
pub(super) fn virtual_account(bank: Bank, asked: Option<&str>, dice: &Dice) -> String {
    let own = match asked.and_then(|asked| fitted(bank, asked)) {
        Some(asked) => asked,
        None => dice.digits("virtual account", 16 - bank.prefix().len()),
    };
    format!("{}{own}", bank.prefix())
}

/// Digits a shop asks for: too few get zeros in front, what is too much at the end falls off.
fn fitted(bank: Bank, asked: &str) -> Option<String> {
    let is_number = !asked.is_empty() && asked.bytes().all(|b| b.is_ascii_digit());
    let length = bank.asked_digits();
    is_number.then(|| format!("{asked:0>width$}", width = *length.start()).chars().take(*length.end()).collect())
}

/// Twelve digits for one bill.
pub(super) fn bill_key(dice: &Dice) -> String {
    dice.digits("bill key", 12)
}
