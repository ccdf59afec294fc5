//! Quantities and prices as they are said over the counter: kilograms, litres or pieces; and typed ones read back.
use crate::{
    app::App,
    form::whole_number,
    locale::{Lang, Said, grouped},
    outlet::{purchase_doubt, weighed},
};
use entity::{Rupiah, item::Measure, supplier::Kind};

/// "150 kg", "500 gram", "1,5 liter", "12 buah".
pub(super) fn quantity(app: &App, lang: Lang, measure: Measure, quantity: i64) -> String {
    let key = match measure {
        Measure::Gram if quantity < 1_000 => "purchase.q_gram",
        Measure::Gram => "purchase.q_kg",
        Measure::Millilitre if quantity < 1_000 => "purchase.q_ml",
        Measure::Millilitre => "purchase.q_litre",
        Measure::Piece => "purchase.q_piece",
    };
    let number = if measure == Measure::Piece || quantity < 1_000 { grouped(quantity) } else { thousands(quantity) };
    app.say(lang, &Said::new(key).with("n", number))
}

/// 1500 is "1,5".
fn thousands(quantity: i64) -> String {
    let text = format!("{},{:03}", grouped(quantity / 1_000), quantity % 1_000);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}

/// What was typed, in grams, millilitres or pieces.
pub(super) fn parse(measure: Measure, text: &str) -> Option<i64> {
    if measure == Measure::Piece { whole_number(text) } else { weighed::decimal(text) }
}

/// "Rp12.500 per kg".
pub(super) fn each(app: &App, lang: Lang, measure: Measure, price: Rupiah) -> String {
    app.say(lang, &Said::new(each_key(measure)).with("price", price))
}

/// What a kilogram, litre or piece cost when so much cost so much.
pub(super) fn each_of(app: &App, lang: Lang, measure: Measure, price: Rupiah, quantity: i64) -> String {
    each(app, lang, measure, purchase_doubt::each(measure, price, quantity))
}

fn each_key(measure: Measure) -> &'static str {
    match measure {
        Measure::Gram => "purchase.each_kg",
        Measure::Millilitre => "purchase.each_litre",
        Measure::Piece => "purchase.each_piece",
    }
}

/// The word beside a field for a quantity.
pub(super) fn unit_key(measure: Measure) -> &'static str {
    match measure {
        Measure::Gram => "purchase.unit_kg",
        Measure::Millilitre => "purchase.unit_litre",
        Measure::Piece => "purchase.unit_piece",
    }
}

/// The words of a kind of supplier.
pub(super) fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Bulog => "supplier.kind_bulog",
        Kind::Wholesaler => "supplier.kind_wholesaler",
        Kind::Farmer => "supplier.kind_farmer",
        Kind::Other => "supplier.kind_other",
    }
}

/// The kinds as they are chosen.
pub(super) const KINDS: [(&str, Kind); 4] =
    [("grosir", Kind::Wholesaler), ("bulog", Kind::Bulog), ("petani", Kind::Farmer), ("lain", Kind::Other)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_typed_in_kilograms_litres_or_pieces() {
        for (text, grams) in [("50", 50_000), ("0,5", 500), ("12,5", 12_500), ("1.000", 1_000_000), ("2,125", 2_125)] {
            assert_eq!(parse(Measure::Gram, text), Some(grams), "{text}");
            assert_eq!(parse(Measure::Millilitre, text), Some(grams), "{text}");
        }
        for text in ["-5", "lima", "", "1,2345", "1e3"] {
            assert_eq!(parse(Measure::Gram, text), None, "{text}");
        }
        assert_eq!((parse(Measure::Piece, "12"), parse(Measure::Piece, "1,5")), (Some(12), None));
        assert_eq!((thousands(12_500), thousands(1_000_000)), ("12,5".to_owned(), "1.000".to_owned()));
    }
}
