//! Quantities of sembako as people say them: loose goods in kilograms or litres, all others in pieces.
use crate::{
    catalogue::measure,
    form::whole_number,
    locale::{Said, grouped},
    page::kilograms,
};
use entity::item::{self, Measure};

/// More than ten tonnes (or as many litres or pieces) is a slip of the finger.
pub const MOST: i64 = 10_000_000;

/// "12,5 kg", "1.234,5", "750 gram", "2 liter" or "40" in what an item counts; otherwise what to say.
pub fn read(text: &str, of: Measure) -> Result<i64, Said> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Err(Said::new("form.required"));
    }
    let (number, unit) = text.split_at(text.find(char::is_alphabetic).unwrap_or(text.len()));
    let quantity = match (of, unit.trim_end_matches('.')) {
        (Measure::Piece, _) => whole_number(text.trim_end_matches(char::is_alphabetic)),
        (Measure::Gram, "" | "kg" | "kilo" | "kilogram") => decimal(number),
        (Measure::Gram, _) => measure::weight_grams(&text, true),
        (Measure::Millilitre, "" | "l" | "lt" | "ltr" | "liter" | "litre") => decimal(number),
        (Measure::Millilitre, "ml" | "mililiter") => measure::weight_grams(number, false),
        (Measure::Millilitre, _) => None,
    };
    match quantity {
        Some(quantity) if (0..=MOST).contains(&quantity) => Ok(quantity),
        Some(_) => Err(Said::new(too_much(of))),
        None => Err(Said::new("store.not_a_quantity")),
    }
}

/// The same, where nothing makes no sense.
pub fn some(text: &str, of: Measure) -> Result<i64, Said> {
    read(text, of).and_then(|n| if n > 0 { Ok(n) } else { Err(Said::new("store.not_a_quantity")) })
}

/// Thousandths of "12,5", "12.5", "1.000" or "1.234,5": dots between groups of three are thousands, as they are where
/// goods are bought and as they are shown.
pub fn decimal(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(whole) = whole_number(text) {
        return whole.checked_mul(1_000);
    }
    match text.split_once(',') {
        Some((whole, part)) if whole.contains('.') => measure::decimal(&format!("{},{part}", whole_number(whole)?)),
        _ => measure::decimal(text),
    }
}

fn too_much(of: Measure) -> &'static str {
    match of {
        Measure::Piece => "store.too_many",
        Measure::Gram => "store.too_heavy",
        Measure::Millilitre => "store.too_many_litres",
    }
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
            ("12.5", Measure::Gram, 12_500),
            ("1.000", Measure::Gram, 1_000_000),
            ("1.234,5", Measure::Gram, 1_234_500),
            ("1.234,567 kg", Measure::Gram, 1_234_567),
            ("2 ons", Measure::Gram, 200),
            ("1.250,25 liter", Measure::Millilitre, 1_250_250),
        ] {
            assert_eq!(read(text, of), Ok(quantity), "{text}");
        }
        for (text, of, key) in [
            ("", Measure::Gram, "form.required"),
            ("-3", Measure::Piece, "store.not_a_quantity"),
            ("1e3", Measure::Piece, "store.not_a_quantity"),
            ("1.23,5", Measure::Gram, "store.not_a_quantity"),
            ("1.234,5678", Measure::Gram, "store.not_a_quantity"),
            ("3 kg", Measure::Millilitre, "store.not_a_quantity"),
            ("2,5", Measure::Piece, "store.not_a_quantity"),
            ("20.000", Measure::Gram, "store.too_heavy"),
            ("10001", Measure::Gram, "store.too_heavy"),
            ("10.000,001", Measure::Millilitre, "store.too_many_litres"),
            ("10000001", Measure::Piece, "store.too_many"),
        ] {
            assert_eq!(read(text, of).map_err(|said| said.key), Err(key), "{text}");
        }
        assert_eq!(some("0", Measure::Gram).map_err(|said| said.key), Err("store.not_a_quantity"));
    }

    #[test]
    fn what_stands_in_a_field_is_read_as_what_it_was() {
        for of in [Measure::Gram, Measure::Millilitre, Measure::Piece] {
            for quantity in [0, 5, 600, 12_500, 1_000_000, 1_234_500, 9_876_543, MOST] {
                assert_eq!(read(&number(quantity, of), of), Ok(quantity), "{quantity}");
            }
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
