//! A purchase while it is typed: its lines as they stand on the form, one picture each. Lines are added and taken away
//! by buttons that send the form, so that it works on any phone.
use std::collections::BTreeMap;

use serde::Serialize;

use super::said;
use crate::{
    app::App,
    form::{Form, amount},
    locale::Lang,
    outlet::{buyable::Buyable, purchase::MOST_LINES},
};
use entity::{Rupiah, item::Measure};

/// The fields of a line.
const FIELDS: [&str; 10] = ["barang", "banyak", "cara", "kemasan", "isi", "harga", "sampai", "batch", "yakin", "lagi"];

/// The name of a line's field.
pub(super) fn field(n: usize, name: &str) -> String {
    format!("b{n}_{name}")
}

/// One line as it was typed.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Line {
    pub n: usize,
    pub item_id: i64,
    pub name: String,
    pub cover: Option<String>,
    /// "gram", "millilitre" or "piece", for the script.
    pub measure: &'static str,
    /// The words for its unit.
    pub unit: &'static str,
    pub packs: Vec<PackChoice>,
    /// "lepas", "baru", or one of the packs.
    pub way: String,
    pub count: String,
    pub pack_name: String,
    pub content: String,
    pub price: String,
    pub expires: String,
    pub batch: String,
    /// "150 kg · Rp12.500 per kg"; empty while it cannot be said.
    pub said: String,
    /// The price that is asked about; sent back with it when it is meant so.
    pub doubt: String,
    /// The price that was said to be meant so.
    pub sure: String,
    pub wrong: BTreeMap<String, String>,
}

/// A pack that was typed before.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PackChoice {
    pub value: String,
    pub name: String,
    /// What is in it, said.
    pub holds: String,
    pub quantity: i64,
}

/// The quantity of a line, as far as it can be read: packs, and what is in one.
pub(super) fn counted(good: &Buyable, form: &Form, n: usize) -> Option<(i64, i64)> {
    let of = |name| form.get(&field(n, name));
    match way(good, form, n).as_str() {
        "lepas" => Some((1, said::parse(good.measure, of("banyak"))?)),
        "baru" => Some((crate::form::whole_number(of("banyak"))?, said::parse(good.measure, of("isi"))?)),
        pack => {
            let known = good.packs.iter().find(|known| value(known.id) == pack)?;
            Some((crate::form::whole_number(of("banyak"))?, known.quantity))
        }
    }
}

/// How a line's goods came: as it was chosen, or as the last time.
pub(super) fn way(good: &Buyable, form: &Form, n: usize) -> String {
    let typed = form.get(&field(n, "cara"));
    let known = matches!(typed, "lepas" | "baru") || good.packs.iter().any(|pack| value(pack.id) == typed);
    match (known, good.packs.first()) {
        (true, _) => typed.to_owned(),
        (false, Some(last)) => value(last.id),
        (false, None) => "lepas".to_owned(),
    }
}

fn value(pack_id: i64) -> String {
    format!("p{pack_id}")
}

/// Whether a line is of goods that this outlet does not buy in, or no longer.
pub(super) fn has_strange(goods: &[Buyable], form: &Form) -> bool {
    let is_line = |n: &usize| !form.get(&field(*n, "barang")).is_empty();
    (1..=MOST_LINES).filter(is_line).count() > goods_of(goods, form).len()
}

/// The lines of a form with their goods; what this outlet does not buy in is passed over.
pub(super) fn goods_of<'a>(goods: &'a [Buyable], form: &Form) -> Vec<(usize, &'a Buyable)> {
    let of = |n: usize| {
        let id: i64 = form.get(&field(n, "barang")).parse().ok()?;
        Some((n, goods.iter().find(|good| good.item_id == id)?))
    };
    (1..=MOST_LINES).filter_map(of).collect()
}

/// The form with one more line, or without one; lines are numbered from 1 without gaps.
pub(super) fn changed(form: &Form, add: Option<&str>, without: Option<usize>) -> Form {
    let is_line =
        |name: &str| name.strip_prefix('b').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let mut new = Form::of(form.pairs().filter(|(name, _)| !is_line(name)));
    let kept = (1..=MOST_LINES).filter(|n| form.has(&field(*n, "barang")) && Some(*n) != without);
    let mut last = 0;
    for n in kept {
        last += 1;
        for name in FIELDS.iter().filter(|name| form.has(&field(n, name))) {
            new.set(&field(last, name), form.get(&field(n, name)));
        }
    }
    if let Some(item_id) = add
        && last < MOST_LINES
    {
        new.set(&field(last + 1, "barang"), item_id);
    }
    new
}

/// The lines as they are drawn, and what they cost as far as that can be read.
pub(super) fn lines(
    app: &App,
    lang: Lang,
    goods: &[Buyable],
    form: &Form,
    wrong: &BTreeMap<String, String>,
) -> (Vec<Line>, Rupiah) {
    let found = goods_of(goods, form);
    let lines: Vec<Line> = found.iter().map(|(n, good)| line(app, lang, good, form, wrong, *n)).collect();
    let worth = |line: &Line| amount(&line.price).unwrap_or(0);
    let total = lines.iter().map(worth).fold(0_i64, i64::saturating_add);
    (lines, Rupiah(total))
}

fn line(app: &App, lang: Lang, good: &Buyable, form: &Form, wrong: &BTreeMap<String, String>, n: usize) -> Line {
    let of = |name| form.get(&field(n, name)).to_owned();
    let quantity = counted(good, form, n).and_then(|(packs, each)| packs.checked_mul(each)).filter(|n| *n > 0);
    let summary = match (quantity, amount(&of("harga"))) {
        (Some(quantity), Some(price)) => {
            let each = said::each_of(app, lang, good.measure, Rupiah(price), quantity);
            format!("{} · {each}", said::quantity(app, lang, good.measure, quantity))
        }
        (Some(quantity), None) => said::quantity(app, lang, good.measure, quantity),
        _ => String::new(),
    };
    let pack = |pack: &crate::outlet::pack::Model| PackChoice {
        value: value(pack.id),
        name: pack.name.clone(),
        holds: said::quantity(app, lang, good.measure, pack.quantity),
        quantity: pack.quantity,
    };
    Line {
        n,
        item_id: good.item_id,
        name: good.name.clone(),
        cover: good.cover.clone(),
        measure: match good.measure {
            Measure::Gram => "gram",
            Measure::Millilitre => "millilitre",
            Measure::Piece => "piece",
        },
        unit: said::unit_key(good.measure),
        packs: good.packs.iter().take(4).map(pack).collect(),
        way: way(good, form, n),
        count: of("banyak"),
        pack_name: of("kemasan"),
        content: of("isi"),
        price: of("harga"),
        expires: of("sampai"),
        batch: of("batch"),
        said: summary,
        doubt: of("lagi"),
        sure: of("yakin"),
        wrong: FIELDS
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), wrong.get(&field(n, name))?.clone())))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_added_and_taken_away_without_gaps() {
        let form =
            Form::of([("b1_barang", "7"), ("b1_banyak", "3"), ("b2_barang", "9"), ("b2_banyak", "4"), ("nota", "x")]);
        let more = changed(&form, Some("11"), None);
        assert_eq!((more.get("b3_barang"), more.get("b1_banyak"), more.get("nota")), ("11", "3", "x"));
        let less = changed(&more, None, Some(1));
        assert_eq!((less.get("b1_barang"), less.get("b1_banyak"), less.get("b2_barang")), ("9", "4", "11"));
        assert!(!less.has("b3_barang"));
    }
}
