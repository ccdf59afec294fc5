//! What was typed of a purchase, judged: every sentence stands beside its field, and all are said at once.
use chrono::{Days, NaiveDate};

use super::{
    said,
    sketch::{self, field},
};
use crate::{
    app::App,
    form::{self, Form, FormView, Reader, amount},
    locale::{Lang, Said},
    outlet::{
        buyable::Buyable,
        purchase::{
            DAYS_BACK, DEAREST, MOST_IN_PACK, MOST_OF_LINE, MOST_PACKS, MOST_PIECES, NewLine, NewPurchase, Paid,
        },
        supplier::{NewSupplier, Source},
    },
};
use entity::{Rupiah, item::Measure, supplier};

/// What somebody wishes to be written down.
pub(super) struct Wish {
    /// Somebody nobody bought from before.
    pub new_supplier: Option<NewSupplier>,
    /// Its supplier is not known yet when there is a new one.
    pub purchase: NewPurchase,
    /// Which lines of the form its lines are.
    pub numbers: Vec<usize>,
}

/// The wish, if all of it is sound; else the sentences are in the form.
pub(super) fn read(
    app: &App,
    lang: Lang,
    (goods, suppliers): (&[Buyable], &[supplier::Model]),
    form: &Form,
    view: &mut FormView,
) -> Option<Wish> {
    let mut reader = form.read();
    let today = app.clock.today();
    let oldest = today.checked_sub_days(Days::new(DAYS_BACK)).unwrap_or(today);
    let bought_on = match form.get("tanggal").parse::<NaiveDate>() {
        Ok(day) if day >= oldest && day <= today => day,
        _ => {
            reader.refuse("tanggal", Said::new("purchase.day"));
            today
        }
    };
    let (supplier_id, new_supplier) = whom(&mut reader, form, suppliers);
    let note_number = reader.optional("nota", 40);
    let freight = if form.get("ongkos").is_empty() { Rupiah::ZERO } else { reader.rupiah("ongkos", 0, DEAREST) };
    let mut lines = Vec::new();
    let mut said = Vec::new();
    let found = sketch::goods_of(goods, form);
    for (n, good) in &found {
        lines.extend(line(good, form, *n, bought_on, &mut said));
    }
    if found.is_empty() {
        reader.refuse("barang", Said::new("purchase.nothing"));
    }
    // A line that is passed over would let the others bear its part of the way here.
    if sketch::has_strange(goods, form) {
        reader.refuse("barang", Said::new("purchase.goods_gone"));
    }
    let total = lines.iter().map(|line| line.price.0).fold(freight.0, i64::saturating_add);
    // While a line is wrong nobody knows what all of it costs.
    let most = if lines.len() == found.len() { total } else { i64::MAX };
    let paid = paid(&mut reader, form, most);
    let wrong = reader.done(()).err().unwrap_or_default();
    let new = FormView::new(form, &wrong, app.templates.words(), lang);
    view.errors.extend(new.errors);
    view.errors.extend(said.into_iter().map(|(field, said)| (field, app.say(lang, &said))));
    if !view.errors.is_empty() {
        return None;
    }
    let numbers = found.iter().map(|(n, _)| *n).collect();
    let purchase = NewPurchase { supplier_id, note_number, bought_on, lines, freight, sure: Vec::new(), paid };
    Some(Wish { new_supplier, purchase, numbers })
}

/// Whom it is from: one of those that are known, or a new one.
fn whom(reader: &mut Reader<'_>, form: &Form, suppliers: &[supplier::Model]) -> (i64, Option<NewSupplier>) {
    let is_new = form.get("pemasok") == "baru" || (form.get("pemasok").is_empty() && form.has("pemasok_nama"));
    if !is_new || (form.get("pemasok").is_empty() && form.get("pemasok_nama").is_empty()) {
        let known = |text: &str| suppliers.iter().map(|one| one.id).find(|id| id.to_string() == text);
        return (reader.choice("pemasok", known).unwrap_or(0), None);
    }
    (0, new_supplier(reader, form))
}

/// A supplier as typed: the name and the kind are asked, the rest may follow.
pub(super) fn new_supplier(reader: &mut Reader<'_>, form: &Form) -> Option<NewSupplier> {
    let name = reader.text("pemasok_nama", 80);
    let kind =
        reader.choice("pemasok_jenis", |text| said::KINDS.iter().find(|(code, _)| *code == text).map(|(_, k)| *k));
    let phone = (!form.get("pemasok_hp").is_empty()).then(|| reader.phone("pemasok_hp"));
    let place = reader.optional("pemasok_tempat", 80);
    Some(NewSupplier { name, kind: kind?, phone, place })
}

