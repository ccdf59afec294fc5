//! Amounts as they stand in a code.
use super::Wrong;
use entity::Rupiah;

/// The most characters an amount may have.
const MOST: usize = 13;

/// An amount in hundredths of a rupiah.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount {
    hundredths: i64,
}

impl Amount {
    /// Reads `275000`, `275000.` and `275000.00`: digits with at most one point and two digits behind it (EMVCo 4.8).
    pub fn parse(text: &str) -> Result<Amount, Wrong> {
        let refused = || Wrong::Amount(text.to_owned());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if text.len() > MOST || whole.is_empty() || fraction.len() > 2 || !is_digits(whole) || !is_digits(fraction) {
            return Err(refused());
        }
        format!("{whole}{fraction:0<2}").parse().map(|hundredths| Amount { hundredths }).map_err(|_| refused())
    }

    /// The amount if there is no part of a rupiah in it.
    pub fn whole(self) -> Option<Rupiah> {
        (self.hundredths % 100 == 0).then_some(Rupiah(self.hundredths / 100))
    }
}

/// How an amount is written into a code: digits alone. Nothing, less, and more than 13 digits cannot be asked for.
pub(super) fn written(amount: Rupiah) -> Result<String, Wrong> {
    let text = amount.0.to_string();
    if amount <= Rupiah::ZERO || text.len() > MOST {
        return Err(Wrong::Amount(text));
    }
    Ok(text)
}
