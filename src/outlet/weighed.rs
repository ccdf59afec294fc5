//! Quantities of sembako as people say them: loose goods in kilograms or litres, all others in pieces.
use crate::{catalogue::measure, form::whole_number, locale::grouped, page::kilograms};
use entity::item::{self, Measure};

/// More than ten tonnes (or as many litres or pieces) is a slip of the finger.
pub const MOST: i64 = 10_000_000;

/// "12,5 kg", "12,5", "750 gram", "2 liter" or "40" in what an item counts; none when it cannot be.
pub fn read(text: &str, of: Measure) -> Option<i64> {
    let text = text.trim().to_lowercase();
    let quantity = match of {
        Measure::Piece => whole_number(text.trim_end_matches(char::is_alphabetic)),
        Measure::Gram => measure::weight_grams(&text, true),
        Measure::Millilitre => {
            let (number, unit) = text.split_at(text.find(char::is_alphabetic).unwrap_or(text.len()));
            match unit.trim_end_matches('.') {
                "" | "l" | "lt" | "ltr" | "liter" | "litre" => measure::weight_grams(number, true),
                "ml" | "mililiter" => measure::weight_grams(number, false),
                _ => None,
            }
        }
    };
    quantity.filter(|quantity| (0..=MOST).contains(quantity))
}

/// "12,5 kg", "3 l", "40": what stands on a page.
pub fn words(quantity: i64, of: Measure) -> String {
    match of {
        Measure::Piece => grouped(quantity),
        Measure::Gram => format!("{} kg", thousandths(quantity)),
        Measure::Millilitre => format!("{} l", thousandths(quantity)),
    }
}

/// Without its unit, as it is typed.
pub fn number(quantity: i64, of: Measure) -> String {
    if of == Measure::Piece { grouped(quantity) } else { thousandths(quantity) }
}

fn thousandths(quantity: i64) -> String {
    let sign = if quantity < 0 { "−" } else { "" };
    let quantity = quantity.abs();
    if quantity % 10 == 0 {
        return format!("{sign}{}", kilograms(quantity));
    }
    format!("{sign}{},{:03}", grouped(quantity / 1_000), quantity % 1_000)
}

/// So much is priced at once: a kilogram, a litre or a piece.
pub fn priced(of: Measure) -> i64 {
    if of == Measure::Piece { 1 } else { 1_000 }
}

/// Whether goods can be packed into others: both are measured alike, and one of them says what is in it.
pub fn fits(one: &item::Model, other: &item::Model) -> bool {
    let says = |item: &item::Model| item.measure != Measure::Piece || item.content > 0;
    one.id != other.id && content(one).1 == content(other).1 && (says(one) || says(other))
}

/// What is in one counted unit of an item, and what that is measured in.
pub fn content(item: &item::Model) -> (i64, Measure) {
    match item.measure {
        Measure::Piece if item.content > 0 => (item.content, item.content_unit),
        other => (1, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_people_write_them() {
        for (text, of, quantity) in [
            ("12,5", Measure::Gram, 12_500),
            ("12,5 kg", Measure::Gram, 12_500),
            ("750 gram", Measure::Gram, 750),
            ("0", Measure::Gram, 0),
            ("2", Measure::Millilitre, 2_000),
            ("1,5 liter", Measure::Millilitre, 1_500),
            ("600 ml", Measure::Millilitre, 600),
            ("40", Measure::Piece, 40),
            ("1.200", Measure::Piece, 1_200),
            ("40 bungkus", Measure::Piece, 40),
        ] {
            assert_eq!(read(text, of), Some(quantity), "{text}");
        }
        for (text, of) in [
            ("", Measure::Gram),
            ("-3", Measure::Piece),
            ("1e3", Measure::Piece),
            ("20.000", Measure::Gram),
            ("10001", Measure::Gram),
            ("3 kg", Measure::Millilitre),
            ("2,5", Measure::Piece),
        ] {
            assert_eq!(read(text, of), None, "{text}");
        }
    }

    #[test]
    fn quantities_are_shown_as_people_read_them() {
        assert_eq!(words(12_500, Measure::Gram), "12,5 kg");
        assert_eq!(words(-1_234, Measure::Gram), "−1,234 kg");
        assert_eq!(words(600, Measure::Millilitre), "0,6 l");
        assert_eq!(words(1_200, Measure::Piece), "1.200");
    }
}
