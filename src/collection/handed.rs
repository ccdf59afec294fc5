//! What somebody says was handed in, as it was typed: on a page with signal, or hours ago on a phone without.
use entity::{Rupiah, lot::Terms};
use sea_orm::ActiveEnum;

use super::amount::{self, Amount};
use crate::{
    catalogue::price,
    form::{Form, Wrong},
};

const MAX_REASON: usize = 200;
const MAX_NOTE: usize = 500;

/// A hand-over before it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIntake {
    pub crafter_id: i64,
    pub item_id: i64,
    /// Bought or consigned.
    pub terms: Terms,
    pub grade_a: Amount,
    pub grade_b: Amount,
    /// Not good enough, and taken home again at once.
    pub rejected: Amount,
    pub reject_reason: Option<String>,
    /// The price agreed for a piece, or a square metre, that is bought.
    pub cost: Rupiah,
    pub cost_b: Rupiah,
    /// The maker's part agreed for consigned pieces, in hundredths of a percent. None: as the product says.
    pub maker_bp: Option<i64>,
    pub material: Rupiah,
    /// A price above the selling price was asked about, and is meant.
    pub price_confirmed: bool,
    pub assignment_id: Option<i64>,
    pub note: Option<String>,
}

impl NewIntake {
    /// Whole pieces of grade A on consignment, at the product's own shares.
    pub fn consigned(crafter_id: i64, item_id: i64, pieces: i64) -> NewIntake {
        NewIntake {
            crafter_id,
            item_id,
            terms: Terms::Consigned,
            grade_a: Amount::whole(pieces),
            grade_b: Amount::whole(0),
            rejected: Amount::whole(0),
            reject_reason: None,
            cost: Rupiah::ZERO,
            cost_b: Rupiah::ZERO,
            maker_bp: None,
            material: Rupiah::ZERO,
            price_confirmed: false,
            assignment_id: None,
            note: None,
        }
    }

    /// The same, bought at a price for each piece.
    pub fn bought(crafter_id: i64, item_id: i64, pieces: i64, cost: Rupiah) -> NewIntake {
        NewIntake { terms: Terms::Bought, cost, ..NewIntake::consigned(crafter_id, item_id, pieces) }
    }
}

/// Reads the fields of a form, or of an event of a phone, which have the same names.
pub fn parse(form: &Form) -> Result<NewIntake, Wrong> {
    let mut reader = form.read();
    let id = |text: &str| text.parse::<i64>().ok().filter(|id| *id > 0);
    let crafter_id = reader.choice("crafter_id", id).unwrap_or_default();
    let item_id = reader.choice("item_id", id).unwrap_or_default();
    let known = |text: &str| Terms::try_from_value(&text.to_owned()).ok().filter(|terms| *terms != Terms::Own);
    let terms = reader.choice("terms", known).unwrap_or(Terms::Consigned);
    let grade_a = amount::read(&mut reader, "grade_a");
    let grade_b = amount::read(&mut reader, "grade_b");
    let rejected = amount::read(&mut reader, "rejected");
    let has_any = |amount: Amount| amount != Amount::whole(0);
    let reject_reason = match has_any(rejected) {
        true => Some(reader.text("reject_reason", MAX_REASON)),
        false => None,
    };
    let is_bought = terms == Terms::Bought;
    let mut cost_of = |name, wanted: bool| match is_bought && wanted {
        true => reader.rupiah(name, 1, price::MAX.0),
        false => Rupiah::ZERO,
    };
    let cost = cost_of("cost", has_any(grade_a));
    let cost_b = cost_of("cost_b", has_any(grade_b));
    let maker_bp = match is_bought {
        true => None,
        false => reader.optional_number("maker_bp", 0, 10_000),
    };
    let material = reader.optional_number("material", 0, price::MAX.0).map_or(Rupiah::ZERO, Rupiah);
    let price_confirmed = matches!(form.get("price_confirmed"), "yes" | "true" | "1");
    let assignment_id = reader.optional_number("assignment_id", 1, i64::MAX);
    let note = reader.optional("note", MAX_NOTE);
    reader.done(NewIntake {
        crafter_id,
        item_id,
        terms,
        grade_a,
        grade_b,
        rejected,
        reject_reason,
        cost,
        cost_b,
        maker_bp,
        material,
        price_confirmed,
        assignment_id,
        note,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(more: &[(&str, &str)]) -> Form {
        let mut form = Form::of([("crafter_id", "4"), ("item_id", "9"), ("terms", "consigned"), ("grade_a", "12")]);
        for (name, value) in more {
            form.set(name, *value);
        }
        form
    }

    fn wrong(more: &[(&str, &str)]) -> Vec<(&'static str, &'static str)> {
        let wrong = parse(&form(more)).expect_err("refused");
        wrong.0.iter().map(|(field, said)| (*field, said.key)).collect()
    }

    #[test]
    fn a_hand_over_is_read_as_it_was_typed() {
        assert_eq!(parse(&form(&[])), Ok(NewIntake::consigned(4, 9, 12)));
        let bought = parse(&form(&[("terms", "bought"), ("cost", "Rp20.000")]));
        assert_eq!(bought, Ok(NewIntake::bought(4, 9, 12, Rupiah(20_000))));
        let typed =
            [("grade_b", "2"), ("rejected", "1"), ("reject_reason", "Retak"), ("maker_bp", "8000"), ("note", " ")];
        let new = parse(&form(&typed)).expect("sound");
        assert_eq!((new.grade_b, new.rejected), (Amount::whole(2), Amount::whole(1)));
        assert_eq!((new.maker_bp, new.reject_reason.as_deref(), new.note), (Some(8000), Some("Retak"), None));
    }

    #[test]
    fn every_odd_field_is_named() {
        let odd = [("grade_a", "-2"), ("grade_b", "dua"), ("rejected", "1"), ("maker_bp", "10001"), ("terms", "own")];
        let expected = [
            ("grade_a", "intake.negative"),
            ("grade_b", "form.not_a_number"),
            ("maker_bp", "form.at_most"),
            ("reject_reason", "form.required"),
            ("terms", "form.not_offered"),
        ];
        assert_eq!(wrong(&odd), expected);
        assert_eq!(wrong(&[("terms", "bought"), ("cost", "")]), [("cost", "form.required")]);
        assert_eq!(wrong(&[("terms", "bought"), ("cost", "1"), ("grade_b", "1")]), [("cost_b", "form.required")]);
        assert_eq!(
            wrong(&[("crafter_id", "x"), ("item_id", "")]),
            [("crafter_id", "form.not_offered"), ("item_id", "form.choose")]
        );
    }
}
