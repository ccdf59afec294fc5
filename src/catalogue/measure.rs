//! Lengths and weights as people type them: "38,5" centimetres, "0,6 kg", "600 gram". Kept in whole millimetres and grams.
use crate::{
    form::{Reader, whole_number},
    locale::Said,
};

/// The longest side of anything sold, in millimetres.
pub const MAX_MM: i64 = 10_000;
/// The heaviest piece, in grams.
pub const MAX_GRAMS: i64 = 500_000;

/// A field with a length; centimetres unless it says otherwise.
pub fn length(reader: &mut Reader<'_>, name: &'static str) -> i64 {
    let text = reader.get(name).to_owned();
    match length_mm(&text) {
        _ if text.is_empty() => reader.refuse(name, Said::new("form.required")),
        None => reader.refuse(name, Said::new("measure.not_a_length")),
        Some(mm) if !(1..=MAX_MM).contains(&mm) => reader.refuse(name, Said::new("measure.odd_length")),
        Some(mm) => return mm,
    }
    1
}

/// A field with a weight, and beside it the field that says whether it is in kilograms.
pub fn weight(reader: &mut Reader<'_>, name: &'static str, unit: &'static str) -> i64 {
    let text = reader.get(name).to_owned();
    let in_kilograms = reader.get(unit) == "kg";
    match weight_grams(&text, in_kilograms) {
        _ if text.is_empty() => reader.refuse(name, Said::new("form.required")),
        None => reader.refuse(name, Said::new("measure.not_a_weight")),
        Some(grams) if !(1..=MAX_GRAMS).contains(&grams) => reader.refuse(name, Said::new("measure.odd_weight")),
        Some(grams) => return grams,
    }
    1
}

/// Millimetres of "38,5", "38.5 cm", "385 mm" or "1,2 m".
pub fn length_mm(text: &str) -> Option<i64> {
    let (number, unit) = parted(text);
    let thousandths = decimal(number)?;
    let mm = match unit.as_str() {
        "" | "cm" | "senti" | "sentimeter" => thousandths * 10,
        "mm" | "mili" | "milimeter" => thousandths,
        "m" | "meter" => thousandths * 1000,
        _ => return None,
    };
    Some((mm + 500) / 1000)
}

/// Grams of "0,6 kg", "600 g", "600 gram", or of a bare number in the unit that was chosen.
pub fn weight_grams(text: &str, in_kilograms: bool) -> Option<i64> {
    let (number, unit) = parted(text);
    match (unit.as_str(), in_kilograms) {
        ("kg" | "kilo" | "kilogram", _) | ("", true) => decimal(number),
        ("ons", _) => Some(decimal(number)? / 10),
        ("g" | "gr" | "gram", _) | ("", false) => {
            whole_number(number).or_else(|| decimal(number).map(|thousandths| (thousandths + 500) / 1000))
        }
        _ => None,
    }
}

/// The figures and, lower case, the letters behind them.
fn parted(text: &str) -> (&str, String) {
    let text = text.trim();
    let at = text.find(char::is_alphabetic).unwrap_or(text.len());
    (text[..at].trim(), text[at..].trim_end_matches('.').to_lowercase())
}

/// Thousandths of "12", "12,5" or "12.5". Three figures after a dot could be thousands, so they are not taken.
pub fn decimal(text: &str) -> Option<i64> {
    let (whole, part, longest) = match (text.split_once(','), text.split_once('.')) {
        (Some((whole, part)), None) => (whole, part, 3),
        (None, Some((whole, part))) => (whole, part, 2),
        (None, None) => (text, "", 0),
        (Some(_), Some(_)) => return None,
    };
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || whole.len() > 7 || part.len() > longest || (whole.len() + part.len()) == 0 {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part: i64 = if part.is_empty() { 0 } else { format!("{part:0<3}").parse().ok()? };
    Some(whole * 1000 + part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_centimetres_with_a_decimal_comma() {
        for (text, mm) in [
            ("38,5", 385),
            ("38.5", 385),
            ("38", 380),
            (" 38,5 cm ", 385),
            ("385 mm", 385),
            ("1,2 m", 1200),
            ("2 meter", 2000),
            ("0,5", 5),
            (",5", 5),
            ("30cm", 300),
        ] {
            assert_eq!(length_mm(text), Some(mm), "{text}");
        }
        for text in ["", "tinggi", "-3", "1e3", "1.200", "3 x 4", "12,5,1", "1.2,3", "99999999999", "5 kg", "½"] {
            assert_eq!(length_mm(text), None, "{text}");
        }
    }

    #[test]
    fn weights_are_grams_or_kilograms() {
        for (text, in_kilograms, grams) in [
            ("0,6 kg", false, 600),
            ("600 g", true, 600),
            ("600 gram", true, 600),
            ("600gr.", false, 600),
            ("600", false, 600),
            ("1.200", false, 1200),
            ("0,6", true, 600),
            ("0.6", true, 600),
            ("1,25 KG", false, 1250),
            ("2", true, 2000),
            ("2 ons", false, 200),
            ("12,4", false, 12),
        ] {
            assert_eq!(weight_grams(text, in_kilograms), Some(grams), "{text}");
        }
        for text in ["", "berat", "-1 kg", "1.200 kg", "1e3", "2 cm", "0x10"] {
            assert_eq!(weight_grams(text, true), None, "{text}");
        }
    }
}
