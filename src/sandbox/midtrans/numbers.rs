//! Numbers to transfer to.
use rand::RngExt;

use super::method::Bank;

/// Mandiri's number for Midtrans.
pub(super) const BILLER_CODE: &str = "70012";

/// A virtual account: the bank's own digits, then those asked for or random ones.
pub(super) fn virtual_account(bank: Bank, asked: Option<&str>) -> String {
    match asked {
        Some(asked) => format!("{}{asked}", bank.prefix()),
        None => format!("{}{}", bank.prefix(), digits(16 - bank.prefix().len() as u32)),
    }
}

/// Twelve digits for one bill.
pub(super) fn bill_key() -> String {
    digits(12)
}

fn digits(count: u32) -> String {
    let mut rng = rand::rng();
    (0..count).map(|_| char::from(b'0' + rng.random_range(0..10_u8))).collect()
}
