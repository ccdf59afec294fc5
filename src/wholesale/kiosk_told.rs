//! How a visit is told, by a page or by a phone that was without signal: the same fields under the same names.
//!
//! `kios` the kiosk; for each item that was counted `ada_7` how many should stand there, `harga_7` what the kiosk was told
//! to ask, `laku_7` sold, `baik_7` going home, `rusak_7` broken, `masih_7` still there; `hilang` who bears what is missing
//! (`kios` or `warong`) and `alasan` why; `uang` what came, `cara` (`tunai` or `transfer`) and `acuan`; `catatan`.
use std::collections::BTreeMap;

use super::kiosk_visit::{Counted, MOST_CASH, NewVisit};
use crate::{
    form::{Form, amount, whole_number},
    locale::Said,
};
use entity::Rupiah;

/// Sentences by field.
pub type Wrong = BTreeMap<String, Said>;

/// Reads a visit as it was told.
pub fn parse(form: &Form) -> Result<NewVisit, Wrong> {
    let mut wrong = Wrong::new();
    let mut lines = Vec::new();
    for (name, _) in form.pairs() {
        let Some(item_id) = name.strip_prefix("ada_").and_then(|id| id.parse::<i64>().ok()) else { continue };
        match counted(form, item_id) {
            Ok(line) => lines.extend(line),
            Err(said) => {
                wrong.insert(format!("masih_{item_id}"), said);
            }
        }
    }
    lines.sort_by_key(|line| line.item_id);
    let missing: i64 = lines.iter().filter_map(Counted::missing).sum();
    let reason = text(form, "alasan", 200, &mut wrong);
    match form.get("hilang") {
        _ if missing == 0 => {}
        "kios" => {}
        "warong" if reason.is_none() => {
            wrong.insert("alasan".into(), Said::new("form.required"));
        }
        "warong" => {}
        _ => {
            wrong.insert("hilang".into(), Said::new("kiosk.missing_who").with("n", missing));
        }
    }
    let collected = match form.get("uang") {
        "" => Some(0),
        typed => amount(typed).filter(|sum| (0..=MOST_CASH).contains(sum)),
    };
    if collected.is_none() {
        wrong.insert("uang".into(), Said::new("form.not_an_amount"));
    }
    let is_transfer = form.get("cara") == "transfer" && collected.is_some_and(|sum| sum > 0);
    let reference = if is_transfer { text(form, "acuan", 60, &mut wrong) } else { None };
    if is_transfer && reference.is_none() {
        wrong.entry("acuan".into()).or_insert_with(|| Said::new("form.required"));
    }
    let note = text(form, "catatan", 300, &mut wrong);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(NewVisit {
        missing_owed: missing > 0 && form.get("hilang") == "kios",
        reason: reason.filter(|_| missing > 0),
        lines,
        collected: Rupiah(collected.unwrap_or(0)),
        reference,
        note,
    })
}

/// One size; none when nothing was told of it.
fn counted(form: &Form, item_id: i64) -> Result<Option<Counted>, Said> {
    let of = |name: &str| form.get(&format!("{name}_{item_id}"));
    if ["laku", "baik", "rusak", "masih"].iter().all(|name| of(name).is_empty()) {
        return Ok(None);
    }
    if of("masih").is_empty() {
        return Err(Said::new("kiosk.still_needed"));
    }
    let number = |name: &str| match of(name) {
        "" => Some(0),
        typed => whole_number(typed).filter(|n| *n <= 1_000_000),
    };
    let read = || {
        Some(Counted {
            item_id,
            expected: number("ada")?,
            sold: number("laku")?,
            good: number("baik")?,
            damaged: number("rusak")?,
            still: number("masih")?,
            unit_price: Rupiah(amount(of("harga"))?),
        })
    };
    let line = read().ok_or_else(|| Said::new("form.not_a_number"))?;
    if line.missing().is_none() {
        return Err(Said::new("kiosk.more_than_there").with("n", line.expected));
    }
    Ok(Some(line))
}

fn text(form: &Form, name: &str, max: usize, wrong: &mut Wrong) -> Option<String> {
    let typed: String = form.get(name).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let folded = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() > max {
        wrong.insert(name.to_owned(), Said::new("form.too_long").with("n", max as i64));
    }
    (!folded.is_empty()).then_some(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(extra: &[(&str, &str)]) -> Form {
        let mut form = Form::of([("ada_7", "10"), ("harga_7", "31.500"), ("laku_7", "6"), ("masih_7", "4")]);
        for (name, value) in extra {
            form.set(name, *value);
        }
        form
    }

    #[test]
    fn what_is_missing_must_be_somebodys() {
        let visit = parse(&told(&[("uang", "189.000")])).unwrap();
        assert_eq!((visit.lines[0].sold, visit.lines[0].missing(), visit.collected), (6, Some(0), Rupiah(189_000)));
        assert!(parse(&told(&[("masih_7", "3")])).unwrap_err().contains_key("hilang"));
        assert!(parse(&told(&[("masih_7", "3"), ("hilang", "warong")])).unwrap_err().contains_key("alasan"));
        assert!(parse(&told(&[("masih_7", "3"), ("hilang", "kios")])).unwrap().missing_owed);
    }

    #[test]
    fn odd_figures_are_refused_beside_their_field_and_what_was_not_counted_is_left_alone() {
        for odd in ["-1", "1,5", "x", "9999999"] {
            assert!(parse(&told(&[("laku_7", odd)])).is_err(), "{odd}");
        }
        assert!(parse(&told(&[("laku_7", "7")])).unwrap_err().contains_key("masih_7"), "more than stand there");
        assert!(parse(&told(&[("masih_7", "")])).unwrap_err().contains_key("masih_7"));
        assert!(parse(&told(&[("laku_7", ""), ("masih_7", "")])).unwrap().lines.is_empty());
        assert!(parse(&told(&[("uang", "1"), ("cara", "transfer")])).unwrap_err().contains_key("acuan"));
    }
}
