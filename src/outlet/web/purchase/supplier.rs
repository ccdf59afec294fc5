//! `/kelola/belanja/pemasok/{id}`: one supplier: what is owed, how it came about, and the money that is given.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    acts::{status_of, view},
    said,
};
use crate::{
    accounts::visit::{BookReader, Treasurer, Visit, done},
    app::App,
    db,
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
    ledger::{self, Book, Written},
    locale::grouped,
    once,
    outlet::{
        supplier::{self, MOST_LEAD_DAYS, NewPayment, Source},
        web::perform::perform,
    },
    page::{self, Page, Sample, see_other},
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
    /// The newest first.
    lines: Vec<Line>,
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
            lines: vec![
                line("supplier.line_paid", None, -500_000),
                line("supplier.line_bought", Some(7), 1_925_000),
                line("supplier.line_back", None, -250_000),
                line("supplier.line_undone", Some(6), -100_000),
            ],
            may_act: true,
            form: FormView::default(),
        };
        let ahead = SupplierPage { phone: None, place: None, owed: Rupiah(-20_000), ..full.clone() };
        let even = SupplierPage { owed: Rupiah::ZERO, lines: Vec::new(), ..ahead.clone() };
        vec![full, ahead, even]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<SupplierPage>()
}

/// `GET /kelola/belanja/pemasok/{id}`
pub async fn show(reader: BookReader, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let one = supplier::read(&app.db, reader.outlet.id, *id).await?;
    let owed = supplier::owed(&app.db, one.id).await?;
    let all = if owed > Rupiah::ZERO { grouped(owed.0) } else { String::new() };
    let form = FormView::blank(&Form::of([("jumlah", all.as_str()), ("dari", "kas")]));
    draw(&reader.visit, &app, &one, reader.may_act, StatusCode::OK, form).await
}

/// `POST /kelola/belanja/pemasok/{id}/bayar`
pub async fn pay(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let one = supplier::read(&app.db, treasurer.outlet.id, *id).await?;
    let mut reader = form.read();
    let amount = reader.rupiah("jumlah", 1, 10_000_000_000);
    let source = reader.choice("dari", |text| match text {
        "kas" => Some(Source::Cash),
        "bank" => Some(Source::Bank),
        _ => None,
    });
    let reference = reader.optional("acuan", 60);
    let (status, wrong) = match reader.done(source) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(None) => return Err(Error::NotFound),
        Ok(Some(source)) => {
            let reference = reference.filter(|_| source == Source::Bank);
            let payment = NewPayment { amount, source, reference, purchase_id: None };
            match give(&treasurer, &app, &form, &one, &payment).await {
                Err(Error::Refused(refusal)) => {
                    let is_amount = matches!(refusal.said.key, "supplier.pay_more" | "supplier.pay_nothing");
                    let field = if is_amount { "jumlah" } else { "" };
                    (status_of(&refusal), Wrong::refusal(field, refusal))
                }
                done => return done,
            }
        }
    };
    let form = view(&treasurer, &app, &form, &wrong);
    draw(&treasurer.visit, &app, &one, true, status, form).await
}

/// `POST /kelola/belanja/pemasok/{id}/lama`: how many days their goods take to come. Left empty, nobody knows.
pub async fn say_lead(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let one = supplier::read(&app.db, treasurer.outlet.id, *id).await?;
    let mut reader = form.read();
    let days = reader.optional_number("lama", 0, MOST_LEAD_DAYS);
    if let Err(wrong) = reader.done(()) {
        let form = view(&treasurer, &app, &form, &wrong);
        return draw(&treasurer.visit, &app, &one, true, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    }
    let scope = format!("supplier {} lead", one.id);
    let answer = perform(&app, &form, &scope, async |tx| {
        supplier::set_lead(tx, treasurer.outlet.id, one.id, days).await?;
        Ok(format!("/kelola/belanja/pemasok/{}", one.id))
    });
    Ok(done(&answer.await?, "supplier.lead_kept"))
}

async fn give(
    treasurer: &Treasurer,
    app: &App,
    form: &Form,
    one: &supplier::Model,
    payment: &NewPayment,
) -> Result<HttpResponse> {
    let (scope, hash) = (format!("supplier {} pay", one.id), form.content_hash());
    let key = form.request_key().ok_or_else(|| Refusal::invalid("form.stale"))?;
    let tx = db::begin(&app.db).await?;
    if let Some(answer) = once::answered(&tx, &scope, key, &hash).await? {
        return Ok(see_other(&answer));
    }
    let by = treasurer.person_id;
    supplier::pay(&tx, &app.clock, one, payment, by, &format!("form:{by}:{}:{key}", one.id)).await?;
    let answer = format!("/kelola/belanja/pemasok/{}", one.id);
    once::remember(&tx, &app.clock, &scope, key, &hash, &answer).await?;
    tx.commit().await?;
    Ok(done(&answer, "supplier.paid"))
}

async fn draw(
    visit: &Visit,
    app: &App,
    one: &supplier::Model,
    may_act: bool,
    status: StatusCode,
    mut form: FormView,
) -> Result<HttpResponse> {
    let lead = one.lead_days.map(|days| days.to_string()).unwrap_or_default();
    form.values.entry("lama".into()).or_insert(lead);
    let written = ledger::written(&app.db, Book::Supplier(one.id)).await?;
    let mut owed = Rupiah::ZERO;
    let mut lines: Vec<Line> = Vec::with_capacity(written.len());
    for entry in &written {
        owed += -entry.amount;
        lines.push(line(entry, owed));
    }
    lines.reverse();
    let page = SupplierPage {
        id: one.id,
        name: one.name.clone(),
        kind: said::kind_key(one.kind),
        phone: one.phone.clone(),
        place: one.place.clone(),
        owed,
        lines,
        may_act,
        form,
    };
    visit.page_with(status, &app.templates, &page)
}

fn line(entry: &Written, owed: Rupiah) -> Line {
    let key = match (entry.kind.as_str(), entry.memo.as_str()) {
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
