//! `/kelola/belanja/pemasok/{id}`: one supplier: what is owed, how it came about, and the money that is given.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{said, suppliers::kinds};
use crate::{
    accounts::visit::{BookReader, Visit},
    app::App,
    error::Result,
    form::{Form, FormView},
    ledger::{self, Book, Written},
    locale::grouped,
    outlet::supplier,
    page::{self, Page, Sample},
};
use entity::Rupiah;

#[derive(Clone, Serialize)]
struct SupplierPage {
    id: i64,
    name: String,
    kind: &'static str,
    phone: Option<String>,
    place: Option<String>,
    owed: Rupiah,
    /// Nobody buys from them any more.
    is_away: bool,
    /// The newest first.
    lines: Vec<Line>,
    kinds: Vec<(&'static str, &'static str)>,
    may_act: bool,
    form: FormView,
}

#[derive(Clone, Serialize)]
struct Line {
    at: DateTime<Utc>,
    key: &'static str,
    /// "B-2611-0007", when it is about a purchase.
    about: String,
    purchase_id: Option<i64>,
    /// More is owed by it; less than nothing: less.
    amount: Rupiah,
    /// What was owed then.
    owed: Rupiah,
}

impl Page for SupplierPage {
    const TEMPLATE: &'static str = "outlet/supplier.html";
    fn samples() -> Vec<SupplierPage> {
        let line = |key, purchase_id, amount| Line {
            at: DateTime::UNIX_EPOCH,
            key,
            about: "B-2611-0007".into(),
            purchase_id,
            amount: Rupiah(amount),
            owed: Rupiah(1_425_000),
        };
        let full = SupplierPage {
            id: 1,
            name: "UD Sumber".into(),
            kind: "supplier.kind_wholesaler",
            phone: Some("6281200000009".into()),
            place: Some("Pasar Tanjung".into()),
            owed: Rupiah(1_425_000),
            is_away: false,
            lines: vec![
                line("supplier.line_refunded", None, 20_000),
                line("supplier.line_paid", None, -500_000),
                line("supplier.line_bought", Some(7), 1_925_000),
                line("supplier.line_back", None, -250_000),
                line("supplier.line_undone", Some(6), -100_000),
            ],
            kinds: kinds(),
            may_act: true,
            form: FormView::default(),
        };
        let ahead = SupplierPage { phone: None, place: None, owed: Rupiah(-20_000), ..full.clone() };
        let even = SupplierPage { owed: Rupiah::ZERO, lines: Vec::new(), ..ahead.clone() };
        let away = SupplierPage { is_away: true, ..even.clone() };
        vec![full, ahead, even, away]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<SupplierPage>()
}

/// `GET /kelola/belanja/pemasok/{id}`
pub async fn show(reader: BookReader, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let one = supplier::read(&app.db, reader.outlet.id, *id).await?;
    let owed = supplier::owed(&app.db, one.id).await?;
    let all = if owed == Rupiah::ZERO { String::new() } else { grouped(owed.0.abs()) };
    let form = FormView::blank(&Form::of([("jumlah", all.as_str()), ("dari", "kas")]));
    draw(&reader.visit, &app, &one, reader.may_act, StatusCode::OK, form).await
}

pub(super) async fn draw(
    visit: &Visit,
    app: &App,
    one: &supplier::Model,
    may_act: bool,
    status: StatusCode,
    mut form: FormView,
) -> Result<HttpResponse> {
    let lead = one.lead_days.map(|days| days.to_string()).unwrap_or_default();
    let kind = said::KINDS.iter().find(|(_, kind)| *kind == one.kind).map_or("", |(code, _)| *code);
    let phone = one.phone.as_ref().map(|phone| format!("+{phone}")).unwrap_or_default();
    let place = one.place.clone().unwrap_or_default();
    let known = [
        ("lama", lead),
        ("pemasok_nama", one.name.clone()),
        ("pemasok_jenis", kind.to_owned()),
        ("pemasok_hp", phone),
        ("pemasok_tempat", place),
    ];
    for (field, value) in known {
        form.values.entry(field.into()).or_insert(value);
    }
    let written = ledger::written(&app.db, Book::Supplier(one.id)).await?;
    let mut owed = Rupiah::ZERO;
    let mut lines: Vec<Line> = Vec::with_capacity(written.len());
    for entry in &written {
        owed += -entry.amount;
        lines.push(line(entry, owed));
    }
    lines.reverse();
    // When all is even there is no field to say it beside.
    if owed == Rupiah::ZERO
        && let Some(said) = form.errors.remove("jumlah")
    {
        form.errors.insert(String::new(), said);
    }
    let page = SupplierPage {
        id: one.id,
        name: one.name.clone(),
        kind: said::kind_key(one.kind),
        phone: one.phone.clone(),
        place: one.place.clone(),
        owed,
        is_away: one.archived_at.is_some(),
        lines,
        kinds: kinds(),
        may_act,
        form,
    };
    visit.page_with(status, &app.templates, &page)
}

fn line(entry: &Written, owed: Rupiah) -> Line {
    let key = match (entry.kind.as_str(), entry.memo.as_str()) {
        ("supplier_refunded", _) => "supplier.line_refunded",
        ("purchase", "reversed") => "supplier.line_undone",
        ("purchase", _) => "supplier.line_bought",
        ("purchase_return", _) => "supplier.line_back",
        _ => "supplier.line_paid",
    };
    let purchase_id = entry.subject.strip_prefix("purchase:").and_then(|id| id.parse().ok());
    let about = match key {
        "supplier.line_bought" | "supplier.line_back" => entry.memo.clone(),
        _ => String::new(),
    };
    Line { at: entry.at, key, about, purchase_id, amount: -entry.amount, owed }
}
