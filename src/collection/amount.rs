//! How much of something was handed in, as it was typed: what it means depends on whether the goods are counted or
//! measured. Counted goods are whole pieces; gedek is measured in square metres and kept in whole square centimetres.
use entity::product::Unit;

use crate::{
    form::{Reader, whole_number},
    locale::Said,
};

/// The most pieces or square metres of one hand-over.
pub const MOST: i64 = 100_000;
/// Square centimetres of a square metre.
pub const SQUARE_METRE: i64 = 10_000;

/// A number that was typed, in both its meanings; a meaning it cannot have is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    pieces: Option<i64>,
    square_cm: Option<i64>,
}

/// Why an amount cannot be handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Odd {
    Fraction,
    TooFine,
    TooMany,
}

impl Amount {
    /// So many whole pieces, or whole square metres.
    pub fn whole(n: i64) -> Amount {
        Amount { pieces: Some(n), square_cm: n.checked_mul(SQUARE_METRE) }
    }

    /// "12", "1.250", "2,5", "2.125"; nothing typed is nothing. None when it is no such number.
    pub fn parse(text: &str) -> Option<Amount> {
        if text.is_empty() {
            return Some(Amount::whole(0));
        }
        let amount = Amount { pieces: whole_number(text), square_cm: square_cm(text) };
        (amount.pieces.is_some() || amount.square_cm.is_some() || is_decimal(text)).then_some(amount)
    }

    /// The number that the books keep for goods of this unit.
    pub fn of(self, unit: Unit) -> Result<i64, Odd> {
        let (number, most) = match unit {
            Unit::SquareMetre => (self.square_cm.ok_or(Odd::TooFine)?, MOST * SQUARE_METRE),
            Unit::Piece | Unit::Pack => (self.pieces.ok_or(Odd::Fraction)?, MOST),
        };
        if number > most { Err(Odd::TooMany) } else { Ok(number) }
    }
}

impl Odd {
    pub fn said(self) -> Said {
        match self {
            Odd::Fraction => Said::new("intake.whole_pieces"),
            Odd::TooFine => Said::new("intake.four_places"),
            Odd::TooMany => Said::new("intake.too_many").with("n", MOST),
        }
    }
}

/// A field with an amount; a number below nothing is refused by what it is.
pub fn read(reader: &mut Reader<'_>, name: &'static str) -> Amount {
    let text = reader.get(name).to_owned();
    let negative = text.strip_prefix(['-', '−', '–']).is_some_and(|rest| Amount::parse(rest.trim()).is_some());
    match Amount::parse(&text) {
        Some(amount) => return amount,
        None if negative => reader.refuse(name, Said::new("intake.negative")),
        None => reader.refuse(name, Said::new("form.not_a_number")),
    }
    Amount::default()
}

/// Whole things of a unit in a number of the books: pieces, or square metres that are there in full.
pub fn whole(unit: Unit, number: i64) -> i64 {
    if unit == Unit::SquareMetre { number / SQUARE_METRE } else { number }
}

/// A number of the books as people write it: "12", "2,5".
pub fn written(unit: Unit, number: i64) -> String {
    if unit != Unit::SquareMetre {
        return crate::locale::grouped(number);
    }
    let text = format!("{},{:04}", crate::locale::grouped(number / SQUARE_METRE), number % SQUARE_METRE);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}

fn is_decimal(text: &str) -> bool {
    let mut parts = text.splitn(2, [',', '.']);
    let digits = |part: &str| !part.is_empty() && part.len() <= 15 && part.bytes().all(|b| b.is_ascii_digit());
    parts.next().is_some_and(digits) && parts.next().is_none_or(digits)
}

/// Square centimetres of a decimal number of square metres with at most four places.
fn square_cm(text: &str) -> Option<i64> {
    if !is_decimal(text) {
        return None;
    }
    let (metres, places) = text.split_once([',', '.']).unwrap_or((text, ""));
    let places = places.trim_end_matches('0');
    if places.len() > 4 {
        return None;
    }
    let fine: i64 = if places.is_empty() { 0 } else { format!("{places:0<4}").parse().ok()? };
    metres.parse::<i64>().ok()?.checked_mul(SQUARE_METRE)?.checked_add(fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_whole_and_gedek_has_places() {
        let pieces = |text: &str| Amount::parse(text).map(|amount| amount.of(Unit::Piece));
        assert_eq!(pieces("12"), Some(Ok(12)));
        assert_eq!(pieces("1.250"), Some(Ok(1250)));
        assert_eq!(pieces(""), Some(Ok(0)));
        assert_eq!(pieces("2,5"), Some(Err(Odd::Fraction)));
        assert_eq!(pieces("0.5"), Some(Err(Odd::Fraction)));
        assert_eq!(pieces("100001"), Some(Err(Odd::TooMany)));
        let area = |text: &str| Amount::parse(text).map(|amount| amount.of(Unit::SquareMetre));
        assert_eq!(area("2,5"), Some(Ok(25_000)));
        assert_eq!(area("2.125"), Some(Ok(21_250)));
        assert_eq!(area("3"), Some(Ok(30_000)));
        assert_eq!(area("0,0001"), Some(Ok(1)));
        assert_eq!(area("0,00001"), Some(Err(Odd::TooFine)));
        assert_eq!(area("1,50000"), Some(Ok(15_000)));
        for text in ["-1", "dua", "1e3", "1,2,3", ",5", "0x10", "1 2"] {
            assert_eq!(Amount::parse(text), None, "{text}");
        }
    }

    #[test]
    fn amounts_are_written_as_they_are_said() {
        for (number, text) in [(25_000, "2,5"), (30_000, "3"), (1, "0,0001"), (12_345_678, "1.234,5678")] {
            assert_eq!(written(Unit::SquareMetre, number), text);
        }
        assert_eq!(written(Unit::Piece, 1250), "1.250");
        assert_eq!((whole(Unit::SquareMetre, 19_999), whole(Unit::Piece, 7)), (1, 7));
    }
}