/// What is paid at once; emptied, all of it.
fn paid(reader: &mut Reader<'_>, form: &Form, most: i64) -> Option<Paid> {
    let source = reader.choice("bayar", |text| match text {
        "utang" => Some(None),
        "kas" => Some(Some(Source::Cash)),
        "bank" => Some(Some(Source::Bank)),
        _ => None,
    })??;
    let reference = reader.optional("acuan", 60).filter(|_| source == Source::Bank);
    let amount = (!form.get("dibayar").is_empty()).then(|| reader.rupiah("dibayar", 1, most.max(1)));
    Some(Paid { amount, source, reference })
}

fn line(
    good: &Buyable,
    form: &Form,
    n: usize,
    bought_on: NaiveDate,
    said: &mut Vec<(String, Said)>,
) -> Option<NewLine> {
    let of = |name| form.get(&field(n, name));
    let before = said.len();
    let mut refuse = |name: &str, sentence: Said| said.push((field(n, name), sentence));
    let way = sketch::way(good, form, n);
    let pack_name = match way.as_str() {
        "lepas" => String::new(),
        "baru" => of("kemasan").split_whitespace().collect::<Vec<_>>().join(" "),
        known => good.packs.iter().find(|pack| format!("p{}", pack.id) == known)?.name.clone(),
    };
    let mut holds = true;
    if way == "baru" {
        if pack_name.is_empty() {
            refuse("kemasan", Said::new("form.required"));
        } else if pack_name.chars().count() > 30 {
            refuse("kemasan", Said::new("form.too_long").with("n", 30_i64));
        }
        holds = said::parse(good.measure, of("isi")).is_some_and(|content| (1..=MOST_IN_PACK).contains(&content));
        if !holds {
            refuse("isi", Said::new(if of("isi").is_empty() { "form.required" } else { "purchase.not_a_content" }));
        }
    }
    let most = if good.measure == Measure::Piece { MOST_PIECES } else { MOST_OF_LINE };
    let counted = sketch::counted(good, form, n);
    let quantity = counted.and_then(|(packs, each)| packs.checked_mul(each));
    match quantity {
        _ if of("banyak").is_empty() => refuse("banyak", Said::new("form.required")),
        Some(quantity) if (1..=most).contains(&quantity) => {}
        None if !is_numeric(of("banyak")) => refuse("banyak", Said::new("purchase.not_a_quantity")),
        // What is in a pack is said beside its own field.
        _ if !holds => {}
        _ if good.measure == Measure::Piece => refuse("banyak", Said::new("purchase.too_many")),
        _ => refuse("banyak", Said::new("purchase.too_much")),
    }
    let (packs, pack_quantity) = counted.unwrap_or((1, 1));
    if packs > MOST_PACKS {
        refuse("banyak", Said::new("purchase.too_much"));
    }
    let price = amount(of("harga"));
    match price {
        _ if of("harga").is_empty() => refuse("harga", Said::new("form.required")),
        None => refuse("harga", Said::new("form.not_an_amount")),
        Some(price) if price > DEAREST => refuse("harga", Said::new("purchase.too_dear")),
        Some(_) => {}
    }
    let expires_on = form::day(of("sampai"));
    match expires_on {
        None if !of("sampai").is_empty() => refuse("sampai", Said::new("purchase.not_a_day")),
        Some(day) if day < bought_on => refuse("sampai", Said::new("purchase.expired")),
        _ => {}
    }
    let batch = of("batch").split_whitespace().collect::<Vec<_>>().join(" ");
    if batch.chars().count() > 40 {
        refuse("batch", Said::new("form.too_long").with("n", 40_i64));
    }
    (said.len() == before).then_some(NewLine {
        item_id: good.item_id,
        pack_name,
        packs,
        pack_quantity,
        price: Rupiah(price.unwrap_or(0)),
        expires_on,
        batch: (!batch.is_empty()).then_some(batch),
    })
}

/// Whether it is a number at all, also one that makes no sense.
fn is_numeric(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) && text.contains(|c: char| c.is_ascii_digit())
}
